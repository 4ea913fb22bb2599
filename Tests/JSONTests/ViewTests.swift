import JSON
import TestSupport
import Testing

@Suite struct ViewTests {
    private func read<Result>(_ text: String, _ body: (JSONView) throws(JSONError) -> Result) throws -> Result {
        let bytes = Array(text.utf8)
        return try bytes.withUnsafeBufferPointer { bytes in try JSONView.read(bytes, body) }
    }

    @Test("Fields are found by key and index, and are nil where they are not")
    func lookup() throws {
        let text = #"{"id":"x","choices":[{"index":0},{"delta":{"content":"h\u00e9","role":null},"n":[1,2,[3]]}],"id2":1}"#
        let found = try read(text) { view in
            #expect(view["id"]?.string == "x")
            #expect(view["choices"]?[1]?["delta"]?["content"]?.string == "hé")
            #expect(view["choices"]?[1]?["delta"]?["role"]?.isNull == true)
            #expect(view["choices"]?[1]?["n"]?[2]?[0]?.int == 3)
            #expect(view["id2"]?.int == 1)
            #expect(view["i"] == nil)
            #expect(view[""] == nil)
            #expect(view["choices"]?[2] == nil)
            #expect(view["choices"]?[-1] == nil)
            #expect(view["choices"]?["id"] == nil)
            #expect(view["id"]?[0] == nil)
            #expect(view[0] == nil)
            return view["choices"]?[1]?.value
        }
        #expect(found == (try JSONValue(parsing: text))["choices"]?[1])
    }

    @Test("A view tells what kind of value it is, and gives the value as that kind only")
    func kinds() throws {
        let text = #"[null,true,false,12,-1.5e3,"s",[1,2],{"a":1}]"#
        try read(text) { view in
            let elements = Array(view.elements)
            #expect(elements.map(\.kind) == ["null", "boolean", "boolean", "number", "number", "string", "array", "object"])
            #expect(elements.map(\.isNull) == [true, false, false, false, false, false, false, false])
            #expect(elements.map(\.bool) == [nil, true, false, nil, nil, nil, nil, nil])
            #expect(elements.map(\.int) == [nil, nil, nil, 12, -1500, nil, nil, nil])
            #expect(elements.map(\.double) == [nil, nil, nil, 12, -1500, nil, nil, nil])
            #expect(elements.map(\.number?.literal) == [nil, nil, nil, "12", "-1.5e3", nil, nil, nil])
            #expect(elements.map(\.string) == [nil, nil, nil, nil, nil, "s", nil, nil])
            #expect(elements.map(\.count) == [0, 0, 0, 0, 0, 0, 2, 1])
            #expect(elements.map { Array($0.elements).count } == [0, 0, 0, 0, 0, 0, 2, 0])
            #expect(elements.map { Array($0.members).count } == [0, 0, 0, 0, 0, 0, 0, 1])
        }
    }

    @Test("Members come in order with equal keys as written; looking up gives the last")
    func members() throws {
        try read(#"{"a":[1,{"x":2}],"b":"v","a":3,"\u0062c":4}"#) { view in
            #expect(view.members.map(\.key) == ["a", "b", "a", "bc"])
            #expect(view.members.map(\.value.kind) == ["array", "string", "number", "number"])
            #expect(view["a"]?.int == 3)
            #expect(view["bc"]?.int == 4)
        }
    }

    @Test("Errors come out as the caller's own type, with those of the closure")
    func errors() throws {
        enum Failure: Error, Equatable {
            case malformed(Int)
            case missing
        }
        func decode(_ text: String) throws(Failure) -> String {
            var text = text
            let result = text.withUTF8 { bytes in
                Result { () throws(Failure) in
                    try JSONView.read(bytes, orThrow: { Failure.malformed($0.offset) }) { view throws(Failure) in
                        guard let name = view["name"]?.string else { throw .missing }
                        return name
                    }
                }
            }
            return try result.get()
        }
        #expect(try decode(#"{"name":"n"}"#) == "n")
        #expect(throws: Failure.malformed(8)) { try decode(#"{"name":"#) }
        #expect(throws: Failure.missing) { try decode(#"{"name":1}"#) }
        #expect(try decode(#"{"name":"again"}"#) == "again")
    }

    @Test("A view that outlives its closure stops the program before it reads what is no longer there")
    func escaping() async {
        await #expect(processExitsWith: .failure) {
            let bytes = Array(#"{"a":1}"#.utf8)
            let view = try bytes.withUnsafeBufferPointer { try JSONView.read($0) { $0 } }
            print(view["a"]?.int ?? 0)
        }
    }

    @Test("Through a view every recorded event gives the same values as without")
    func recordings() throws {
        for name in Recording.names(matching: { $0.eventCount != nil }) {
            for event in try Recording(name).events where event != "[DONE]" {
                let value = try JSONValue(parsing: event)
                try read(event) { view in
                    #expect(view.value == value)
                    for (key, member) in view.members { #expect(member.value == value[key]) }
                    #expect(view["choices"]?[0]?["delta"]?["content"]?.string == value["choices"]?[0]?["delta"]?["content"]?.string)
                }
            }
        }
    }

    @Test("Members that are neither known nor null are kept, of equal ones the last; other values have none")
    func others() throws {
        let text = #"{"id":1,"idx":2,"":3,"n":null,"\u0069d":4,"long_name_of_a_member":{"a":[null]},"x":1,"x":2,"y":1,"y":null}"#
        let others = try read(text) { $0.others(than: ["id", "z"]) }
        #expect(others == ["idx": 2, "": 3, "long_name_of_a_member": ["a": [.null]], "x": 2, "y": 1])
        #expect(try read(text) { $0.others(than: ["", "id", "idx", "long_name_of_a_member", "x", "y"]) } == [:])
        for text in ["[1]", "1", "null", "{}"] { #expect(try read(text) { $0.others(than: []) } == [:]) }
    }
}
