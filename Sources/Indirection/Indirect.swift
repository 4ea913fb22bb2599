/// A value that is kept on the heap, so that what holds it has the size of a pointer.
///
/// For what is large, passed on by many and seldom made, such as errors: each function that may throw one has room for it, several times
/// where it waits for others, and a stream has the room of all functions that wait for it. Reading a member copies no more than the member;
/// changing one changes it in its place, where nobody else holds the value.
@propertyWrapper
public struct Indirect<Value: Sendable>: @unchecked Sendable {
    // @unchecked: a box is changed only by its only holder.
    @usableFromInline
    final class Box {
        // Nobody else reaches it while it is changed, for the same reason.
        @exclusivity(unchecked) @usableFromInline var value: Value

        @inlinable
        init(_ value: Value) {
            self.value = value
        }
    }

    @usableFromInline var box: Box

    /// Keeps a value.
    @inlinable
    public init(wrappedValue: Value) {
        box = Box(wrappedValue)
    }

    /// The value; changing it leaves those alone who hold it, too.
    @inlinable
    public var wrappedValue: Value {
        _read { yield box.value }
        _modify {
            if !isKnownUniquelyReferenced(&box) { box = Box(box.value) }
            yield &box.value
        }
    }
}
