/// Tells on a terminal how far reading has come, where there is much to read.
struct ReadingProgress {
    /// Less is read before anybody looks.
    private static let minimumBytes = 64 << 20

    private let totalBytes: Int
    private var bar: ProgressBar
    /// The bytes of logs that have been read to their end.
    private var bytesBefore = 0
    private let clock = ContinuousClock()
    private let start: ContinuousClock.Instant
    private var last: ContinuousClock.Instant

    init(of totalBytes: Int, _ terminal: Terminal) {
        self.totalBytes = totalBytes
        bar = ProgressBar(terminal)
        start = clock.now
        last = start
    }

    /// So many bytes have been read.
    mutating func block(_ bytes: Int) {
        guard totalBytes >= Self.minimumBytes else { return }
        let now = clock.now
        guard now - last >= .milliseconds(100) else { return }
        last = now
        let speed = Double(bytes) / ((now - start) / .seconds(1))
        let text = "\(ByteCount.text(bytes)) of \(ByteCount.text(totalBytes)), \(ByteCount.text(Int(min(speed, 1e15))))/s"
        bar.show(bytes, of: totalBytes, text)
    }

    /// So many bytes of the present one of several logs have been read.
    mutating func blockOfLog(_ bytes: Int) { block(bytesBefore + bytes) }

    /// The present log, of so many bytes, has been read.
    mutating func endLog(_ bytes: Int) { bytesBefore += bytes }

    /// Takes the bar away.
    mutating func end() { bar.clear() }
}
