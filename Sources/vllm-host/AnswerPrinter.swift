import HostSession
import JSON
import Locks
import ProviderKit

/// Shows an answer as it arrives: text on standard output, reasoning (dimmed) and tool calls on standard error.
final class AnswerPrinter: Sendable {
    private struct State {
        /// The kinds of the blocks, by their numbers.
        var kinds: [Int: BlockStart.Kind] = [:]
        /// Whether the last thing shown on each stream needs a line break before something else comes.
        var textIsOpen = false
        var noteIsOpen = false
        var model: String?

        /// Notes that a piece of a block is shown, and says of which kind it is.
        mutating func takeDelta(_ text: String, of index: Int, showsThinking: Bool) -> BlockStart.Kind? {
            let kind = kinds[index]
            switch kind {
            case .text: textIsOpen = text.utf8.last != UInt8(ascii: "\n")
            case .thinking: noteIsOpen = noteIsOpen || showsThinking
            default: break
            }
            return kind
        }
    }

    private let terminal: Terminal
    private let isSilent: Bool
    private let isQuiet: Bool
    private let labelsAnswers: Bool
    private let state = Guarded(State())

    /// - Parameters:
    ///   - isSilent: nothing is shown.
    ///   - isQuiet: only text is shown.
    ///   - labelsAnswers: several answers are to come, so that the first one is numbered, too.
    init(_ terminal: Terminal, isSilent: Bool = false, isQuiet: Bool = false, labelsAnswers: Bool = false) {
        self.terminal = terminal
        self.isSilent = isSilent
        self.isQuiet = isQuiet
        self.labelsAnswers = labelsAnswers
    }

    /// The model that answers, as the server calls it.
    var model: String? { state.withLock { $0.model } }

    /// Shows what happens.
    func show(_ event: TurnEvent) {
        if case .answer(.started(let start)) = event { state.withLock { $0.model = start.model } }
        guard !isSilent else { return }
        switch event {
        case .answer(let event): show(event)
        case .toolStarted(let call): note("→ \(call.name) \(JSONValue.object(call.arguments).text)\n")
        case .toolFinished(_, let output, let hasFailed): note("← \(hasFailed ? "failed: " : "")\(output.string ?? output.text)\n")
        }
    }

    /// Shows the answers behind the first one, where there are several.
    func showOtherChoices(_ response: ChatResponse) {
        guard !isSilent else { return }
        for choice in 1..<max(response.choiceCount, 1) {
            note("answer \(choice + 1):\n")
            for block in response.content where block.choice == choice {
                switch block {
                case .text(let block): terminal.printAnswer(block.text + (block.text.hasSuffix("\n") ? "" : "\n"))
                case .thinking(let block): note(block.thinking + "\n")
                case .toolCall(let call): note("tool call: \(call.name) \(JSONValue.object(call.input).text)\n")
                default: break
                }
            }
        }
    }

    /// Ends the last line.
    func finish() {
        closeNote()
        closeText()
    }

    private func show(_ event: ProviderEvent) {
        switch event {
        case .started:
            state.withLock { $0.kinds = [:] }
            if labelsAnswers { note("answer 1:\n") }
        case .blockStarted(let block):
            // Several answers come at once: the first one is shown as it comes, the others when they are complete.
            guard block.choice == 0 else { return }
            finish()
            state.withLock { $0.kinds[block.index] = block.kind }
        case .blockDelta(let index, let text):
            switch state.withLock({ $0.takeDelta(text, of: index, showsThinking: !isQuiet) }) {
            case .text: terminal.printAnswer(text)
            case .thinking where !isQuiet: terminal.noteAnswer(text)
            default: break
            }
        // The first answer's tool calls are told when they are run.
        case .blockEnded, .logprobs, .promptTokens, .tokenIDs, .usage, .finished: break
        }
    }

    private func note(_ text: String) {
        guard !isQuiet else { return }
        finish()
        terminal.noteAnswer(text)
    }

    private func closeNote() {
        let wasOpen = state.withLock { state in
            defer { state.noteIsOpen = false }
            return state.noteIsOpen
        }
        if wasOpen { terminal.note("\n") }
    }

    private func closeText() {
        let wasOpen = state.withLock { state in
            defer { state.textIsOpen = false }
            return state.textIsOpen
        }
        if wasOpen { terminal.print("\n") }
    }
}
