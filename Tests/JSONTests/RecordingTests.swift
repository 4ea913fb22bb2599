import JSON
import TestSupport
import Testing

@Suite struct RecordingTests {
    @Test("The index has all recordings, and every one can be taken apart")
    func recordings() throws {
        #expect(Recording.all.count == 843)
        for entry in Recording.all {
            let recording = try Recording(entry.name)
            #expect(recording.request.startLine == "\(entry.method) \(entry.path) HTTP/1.1", "\(entry)")
            #expect(recording.request.endedCleanly, "\(entry)")
            #expect((recording.response != nil) == (entry.status != nil), "\(entry)")
            guard let response = recording.response else { continue }
            #expect(response.startLine.hasPrefix("HTTP/1.1 \(entry.status == 100 ? 200 : entry.status ?? 0) "), "\(entry)")
            #expect(response["content-type"] == entry.contentType || entry.status == 100, "\(entry)")
            // A server also closes cleanly behind an answer to HEAD.
            #expect(response.endedCleanly == (entry.ended == "complete" || entry.method == "HEAD"), "\(entry)")
            // The index counts keep-alive comments as events too.
            let comments = response.text.split(separator: "\n").count { $0.hasPrefix(":") }
            #expect(entry.eventCount == nil || recording.events.count + comments == entry.eventCount, "\(entry)")
        }
    }

    @Test("Every JSON body and event that vLLM sent is written back byte for byte, but for spaces after `:` and `,`")
    func roundTrip() throws {
        var count = 0
        for entry in Recording.all {
            let recording = try Recording(entry.name)
            guard let response = recording.response else { continue }
            let isJSON = response["content-type"]?.hasPrefix("application/json") == true
            for text in (isJSON ? [response.text] : []) + recording.events where text != "[DONE]" && !text.isEmpty {
                let value = try JSONValue(parsing: text)
                #expect(value.text == text || value.text == withoutSpace(text) && text.contains(#"{"error": {""#), "\(entry)")
                #expect(try JSONValue(parsing: value.prettyText) == value, "\(entry)")
                count += 1
            }
        }
        #expect(count > 2000)
    }

    /// The text without white space between its tokens: errors inside streams are written with it.
    private func withoutSpace(_ text: String) -> String {
        var isInString = false
        var isEscaped = false
        return text.filter { character in
            if isInString {
                isInString = character != "\"" || isEscaped
                isEscaped = character == "\\" && !isEscaped
                return true
            }
            isInString = character == "\""
            return !character.isWhitespace
        }
    }
}
