import ProviderKit

extension VLLMSettings {
    /// The role that the server gets for `developer`.
    enum DeveloperRole: String, CaseIterable {
        case system
        case developer
        case user
    }
}

extension Turn {
    /// The turns with the role that developer messages are sent under.
    ///
    /// Many chat templates know no `developer` role. vLLM 0.32 makes such messages system ones and moves all of them into one at the
    /// beginning, with blank lines between; older servers leave them to the template, which drops them or fails. As `system` they
    /// stay in their places, but one right beside a system message is joined with it as vLLM does, since many templates take only one.
    static func setting(_ developerRole: VLLMSettings.DeveloperRole, in turns: [Turn]) -> [Turn] {
        guard developerRole != .developer, turns.haveDeveloper else { return turns }
        var result: [Turn] = []
        var lastIsDeveloper = false
        for var turn in turns {
            let isDeveloper = turn.role == .developer
            if isDeveloper { turn.role = Role(rawValue: developerRole.rawValue) }
            if turn.role == .system, isDeveloper || lastIsDeveloper, let last = result.last, let joined = last.joined(with: turn) {
                result[result.count - 1] = joined
                lastIsDeveloper = true
            } else {
                result.append(turn)
                lastIsDeveloper = isDeveloper
            }
        }
        return result
    }

    /// Both as one system message; `nil` where they are not two texts of the same speaker.
    private func joined(with next: Turn) -> Turn? {
        guard role == .system, name == next.name, let text = plainText, let more = next.plainText else { return nil }
        var joined = self
        joined.content = .text("\(text)\n\n\(more)")
        return joined
    }
}
