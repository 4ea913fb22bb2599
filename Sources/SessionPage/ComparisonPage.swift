public import Comparison
import ProviderKit

/// Two sessions side by side as one HTML page, under the same rules as `SessionPage`: it needs nothing else, and nothing in the sessions
/// can do anything but be read.
public struct ComparisonPage: Sendable {
    private let comparison: SessionComparison
    private let textLimit: Int

    /// The page of a comparison.
    /// - Parameter textLimit: how many bytes of one text are in it; 0 for all. Once the page is large, less of each text is.
    public init(_ comparison: SessionComparison, textLimit: Int = 100_000) {
        self.comparison = comparison
        self.textLimit = max(0, textLimit)
    }

    /// The page.
    public var html: String {
        var html = HTMLWriter(textLimit: textLimit)
        let title = "\(comparison.old.label) and \(comparison.new.label)"
        html.document(title: title) { html in
            html.toolbar(title: title, filters: PageFilter.ofComparison, problems: "Only with differences", hasTokens: false)
            html.element("div", .class("columns wide")) { html in
                html.element("main", .id("top")) { html in
                    html.verdict(comparison)
                    html.sides(comparison)
                    html.latencies(comparison)
                    if hasTokens { html.probabilityScale() }
                    for call in comparison.calls { html.comparedCall(call, isDifferent: comparison.thresholds.isDifferent(call)) }
                    if comparison.calls.isEmpty { html.element("p", .class("nothing"), text: "No call was compared.") }
                }
            }
        }
        return html.html
    }

    private var hasTokens: Bool {
        comparison.calls.contains { $0.old.response?.logprobs?.isEmpty == false || $0.new.response?.logprobs?.isEmpty == false }
    }
}
