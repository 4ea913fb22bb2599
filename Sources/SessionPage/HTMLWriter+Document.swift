extension HTMLWriter {
    /// Writes a whole page around its body.
    mutating func document(title: String, body: (inout HTMLWriter) -> Void) {
        markup("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
        void("meta", [.named("http-equiv", "Content-Security-Policy"), .named("content", ContentSecurityPolicy.text)])
        markup(
            """
            <meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer">\
            <meta name="color-scheme" content="light dark">
            """)
        element("title", text: title)
        markup("<style>")
        markup(PageStyle.source)
        markup("</style></head>\n<body>")
        body(&self)
        markup(Self.help)
        markup("<div id=\"tip\" role=\"tooltip\" hidden></div><div id=\"announcement\" class=\"unseen\" aria-live=\"polite\"></div>")
        markup(Self.patterns)
        markup("\n<script>")
        markup(PageScript.source)
        markup("</script></body></html>\n")
    }

    /// The keys; shown by `?`.
    private static let help: StaticString = """
        <dialog id="help" aria-labelledby="help-title"><h2 id="help-title">Keys</h2><dl>\
        <dt><kbd>/</kbd></dt><dd>search</dd><dt><kbd>n</kbd> <kbd>N</kbd></dt><dd>next, previous match</dd>\
        <dt><kbd>Esc</kbd></dt><dd>end the search</dd><dt><kbd>j</kbd> <kbd>k</kbd></dt><dd>next, previous call</dd>\
        <dt><kbd>J</kbd> <kbd>K</kbd></dt><dd>next, previous prompt</dd><dt><kbd>o</kbd></dt><dd>unfold or fold what is in the call</dd>\
        <dt><kbd>O</kbd></dt><dd>unfold or fold all</dd><dt><kbd>p</kbd></dt><dd>probabilities of tokens</dd>\
        <dt><kbd>←</kbd> <kbd>→</kbd></dt><dd>from token to token</dd><dt><kbd>d</kbd></dt><dd>dark or light</dd>\
        <dt><kbd>?</kbd></dt><dd>this list</dd></dl>\
        <form method="dialog"><button id="close-help">Close</button></form></dialog>
        """

    /// What waiting looks like, for those who do not see its colour.
    private static let patterns: StaticString = """
        <svg width="0" height="0" aria-hidden="true"><defs><pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" \
        patternTransform="rotate(45)"><rect class="hatch-ground" width="5" height="5"/><rect class="hatch-line" width="2" height="5"/>\
        </pattern></defs></svg>
        """
}
