/// Objects under the handles that code of other languages has of them. A handle is a number and never used twice: one that was given
/// back, or never was one, finds nothing in place of freed memory.
public final class HandleTable<Object: AnyObject & Sendable>: Sendable {
    private struct State {
        var count: UInt = 0
        var objects: [UInt: Object] = [:]
    }

    /// Handles are multiples of this, as aligned as pointers are.
    private static var alignment: UInt { 16 }

    private let state = Guarded(State())

    /// A table without objects.
    public init() {}

    /// Keeps an object until its handle is removed.
    public func add(_ object: Object) -> OpaquePointer? {
        let number = state.withLock { state in
            state.count += 1
            state.objects[state.count] = object
            return state.count
        }
        return OpaquePointer(bitPattern: number * Self.alignment)
    }

    /// The object of a handle; `nil` for a handle that was removed, or is none.
    public subscript(handle: OpaquePointer?) -> Object? {
        number(handle).flatMap { number in state.withLock { $0.objects[number] } }
    }

    /// Gives an object up.
    /// - Returns: the object, to the first who removes it alone.
    public func remove(_ handle: OpaquePointer?) -> Object? {
        number(handle).flatMap { number in state.withLock { $0.objects.removeValue(forKey: number) } }
    }

    private func number(_ handle: OpaquePointer?) -> UInt? {
        let (number, remainder) = UInt(bitPattern: handle).quotientAndRemainder(dividingBy: Self.alignment)
        return remainder == 0 ? number : nil
    }
}
