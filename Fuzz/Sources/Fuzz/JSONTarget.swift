@testable import JSON
@testable import VLLMProvider

extension FuzzTarget {
    /// The JSON reader: simdjson and our own grammar agree on what is JSON, and what is written reads back the same.
    static let json = FuzzTarget { bytes in
        let problem = bytes.withUnsafeBufferPointer { bytes in
            var grammar = JSONGrammar(bytes)
            return grammar.firstError()
        }
        do throws(JSONError) {
            let value = try JSONValue(parsing: bytes)
            require(problem == nil, "read, but the grammar says: \(problem.map { "\($0)" } ?? "")")
            checkRoundTrip(value)
        } catch {
            require(problem != nil, "refused without a reason: \(error)")
            require((0...bytes.count).contains(error.offset), "the place is outside: \(error)")
        }
        // A repair makes a value, or says that there is none.
        if let repaired = JSONRepair.repaired(String(decoding: bytes, as: UTF8.self)) { checkRoundTrip(repaired.value) }
    }

    /// What is written reads back the same.
    static func checkRoundTrip(_ value: JSONValue) {
        let text = value.text
        let back = try? JSONValue(parsing: text)
        require(back == value, "written and read back it is another: \(text)")
        require(back?.text == text, "written twice it is another: \(text)")
    }
}
