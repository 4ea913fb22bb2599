import ArgumentParsing
import Comparison
import Configuration
import HostSession
import JSON
import SessionTimeline
import VLLMProvider

/// What `replay run` is asked to do: which calls of which log, how often, and by how much the answers may differ.
struct ReplayJob {
    let thresholds: ComparisonThresholds
    let concurrency: Int
    let repetitions: Int
    let plan: ReplayPlan
    private let old: ComparedSession

    /// Reads the command line and the log.
    /// - Throws: `UsageError`, `InputError`, `SessionLogError`, `ConfigurationError`.
    init(_ command: ParsedCommand, environment: [String: String]) throws {
        thresholds = try ComparisonFlags.thresholds(command)
        concurrency = try command.int("concurrency", in: 1...1000) ?? 8
        repetitions = try command.int("repeat", in: 1...10_000) ?? 1
        var choice = ReplayPlan.Choice()
        choice.names = command.values("only")
        choice.limit = try command.int("limit", in: 1 ... .max)
        let settings = try SessionSetup.overrides(command, simulator: nil).map(\.keys)
        let path = try SessionArgument(command, environment: environment).logPath(command.arguments.first)
        let timeline = try SessionTimeline.read(log: path)
        var plan: ReplayPlan
        do throws(ReplayPlan.UnknownCall) { plan = try ReplayPlan(timeline, choice) } catch {
            throw InputError(message: "--only: \(error)")
        }
        guard !plan.calls.isEmpty else { throw InputError(message: Self.reason(plan, path)) }
        for keys in settings where VLLMProvider.callOptionKeys.contains(keys[0]) {
            for index in plan.calls.indices { plan.calls[index].giveWay(to: keys) }
        }
        self.plan = plan
        old = ComparedSession(log: path).naming(modelsOf: timeline)
    }

    /// What the new session's log says of where its calls come from.
    var origin: JSONObject {
        [
            "origin": ["log": old.log.map { .string($0) } ?? .null, "session_id": old.sessionID.map { .string($0) } ?? .null],
            "call_count": .integer(plan.calls.count), "repetitions": .integer(repetitions),
        ]
    }

    /// The comparison of what was answered.
    func comparison(_ calls: [CallComparison], _ plan: ReplayPlan, label: String, _ recorder: SessionRecorder) -> SessionComparison {
        var models: [String] = []
        for model in calls.compactMap(\.new.model) where !models.contains(model) { models.append(model) }
        let new = ComparedSession(label: label, log: recorder.logPath, sessionID: recorder.sessionID, models: models)
        var comparison = SessionComparison(old: old, new: new, calls: calls, thresholds: thresholds)
        comparison.omissions = plan.omissions
        comparison.notes = plan.notes
        let comparesTimes = thresholds.maximumLatencyRatio != nil || thresholds.maximumFirstTokenRatio != nil
        if comparesTimes, concurrency > 1, calls.count > 1 {
            comparison.notes.append("\(concurrency) calls were under way at once: to compare times, give --concurrency 1")
        }
        return comparison
    }

    private static func reason(_ plan: ReplayPlan, _ path: String) -> String {
        if !plan.omissions.isEmpty {
            return plan.omissions.allSatisfy { $0.reason.contains("does not have") }
                ? "\(path) has no requests to make again: record a session with --set debug=true --set raw_debug=true"
                : "\(path) has no request that can be made again: \(plan.omissions[0].reason)"
        }
        return plan.notes.isEmpty ? "\(path) has no calls" : "\(path) has no calls to make again: \(plan.notes.joined(separator: "; "))"
    }
}
