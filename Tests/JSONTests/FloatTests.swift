import Foundation
import JSON
import TestSupport
import Testing

@Suite("Arrays of numbers")
struct FloatTests {
    /// The numbers of an array in JSON.
    private func floats(_ text: String) throws -> [Float]? {
        try Array(text.utf8).withUnsafeBufferPointer { bytes throws(JSONError) in try JSONView.read(bytes) { $0.floats } }
    }

    /// What the C library makes of a number, rounded to single precision.
    private func reference(_ text: String) -> Float { Float(strtod(text, nil)) }

    private func expectReference(_ texts: [String]) throws {
        let floats = try #require(try floats("[\(texts.joined(separator: ","))]"))
        #expect(floats.count == texts.count)
        for (text, float) in zip(texts, floats) where float.bitPattern != reference(text).bitPattern {
            Issue.record("\(text) was read as \(float), not as \(reference(text))")
        }
    }

    @Test("are read as the C library reads them, all floats in the spellings of servers", arguments: 0..<8)
    func spellings(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        var texts: [String] = []
        while texts.count < 20_000 {
            let float = Float(bitPattern: UInt32(truncatingIfNeeded: random.next()))
            guard float.isFinite else { continue }
            // Python spells a float32 as the double that it is, orjson as the float.
            texts += [
                "\(Double(float))", "\(float)", String(format: "%.17f", Double(float)), String(format: "%.20f", Double(float) / 1e30),
            ]
            let small = Double(Int64(truncatingIfNeeded: random.next()) >> 11) / 1e17
            texts += ["\(small)", "\(Float(small))", "\(Double(Float(small)))"]
        }
        try expectReference(texts)
    }

    @Test("are read exactly at and near the middle between two floats", arguments: 0..<4)
    func halfway(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        var texts: [String] = []
        for _ in 0..<1000 {
            let float = Float(bitPattern: UInt32(truncatingIfNeeded: random.next()) & 0x07FF_FFFF | 0x3A00_0000)
            let middle = (Double(float) + Double(float.nextUp)) / 2
            for units in -20...20 { texts.append("\(Double(bitPattern: UInt64(Int64(middle.bitPattern) + Int64(units))))") }
        }
        try expectReference(texts)
    }

    @Test("are read in every form that JSON has")
    func forms() throws {
        try expectReference([
            "0", "-0", "-0.0", "1", "-1", "0.5", "10", "16777217", "9007199254740993", "18446744073709551616", "1e5", "1E-5", "1.5e+3",
            "1e39",
            "-1e400", "1e-46", "1e-400", "0.00000000000000000000000000000000000000000000001", "340282346638528859811704183484516925440.0",
            "1.17549435082228750796873653722224567781866555677208752150875170627841725945472717285156250e-38", "1.1754943e-38",
            "0.1234567", "0.12345678", "0.123456789", "0.1234567890123456", "0.12345678901234567", "0.12345678901234567890",
            "123456789012345678.9", "1234567890123456789.1", "12345678901234567890.1", "0.000012345678901234567890",
        ])
    }

    @Test("may hold nulls, and are nothing where anything else stands among them")
    func others() throws {
        let withNull = try #require(try floats(" [ 1 , null , -2.5 ] "))
        #expect(withNull.count == 3)
        #expect(withNull[1].isNaN)
        #expect([withNull[0], withNull[2]] == [1, -2.5])
        #expect(try floats("[]") == [])
        for text in ["1", "{}", "null", #""1""#, "[true]", #"[1,"2"]"#, "[[1]]", "[1,{}]"] {
            #expect(try floats(text) == nil)
        }
    }

    @Test("and texts are lent as bytes, escapes resolved")
    func texts() throws {
        let bytes = try Array(#"["a\/\u00e9",1]"#.utf8).withUnsafeBufferPointer { bytes throws(JSONError) in
            try JSONView.read(bytes) { view in
                view.elements.map { element in element.withUTF8 { Array($0) } }
            }
        }
        #expect(bytes == [Array("a/é".utf8), nil])
    }
}
