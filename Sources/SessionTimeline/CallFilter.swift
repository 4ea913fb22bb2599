public import Timestamps

/// Which calls, runs of tools and turns are looked at.
public struct CallFilter: Sendable, Hashable {
    /// Only what began then or later; what has no time is looked at all the same.
    public var since: LogTimestamp?
    /// Only what began before.
    public var until: LogTimestamp?
    /// Only calls whose model's name has this text in it, upper and lower case being the same. Nothing is looked at then but calls.
    public var model: String?

    /// Everything.
    public init(since: LogTimestamp? = nil, until: LogTimestamp? = nil, model: String? = nil) {
        self.since = since
        self.until = until
        self.model = model
    }

    /// Whether a call is looked at.
    public func includes(_ call: ProviderCall) -> Bool {
        guard includes(call.start) else { return false }
        guard let model else { return true }
        return call.model?.lowercased().contains(model.lowercased()) == true
    }

    /// Whether a run of a tool is looked at.
    public func includes(_ run: ToolRun) -> Bool { model == nil && includes(run.start ?? run.end) }

    /// Whether a turn is looked at.
    public func includes(_ turn: PromptTurn) -> Bool { model == nil && includes(turn.start) }

    private func includes(_ time: LogTimestamp?) -> Bool {
        guard let time else { return true }
        return since.map { $0 <= time } ?? true && until.map { time < $0 } ?? true
    }
}
