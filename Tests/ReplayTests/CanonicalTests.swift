import JSON
import Testing

@testable import Replay

@Suite struct CanonicalTests {
    @Test("values are the same whatever the order of their keys and the spelling of their numbers")
    func spelling() throws {
        let left = try JSONValue(parsing: #"{"b": [1.0, 2e0], "a": {"y": null, "x": 0.10}}"#)
        let right = try JSONValue(parsing: #"{"a": {"x": 0.1, "y": null}, "b": [1, 2]}"#)
        #expect(left.canonical.text == right.canonical.text)
        #expect(left.canonical.digest == right.canonical.digest)
    }
}
