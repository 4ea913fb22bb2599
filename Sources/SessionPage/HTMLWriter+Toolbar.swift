extension HTMLWriter {
    /// Writes the bar at the top: title, search, what is shown, and how. The boxes work without the script.
    mutating func toolbar(title: String, filters: [PageFilter], problems: String, hasTokens: Bool) {
        var boxes = filters.map { (id: "show-\($0.name)", label: $0.label, isChecked: true) }
        boxes.append((id: "problems-only", label: problems, isChecked: false))
        if hasTokens { boxes.append((id: "show-tokens", label: "Probabilities", isChecked: true)) }
        // In front of all that depends on them, as siblings: a style sheet can tell no other way in little time.
        for box in boxes {
            let attributes: [Attribute] = [.class("switch"), .named("type", "checkbox"), .id(box.id), .named("autocomplete", "off")]
            void("input", attributes + (box.isChecked ? [.flag("checked")] : []))
        }
        element("header", .class("bar")) { html in
            html.element("h1") { html in html.element("a", .named("href", "#top"), text: title) }
            html.search()
            html.element("fieldset", .class("filters")) { html in
                html.markup("<legend class=\"unseen\">What is shown</legend>")
                for box in boxes { html.element("label", .class("box"), .named("for", box.id), text: box.label) }
            }
            html.markup(
                """
                <span class="settings scripted"><label class="unseen" for="theme">Colours</label><select id="theme">\
                <option value="auto">Auto</option><option value="light">Light</option><option value="dark">Dark</option></select>\
                <button type="button" id="fold-all">Unfold all</button>\
                <button type="button" id="show-help" aria-label="Keys" title="Keys (?)">?</button></span>
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
}
