import JSON
import ProviderKit

/// Which of a session's providers is asked: the first in the order of priority, the next one when it fails, and for a while the one that
/// has failed behind the others; or one alone, where somebody has chosen it. Times are handed in.
struct ProviderSelection: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// A change of the provider that is asked.
    struct Change: Hashable {
        enum Reason: Hashable {
            /// The one before has failed.
            case failed(Failure)
            /// It comes first, and is asked again.
            case priority
            /// Somebody has chosen it.
            case chosen
        }

        /// The name of the one before.
        let previous: String
        let reason: Reason
    }

    /// What is kept of an error.
    struct Failure: Hashable {
        let code: ProviderError.Code
        let message: String

        init(_ error: ProviderError) {
            code = error.code
            message = error.message
        }
    }

    /// The names in the order of priority.
    private let names: [String]
    private let failsOver: Bool
    private let cooldown: Duration
    /// The one that alone is asked.
    var chosen: String?
    private var failures: [String: (failure: Failure, end: Instant)] = [:]
    /// The one that was asked last.
    private var current: String?

    init(_ names: [String], failsOver: Bool, cooldown: Duration, chosen: String? = nil) {
        self.names = names
        self.failsOver = failsOver
        self.cooldown = cooldown
        self.chosen = chosen
    }

    /// Those that may answer a prompt, in the order in which they are asked.
    func candidates(now: Instant) -> [String] {
        if let chosen { return [chosen] }
        guard failsOver else { return Array(names.prefix(1)) }
        return names.filter { !isLeftAlone($0, now: now) } + names.filter { isLeftAlone($0, now: now) }
    }

    /// Whether one that has failed is asked behind the others for now.
    func isLeftAlone(_ name: String, now: Instant) -> Bool { failsOver && failures[name].map { $0.end > now } ?? false }

    /// A provider is about to be asked.
    /// - Parameters:
    ///   - failure: what the one before has failed with at the same prompt.
    ///   - isChosen: whether somebody had chosen it when the prompt was put.
    /// - Returns: the change, if it is another one than before.
    mutating func asks(_ name: String, behind failure: Failure?, isChosen: Bool) -> Change? {
        defer { current = name }
        guard let current, current != name else { return nil }
        if let failure { return Change(previous: current, reason: .failed(failure)) }
        if isChosen { return Change(previous: current, reason: .chosen) }
        // One that comes later is asked at an earlier prompt's failure; one that comes first needs no other reason.
        let isBehind = names.prefix { $0 != name }.contains(current)
        let earlier = isBehind ? failures[current] : nil
        return Change(previous: current, reason: earlier.map { .failed($0.failure) } ?? .priority)
    }

    /// A provider has answered.
    mutating func answered(_ name: String) {
        failures[name] = nil
    }

    /// A provider has failed.
    /// - Parameter isOfPrompt: whether it may well answer the next prompt.
    mutating func failed(_ name: String, _ failure: Failure, isOfPrompt: Bool, now: Instant) {
        failures[name] = (failure, isOfPrompt ? now : now + cooldown)
    }
}

extension ProviderSelection.Change {
    /// What `provider:resolve` says of it.
    var eventData: JSONObject {
        var data: JSONObject = ["previous": .string(previous)]
        switch reason {
        case .failed(let failure):
            data["reason"] = .string(failure.code.description)
            data["error_type"] = .string(failure.code.className)
            data["error_message"] = .string(failure.message)
        case .priority: data["reason"] = "priority"
        case .chosen: data["reason"] = "chosen"
        }
        return data
    }
}
