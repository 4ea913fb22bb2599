/// An element of an array that is only looked at. It cannot be copied, and what is reached through it is lent, too: an element that an array
/// gives, or that is taken out of a span, is a copy, whose references are counted up and down again, and that costs more than to look at it.
///
/// Pass it on as `borrowing` and take `value` apart there.
@usableFromInline
package struct Lent<Value>: ~Copyable {
    /// The element.
    @usableFromInline package let value: Value
}

extension Array {
    /// Calls `body` with the elements, lent.
    @inlinable @inline(__always)
    package func withLentElements<Result>(_ body: (UnsafeBufferPointer<Lent<Element>>) -> Result) -> Result {
        withUnsafeBufferPointer { elements in
            // A structure with one member lies in the memory as that does.
            let start = UnsafeRawPointer(elements.baseAddress)?.assumingMemoryBound(to: Lent<Element>.self)
            return body(UnsafeBufferPointer(start: start, count: elements.count))
        }
    }
}
