/// How much text a page takes: so much of each text, and little of each once the page is large, so that a browser can still show it.
struct TextLimit {
    /// How many bytes of one text are shown; 0 for all.
    let perText: Int
    /// From which size of the page on little is shown of each text.
    static let largePage = 48 << 20
    /// How much that is.
    static let inLargePage = 1000

    init(perText: Int) { self.perText = perText }

    /// How many bytes of one text are to be shown.
    func room(writtenSoFar count: Int) -> Int {
        guard perText > 0 else { return .max }
        return count > Self.largePage ? min(Self.inLargePage, perText) : perText
    }

    /// As much of a text as is to be shown, and how many bytes of it are left over.
    func take(_ text: String, writtenSoFar count: Int) -> (shown: Substring, rest: Int) {
        let limit = room(writtenSoFar: count)
        let utf8 = text.utf8
        guard utf8.count > limit else { return (text[...], 0) }
        var end = utf8.index(utf8.startIndex, offsetBy: limit)
        // Not in the middle of a character.
        while utf8[end] & 0xC0 == 0x80 { end = utf8.index(before: end) }
        return (text[..<end], utf8.distance(from: end, to: utf8.endIndex))
    }

    /// Whether a picture of so many bytes still fits.
    func fits(_ size: Int, writtenSoFar count: Int) -> Bool {
        perText == 0 || (size <= 8 << 20 && count + size <= Self.largePage)
    }
}
