import Testing

@testable import SessionPage

@Suite("HTML that is written")
struct HTMLWriterTests {
    private static let attacks = [
        "<script>alert(1)</script>", "</script><script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onclick='alert(1)",
        "</details></article></body>", "</style><style>*{}</style>", "<!--", "&lt;script&gt;", "]]>",
    ]

    @Test("no text from a log can open or close an element, wherever it stands", arguments: attacks)
    func escaping(_ attack: String) {
        var html = HTMLWriter()
        html.element("p", .title(attack), text: attack)
        let signs = html.html.filter { "<>\"'".contains($0) }
        #expect(signs == "<\"\"></>".filter { "<>\"".contains($0) })
        let unescaped = html.html.replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&quot;", with: "\"")
            .replacing("&#39;", with: "'").replacing("&amp;", with: "&")
        #expect(unescaped == "<p title=\"\(attack)\">\(attack)</p>")
    }

    @Test(
        "what works unseen is named",
        arguments: [
            ("a\u{0}b", "U+0000"), ("\u{1B}[31m", "U+001B"), ("\u{202E}txt.exe", "U+202E"), ("\u{2066}x\u{2069}", "U+2066"),
            ("zero\u{200B}width", "U+200B"), ("\u{FEFF}", "U+FEFF"), ("\u{E0041}", "U+E0041"), ("\u{2028}", "U+2028"), ("\u{85}", "U+0085"),
        ])
    func hidden(_ text: String, _ name: String) {
        var html = HTMLWriter()
        html.element("p", .title(text), text: text)
        #expect(html.html.contains("title=\"") && html.html.contains("⟨\(name)⟩"))
        #expect(html.html.contains("<b class=\"hidden-character\">\(name)</b>"))
        let hidden = text.unicodeScalars.first { html.html.unicodeScalars.contains($0) && VisibleText.name(of: $0) == name }
        #expect(hidden == nil)
    }

    @Test(
        "other texts stay as they are",
        arguments: ["naïve Ünïcödé", "שלום عربي", "👩‍🚀👍🏽", "日本語", "a\tb\nc", "a\r\nb", "e\u{301}", "“quoted” — dashed"])
    func plain(_ text: String) {
        var html = HTMLWriter()
        html.text(text)
        #expect(Array(html.html.utf8) == Array(text.utf8))
    }

    @Test("a text is cut at its limit, between characters, and the page says how much is missing")
    func cut() {
        var html = HTMLWriter(textLimit: 5)
        html.prose("abcdäöü")
        #expect(html.html.contains("<p>abcd</p>"))
        #expect(html.html.contains("6 bytes more"))
        var whole = HTMLWriter(textLimit: 0)
        whole.prose(String(repeating: "x", count: 300_000))
        #expect(whole.count > 300_000)
    }
}
