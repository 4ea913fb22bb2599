extension HTMLWriter {
    /// Writes a text as light Markdown, no more of it than the page has room for.
    mutating func prose(_ text: String) {
        let (shown, rest) = clipped(text)
        element("div", .class("prose"), .named("dir", "auto")) { html in
            for block in Prose(String(shown)).blocks {
                switch block {
                case .paragraph(let text): html.element("p") { $0.spans(text) }
                case .heading(let text, let level):
                    html.element("p", .class("heading"), .named("role", "heading"), .named("aria-level", String(min(level + 3, 6)))) {
                        $0.spans(text)
                    }
                case .code(let text, let language): html.code(text, language: language)
                case .table(let head, let rows): html.table(head, rows)
                }
            }
        }
        cutNote(rest)
    }

    /// Writes a text as it is, in letters of one width.
    mutating func preformatted(_ text: String) {
        let (shown, rest) = clipped(text)
        code(String(shown), language: "")
        cutNote(rest)
    }

    /// Writes a message, which stands in a line with others, no more of it than the page has room for.
    mutating func message(_ text: String) {
        let (shown, rest) = clipped(text)
        self.text(shown)
        guard rest > 0 else { return }
        element("span", .class("cut")) { $0.cutText(FigureText.bytes(rest)) }
    }

    /// Says how much of a text is missing.
    mutating func cutNote(_ rest: Int) {
        guard rest > 0 else { return }
        cutNote(FigureText.bytes(rest))
    }

    /// Says how much is missing.
    mutating func cutNote(_ rest: String) {
        element("p", .class("cut")) { $0.cutText(rest) }
    }

    private mutating func cutText(_ rest: String) {
        text(" … \(rest) more are in the log. To have them in the page: ")
        element("code", text: "vllm-host events view --text-limit 0")
    }

    private mutating func code(_ text: String, language: String) {
        element("div", .class("code")) { html in
            if !language.isEmpty { html.element("span", .class("language"), text: language) }
            // What scrolls can be scrolled by keys.
            html.element("pre", .named("tabindex", "0")) { html in html.element("code", text: text) }
        }
    }

    private mutating func table(_ head: [String], _ rows: [[String]]) {
        element("div", .class("scrolls")) { html in
            html.element("table") { html in
                html.element("tr") { html in
                    for cell in head { html.element("th", .named("scope", "col")) { $0.spans(cell) } }
                }
                for row in rows {
                    html.element("tr") { html in
                        for cell in row { html.element("td") { $0.spans(cell) } }
                    }
                }
            }
        }
    }

    private mutating func spans(_ text: String) {
        for span in Prose.spans(text) {
            switch span {
            case .plain(let text): self.text(text)
            case .code(let text): element("code", text: text)
            case .bold(let text): element("strong", text: text)
            }
        }
    }
}
