import SessionTimeline

extension HTMLWriter {
    /// Writes the list of prompts, which is beside the conversation where there is room.
    mutating func outline(_ turns: [PromptTurn]) {
        element("nav", .class("outline"), .named("aria-label", "Prompts")) { html in
            guard turns.contains(where: { $0.prompt != nil }) else { return }
            html.markup("<h2>Prompts</h2>")
            html.element("ol") { html in
                for (index, turn) in turns.lazy.filter({ $0.prompt != nil }).enumerated() {
                    html.element("li", .class(turn.isProblem ? "problem" : "ok")) { html in
                        html.element("a", .named("href", "#prompt-\(index + 1)"), text: Self.beginning(turn.prompt ?? ""))
                    }
                }
            }
        }
    }

    /// The first words of a text, on one line.
    private static func beginning(_ text: String) -> String {
        let words = String(text.unicodeScalars.prefix(200)).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return words.count > 80 ? words.prefix(79) + "…" : words
    }
}
