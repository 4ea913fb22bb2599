import Comparison
import ProviderKit

extension HTMLWriter {
    /// Writes two answers side by side.
    mutating func comparedCall(_ call: CallComparison, isDifferent: Bool) {
        let anchor = Self.anchor(call)
        element("article", .class("step call compared \(isDifferent ? "problem" : "ok")"), .id(anchor), .named("tabindex", "-1")) { html in
            let repetition = call.repetition > 1 ? ", repetition \(call.repetition)" : ""
            var chips = ComparedAspect.allCases.filter(call.differences.contains).map {
                Chip($0.rawValue.replacing("_", with: " "), isProblem: isDifferent)
            }
            if chips.isEmpty { chips = [Chip("same")] }
            if call.isSameRequest == false { chips.append(Chip("other request", isProblem: true)) }
            html.stepHead("Call \(call.number)\(repetition)", link: anchor, chips: chips, after: nil)
            if let prompt = call.prompt {
                html.element("details", .class("instructions kind-prompt")) { html in
                    html.summary("Prompt")
                    html.prose(prompt)
                }
            }
            html.element("div", .class("two")) { html in
                html.sideHead("Old", call.old)
                html.sideHead("New", call.new)
            }
            for answer in call.answers {
                if call.answers.count > 1 { html.element("h4", .class("choice"), text: "Answer \(answer.choice + 1)") }
                html.compared(answer, call)
            }
            if !call.usage.isEmpty {
                html.element("dl", .class("figures kind-figure")) { html in
                    for usage in call.usage {
                        html.element("div") { html in
                            html.element("dt", text: usage.name.replacing("_", with: " "))
                            html.element("dd", text: "\(Self.told(usage.old)) → \(Self.told(usage.new))")
                        }
                    }
                }
            }
        }
    }

    private mutating func sideHead(_ title: String, _ answer: ComparedAnswer) {
        element("div", .class("side")) { html in
            html.element("h4") { html in
                html.text(title)
                if let model = answer.model { html.element("span", .class("detail"), text: " \(model.beginning(200))") }
            }
            html.element("p", .class("detail kind-figure"), text: Self.told(answer))
            if let failure = answer.failure { html.failure(failure) }
        }
    }

    private mutating func compared(_ answer: AnswerComparison, _ call: CallComparison) {
        if !answer.thinking.edits.isEmpty {
            element("details", .class("reasoning kind-reasoning")) { html in
                html.summary("Reasoning", detail: answer.thinking.isSame ? "the same" : "different")
                html.diff(answer.thinking)
            }
        }
        if !answer.text.edits.isEmpty { element("div", .class("kind-answer")) { $0.diff(answer.text) } }
        for toolCall in answer.toolCalls { self.toolCall(toolCall) }
        element("div", .class("kind-figure")) { html in
            if answer.oldFinishReason != answer.newFinishReason {
                html.element(
                    "p", .class("detail"), text: "ended by \(Self.told(answer.oldFinishReason)) → \(Self.told(answer.newFinishReason))")
            }
            if let divergence = answer.divergence { html.divergence(divergence) }
            if let divergence = answer.tokenDivergence { html.divergence(divergence) }
            if let drift = answer.drift { html.drift(drift) }
        }
        let (old, new) = (call.old.response?.logprobs ?? [], call.new.response?.logprobs ?? [])
        guard !old.isEmpty || !new.isEmpty else { return }
        element("details", .class("kind-figure")) { html in
            html.summary("Tokens by probability")
            html.element("div", .class("two")) { html in
                for tokens in [old, new] {
                    html.element("div", .class("side")) { html in
                        html.tokenMap(TokenMap(tokens.filter { $0.choice == answer.choice }, of: nil))
                    }
                }
            }
        }
    }

    private mutating func divergence(_ divergence: TextDivergence) {
        element("p", .class("detail word-diff")) { html in
            let place = FigureText.count(divergence.offset, "character")
            html.text("The \(divergence.part == .text ? "text" : "reasoning") parts after \(place): …")
            html.text(divergence.before)
            html.element("del", text: divergence.old.isEmpty ? "(end)" : divergence.old)
            html.text(" ")
            html.element("ins", text: divergence.new.isEmpty ? "(end)" : divergence.new)
        }
    }

    private mutating func divergence(_ divergence: TokenDivergence) {
        let (old, new) = (Self.told(divergence.old), Self.told(divergence.new))
        element("p", .class("detail"), text: "Token \(FigureText.count(divergence.index)): old \(old), new \(new)")
    }

    private static func told(_ reason: String?) -> String { reason ?? "—" }

    private static func told(_ count: Int?) -> String { count.map { FigureText.count($0) } ?? "—" }
}
