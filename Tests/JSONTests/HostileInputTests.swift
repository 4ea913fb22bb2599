import TestSupport
import Testing

@testable import JSON

@Suite struct HostileInputTests {
    /// A fixed sequence of numbers that look random.
    private struct Numbers: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    private static let document =
        #"{"a":[1,-2.5e+10,true,false,null,"x\n\u00e9\ud83d\ude00ü日😀"],"b":{"":{},"c":[]},"d\"":"\\"} "#

    /// The parser and the reader that finds places must agree on what is JSON.
    private func expectAgreement(_ bytes: [UInt8]) {
        let error = bytes.withUnsafeBufferPointer { text in
            var grammar = JSONGrammar(text)
            return grammar.firstError()
        }
        do throws(JSONError) {
            _ = try JSONValue(parsing: bytes)
            #expect(error == nil, "accepted: \(bytes)")
        } catch let thrown {
            #expect(thrown == error, "refused: \(bytes)")
        }
    }

    @Test("Every beginning of a document is an error, and no other fault")
    func prefixes() {
        let bytes = Array(Self.document.utf8)
        for count in 0..<(bytes.count - 1) {
            let error = #expect(throws: JSONError.self) { try JSONValue(parsing: bytes[..<count]) }
            #expect((error?.offset ?? 0) <= count)
            expectAgreement(Array(bytes[..<count]))
        }
    }

    @Test("Documents with a byte changed, removed or added are read or refused by both readers alike", arguments: 0..<8)
    func changes(seed: UInt64) {
        var numbers = Numbers(state: seed)
        let alphabet = Array("{}[]:,\"\\ \n0123456789.-+eEtruefalsn/ux".utf8) + [0, 0x1F, 0x80, 0xC3, 0xE2, 0xFF]
        for _ in 0..<2000 {
            var bytes = Array(Self.document.utf8)
            for _ in 0...Int.random(in: 0..<3, using: &numbers) {
                let place = Int.random(in: 0..<bytes.count, using: &numbers)
                let byte = alphabet[Int.random(in: 0..<alphabet.count, using: &numbers)]
                switch Int.random(in: 0..<3, using: &numbers) {
                case 0: bytes[place] = byte
                case 1: bytes.remove(at: place)
                default: bytes.insert(byte, at: place)
                }
            }
            expectAgreement(bytes)
        }
    }

    @Test("Random bytes and random tokens are refused or read, and nothing worse", arguments: 0..<4)
    func random(seed: UInt64) {
        var numbers = Numbers(state: seed &+ 1000)
        let tokens = ["{", "}", "[", "]", ":", ",", "\"a\"", "1", "-0", "true", "null", " ", "\n", "\\", "\"", "\"\\u00", "é"].map {
            Array($0.utf8)
        }
        for _ in 0..<2000 {
            let count = Int.random(in: 0..<80, using: &numbers)
            expectAgreement((0..<count).map { _ in UInt8.random(in: 0...255, using: &numbers) })
            expectAgreement((0..<count).flatMap { _ in tokens[Int.random(in: 0..<tokens.count, using: &numbers)] })
        }
    }

    @Test("A large text is read, its memory is given up, and small ones are read after it")
    func large() throws {
        let long = String(repeating: "é\\n", count: 400_000)
        let value = try JSONValue(parsing: "[\"\(long)\",\(String(repeating: "0,", count: 300_000))1]")
        #expect(value[0]?.string == String(repeating: "é\n", count: 400_000))
        #expect(value.array?.count == 300_002)
        #expect(try JSONValue(parsing: "[1]") == [1])
    }

    @Test("An object of 130,000 keys is read, looked up and changed in time proportional to its size")
    func manyKeys() throws {
        let count = 130_000
        var object = try #require(try JSONValue(parsing: "{\((0..<count).map { "\"k\($0)\":\($0)" }.joined(separator: ","))}").object)
        #expect(object.count == count)
        for number in 0..<count { object["k\(number)"] = .integer(number + 1) }
        #expect(object["k77777"] == 77778)
        #expect(object[129_999].key == "k129999")
    }

    @Test("Many tasks may read at once, and a reading inside a reading keeps its own document")
    func concurrency() async throws {
        try await withThrowingTaskGroup(of: Int.self) { group in
            for task in 0..<16 {
                group.addTask {
                    var sum = 0
                    for round in 0..<200 {
                        let text = Array(#"{"n":\#(task * round),"s":"\u0041"}"#.utf8)
                        sum += try text.withUnsafeBufferPointer { outer in
                            try JSONView.read(outer) { view throws(JSONError) in
                                let inner = try JSONValue(parsing: #"{"n":1,"s":"long enough to overwrite the other"}"#)
                                return view["s"]?.string == "A" ? (view["n"]?.int ?? -1) + (inner["n"]?.int ?? -1) : -1
                            }
                        }
                    }
                    return sum - (0..<200).reduce(0) { $0 + task * $1 + 1 }
                }
            }
            for try await difference in group { #expect(difference == 0) }
        }
    }
}
