/// How the log of a session is written.
public struct SessionLogOptions: Sendable, Hashable {
    /// What a crash can cost.
    public enum Durability: String, Sendable, Hashable, CaseIterable {
        /// Records are gathered for a second, or until there are 256 KiB of them: the fewest writes. A process that is killed loses what it
        /// had not written yet.
        case none
        /// What is queued is written as soon as the last write is done, all at once; where records come without a pause, those of a
        /// millisecond, or 256 KiB of them. A process that is killed loses those of the last milliseconds; a machine that loses power those
        /// that the system had not yet put on the disk, of half a minute as a rule.
        case flush
        /// As `flush`, and each write waits until it is on the disk: a machine that loses power loses the records of the last milliseconds.
        case fsync
    }

    /// Which parts of the log that were put aside are kept; 0 is all. The oldest go first, and never the file that is being written.
    public struct Retention: Sendable, Hashable {
        /// How many parts.
        public var count: Int
        /// How many bytes of them, as they lie on the disk.
        public var bytes: Int
        /// How old, in seconds since they were written to last.
        public var age: Int

        /// All parts, or those that are named.
        public init(count: Int = 0, bytes: Int = 0, age: Int = 0) {
            self.count = count
            self.bytes = bytes
            self.age = age
        }
    }

    /// What a crash can cost.
    public var durability: Durability
    /// How many bytes of records may wait for the disk, about. What comes then is dropped, and counted; the last quarter is for records of
    /// the level `INFO` and above that are no deltas of a stream.
    public var queueSize: Int
    /// From how many bytes on the file is put aside and a new one begun; 0 is never.
    public var rotateSize: Int
    /// After how many seconds since its first record the file is put aside; 0 is never.
    public var rotateAge: Int
    /// Whether what is put aside is compressed.
    public var compresses: Bool
    /// What is kept of it.
    public var retention: Retention

    /// The usual: nothing is ever thrown away, and a log of less than 128 MiB is one file, which is all that Amplifier's viewer reads.
    public init(
        durability: Durability = .flush, queueSize: Int = 64 << 20, rotateSize: Int = 128 << 20, rotateAge: Int = 0,
        compresses: Bool = true, retention: Retention = Retention()
    ) {
        self.durability = durability
        self.queueSize = queueSize
        self.rotateSize = rotateSize
        self.rotateAge = rotateAge
        self.compresses = compresses
        self.retention = retention
    }
}
