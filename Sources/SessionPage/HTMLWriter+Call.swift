import JSON
import ProviderKit
import SessionTimeline

extension HTMLWriter {
    /// Writes a call of a provider: what was answered, what went wrong, and what it took.
    /// - Parameter runs: the numbers of the runs of tools that follow, by the ids of their calls.
    mutating func call(_ call: ProviderCall, number: Int, runs: [String: Int], after: String?, includesRaw: Bool) {
        element("article", .class("step call \(call.isProblem ? "problem" : "ok")"), .id("call-\(number)"), .named("tabindex", "-1")) {
            html in
            html.stepHead("Call \(number)", link: "call-\(number)", detail: call.model, chips: Self.chips(call), after: after)
            html.retries(call.retries)
            html.answer(call, runs: runs)
            if let failure = call.failure { html.failure(failure) }
            if let degradation = (call.response ?? call.debugResponse)?["degradation"], let text = Self.told(degradation) {
                html.element("p", .class("note problem kind-problem")) { $0.message(text) }
            }
            html.figures(call)
            if includesRaw { html.raw(call) }
        }
    }

    /// Writes why a call failed.
    mutating func failure(_ failure: ProviderCall.Failure) {
        element("p", .class("failure kind-problem")) { html in
            let kind = [failure.type, failure.statusCode.map { "HTTP \($0)" }].compactMap(\.self).joined(separator: ", ")
            html.element("strong", text: kind.beginning(200))
            html.text(" ")
            html.message(failure.message)
        }
    }

    private static func chips(_ call: ProviderCall) -> [Chip] {
        var chips: [Chip] = []
        switch call.status {
        case .ok: break
        case .error: chips.append(Chip("failed", isProblem: true))
        case .cancelled: chips.append(Chip("cancelled", isProblem: true))
        case .unfinished: chips.append(Chip("not finished in the log", isProblem: true))
        }
        if !call.retries.isEmpty { chips.append(Chip(FigureText.count(call.retries.count, "retry", "retries"), isProblem: true)) }
        if call.finishReason == "length" { chips.append(Chip("cut off: length")) }
        return chips
    }

    private mutating func retries(_ retries: [ProviderCall.Retry]) {
        guard !retries.isEmpty else { return }
        element("ol", .class("retries kind-problem"), .named("aria-label", "Retries")) { html in
            for retry in retries.prefix(100) {
                html.element("li") { html in
                    html.element("strong", text: "Retry \(FigureText.count(retry.attempt))")
                    if let delay = retry.delay { html.text(" after \(FigureText.time(delay))") }
                    let cause = [retry.errorType, retry.statusCode.map { "HTTP \($0)" }].compactMap(\.self).joined(separator: ", ")
                    if !cause.isEmpty { html.text(": \(cause.beginning(200))") }
                    if let message = retry.errorMessage { html.element("span", .class("detail")) { $0.message(" \(message)") } }
                }
            }
            if retries.count > 100 { html.element("li", text: "… and \(FigureText.count(retries.count - 100)) more") }
        }
    }

    private mutating func answer(_ call: ProviderCall, runs: [String: Int]) {
        // Of a call that failed, what had arrived. What is cut is shown where nothing else is there.
        let response = call.response ?? call.error?["partial_response"] ?? (call.blocks.isEmpty ? call.debugResponse : nil)
        let content = response?["content"]?.array ?? call.blocks.map { .object($0) }
        let tokens = (response?["logprobs"]?.array ?? []).compactMap { try? TokenLogprob(json: $0) }
        let byBlock = Dictionary(grouping: tokens) { $0.blockIndex }
        let hasChoices = content.contains { ($0["choice"]?.int ?? 0) > 0 }
        var choice = -1
        for (index, json) in content.enumerated() {
            let next = json["choice"]?.int ?? 0
            if hasChoices, next != choice {
                choice = next
                element("h4", .class("choice"), text: "Answer \(FigureText.count(next.addingReportingOverflow(1).partialValue))")
            }
            block(AnswerBlock(json), tokens: byBlock[index] ?? [], runs: runs)
        }
        strayTokens(byBlock[nil] ?? [])
        let asked = (response?["prompt_logprobs"]?.array ?? []).compactMap { try? TokenLogprob(json: $0) }
        guard !asked.isEmpty else { return }
        element("details", .class("value kind-figure")) { html in
            html.summary("Tokens of the prompt", detail: FigureText.count(asked.count))
            html.tokenMap(TokenMap(asked, of: nil))
        }
    }

    /// Writes a block of an answer. With tokens it is there twice, and the reader chooses.
    mutating func block(_ block: AnswerBlock, tokens: [TokenLogprob], runs: [String: Int]) {
        switch block {
        case .text(let text) where text.isEmpty && tokens.isEmpty: break
        case .text(let text): element("div", .class("answer kind-answer")) { $0.text(text, tokens) }
        case .thinking(let text):
            element("details", .class("reasoning kind-reasoning")) { html in
                html.summary("Reasoning", detail: FigureText.count(text.unicodeScalars.count, "character"))
                html.text(text, tokens)
            }
        case .toolCall(let id, let name, let input):
            element("div", .class("asked kind-tool")) { html in
                html.text("calls ")
                if let id, let run = runs[id] {
                    html.element("a", .named("href", "#tool-\(run)"), text: name.beginning(200))
                } else {
                    html.element("strong", text: name.beginning(200))
                    html.folded("Arguments", input)
                }
                if !tokens.isEmpty { html.tokenMap(TokenMap(tokens, of: nil)) }
            }
        case .image(let image): self.image(image)
        case .other(let json): folded("Block of the type \(json["type"]?.string ?? "?")", json)
        }
    }

    private mutating func text(_ text: String, _ tokens: [TokenLogprob]) {
        guard !tokens.isEmpty, clipped(text).rest == 0 else { return prose(text) }
        element("div", .class("either")) { html in
            html.prose(text)
            html.tokenMap(TokenMap(tokens, of: text))
        }
    }

    private static func told(_ degradation: JSONValue) -> String? {
        guard let requested = degradation["requested"]?.string, let actual = degradation["actual"]?.string else { return nil }
        let reason = degradation["reason"]?.string.map { ": \($0)" } ?? ""
        return "Asked for \(requested), got \(actual)\(reason)"
    }
}
