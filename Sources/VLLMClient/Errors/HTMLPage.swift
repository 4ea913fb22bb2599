/// Tells pages of HTML, as proxies send them in place of an answer, from other text.
enum HTMLPage {
    /// The title of a page, or a beginning of it; `nil` when `text` is not HTML.
    static func title(of text: String) -> String? {
        let start = text.drop { $0.isWhitespace }
        guard start.first == "<" else { return nil }
        let head = String(start.prefix(4096))
        let lowercased = head.lowercased()
        guard lowercased.hasPrefix("<!doctype html") || lowercased.contains("<html") else { return nil }
        // Lowercasing ASCII tags keeps offsets in UTF-8, except where other letters change their length: then the title is left out.
        guard lowercased.utf8.count == head.utf8.count, let open = lowercased.firstRange(of: "<title>"),
            let close = lowercased[open.upperBound...].firstRange(of: "</title>")
        else { return head.excerpt(upTo: 200) }
        let title = head.utf8.dropFirst(lowercased.utf8.distance(from: lowercased.startIndex, to: open.upperBound))
            .prefix(lowercased.utf8.distance(from: open.upperBound, to: close.lowerBound))
        return String(decoding: title, as: UTF8.self).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
