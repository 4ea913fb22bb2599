import HostSession
import JSON
import ProviderKit
import Redaction

/// Tells a person, or a machine, why a command failed.
enum Failure {
    /// Says what is wrong and returns the code to end with: on standard error in words, or as an object on standard output.
    static func tell(_ error: any Error, asJSON: Bool, recorder: SessionRecorder? = nil, isQuiet: Bool = false, _ terminal: Terminal)
        -> Int32
    {
        if asJSON {
            terminal.print(json(of: error, recorder: recorder).text + "\n")
        } else {
            terminal.complain(text(of: error, recorder: recorder))
            if let recorder, !isQuiet { terminal.note(terminal.dimmed("events: \(recorder.logPath)") + "\n") }
        }
        return ExitStatus.code(of: error)
    }

    /// What is wrong, without secrets, should somebody have put one where none belongs. A provider's error has none.
    private static func text(of error: any Error, recorder: SessionRecorder?) -> String {
        if let error = error as? ProviderError { return "\(error)" }
        return recorder?.redacted("\(error)") ?? Redactor().redact("\(error)")
    }

    private static func json(of error: any Error, recorder: SessionRecorder?) -> JSONValue {
        var description: JSONObject
        if let error = error as? ProviderError {
            description = error.json.object ?? [:]
        } else {
            description = ["type": .string("\(type(of: error))"), "message": .string(text(of: error, recorder: recorder))]
        }
        description["exit_code"] = .integer(Int(ExitStatus.code(of: error)))
        return [
            "error": .object(description), "session_id": recorder.map { .string($0.sessionID) } ?? .null,
            "events": recorder.map { .string($0.logPath) } ?? .null,
        ]
    }
}
