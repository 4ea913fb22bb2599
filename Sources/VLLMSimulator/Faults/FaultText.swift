/// The text of a fault taken apart: `NAME=VALUE; KEY=VALUE; …`. Readers take out what they know; what is left is a mistake.
struct FaultText {
    /// The word that it begins with.
    let name: String
    private var value: String?
    private var parameters: [(key: String, value: String)] = []

    /// Takes a text apart; `body=` takes all that follows.
    init(_ text: String) throws(SimulatorError) {
        var rest = text[...]
        var parts: [(key: String, value: String?)] = []
        while !rest.isEmpty {
            let word = rest.drop { $0 == " " }
            let isBody = word.hasPrefix("body=")
            let part = isBody ? word : word.prefix { $0 != ";" }
            rest = isBody ? "" : word.dropFirst(part.count + 1)
            let pieces = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            parts.append((Self.trimmed(pieces[0]), pieces.count > 1 ? (isBody ? String(pieces[1]) : Self.trimmed(pieces[1])) : nil))
        }
        guard let first = parts.first, !first.key.isEmpty else { throw SimulatorError("no fault is named") }
        (name, value) = first
        for (key, value) in parts.dropFirst() {
            guard let value else { throw problem("\"\(key)\" has no value: write \(key)=VALUE") }
            parameters.append((key, value))
        }
    }

    /// An error that names the fault.
    func problem(_ what: String) -> SimulatorError { SimulatorError("the fault \"\(name)\": \(what)") }

    /// Whether there is a value behind the name that nobody has taken.
    var hasValue: Bool { value != nil }

    /// Takes a parameter; of several of the name the first.
    mutating func take(_ key: String) -> String? {
        guard let index = parameters.firstIndex(where: { $0.key == key }) else { return nil }
        return parameters.remove(at: index).value
    }

    /// Takes the value behind the name.
    mutating func string() throws(SimulatorError) -> String {
        defer { value = nil }
        guard let value, !value.isEmpty else { throw problem("a value is missing: write \(name)=VALUE") }
        return value
    }

    /// Takes the value behind the name, a whole number.
    mutating func int(in range: ClosedRange<Int> = 0...(1 << 40)) throws(SimulatorError) -> Int {
        let text = try string()
        guard let number = Int(text), range.contains(number) else { throw wrong(name, text, "whole number", "\(range)") }
        return number
    }

    /// Takes a parameter that may be there, a whole number.
    mutating func int(_ key: String, in range: ClosedRange<Int>) throws(SimulatorError) -> Int? {
        guard let text = take(key) else { return nil }
        guard let number = Int(text), range.contains(number) else { throw wrong(key, text, "whole number", "\(range)") }
        return number
    }

    /// Takes the value behind the name, or a parameter that must be there: a number.
    mutating func double(_ key: String? = nil, in range: ClosedRange<Double>) throws(SimulatorError) -> Double {
        let found: String? = if let key { take(key) } else { try string() }
        guard let text = found else { throw problem("\"\(key ?? name)\" is missing: write \(key ?? name)=NUMBER") }
        guard let number = Double(text), range.contains(number) else { throw wrong(key ?? name, text, "number", "\(range)") }
        return number
    }

    /// Throws where something is left.
    func checkNothingLeft() throws(SimulatorError) {
        if let value { throw problem("it takes no value, as \"\(value)\"") }
        if let key = parameters.first?.key { throw problem("it takes no \"\(key)\"") }
    }

    private func wrong(_ key: String, _ text: String, _ kind: String, _ range: String) -> SimulatorError {
        problem("\"\(key)\" is \"\(text)\", which is no \(kind) of \(range)")
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text.drop { $0 == " " }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
