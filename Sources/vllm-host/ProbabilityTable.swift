import ProviderKit
import TokenDisplay

/// The tokens of answers, one a line, in columns that tabs part: probability, token, rivals.
struct ProbabilityTable {
    private let tokens: [TokenLogprob]

    init(_ tokens: [TokenLogprob]) { self.tokens = tokens }

    var text: String {
        tokens.answers.map { answer in
            let lines = answer.tokens.map { token in
                let columns = [token.probability?.percent ?? "-", TokenText.quoted(token.token, token.bytes)] + token.otherTokens
                return columns.joined(separator: "\t") + "\n"
            }
            return answer.heading + lines.joined()
        }.joined()
    }
}

extension [TokenLogprob] {
    /// The tokens of each answer, with a heading where there are several.
    var answers: [(heading: String, tokens: [TokenLogprob])] {
        let choices = Set(map(\.choice)).sorted()
        return choices.map { choice in
            (choices.count > 1 ? "answer \(choice + 1):\n" : "", filter { $0.choice == choice })
        }
    }
}
