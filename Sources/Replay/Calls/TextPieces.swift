/// Texts cut into pieces as a stream might have brought them.
enum TextPieces {
    /// The text in so many pieces of about the same length, fewer where it has not that many characters.
    static func split(_ text: String, into count: Int) -> [String] {
        let characters = Array(text)
        let count = min(max(count, 1), max(characters.count, 1))
        return (0..<count).map { index in
            let start = share(index, of: count, in: characters.count)
            return String(characters[start..<share(index + 1, of: count, in: characters.count)])
        }
    }

    /// The text in words, each with the white space before it.
    static func words(_ text: String) -> [String] {
        var words: [String] = []
        var start = text.startIndex
        var isInWord = false
        for index in text.indices {
            let isSpace = text[index].isWhitespace
            if isSpace, isInWord {
                words.append(String(text[start..<index]))
                start = index
            }
            isInWord = !isSpace
        }
        if start < text.endIndex { words.append(String(text[start...])) }
        return words
    }

    /// Where piece `index` begins: exact, and without a product that could be too large.
    private static func share(_ index: Int, of count: Int, in length: Int) -> Int {
        index * (length / count) + min(index, length % count)
    }
}
