import JSON
import SessionTimeline
import Timestamps

extension HTMLWriter {
    /// Writes what the user said.
    mutating func prompt(_ text: String, number: Int, images: [PageImage], after: String?) {
        element("article", .class("step prompt kind-prompt"), .id("prompt-\(number)"), .named("tabindex", "-1")) { html in
            html.stepHead("Prompt \(number)", link: "prompt-\(number)", after: after)
            html.prose(text)
            for image in images { html.image(image) }
        }
    }

    /// Writes a message of the user's that no prompt stands for.
    mutating func userMessage(_ blocks: [AnswerBlock]) {
        element("article", .class("step prompt kind-prompt")) { html in
            html.element("header", .class("step-head")) { html in html.element("h3", text: "User") }
            for block in blocks { html.block(block, tokens: [], runs: [:]) }
        }
    }

    /// Writes what the model was told beforehand.
    mutating func instructions(_ text: String) {
        element("details", .class("instructions kind-prompt")) { html in
            html.summary("System prompt", detail: FigureText.count(text.unicodeScalars.count, "character"))
            html.prose(text)
        }
    }

    /// Writes a run of a tool.
    mutating func tool(_ tool: ToolRun, number: Int, after: String?) {
        let kind = tool.error == nil ? "ok" : "problem"
        element("article", .class("step tool kind-tool \(kind)"), .id("tool-\(number)"), .named("tabindex", "-1")) { html in
            var chips: [Chip] = []
            if tool.error != nil { chips.append(Chip("failed", isProblem: true)) }
            if let start = tool.start, let end = tool.end { chips.append(Chip(FigureText.time(max(0, end.seconds(since: start))))) }
            html.stepHead("Tool \(tool.name)", link: "tool-\(number)", chips: chips, after: after)
            if let input = tool.input { html.folded("Arguments", input) }
            if let result = tool.result { html.folded("Result", result) }
            if let error = tool.error { html.element("p", .class("failure")) { $0.message(error) } }
        }
    }

    /// Writes what is to be known besides.
    mutating func notes(_ notes: [SessionTimeline.Note], origin: LogTimestamp?) {
        for note in notes {
            element("p", .class(note.isProblem ? "note problem kind-problem" : "note kind-figure")) { html in
                html.element("span", .class("event"), text: note.event.beginning(200))
                html.text(" ")
                html.message(note.message)
                if let time = note.time, let origin {
                    html.element("span", .class("when"), text: " \(FigureText.offset(time.seconds(since: origin)))")
                }
            }
        }
    }

    /// Writes the line above a step.
    mutating func stepHead(_ title: String, link: String, detail: String? = nil, chips: [Chip] = [], after: String?) {
        element("header", .class("step-head")) { html in
            html.element("h3") { html in html.element("a", .named("href", "#\(link)"), text: title.beginning(200)) }
            if let detail { html.element("span", .class("detail"), text: detail.beginning(200)) }
            for chip in chips { html.element("span", .class(chip.isProblem ? "chip problem" : "chip"), text: chip.text) }
            if let after { html.element("span", .class("when"), .title("since the session began"), text: after) }
        }
    }

    /// Writes the line of a part that can be folded.
    mutating func summary(_ title: String, detail: String = "") {
        element("summary") { html in
            html.text(title.beginning(200))
            if !detail.isEmpty { html.element("span", .class("detail"), text: " \(detail)") }
        }
    }

    /// Writes a value: a text as it is, everything else as JSON; folded where it is long.
    mutating func folded(_ title: String, _ value: JSONValue, isOpen: Bool? = nil) {
        let text = value.string ?? ReadableJSON.text(value)
        let size = text.utf8.count
        if isOpen ?? (size <= 2000) {
            element("details", .class("value"), .flag("open")) { html in
                html.summary(title)
                html.preformatted(text)
            }
        } else {
            element("details", .class("value")) { html in
                html.summary(title, detail: FigureText.bytes(size))
                html.preformatted(text)
            }
        }
    }
}

/// A word or figure in the line above a step.
struct Chip {
    let text: String
    let isProblem: Bool

    init(_ text: String, isProblem: Bool = false) {
        self.text = text
        self.isProblem = isProblem
    }
}
