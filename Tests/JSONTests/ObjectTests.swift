import JSON
import Testing

@Suite struct ObjectTests {
    @Test("Setting appends new keys, keeps the place of known ones, and removes with nil")
    func setting() {
        var object: JSONObject = ["a": 1, "b": 2, "c": 3]
        object["b"] = "new"
        object["d"] = .null
        object["a"] = nil
        object["none"] = nil
        #expect(object.keys == ["b", "c", "d"])
        #expect(object["b"] == "new")
        #expect(object["d"] == .null)
        #expect(object["a"] == nil)
        #expect(object.removeValue(forKey: "c") == 3)
        #expect(object.removeValue(forKey: "c") == nil)
        #expect(object.description == #"{"b":"new","d":null}"#)
    }

    @Test("A large object behaves as a small one does")
    func large() {
        var object = JSONObject((0..<100).map { ("k\($0)", JSONValue.integer($0)) })
        object["k50"] = nil
        #expect(object["k50"] == nil)
        #expect(object["k99"] == 99)
        object["k7"] = "seven"
        object["new"] = true
        #expect(object["k99"] == 99)
        #expect(object["k7"] == "seven")
        #expect(object.count == 100)
        #expect(object[7].key == "k7")
        #expect(object.last?.key == "new")
        for number in 0..<90 { object["k\(number)"] = nil }
        #expect(object.keys == (90..<100).map { "k\($0)" } + ["new"])
        #expect(object == JSONObject((90..<100).map { ("k\($0)", JSONValue.integer($0)) } + [("new", true)]))
    }

    @Test("Copies do not change with the original")
    func copies() {
        let original = JSONObject((0..<50).map { ("k\($0)", JSONValue.integer($0)) })
        var copy = original
        copy["k3"] = nil
        copy["x"] = 1
        #expect(original.count == 50)
        #expect(original["k3"] == 3)
        #expect(original["x"] == nil)
    }

    @Test("Merging sets the members of the other over one's own")
    func merging() {
        var object: JSONObject = ["a": 1, "b": 2]
        object.merge(["c": 3, "a": 4])
        #expect(object.description == #"{"a":4,"b":2,"c":3}"#)
    }

    @Test("Objects are equal when their members are equal in the same order, large or small, however they came about")
    func equality() throws {
        let left: JSONObject = ["a": 1, "b": 2]
        #expect(left != ["b": 2, "a": 1])
        let text = JSONValue.object(JSONObject((0..<40).map { ("k\($0)", JSONValue.integer($0)) })).text
        let parsed = try JSONValue(parsing: text)
        var built = JSONObject()
        for number in 0..<40 { built["k\(number)"] = .integer(number) }
        #expect(parsed == .object(built))
        #expect(Set([parsed, .object(built)]).count == 1)
    }

    @Test("Keys are compared by their bytes: two spellings of one character are two keys", arguments: [0, 40])
    func exactKeys(others: Int) throws {
        let (composed, decomposed) = ("\u{E9}", "e\u{301}")
        let filler = (0..<others).map { ",\"k\($0)\":0" }.joined()
        let value = try JSONValue(parsing: "{\"\(composed)\":1,\"\(decomposed)\":2\(filler)}")
        #expect(value[composed] == 1)
        #expect(value[decomposed] == 2)
        #expect(value.object?.count == others + 2)
    }
}
