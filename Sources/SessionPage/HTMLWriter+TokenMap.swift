import ProviderKit
import TokenDisplay

extension HTMLWriter {
    /// How many bytes of rivals weigh as much as one of the text: they are seen where a token is pointed at.
    private static let rivalWeight = 32
    /// How many bytes of text a token counts as at least.
    private static let leastSize = 4

    /// Writes the tokens of a text, coloured by their probability, no more of them than the page has room for.
    mutating func tokenMap(_ map: TokenMap) {
        element(
            "div", .class("map"), .named("dir", "auto"), .named("tabindex", "0"), .named("role", "group"),
            .named("aria-label", "Tokens by probability; the arrow keys go from one to the next")
        ) { html in
            var room = html.room
            for (index, part) in map.parts.enumerated() {
                let title = part.token.map(TokenMap.title)
                room -= max(Self.leastSize, part.text.utf8.count, (title?.utf8.count ?? 0) / Self.rivalWeight)
                guard room >= 0 else {
                    html.cutNote(FigureText.count(map.parts[index...].count { $0.token != nil }, "token"))
                    break
                }
                if let token = part.token, let title {
                    html.element("span", .class(Self.classes(token, part.text)), .title(title), text: part.text)
                } else {
                    html.text(part.text)
                }
            }
        }
    }

    /// Writes what the colours of tokens mean.
    mutating func probabilityScale() {
        markup(
            """
            <p class="scale kind-figure">Probability of a token: <span class="t p0">95 % and more</span><span class="t p1">80 %</span>\
            <span class="t p2">50 %</span><span class="t p3">20 %</span><span class="t p4">less</span> Point at one to see its rivals.</p>
            """)
    }

    /// Tokens that are in no block: markup, and the end of the sequence.
    mutating func strayTokens(_ tokens: [TokenLogprob]) {
        guard !tokens.isEmpty else { return }
        element("details", .class("stray kind-figure")) { html in
            html.summary(FigureText.count(tokens.count, "token") + " outside of the text")
            html.tokenMap(TokenMap(marking: tokens))
        }
    }

    private static func classes(_ token: TokenLogprob, _ text: String) -> String {
        let step = token.probability.map { "t p\(TokenMap.step($0))" } ?? "t"
        // A line break has no shape of its own that could be pointed at.
        if text.unicodeScalars.contains("\n") { return step + " line-end" }
        return text.isEmpty ? step + " empty" : step
    }
}
