internal import CSimdjson

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A value inside a JSON document that is being read: looks fields up without building values for what is not asked for.
///
/// Views live inside the closure of `read` only. Using one later stops the program; keep `value` or `string` instead.
public struct JSONView {
    let document: UnsafePointer<csimdjson_document>
    let index: UInt32
    private let generation: UInt32

    /// The view of the whole document that the parser holds.
    init(root document: UnsafePointer<csimdjson_document>) {
        self.init(document: document, index: 0, generation: document.pointee.generation)
    }

    private init(document: UnsafePointer<csimdjson_document>, index: UInt32, generation: UInt32) {
        self.document = document
        self.index = index
        self.generation = generation
    }

    /// The view of another node of the same document.
    func view(at index: UInt32) -> JSONView {
        JSONView(document: document, index: index, generation: generation)
    }

    /// All nodes of the document, which is checked to be there still.
    var nodes: UnsafePointer<csimdjson_node> {
        precondition(document.pointee.generation == generation, "a JSONView was used after the closure it was made for")
        return document.pointee.nodes
    }

    var node: csimdjson_node { nodes[Int(index)] }

    /// The bytes of a string or the spelling of a number.
    func bytes(of node: csimdjson_node) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: document.pointee.bytes + Int(node.offset), count: Int(node.length))
    }

    func text(of node: csimdjson_node) -> String {
        String(decoding: bytes(of: node), as: UTF8.self)
    }
}

extension JSONView {
    /// Whether this is `null`.
    public var isNull: Bool { Int(node.kind) == CSIMDJSON_NULL }

    /// The truth value, if this is one.
    public var bool: Bool? {
        switch Int(node.kind) {
        case CSIMDJSON_TRUE: true
        case CSIMDJSON_FALSE: false
        default: nil
        }
    }

    /// The string, if this is one.
    public var string: String? {
        let node = node
        return Int(node.kind) == CSIMDJSON_STRING ? text(of: node) : nil
    }

    /// The number with its spelling, if this is one.
    public var number: JSONNumber? {
        let node = node
        return Int(node.kind) == CSIMDJSON_NUMBER ? JSONNumber(validated: bytes(of: node)) : nil
    }

    /// The number as an integer, if this is a number with an integral value that fits (`3`, `3.0` and `3e0` do).
    public var int: Int? {
        let node = node
        return Int(node.kind) == CSIMDJSON_NUMBER ? DecimalText.int(bytes(of: node)) : nil
    }

    /// The number as a floating-point value, if this is a number.
    public var double: Double? {
        let node = node
        return Int(node.kind) == CSIMDJSON_NUMBER ? DecimalText.double(bytes(of: node)) : nil
    }

    /// The number of elements of an array or members of an object; 0 for other values.
    public var count: Int {
        let node = node
        return Int(node.kind) == CSIMDJSON_ARRAY || Int(node.kind) == CSIMDJSON_OBJECT ? Int(node.length) : 0
    }

    /// Where the value starts in the text that was read: for a string the first byte behind its quote.
    public var offset: Int { Int(node.offset) }

    /// What kind of value this is, in the words of the JSON specification, for messages.
    public var kind: String {
        switch Int(node.kind) {
        case CSIMDJSON_NULL: "null"
        case CSIMDJSON_FALSE, CSIMDJSON_TRUE: "boolean"
        case CSIMDJSON_NUMBER: "number"
        case CSIMDJSON_STRING: "string"
        case CSIMDJSON_ARRAY: "array"
        default: "object"
        }
    }

    /// The member `key` of an object (of equal keys the last); `nil` for other values and missing keys. Walks the members.
    public subscript(key: String) -> JSONView? {
        let node = node
        guard Int(node.kind) == CSIMDJSON_OBJECT else { return nil }
        var key = key
        return key.withUTF8 { memberIndex($0, in: node) }.map(view(at:))
    }

    /// The member `key` of an object, as for any key; of one that the program spells out.
    public subscript(key: StaticString) -> JSONView? {
        let node = node
        guard Int(node.kind) == CSIMDJSON_OBJECT else { return nil }
        return memberIndex(UnsafeBufferPointer(start: key.utf8Start, count: key.utf8CodeUnitCount), in: node).map(view(at:))
    }

    private func memberIndex(_ key: UnsafeBufferPointer<UInt8>, in object: csimdjson_node) -> UInt32? {
        guard let keyBytes = key.baseAddress else { return nil }
        let (nodes, bytes) = (document.pointee.nodes, document.pointee.bytes)
        let length = UInt32(clamping: key.count)
        var found: UInt32?
        var next = index + 1
        for _ in 0..<object.length {
            let member = nodes + Int(next)
            if member.pointee.length == length, memcmp(bytes + Int(member.pointee.offset), keyBytes, key.count) == 0 { found = next + 1 }
            next = member[1].next
        }
        return found
    }

    /// Element `index` of an array; `nil` for other values and indices outside it. Walks the elements.
    public subscript(index: Int) -> JSONView? {
        let node = node
        guard Int(node.kind) == CSIMDJSON_ARRAY, index >= 0, index < Int(node.length) else { return nil }
        let nodes = nodes
        var next = self.index + 1
        for _ in 0..<index { next = nodes[Int(next)].next }
        return view(at: next)
    }
}
