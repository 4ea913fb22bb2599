import Testing

@testable import SessionLog

@Suite("Cutting a file into lines")
struct LineSplitterTests {
    private struct Found: Equatable {
        var number: Int
        var offset: Int
        var text: String?
        var isComplete: Bool
    }

    private func lines(of text: String, in pieces: Int, limit: Int = 100) -> [Found] {
        var splitter = LineSplitter(limit: limit)
        var found: [Found] = []
        func add(_ line: LineSplitter.Line) {
            let text = line.bytes.map { String(decoding: $0, as: UTF8.self) }
            found.append(Found(number: line.number, offset: line.offset, text: text, isComplete: line.isComplete))
        }
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: pieces) {
            splitter.append(bytes[start..<min(start + pieces, bytes.count)])
            while let line = splitter.next() { add(line) }
        }
        if let line = splitter.finish() { add(line) }
        if let line = splitter.finish() { add(line) }
        return found
    }

    @Test("lines come out the same however the bytes arrive", arguments: 1...12)
    func pieces(size: Int) {
        let found = lines(of: "one\n\ntwo日本\nend", in: size)
        #expect(
            found == [
                Found(number: 1, offset: 0, text: "one", isComplete: true), Found(number: 2, offset: 4, text: "", isComplete: true),
                Found(number: 3, offset: 5, text: "two日本", isComplete: true), Found(number: 4, offset: 15, text: "end", isComplete: false),
            ])
    }

    @Test("a line over the limit is passed over, and those after it keep their number and place", arguments: 1...12)
    func tooLong(size: Int) {
        let found = lines(of: "12345\n123456\nab\n1234567", in: size, limit: 5)
        #expect(
            found == [
                Found(number: 1, offset: 0, text: "12345", isComplete: true), Found(number: 2, offset: 6, text: nil, isComplete: true),
                Found(number: 3, offset: 13, text: "ab", isComplete: true), Found(number: 4, offset: 16, text: nil, isComplete: false),
            ])
    }

    @Test("nothing in, nothing out; a last line feed starts no line")
    func empty() {
        #expect(lines(of: "", in: 1).isEmpty)
        #expect(lines(of: "a\n", in: 1).count == 1)
    }
}
