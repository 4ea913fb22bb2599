import ArgumentParsing
import RegularExpressions
import SessionLog

/// The options that say which records are wanted.
enum RecordFilterOptions {
    private static let levels = ["debug", "info", "warning", "error", "critical"]

    /// Which records, but for their text.
    static let options = grouped([
        .value(
            "-e", "--event", named: "PATTERN", help: "Events whose names fit: `llm:*`; with ! in front those are left out: `!*:raw`.",
            isRepeatable: true),
        .value("--level", named: "LEVEL", hint: .choices(levels), help: "Records that are at least as serious."),
        .value("-r", "--request", named: "ID", help: "Records of one request; the beginning of its id is enough."),
        .value("--status", named: "STATUS", help: "Records with this status: ok, success, error, cancelled."),
        .value("--since", named: "TIME", help: "Records since then: \(TimeArgument.forms)."),
        .value("--until", named: "TIME", help: "Records before then."),
    ])

    /// Which records, by their text, too.
    static let withText =
        options
        + grouped([
            .value("-g", "--grep", named: "TEXT", help: "Records with this text in them."),
            .value("--regex", named: "PATTERN", help: "Records whose line in the log this regular expression matches."),
            .flag("-i", "--ignore-case", help: "Large and small letters are the same to --grep and --regex."),
        ])

    private static func grouped(_ options: [Option]) -> [Option] { options.map { $0.grouped(under: OptionGroup("Records")) } }

    /// Whether any of them was given.
    static func areGiven(_ command: ParsedCommand) -> Bool {
        ["event", "level", "request", "status", "since", "until", "grep", "regex"].contains { command.flag($0) }
    }

    /// What the options ask for.
    /// - Throws: `UsageError`.
    static func query(_ command: ParsedCommand) throws(UsageError) -> RecordQuery {
        var query = RecordQuery()
        for key in ["event", "request", "status", "grep", "regex"] where command.values(key).contains("") {
            throw command.usageError("`--\(key)` is an empty text")
        }
        query.events = command.values("event")
        query.minimumLevel = command.value("level").map { LogLevel(rawValue: $0.uppercased()) }
        query.requestID = command.value("request")
        query.status = command.value("status")
        query.since = try TimeArgument.time(command, "since")
        query.until = try TimeArgument.time(command, "until")
        if command.flag("grep"), command.flag("regex") { throw command.usageError("`--grep` and `--regex` exclude each other") }
        if let text = command.value("grep") { query.text = TextPattern(text, ignoresCase: command.flag("ignore-case")) }
        if let pattern = command.value("regex") { query.text = try expression(pattern, command) }
        return query
    }

    /// A regular expression from the command line.
    static func expression(_ pattern: String, _ command: ParsedCommand) throws(UsageError) -> TextPattern {
        do throws(RegularExpressionError) {
            return TextPattern(try RegularExpression(pattern, ignoresCase: command.flag("ignore-case")))
        } catch {
            throw command.usageError("the regular expression `\(pattern)` is wrong: \(error)")
        }
    }
}
