import Locks

/// Takes the resident memory of a run once, while its streams are under way: when half of them have half of their tokens, or the first one
/// ends before.
public final class MemoryGauge: Sendable {
    private let streams: Int
    private let state = Guarded<(halfway: Int, resident: Int?)>((0, nil))

    /// - Parameter streams: how many streams the run has.
    public init(streams: Int) {
        self.streams = streams
    }

    /// What was taken, in KiB; what there is now, where nothing was.
    public var resident: Int { state.withLock { $0.resident } ?? ResidentMemory.now }

    /// A stream has half of its tokens.
    func streamIsHalfway() {
        state.withLock { state in
            state.halfway += 1
            if state.halfway * 2 >= streams, state.resident == nil { state.resident = ResidentMemory.now }
        }
    }

    /// A stream has come to its end.
    func streamHasEnded() {
        state.withLock { $0.resident = $0.resident ?? ResidentMemory.now }
    }
}
