import JSON
import Testing

@Suite struct NumberTests {
    @Test(
        "Numbers keep their spelling",
        arguments: [
            "0", "-0", "1", "-1", "1.0", "0.10", "1e5", "1E5", "1e+05", "1e-05", "-0.0", "123456789012345678", "1234567890123456789",
            "9223372036854775807", "-9223372036854775808", "9223372036854775808", "123456789012345678901234567890", "1e400", "1e-400",
            "0.30000000000000004", "3.141592653589793238462643383279",
        ])
    func spelling(literal: String) throws {
        let value = try JSONValue(parsing: literal)
        #expect(value.text == literal)
        #expect(value.number?.literal == literal)
        let inObject = try JSONValue(parsing: "{ \"n\" : \(literal) }")
        #expect(inObject.text == "{\"n\":\(literal)}")
        #expect(value.double == Double(literal))
    }

    @Test(
        "The integer of a number is exact, and there only when it is integral and fits",
        arguments: [
            ("3", 3), ("3.0", 3), ("3e0", 3), ("30e-1", 3), ("0.003E3", 3), ("-0", 0), ("-0.0", 0), ("0e999999999999", 0), ("1e2", 100),
            ("1e18", 1_000_000_000_000_000_000), ("9223372036854775807", .max), ("-9223372036854775808", .min),
            ("9223372036854775807.0", .max), ("-9223372036854775808.0", .min), ("9007199254740993.0", 9_007_199_254_740_993),
            ("92233720368547758070e-1", .max), ("9223372036854775808", nil), ("-9223372036854775809", nil), ("9223372036854775808.0", nil),
            ("1.5", nil), ("-0.1", nil), ("1e-1", nil), ("1e19", nil), ("1e400", nil), ("1e-400", nil), ("1e999999999999999999999", nil),
            ("1e-999999999999999999999", nil), ("99999999999999999999", nil), ("10000000000000000000000", nil),
        ] as [(String, Int?)])
    func integers(literal: String, expected: Int?) throws {
        #expect(try JSONValue(parsing: literal).int == expected)
        let viaView = try Array(literal.utf8).withUnsafeBufferPointer { try JSONView.read($0) { $0.int } }
        #expect(viaView == expected)
    }

    @Test(
        "The floating-point value is the nearest one",
        arguments: [
            ("0.1", 0.1), ("-0.0", -0.0), ("1e400", .infinity), ("-1e400", -.infinity), ("1e-400", 0), ("5e-324", .leastNonzeroMagnitude),
            ("9007199254740993", 9_007_199_254_740_992), ("0.012345679104328156", 0.012345679104328156), ("123456789.123", 123456789.123),
            ("1.7976931348623157e308", 1.7976931348623157e308), ("2.2250738585072014e-308", .leastNormalMagnitude),
            ("0.000000000000000000000000000001", 1e-30), ("-9999.0", -9999),
        ])
    func doubles(literal: String, expected: Double) throws {
        let value = try #require(try JSONValue(parsing: literal).double)
        #expect(value == expected)
        #expect(value.sign == expected.sign)
    }

    @Test("Short decimals are read as Swift reads them")
    func decimals() throws {
        for number in stride(from: 1, to: 1_000_000, by: 997) {
            for literal in ["\(number).\(number)", "0.\(number)", "-\(number).5", "0.000\(number)"] {
                #expect(try JSONValue(parsing: literal).double == Double(literal))
            }
        }
    }

    @Test("Decimals of all lengths are read as Swift reads them, whose reader is exact", arguments: 0...32)
    func longDecimals(places: Int) throws {
        var digits: UInt64 = 0x9E37_79B9_7F4A_7C15
        for count in 1...20 {
            for _ in 0..<20 {
                digits = digits &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                let text = String(repeating: "0", count: places) + String(String(digits).prefix(count))
                let literal = "\(Int(text.dropLast(places)) ?? 0).\(text.suffix(max(places, 1)))"
                #expect(try JSONValue(parsing: literal).double == Double(literal), "\(literal)")
            }
        }
    }

    @Test(
        "Decimals that lie halfway between two floating-point values, and next to it, are rounded as Swift rounds them",
        arguments: [
            "9007199254740993", "9007199254740993.0", "9007199254740992.999", "9007199254740993.001", "4503599627370496.5",
            "4503599627370497.5",
            "4503599627370497.500000000", "1.00000000000000011102230246251565", "0.500000000000000166533453693", "8.5",
            "0.000000000000000000000000005",
            "18446744073709551615", "1844674407370955161.5", "0.0000000000000000000000000", "-0.000000000000000000000000000",
        ])
    func halfway(literal: String) throws {
        let value = try #require(try JSONValue(parsing: literal).double)
        #expect(value == Double(literal))
        #expect(value.sign == Double(literal)?.sign)
    }

    @Test(
        "Floating-point values are spelled shortest, as Python spells them",
        arguments: [
            (0.1, "0.1"), (1, "1.0"), (-0.0, "-0.0"), (1e-05, "1e-05"), (0.0001, "0.0001"), (1e16, "1e+16"), (1e20, "1e+20"),
            (1e300, "1e+300"),
            (123456.789, "123456.789"), (1e15, "1000000000000000.0"), (.leastNonzeroMagnitude, "5e-324"), (1.5e-7, "1.5e-07"),
        ])
    func spelledDoubles(value: Double, expected: String) {
        #expect(JSONValue.double(value).text == expected)
    }

    @Test("Infinities and NaN become null", arguments: [Double.infinity, -.infinity, .nan])
    func nonFinite(value: Double) {
        #expect(JSONValue.double(value) == .null)
        #expect(JSONNumber(value) == nil)
    }

    @Test("Numbers are equal when they are spelled alike")
    func equality() throws {
        #expect(try JSONValue(parsing: "12") == 12)
        #expect(try JSONValue(parsing: "-9223372036854775808") != .integer(.max))
        #expect(try JSONValue(parsing: "1.0") != 1)
        #expect(try JSONValue(parsing: "1.0") == 1.0)
        #expect(try JSONValue(parsing: "9223372036854775807") == .integer(.max))
        #expect(try JSONValue(parsing: "-0") != 0)
    }
}
