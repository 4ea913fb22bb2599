/// The file of a log in the hands of whoever has it: to hand it on takes one reference, and copies nothing of what is known of the file.
final class LogFileHandle: @unchecked Sendable {
    // @unchecked: one at a time has it, as `LogWork` gives it out.
    var file: LogFile

    init(_ file: LogFile) { self.file = file }
}
