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

    private func lines(of text: String, in pieces: Int, limit: Int = 100, finder: ByteFinder? = nil) -> [Found] {
        var splitter = LineSplitter(limit: limit, finder: finder)
        var found: [Found] = []
        var bytes = Array(text.utf8)[...]
        while splitter.fill({ memory in
            let piece = bytes.prefix(pieces)
            bytes = bytes.dropFirst(pieces)
            memory.copyBytes(from: piece)
            return piece.count
        }) {
            while let line = splitter.nextWanted() { found.append(self.found(line, in: splitter)) }
        }
        for _ in 0..<2 {
            if let line = splitter.finish() { found.append(self.found(line, in: splitter)) }
        }
        return found
    }

    private func found(_ line: LineSplitter.Line, in splitter: borrowing LineSplitter) -> Found {
        let text = line.range.map { String(decoding: splitter.bytes($0), as: UTF8.self) }
        return Found(number: line.number, offset: line.offset, text: text, isComplete: line.isComplete)
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

    @Test("lines without what is looked for are counted and not given out, however the bytes arrive", arguments: [1, 2, 3, 5, 7, 100])
    func wanted(size: Int) {
        let text = "xx\nan Apple\n\nnone\ntoo long, with a pear in it\na pear and an apple\nlast apple"
        let apples = lines(of: text, in: size, limit: 20, finder: ByteFinder([Array("APPLE".utf8), Array("pear".utf8)], ignoresCase: true))
        #expect(apples.map(\.text) == ["an Apple", nil, "a pear and an apple", "last apple"])
        #expect(apples.map(\.number) == [2, 5, 6, 7])
        #expect(apples.map(\.offset) == [3, 18, 46, 66])
        let pears = lines(of: text, in: size, finder: ByteFinder([Array("pear".utf8)]))
        #expect(pears.map(\.number) == [5, 6, 7])
    }

    @Test("nothing in, nothing out; a last line feed starts no line")
    func empty() {
        #expect(lines(of: "", in: 1).isEmpty)
        #expect(lines(of: "a\n", in: 1).count == 1)
    }
}
