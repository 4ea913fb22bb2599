import JSON
import SessionTimeline
import Timestamps

/// The conversation of a session as it is written into a page: numbers what there is, and remembers what was said already.
struct Conversation {
    let includesRaw: Bool
    /// When the session began, from which times are told.
    var origin: LogTimestamp?
    /// What is still to be told between the steps.
    private var notes: ArraySlice<SessionTimeline.Note>
    private var prompts = 0
    private var calls = 0
    private var tools = 0
    /// What the model was told beforehand in the call before.
    private var instructions: String?

    init(notes: [SessionTimeline.Note], includesRaw: Bool) {
        self.notes = notes[...]
        self.includesRaw = includesRaw
    }

    /// Writes all of it.
    mutating func write(_ timeline: SessionTimeline, to html: inout HTMLWriter) {
        origin = timeline.start ?? timeline.turns.lazy.compactMap(\.start).first
        html.element("section", .class("conversation"), .named("aria-label", "Conversation")) { html in
            for turn in timeline.turns { write(turn, to: &html) }
            html.notes(Array(notes), origin: origin)
            if timeline.turns.isEmpty { html.element("p", .class("nothing"), text: "The log has no prompt and no call in it.") }
        }
    }

    private mutating func write(_ turn: PromptTurn, to html: inout HTMLWriter) {
        writeNotes(before: turn.start, to: &html)
        html.element("section", .class(turn.isProblem ? "turn problem" : "turn ok")) { html in
            let question = CallQuestion(turn.calls.first?.request)
            if let prompt = turn.prompt {
                prompts += 1
                html.prompt(prompt, number: prompts, images: question.images, after: since(turn.start))
            }
            let runs = numbers(of: turn.tools)
            for step in turn.steps {
                writeNotes(before: step.start, to: &html)
                switch step {
                case .call(let call):
                    calls += 1
                    write(call, runs: runs, isAlone: turn.prompt == nil, to: &html)
                case .tool(let tool):
                    tools += 1
                    html.tool(tool, number: tools, after: since(tool.start))
                }
            }
            // Where a call failed, that was said.
            if let status = turn.status, status != "success", turn.calls.last?.failure == nil {
                html.element("p", .class("ending kind-problem"), text: "The prompt ended: \(status)")
            }
        }
    }

    private mutating func write(_ call: ProviderCall, runs: [String: Int], isAlone: Bool, to html: inout HTMLWriter) {
        let question = CallQuestion(call.request)
        if isAlone { for message in question.news { html.userMessage(message) } }
        if let text = question.instructions, text != instructions {
            instructions = text
            html.instructions(text)
        }
        html.call(call, number: calls, runs: runs, after: since(call.start), includesRaw: includesRaw)
    }

    /// Which number the run of each call of a tool will have.
    private func numbers(of runs: [ToolRun]) -> [String: Int] {
        Dictionary(runs.enumerated().compactMap { index, run in run.callID.map { ($0, tools + index + 1) } }) { first, _ in first }
    }

    private mutating func writeNotes(before time: LogTimestamp?, to html: inout HTMLWriter) {
        guard let time else { return }
        let due = notes.prefix { $0.time.map { $0 <= time } ?? true }
        notes = notes.dropFirst(due.count)
        html.notes(Array(due), origin: origin)
    }

    private func since(_ time: LogTimestamp?) -> String? {
        guard let time, let origin else { return nil }
        return FigureText.offset(time.seconds(since: origin))
    }
}
