import JSON
public import SessionTimeline

/// A session as one HTML page that needs nothing else: no network, no other file, and no script to be read.
///
/// What a log says may be hostile. All of it is escaped, characters that work unseen are shown by their number, the page's policy lets
/// nothing run but its own script, and only pictures that are in the log are shown.
public struct SessionPage: Sendable {
    /// What is in the page.
    public struct Options: Sendable {
        /// Whether requests and the exchanges with servers are in it as they were sent and received, where the log has them.
        public var includesRaw = false
        /// How many bytes of one text are in it; 0 for all. Once the page is large, less of each text is.
        public var textLimit = 100_000

        /// What most readers want.
        public init() {}
    }

    private let timeline: SessionTimeline
    private let options: Options

    /// The page of a session.
    public init(_ timeline: SessionTimeline, options: Options = Options()) {
        self.timeline = timeline
        self.options = options
    }

    /// The page.
    public var html: String {
        var html = HTMLWriter(textLimit: max(0, options.textLimit))
        html.document(title: title) { html in
            html.toolbar(title: title, filters: PageFilter.ofSession, problems: "Only with problems", hasTokens: hasTokens)
            html.element("div", .class(hasPrompts ? "columns outlined" : "columns")) { html in
                html.outline(timeline.turns)
                html.element("main", .id("top")) { html in
                    html.sessionHead(timeline)
                    html.totals(SessionTotals(timeline))
                    html.waterfall(Waterfall(timeline))
                    if hasTokens { html.probabilityScale() }
                    var conversation = Conversation(notes: timeline.notes, includesRaw: options.includesRaw)
                    conversation.write(timeline, to: &html)
                    html.sessionFoot(timeline)
                }
            }
        }
        return html.html
    }

    private var title: String {
        timeline.metadata["name"]?.string.flatMap { $0.isEmpty ? nil : $0.beginning(200) }
            ?? "Session \(timeline.sessionID.map { String($0.prefix(8)) } ?? "")"
    }

    private var hasPrompts: Bool { timeline.turns.contains { $0.prompt != nil } }

    private var hasTokens: Bool { timeline.calls.contains { $0.response?["logprobs"]?.array?.isEmpty == false } }
}
