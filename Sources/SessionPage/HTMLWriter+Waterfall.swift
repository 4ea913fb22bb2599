extension HTMLWriter {
    /// Writes the lines; each leads to what it is about.
    mutating func waterfall(_ waterfall: Waterfall) {
        guard waterfall.rows.contains(where: { !$0.bars.isEmpty }) else { return }
        element("section", .class("waterfall kind-figure"), .named("aria-labelledby", "waterfall-title")) { html in
            html.element("h2", .id("waterfall-title"), text: "When it ran")
            html.legend([
                "wait": "waiting", "retry": "before a retry", "thinking": "reasoning", "text": "answer", "call": "tool call",
                "tool": "tool", "failed": "failed",
            ])
            html.axis(waterfall.axis)
            html.element("ol", .class("rows")) { html in
                for row in waterfall.rows { html.row(row, waterfall.axis) }
            }
        }
    }

    /// Writes what the colours of bars mean.
    mutating func legend(_ entries: KeyValuePairs<String, String>) {
        element("p", .class("legend"), .named("aria-hidden", "true")) { html in
            for (kind, meaning) in entries {
                html.element("span") { html in
                    html.element("i", .class("swatch \(kind)"), text: "")
                    html.text(meaning)
                }
            }
        }
    }

    private mutating func axis(_ axis: TimeAxis) {
        element("div", .class("axis"), .named("aria-hidden", "true")) { html in
            html.markup("<span></span>")
            html.element("svg", .class("ticks")) { html in
                // A tick where something began, if the one before left room.
                var room = -1.0
                for stretch in axis.stretches {
                    let from = Self.percent(stretch.from)
                    if stretch.isCut {
                        let middle = Self.percent((stretch.from + stretch.to) / 2)
                        html.element("rect", .class("idle"), .named("x", from), .named("width", Self.percent(stretch.to - stretch.from))) {
                            html in
                            html.element("title", text: "nothing was done for \(FigureText.time(stretch.end - stretch.start))")
                        }
                        html.element("line", .class("idle"), .named("x1", middle), .named("x2", middle), .named("y2", "100%")) { _ in }
                    } else if stretch.from >= room, stretch.from < 0.9 {
                        html.element("text", .named("x", from), .named("y", "1em"), text: FigureText.time(stretch.start))
                        room = stretch.from + 0.12
                    }
                }
            }
            html.markup("<span></span>")
        }
    }

    private mutating func row(_ row: Waterfall.Row, _ axis: TimeAxis) {
        element("li", .class(row.isProblem ? "row problem" : "row ok")) { html in
            html.element("a", .named("href", "#\(row.target)"), .class("tip"), .title(row.explanation)) { html in
                html.element("span", .class("label"), text: row.label)
                html.element("svg", .class("track"), .named("aria-hidden", "true")) { html in
                    for bar in row.bars {
                        let (from, to) = (axis.position(of: bar.start), axis.position(of: bar.end))
                        // Nothing is too short to be seen.
                        html.element(
                            "rect", .class(bar.kind.rawValue), .named("x", Self.percent(min(from, 0.997))),
                            .named("width", Self.percent(max(to - from, 0.003)))
                        ) { _ in }
                    }
                }
                html.element("span", .class("time"), text: row.time)
            }
        }
    }

    /// A share of an axis.
    static func percent(_ part: Double) -> String {
        // JSON and SVG spell a minus sign alike; these are never negative.
        FigureText.decimal(max(0, part) * 100, places: 3) + "%"
    }
}
