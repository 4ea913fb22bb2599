import Locks

/// Objects under the handles that hosts have of them. A handle is a number and never used twice: one that was given back, or never was
/// one, finds nothing in place of freed memory.
final class HandleTable<Object: AnyObject & Sendable>: Sendable {
    private struct State {
        var count: UInt = 0
        var objects: [UInt: Object] = [:]
    }

    /// Handles are multiples of this, as aligned as pointers are.
    private static var alignment: UInt { 16 }

    private let state = Guarded(State())

    func add(_ object: Object) -> OpaquePointer? {
        let number = state.withLock { state in
            state.count += 1
            state.objects[state.count] = object
            return state.count
        }
        return OpaquePointer(bitPattern: number * Self.alignment)
    }

    subscript(handle: OpaquePointer?) -> Object? {
        number(handle).flatMap { number in state.withLock { $0.objects[number] } }
    }

    func remove(_ handle: OpaquePointer?) -> Object? {
        number(handle).flatMap { number in state.withLock { $0.objects.removeValue(forKey: number) } }
    }

    private func number(_ handle: OpaquePointer?) -> UInt? {
        let (number, remainder) = UInt(bitPattern: handle).quotientAndRemainder(dividingBy: Self.alignment)
        return remainder == 0 ? number : nil
    }
}

/// The handles of this image.
enum Handles {
    static let instances = HandleTable<PluginInstance>()
    static let calls = HandleTable<PluginCall>()
}
