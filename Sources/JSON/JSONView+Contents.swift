internal import CSimdjson

extension JSONView {
    /// The elements of an array in order; none for other values.
    public var elements: Elements { Elements(self) }

    /// The members of an object in the order written, equal keys included; none for other values.
    public var members: Members { Members(self) }

    /// The elements of an array, one after the other.
    public struct Elements: Sequence, IteratorProtocol {
        private let array: JSONView
        private var remaining: UInt32
        private var index: UInt32

        fileprivate init(_ view: JSONView) {
            let node = view.node
            array = view
            remaining = Int(node.kind) == CSIMDJSON_ARRAY ? node.length : 0
            index = view.index + 1
        }

        /// The next element, or `nil` behind the last.
        public mutating func next() -> JSONView? {
            guard remaining > 0 else { return nil }
            remaining -= 1
            let element = array.view(at: index)
            index = element.node.next
            return element
        }
    }

    /// The members of an object, one after the other.
    public struct Members: Sequence, IteratorProtocol {
        private let object: JSONView
        private var remaining: UInt32
        private var index: UInt32

        fileprivate init(_ view: JSONView) {
            let node = view.node
            object = view
            remaining = Int(node.kind) == CSIMDJSON_OBJECT ? node.length : 0
            index = view.index + 1
        }

        /// The next member, or `nil` behind the last.
        public mutating func next() -> (key: String, value: JSONView)? {
            guard remaining > 0 else { return nil }
            remaining -= 1
            let key = object.text(of: object.view(at: index).node)
            let value = object.view(at: index + 1)
            index = value.node.next
            return (key, value)
        }
    }
}
