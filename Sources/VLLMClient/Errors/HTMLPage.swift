/// A page of HTML, as gateways and web servers send it in place of an answer.
public struct HTMLPage: Sendable, Hashable {
    /// What the page calls itself.
    public let title: String?
    /// The beginning of what a reader sees of it: without tags, scripts and styles.
    public let text: String

    /// How much of a page is looked at, and how much of its text is kept, in bytes.
    private static let (scanLimit, textLimit) = (16 << 10, 500)

    /// The page that a body is; `nil` where it is none.
    public init?(_ body: some Collection<UInt8>) {
        let bytes = body.prefix(Self.scanLimit).drop { $0 <= 0x20 || [0xEF, 0xBB, 0xBF].contains($0) }
        guard bytes.first == UInt8(ascii: "<") else { return nil }
        var reader = Reader(bytes: Array(bytes))
        guard reader.isHTML else { return nil }
        reader.read(textLimit: Self.textLimit)
        title = Self.line(reader.title)
        text = Self.line(reader.text) ?? ""
    }

    /// The page in a few words: its title, or else what it says.
    public var summary: String { title ?? (text.isEmpty ? "without a title" : text.excerpt(upTo: 200)) }

    private static func line(_ bytes: [UInt8]) -> String? {
        let words = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace)
        return words.isEmpty ? nil : words.joined(separator: " ").excerpt(upTo: textLimit)
    }
}

extension HTMLPage {
    /// Goes through a page once.
    private struct Reader {
        let bytes: [UInt8]
        /// The same with small letters, in which names of tags are looked for.
        private let lowercased: [UInt8]
        private var position = 0
        var title: [UInt8] = []
        var text: [UInt8] = []

        init(bytes: [UInt8]) {
            self.bytes = bytes
            lowercased = bytes.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
        }

        var isHTML: Bool { lowercased.starts(with: "<!doctype html".utf8) || index(of: "<html", from: 0, to: 4096) != nil }

        mutating func read(textLimit: Int) {
            while position < bytes.count, text.count < textLimit {
                if bytes[position] == UInt8(ascii: "<") {
                    readTag()
                } else {
                    text.append(bytes[position])
                    position += 1
                }
            }
        }

        private mutating func readTag() {
            if opens("<!--") { return skip(behind: "-->") }
            let isTitle = opens("<title")
            let hidden = ["<script", "<style"].first(where: opens)
            skip(behind: ">")
            if isTitle {
                let end = index(of: "</title", from: position, to: bytes.count) ?? bytes.count
                title = Array(bytes[position..<end])
                position = end
            } else if let hidden {
                position = index(of: "</" + hidden.dropFirst(), from: position, to: bytes.count) ?? bytes.count
            }
            text.append(0x20)
        }

        private func opens(_ tag: String) -> Bool { lowercased[position...].starts(with: tag.utf8) }

        private mutating func skip(behind end: String) {
            position = index(of: end, from: position, to: bytes.count).map { $0 + end.utf8.count } ?? bytes.count
        }

        private func index(of text: String, from start: Int, to end: Int) -> Int? {
            lowercased[start..<min(max(start, end), bytes.count)].firstRange(of: Array(text.utf8))?.lowerBound
        }
    }
}
