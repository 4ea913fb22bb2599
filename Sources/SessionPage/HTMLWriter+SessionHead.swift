import JSON
import SessionTimeline
import Timestamps

extension HTMLWriter {
    /// Writes which session it is, when it was, and how it ended.
    mutating func sessionHead(_ timeline: SessionTimeline) {
        element("section", .class("about"), .named("aria-label", "Session")) { html in
            if let text = timeline.metadata["description"]?.string, !text.isEmpty {
                html.element("p", .class("description")) { $0.message(text) }
            }
            html.element("p", .class("facts")) { html in
                if let id = timeline.sessionID { html.fact("session", id) }
                if let parent = timeline.parentID { html.fact("started by", parent) }
                if let start = timeline.start { html.fact("began", start.shortText) }
                if let status = timeline.status { html.fact("ended", status) } else { html.fact("ended", "the log has no end") }
                if let folder = timeline.metadata["working_dir"]?.string { html.fact("in", folder) }
            }
            if let error = timeline.error {
                html.element("p", .class("failure kind-problem"), .named("role", "note")) { $0.message(error) }
            }
        }
    }

    /// Writes what is to be known of the log.
    mutating func sessionFoot(_ timeline: SessionTimeline) {
        element("footer") { html in
            html.text("Made by vllm-host of \(FigureText.count(timeline.recordCount, "record")).")
            guard !timeline.skippedLines.isEmpty else { return }
            html.element("details", .class("kind-problem")) { html in
                let count = timeline.skippedLines.count
                html.element(
                    "summary", text: "\(FigureText.count(count, "line")) of the log \(count == 1 ? "is no record" : "are no records")")
                html.element("ul") { html in
                    for line in timeline.skippedLines.prefix(100) {
                        html.element("li") { $0.message("line \(FigureText.count(line.line)): \(line.reason)") }
                    }
                }
                if count > 100 { html.element("p", text: "… and \(FigureText.count(count - 100)) more") }
            }
        }
    }

    private mutating func fact(_ name: String, _ value: String) {
        element("span", .class("fact")) { html in
            html.element("span", .class("name"), text: name)
            html.text(" ")
            html.element("span", .class("value"), text: value.beginning(1000))
        }
        markup(" ")
    }
}

extension LogTimestamp {
    /// Date and time to the second: `2026-11-21 08:29:53 UTC`.
    var shortText: String { description.prefix(19).replacing("T", with: " ") + " UTC" }

    /// The seconds from another moment to this one.
    func seconds(since other: LogTimestamp) -> Double {
        Double(seconds - other.seconds) + Double(nanoseconds - other.nanoseconds) / 1e9
    }
}
