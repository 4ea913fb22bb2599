/// What a plugin has told of a call and nobody has taken yet, and who waits for it. A value without I/O: its owner does what it returns,
/// outside the lock.
struct PluginMailbox {
    /// How a call ended.
    enum Ending: Sendable {
        /// Well, with this result as JSON.
        case response([UInt8])
        /// With this error as JSON.
        case error([UInt8])
        /// By the plugin's not keeping to the ABI, in these words.
        case breach(String)
        /// It was cancelled, and the plugin did not say in time how it ended.
        case abandoned
    }

    /// What a reader gets.
    enum Mail: Sendable {
        /// Steps as they came, each a JSON array of events.
        case events([[UInt8]])
        /// There is no more.
        case end(Ending)
    }

    /// A reader who waits.
    typealias Reader = UnsafeContinuation<Mail, Never>

    /// What `read` found.
    struct Reading {
        /// What to give to the reader; `nil` where it has to wait.
        var mail: Mail?
        /// Whether the plugin was paused and is to go on.
        var isResumed = false
    }

    /// A reader and what it is to be resumed with.
    struct Delivery {
        let reader: Reader
        let mail: Mail

        func resume() { reader.resume(returning: mail) }
    }

    /// As many bytes may wait to be read before the plugin is paused: more than a fast server sends while a reader is scheduled.
    static let limit = 64 << 10
    /// With more than this, a plugin that was paused and goes on has its call ended: it would fill the memory. A step that was not to be
    /// paused before it came may be larger.
    static let hardLimit = 4 << 20

    private var steps: [[UInt8]] = []
    private var byteCount = 0
    private var isPaused = false
    private var isCancelled = false
    private var reader: Reader?
    private var ending: Ending?

    /// Takes what there is, for `waiting` where that is somebody who can wait.
    mutating func read(waiting: Reader? = nil) -> Reading {
        var reading = Reading(isResumed: isPaused)
        isPaused = false
        if !steps.isEmpty {
            reading.mail = .events(steps)
            steps = []
            byteCount = 0
        } else if let ending {
            reading.mail = .end(ending)
        } else {
            reader = waiting
        }
        return reading
    }

    /// Adds a step; somebody who waits gets it at once.
    /// - Returns: whether the plugin is to give nothing more until it is resumed.
    mutating func append(_ step: [UInt8]) -> (delivery: Delivery?, isPaused: Bool) {
        guard ending == nil, !isCancelled else { return (nil, false) }
        if let reader {
            self.reader = nil
            return (Delivery(reader: reader, mail: .events([step])), false)
        }
        if isPaused, byteCount + step.count > Self.hardLimit {
            steps = []
            byteCount = 0
            ending = .breach("it goes on with an answer after it was paused")
            // Whatever it still brings is dropped.
            return (nil, true)
        }
        steps.append(step)
        byteCount += step.count
        isPaused = byteCount >= Self.limit
        return (nil, isPaused)
    }

    /// What has arrived and what is still to come are not wanted any more; how the call ends is.
    /// - Returns: whether the plugin has to be told.
    mutating func cancel() -> Bool {
        guard !isCancelled else { return false }
        isCancelled = true
        isPaused = false
        steps = []
        byteCount = 0
        return ending == nil
    }

    /// Ends the call; what was not read yet is still read, but of a cancelled one.
    mutating func finish(_ ending: Ending) -> Delivery? {
        guard self.ending == nil else { return nil }
        self.ending = ending
        defer { reader = nil }
        return reader.map { Delivery(reader: $0, mail: .end(ending)) }
    }
}
