internal import JSON

/// Turns a schema into nodes. Subschemas wait in a queue, so that neither nesting nor references recurse.
struct SchemaCompiler {
    private let root: JSONValue
    private var nodes: [SchemaNode] = []
    private var pointers: [SchemaPointer] = []
    private var indices: [SchemaPointer: Int] = [:]

    static func compile(_ schema: JSONValue) throws(JSONSchemaError) -> [SchemaNode] {
        var compiler = SchemaCompiler(root: schema)
        _ = compiler.index(of: SchemaPointer())
        var next = 0
        while next < compiler.pointers.count {
            compiler.nodes[next] = try compiler.node(at: compiler.pointers[next])
            next += 1
        }
        try compiler.refuseEndlessReferences()
        return compiler.nodes
    }

    private init(root: JSONValue) {
        self.root = root
    }

    /// The index of the schema at a place, which is compiled in its turn.
    mutating func index(of pointer: SchemaPointer) -> Int {
        if let index = indices[pointer] { return index }
        indices[pointer] = pointers.count
        pointers.append(pointer)
        nodes.append(SchemaNode())
        return pointers.count - 1
    }

    private mutating func node(at pointer: SchemaPointer) throws(JSONSchemaError) -> SchemaNode {
        switch pointer.value(in: root) {
        case .bool(let allowsAll): return SchemaNode(rules: allowsAll ? [] : [.never])
        case .object(let members):
            let keywords = SchemaKeywords(members: members, pointer: pointer)
            return SchemaNode(rules: try rules(of: keywords))
        case let other?: throw JSONSchemaError(pointer: "\(pointer)", message: "a schema is an object or a boolean, not \(other.shown)")
        case nil: throw JSONSchemaError(pointer: "\(pointer)", message: "there is no such place in the schema")
        }
    }

    /// The index of the schema that a `$ref` names.
    mutating func index(ofReference reference: String, at pointer: SchemaPointer) throws(JSONSchemaError) -> Int {
        guard let target = SchemaPointer(reference: reference) else {
            throw JSONSchemaError(
                pointer: "\(pointer)",
                message: "`\(reference)` is not in this schema: only `#` and `#/…` can be followed")
        }
        guard target.value(in: root) != nil else {
            throw JSONSchemaError(pointer: "\(pointer)", message: "there is no `\(reference)` in the schema")
        }
        return index(of: target)
    }

    /// Schemas that apply each other to the same value would be applied for ever. Takes away those that end, until none does.
    private func refuseEndlessReferences() throws(JSONSchemaError) {
        var appliers = [[Int]](repeating: [], count: nodes.count)
        var remaining = nodes.map(\.appliedInPlace.count)
        for (index, node) in nodes.enumerated() {
            for applied in node.appliedInPlace { appliers[applied].append(index) }
        }
        var ended = remaining.indices.filter { remaining[$0] == 0 }
        while let index = ended.popLast() {
            for applier in appliers[index] {
                remaining[applier] -= 1
                if remaining[applier] == 0 { ended.append(applier) }
            }
        }
        guard let endless = remaining.firstIndex(where: { $0 > 0 }) else { return }
        throw JSONSchemaError(pointer: "\(pointers[endless])", message: "refers to itself without end")
    }
}
