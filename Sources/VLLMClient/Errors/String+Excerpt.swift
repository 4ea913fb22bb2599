extension String {
    /// The text without white space around it.
    var trimmed: String {
        var kept = drop { $0.isWhitespace }
        while kept.last?.isWhitespace == true { kept.removeLast() }
        return String(kept)
    }

    /// The text, cut with an ellipsis where it has more than `limit` bytes of UTF-8.
    func excerpt(upTo limit: Int) -> String {
        guard utf8.count > limit else { return self }
        var end = utf8.index(utf8.startIndex, offsetBy: limit)
        while end > startIndex, end.samePosition(in: unicodeScalars) == nil { end = utf8.index(before: end) }
        return self[..<end] + "…"
    }
}

extension Collection<UInt8> {
    /// The bytes as text on one line, cut with an ellipsis after `limit` bytes.
    func excerpt(upTo limit: Int) -> String {
        let text = String(decoding: self.prefix(limit + 1), as: UTF8.self).excerpt(upTo: limit)
        return text.split(whereSeparator: { $0.isNewline }).joined(separator: " ")
    }
}
