import Configuration
import JSON
import Testing

@Suite("Numbers that are too large, too small, or none")
struct HostileNumberTests {
    private static let types: [ConfigurationFieldType] = [
        .string, .secret, .bool, .int, .number, .seconds, .stringList, .intList, .objectList, .oneOf([.int, .bool]), .choice(["1", "0"]),
        .object, .any,
    ]
    private static let numbers = [
        "1e300", "-1e300", "1e400", "1e300h", "1e308h", "-1e308 h", "inf", "-inf", ".inf", "nan", ".nan", "NaN", "9223372036854775807",
        "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "1e19", "-1e19", "9.3e18", "0xFFFFFFFFFFFFFFFF",
        "0x7FFFFFFFFFFFFFFF", "0x1p9999", "0x", "0o7777777777777777777777777", "1e-400", "-0", "-0.0", "1e", "1_000", "1000000001",
    ]

    @Test("reading one never traps, whatever the field's type, and what is taken is a value of that type", arguments: numbers)
    func everyType(_ text: String) throws {
        for type in Self.types {
            for range in [nil, ConfigurationRange.atLeast(1), .above(0), .between(0, 2)] {
                let schema = ConfigurationSchema(name: "x", fields: [ConfigurationField("k", type, range: range, documentation: "K.")])
                for written in [text, "\"\(text)\""] {
                    let (values, issues) = schema.resolve(try parse("k: \(written)"))
                    #expect(issues.isEmpty != (values["k"] == nil), "\(type) \(written)")
                    // Each accessor, also the one of another type.
                    let number = values.double("k")
                    #expect(number?.isFinite != false)
                    let duration = values.duration("k")
                    #expect(duration.map { abs($0 / .seconds(1)) <= 1e9 } != false)
                    #expect(type != .seconds || (duration == nil) == (values["k"] == nil))
                    #expect(type != .int || (values.int("k") == nil) == (values["k"] == nil))
                }
            }
        }
    }

    @Test(
        "whole numbers are taken as far as they fit",
        arguments: [
            ("9223372036854775807", 9_223_372_036_854_775_807), ("-9223372036854775808", -9_223_372_036_854_775_808),
            ("0x7FFFFFFFFFFFFFFF", 9_223_372_036_854_775_807), ("9223372036854775808", nil), ("1e19", nil), ("1e300", nil),
            ("0xFFFFFFFFFFFFFFFF", nil), (".inf", nil), (".nan", nil),
        ] as [(String, Int?)])
    func wholeNumbers(_ text: String, _ expected: Int?) throws {
        let schema = ConfigurationSchema(name: "x", fields: [ConfigurationField("k", .int, documentation: "K.")])
        let (values, issues) = schema.resolve(try parse("k: \(text)"))
        #expect(values.int("k") == expected)
        let messages = expected == nil ? ["plan.yaml:1:4: error: config.k: expected a whole number, found \"\(text)\""] : []
        #expect(lines(issues) == messages)
    }

    @Test("a time has a limit, and the message says which", arguments: ["1e300", "1000000001", "1e308h", "277778h", "1000000000001ms"])
    func longTimes(_ text: String) throws {
        let (values, issues) = providerSchema.resolve(try parse("base_url: u\ntimeout: \(text)"))
        #expect(
            lines(issues) == [
                "plan.yaml:2:10: error: config.timeout: expected a number of seconds greater than 0, found \"\(text)\" "
                    + "(the limit is 1000000000 seconds)"
            ])
        // The default goes on, for further checks.
        #expect(values.duration("timeout") == .seconds(300))
    }

    @Test("the limit itself is a time")
    func longestTime() throws {
        let (values, issues) = providerSchema.resolve(try parse("base_url: u\ntimeout: 1e9"))
        #expect(values.duration("timeout") == .seconds(1_000_000_000))
        #expect(issues.isEmpty)
    }

    @Test(
        "a default that is no time gives none", arguments: [.number(try JSONValue(parsing: "1e400").number!), 1e300, -1e10] as [JSONValue])
    func wrongDefault(_ value: JSONValue) {
        let schema = ConfigurationSchema(name: "x", fields: [ConfigurationField("k", .seconds, default: value, documentation: "K.")])
        #expect(schema.resolve(nil).values.duration("k") == nil)
    }
}
