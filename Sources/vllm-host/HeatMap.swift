import ProviderKit
import TokenDisplay

/// The tokens of answers coloured by their probability, for a terminal of 256 colours; the rivals of doubtful ones below.
///
/// Colours are backgrounds with black letters on them, so that they can be read on dark and on light terminals. From likely to unlikely
/// they also grow darker, for those who cannot tell red from green. Neighbours of one colour have two shades, which shows where a token
/// ends.
struct HeatMap {
    /// A token less likely than this is doubtful.
    static let doubt = 0.5

    private struct Shade {
        let atLeast: Double
        let label: String
        /// The numbers of the background in the palette of 256 colours, for tokens in turn.
        let backgrounds: [Int]
    }

    private static let scale = [
        Shade(atLeast: 0.95, label: "≥95%", backgrounds: [157, 151]), Shade(atLeast: 0.8, label: "≥80%", backgrounds: [193, 187]),
        Shade(atLeast: 0.5, label: "≥50%", backgrounds: [229, 223]), Shade(atLeast: 0.2, label: "≥20%", backgrounds: [216, 209]),
        Shade(atLeast: 0, label: "<20%", backgrounds: [203, 167]),
    ]
    private static let reset = "\u{1B}[0m"

    private let tokens: [TokenLogprob]
    private let width: Int

    /// - Parameter width: the columns to fill.
    init(_ tokens: [TokenLogprob], width: Int) {
        self.tokens = tokens
        self.width = max(width, 20)
    }

    var text: String {
        let legend = Self.scale.map { Self.coloured(" \($0.label) ", $0.backgrounds[0]) }.joined()
        return "probability of each token: \(legend)\n" + tokens.answers.map { $0.heading + map($0.tokens) + doubts($0.tokens) }.joined()
    }

    private func map(_ tokens: [TokenLogprob]) -> String {
        var map = ""
        var column = 0
        for (index, token) in tokens.enumerated() {
            let text = TokenText.marked(token.token, token.bytes)
            let columns = TokenText.columns(text)
            if column > 0, column + columns > width {
                map += "\n"
                column = 0
            }
            let backgrounds = token.probability.flatMap { probability in Self.scale.first { probability.value >= $0.atLeast } }?.backgrounds
            map += backgrounds.map { Self.coloured(text, $0[index % $0.count]) } ?? text
            column += columns
            if token.token.hasSuffix("\n") {
                map += "\n"
                column = 0
            }
        }
        return column > 0 ? map + "\n" : map
    }

    private func doubts(_ tokens: [TokenLogprob]) -> String {
        let lines = tokens.enumerated().compactMap { index, token -> String? in
            guard let probability = token.probability, probability.value < Self.doubt else { return nil }
            let others = token.otherTokens.isEmpty ? "" : "  or \(token.otherTokens.joined(separator: ", "))"
            return "  token \(index + 1): \(probability.percent) \(TokenText.quoted(token.token, token.bytes))\(others)\n"
        }
        return lines.isEmpty ? "" : "less likely than \(Probability(value: Self.doubt).percent):\n" + lines.joined()
    }

    private static func coloured(_ text: String, _ background: Int) -> String { "\u{1B}[38;5;16;48;5;\(background)m\(text)\(reset)" }
}
