/// Records that are being written, with the file that they go to, which nobody else has meanwhile.
struct LogPortion: Sendable {
    let handle: LogFileHandle
    /// The records; none any more where all are settled.
    private(set) var group: LogGroup
    let options: SessionLogOptions
    /// Whether the log is being closed: what cannot be written now never will be.
    let isAtEnd: Bool
    private let count: Int
    /// How many of the records are settled: written, or never to be written.
    private(set) var settled: Int

    init(_ group: LogGroup, settled: Int = 0, to handle: LogFileHandle, _ options: SessionLogOptions, isAtEnd: Bool) {
        (self.group, self.settled, self.handle, self.options, self.isAtEnd) = (group, settled, handle, options, isAtEnd)
        count = group.count
    }

    var isSettled: Bool { settled == count }

    /// Writes what is left of them, once.
    /// - Parameter waits: whether to wait for other processes that write the file.
    mutating func write(waits: Bool = true) -> LogFile.Outcome {
        let outcome = handle.file.write(group, from: settled, options, waits: waits)
        settled += outcome.written + outcome.lost
        if isSettled { group.removeAll() }
        return outcome
    }

    /// Lets others write the file.
    func leave() { handle.file.leave() }
}
