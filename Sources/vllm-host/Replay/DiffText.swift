import Comparison
import JSON

/// Draws differences of texts: coloured, or with `[-removed-]{+added+}` as `git diff --word-diff` has it.
struct DiffText {
    let hasColour: Bool

    /// So many characters of what is the same are shown beside a change.
    private static let context = 60
    /// More of a difference than this many characters nobody reads on a terminal.
    private static let limit = 4000

    /// The changed parts with what stands around them, on lines.
    func lines(_ diff: TextDiff) -> [String] {
        var text = ""
        for (index, edit) in diff.edits.enumerated() {
            guard text.utf8.count < Self.limit else {
                text += " … (cut; --json has all)"
                break
            }
            switch edit.kind {
            case .same: text += shortened(edit.text, isFirst: index == 0, isLast: index == diff.edits.count - 1)
            case .removed: text += removed(edit.text)
            case .added: text += added(edit.text)
            }
        }
        if diff.isApproximate { text += "\n(too different to find all that is the same)" }
        return text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    func removed(_ text: String) -> String { hasColour ? marked(text, "31;9", "39;29") : "[-\(safe(text))-]" }

    func added(_ text: String) -> String { hasColour ? marked(text, "32", "39") : "{+\(safe(text))+}" }

    /// A value that became another one.
    func change(_ old: JSONValue?, _ new: JSONValue?) -> String {
        "\(old.map { removed($0.text) } ?? "nothing") → \(new.map { added($0.text) } ?? "nothing")"
    }

    func dimmed(_ text: String) -> String { hasColour ? "\u{1B}[2m\(text)\u{1B}[22m" : text }

    /// Colours end with each line, so that no pager is confused.
    private func marked(_ text: String, _ on: String, _ off: String) -> String {
        safe(text).split(separator: "\n", omittingEmptySubsequences: false).map { "\u{1B}[\(on)m\($0)\u{1B}[\(off)m" }
            .joined(separator: "\n")
    }

    private func safe(_ text: String) -> String {
        let shown = text.count > Self.limit ? text.prefix(Self.limit) + "…" : text[...]
        return Terminal.withoutControls(String(shown))
    }

    private func shortened(_ text: String, isFirst: Bool, isLast: Bool) -> String {
        let (before, behind) = (isFirst ? 0 : Self.context, isLast ? 0 : Self.context)
        guard text.count > before + behind + 10 else { return safe(text) }
        return safe(String(text.prefix(before))) + dimmed("…") + safe(String(text.suffix(behind)))
    }
}
