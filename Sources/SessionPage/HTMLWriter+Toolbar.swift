extension HTMLWriter {
    /// Writes the bar at the top: title, search, what is shown, and how. The boxes work without the script.
    mutating func toolbar(title: String, filters: [PageFilter], problems: String, hasTokens: Bool) {
        element("header", .class("bar")) { html in
            html.element("h1") { html in html.element("a", .named("href", "#top"), text: title) }
            html.search()
            html.element("fieldset", .class("filters")) { html in
                html.markup("<legend class=\"unseen\">What is shown</legend>")
                for filter in filters { html.box("show-\(filter.name)", filter.label, isChecked: true) }
                html.box("problems-only", problems, isChecked: false)
                if hasTokens { html.box("show-tokens", "Probabilities", isChecked: true) }
            }
            html.markup(
                """
                <span class="settings"><label class="unseen" for="theme">Colours</label><select id="theme">\
                <option value="auto">Auto</option><option value="light">Light</option><option value="dark">Dark</option></select>\
                <button type="button" id="fold-all" class="scripted">Unfold all</button>\
                <button type="button" id="show-help" class="scripted" aria-label="Keys" title="Keys (?)">?</button></span>
                """)
        }
    }

    private mutating func search() {
        markup(
            """
            <div role="search" class="search scripted"><input type="search" id="search" placeholder="Search" aria-label="Search the page" \
            autocomplete="off" spellcheck="false" aria-keyshortcuts="/"><output id="hits" for="search"></output>\
            <button type="button" id="previous-hit" aria-label="Previous match" disabled>↑</button>\
            <button type="button" id="next-hit" aria-label="Next match" disabled>↓</button></div>
            """)
    }

    private mutating func box(_ id: String, _ label: String, isChecked: Bool) {
        element("label", .class("box")) { html in
            if isChecked {
                html.void("input", .named("type", "checkbox"), .id(id), .flag("checked"), .named("autocomplete", "off"))
            } else {
                html.void("input", .named("type", "checkbox"), .id(id), .named("autocomplete", "off"))
            }
            html.text(label)
        }
    }
}
