import HTTPTransport
import JSON
import ProviderKit
import TestSupport
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@Suite("Pictures, sound and video in messages")
struct MediaTests {
    private static let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 1, 2]
    private static let pngData = "iVBORw0KGgoAAQI="

    /// The parts that a user's message with such a block is sent as.
    private func parts(_ block: JSONValue) async throws -> JSONValue {
        try await SentMessages([["role": "user", "content": [["type": "text", "text": "What is this?"], block]]]).messages[0]?["content"]
            ?? .null
    }

    private func sent(_ block: JSONValue) async throws -> JSONValue? {
        let parts = try await parts(block)
        #expect(parts[0] == ["type": "text", "text": "What is this?"])
        #expect(parts.array?.count == 2)
        return parts[1]
    }

    private func error(_ block: JSONValue) async throws -> String? {
        try await failure(ofSending: [["role": "user", "content": "Hi"], ["role": "user", "content": [block]]])?.message
    }

    @Test(
        "images are not dropped (defect e of Amplifier's provider): every source that needs no file",
        arguments: [
            (["type": "base64", "media_type": "image/jpeg", "data": "AAAA"], "data:image/jpeg;base64,AAAA"),
            (["data": .string(pngData)], "data:image/png;base64,\(pngData)"),
            (["data": "R0lGODlh"], "data:image/gif;base64,R0lGODlh"),
            (["data": "data:image/png;base64,AAAA"], "data:image/png;base64,AAAA"),
            (["type": "url", "url": "https://example.org/a.png"], "https://example.org/a.png"),
            (["type": "url", "url": "HTTP://example.org/a.png"], "HTTP://example.org/a.png"),
            (["type": "url", "url": "data:image/png;base64,AAAA"], "data:image/png;base64,AAAA"),
        ] as [(JSONObject, String)])
    func images(source: JSONObject, url: String) async throws {
        let part = try await sent(["type": "image", "source": .object(source)])
        #expect(part == ["type": "image_url", "image_url": ["url": .string(url)]])
    }

    @Test("how closely a picture is to be looked at goes along")
    func detail() async throws {
        let url = "https://example.org/a.png"
        let expected: JSONValue = ["type": "image_url", "image_url": ["url": .string(url), "detail": "high"]]
        #expect(try await sent(["type": "image", "source": ["url": .string(url)], "detail": "high"]) == expected)
        #expect(try await sent(["type": "image", "source": ["url": .string(url), "detail": "high"]]) == expected)
        #expect(try await sent(expected) == expected)
    }

    @Test("files are read: by path and by URL, also in parts of OpenAI's shape")
    func files() async throws {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/a picture.dat"
            try writeFile(path, Self.png)
            let encoded = path.replacing(" ", with: "%20")
            let expected: JSONValue = ["type": "image_url", "image_url": ["url": .string("data:image/png;base64,\(Self.pngData)")]]
            let sources: [JSONObject] = [
                ["type": "file", "path": .string(path)], ["type": "file", "path": .string("file://\(encoded)")],
                ["type": "url", "url": .string("file://\(encoded)")], ["url": .string("file://localhost\(encoded)")],
                ["url": .string("FILE:\(path)")],
            ]
            for source in sources { #expect(try await sent(["type": "image", "source": .object(source)]) == expected) }
            #expect(try await sent(["type": "image_url", "image_url": ["url": .string("file://\(encoded)")]]) == expected)
        }
    }

    @Test(
        "formats are told by their first bytes, whatever the file is called",
        arguments: [
            ("image", "89504e470d0a1a0a", "image/png"), ("image", "ffd8ffe0", "image/jpeg"), ("image", "474946383961", "image/gif"),
            ("image", "524946460000000057454250", "image/webp"), ("image", "424d00", "image/bmp"), ("image", "49492a00", "image/tiff"),
            ("image", "4d4d002a", "image/tiff"), ("image", "000000206674797061766966", "image/avif"),
            ("video", "000000206674797069736f6d", "video/mp4"), ("video", "000000206674797071742020", "video/quicktime"),
            ("video", "1a45dfa3", "video/webm"), ("video", "524946460000000041564920", "video/avi"), ("video", "000001ba", "video/mpeg"),
            ("audio", "524946460000000057415645", "wav"), ("audio", "494433", "mp3"), ("audio", "fffb", "mp3"),
            ("audio", "664c6143", "flac"),
            ("audio", "4f676753", "ogg"), ("audio", "fff1", "aac"), ("audio", "000000206674797069736f6d", "mp4"),
            ("audio", "1a45dfa3", "webm"),
        ])
    func formats(kind: String, head: String, type: String) async throws {
        try await withTemporaryDirectory { folder in
            try writeFile("\(folder)/media.txt", bytes(head))
            let part = try await sent(["type": .string(kind), "source": ["type": "file", "path": .string("\(folder)/media.txt")]])
            if kind == "audio" {
                #expect(part?["type"] == "input_audio")
                #expect(part?["input_audio"]?["format"]?.string == type)
            } else {
                #expect(part?["type"]?.string == "\(kind)_url")
                #expect(part?["\(kind)_url"]?["url"]?.string?.hasPrefix("data:\(type);base64,") == true)
            }
        }
    }

    @Test(
        "sound and video from bytes and URLs",
        arguments: [
            (
                ["type": "audio", "source": ["data": "AAAA", "media_type": "audio/mpeg; rate=1"]],
                ["type": "input_audio", "input_audio": ["data": "AAAA", "format": "mp3"]]
            ),
            (
                ["type": "audio", "source": ["data": "AAAA", "media_type": "audio/x-wav"]],
                ["type": "input_audio", "input_audio": ["data": "AAAA", "format": "wav"]]
            ),
            (
                ["type": "audio", "source": ["data": "ZkxhQwAA"]],
                ["type": "input_audio", "input_audio": ["data": "ZkxhQwAA", "format": "flac"]]
            ),
            (["type": "audio", "source": ["url": "https://x/a.mp3"]], ["type": "audio_url", "audio_url": ["url": "https://x/a.mp3"]]),
            (
                ["type": "video", "source": ["data": "AAAA", "media_type": "video/mp4"]],
                ["type": "video_url", "video_url": ["url": "data:video/mp4;base64,AAAA"]]
            ),
            (["type": "video", "source": ["url": "https://x/a.mp4"]], ["type": "video_url", "video_url": ["url": "https://x/a.mp4"]]),
        ] as [(JSONValue, JSONValue)])
    func soundAndVideo(block: JSONValue, part: JSONValue) async throws {
        #expect(try await sent(block) == part)
    }

    @Test(
        "parts in OpenAI's shape, and vLLM's beyond it, are sent as they are",
        arguments: [
            ["type": "image_url", "image_url": ["url": "https://x/a.png"], "uuid": "u1"],
            ["type": "input_audio", "input_audio": ["data": "AAAA", "format": "wav"]],
            ["type": "audio_url", "audio_url": ["url": "data:audio/wav;base64,AAAA"]],
            ["type": "video_url", "video_url": ["url": "https://x/a.mp4"]], ["type": "image_embeds", "image_embeds": "AAAA", "uuid": "u"],
            ["type": "prompt_embeds", "data": "AAAA"], ["type": "tool_reference", "name": "f"],
        ] as [JSONValue])
    func openAI(part: JSONValue) async throws {
        #expect(try await sent(part) == part)
    }

    @Test("a URL that is written as a string is put where vLLM reads it")
    func shortForms() async throws {
        let expected: JSONValue = ["type": "image_url", "image_url": ["url": "https://x/a.png"]]
        #expect(try await sent(["type": "image_url", "image_url": "https://x/a.png"]) == expected)
        #expect(try await sent(["type": "input_image", "image_url": "https://x/a.png"]) == expected)
    }

    @Test(
        "a block that cannot be sent is an error that names the message and what is wrong, before anything is sent",
        arguments: [
            (["type": "image", "source": [:]], "the source of a block of the type image has neither `data` nor `url` nor `path`"),
            (["type": "audio"], "a block of the type audio has no `source`"),
            (["type": "image", "source": ["url": "ftp://x/a.png"]], "the URL of a block of the type image begins with ftp:"),
            (["type": "image", "source": ["url": "a.png"]], "the `url` of a block of the type image is none: a.png"),
            (["type": "image", "source": ["url": "file://far/a.png"]], "the file of the URL file://far/a.png is on another machine"),
            (
                ["type": "image", "source": ["data": "AAAA"]],
                "a block of the type image has no `media_type`, and its data begin as no known format does"
            ),
            (["type": "image", "source": ["data": "", "media_type": "image/png"]], "the `data` of a block of the type image are empty"),
            (
                ["type": "image", "source": ["data": "not base64!!", "media_type": "image/png"]],
                "the `data` of a block of the type image are no base64: they begin with not base64!!"
            ),
            (["type": "image_url", "image_url": ["detail": "low"]], "a block of the type image_url has no `url`"),
            (["type": "image", "source": ["path": "/nowhere/a.png"]], "there is no file /nowhere/a.png"),
            (["type": "image", "source": ["path": "/"]], "/ is a folder"),
            (["type": "image", "source": ["path": "/dev/null"]], "/dev/null is no regular file"),
            (["type": "image", "source": ["path": "/etc/a\0b"]], "a file's path contains a NUL character"),
        ] as [(JSONValue, String)])
    func wrong(block: JSONValue, message: String) async throws {
        #expect(try await error(block) == "messages[1]: \(message)")
    }

    @Test("a file that is none of its kind, empty, unreadable, too large or a pipe is an error that names it")
    func wrongFiles() async throws {
        try await withTemporaryDirectory { folder in
            func error(_ name: String, _ kind: String = "image") async throws -> String? {
                try await self.error(["type": .string(kind), "source": ["path": .string("\(folder)/\(name)")]])
            }
            try writeFile("\(folder)/a.svg", Array("<svg/>".utf8))
            try writeFile("\(folder)/empty.png", [])
            try writeFile("\(folder)/a.png", Self.png)
            try writeFile("\(folder)/large.png", Self.png)
            #expect(truncate("\(folder)/large.png", 64 << 20 + 1) == 0)
            #expect(mkfifo("\(folder)/pipe.png", 0o600) == 0)
            #expect(try await error("a.svg") == "messages[1]: the file \(folder)/a.svg does not begin as a file of the type image does")
            #expect(
                try await error("a.png", "audio") == "messages[1]: the file \(folder)/a.png does not begin as a file of the type audio does"
            )
            #expect(try await error("empty.png") == "messages[1]: the file \(folder)/empty.png is empty")
            #expect(
                try await error("large.png")
                    == "messages[1]: the file \(folder)/large.png has 67108865 bytes, more than the 67108864 that are read")
            #expect(try await error("pipe.png") == "messages[1]: \(folder)/pipe.png is no regular file")
            #expect(try await error("a.png/b") == "messages[1]: there is no file \(folder)/a.png/b")
        }
    }

    @Test("bytes are encoded as the standard's test vectors say, and a media type is found through any of them")
    func base64() async throws {
        try await withTemporaryDirectory { folder in
            for (tail, data) in [("", "Qk0="), ("f", "Qk1m"), ("fo", "Qk1mbw=="), ("foo", "Qk1mb28="), ("\u{0}~~?", "Qk0Afn4/")] {
                try writeFile("\(folder)/a.bmp", Array("BM\(tail)".utf8))
                let url: JSONValue = .string("data:image/bmp;base64,\(data)")
                let source: JSONValue = ["path": .string("\(folder)/a.bmp")]
                #expect(try await sent(["type": "image", "source": source])?["image_url"]?["url"] == url)
                #expect(try await sent(["type": "image", "source": ["data": .string(data)]])?["image_url"]?["url"] == url)
            }
        }
    }

    private func bytes(_ hex: String) -> [UInt8] {
        stride(from: 0, to: hex.count, by: 2).compactMap { UInt8(hex.dropFirst($0).prefix(2), radix: 16) }
    }
}
