/// The beginning of a server's message: its own words, without what it repeats of the request.
///
/// Text decides what an error is only where nothing else does; and what a user has written must never decide.
struct ServerWords {
    /// How much of a message is looked at, in characters: what follows may repeat the prompt.
    static let limit = 300

    /// The words, in small letters.
    private let text: String

    init(_ message: String) {
        // vLLM repeats values in `'input': …` and behind line breaks, vllm-router in quotation marks.
        let line = message.prefix(Self.limit).prefix { !$0.isNewline && $0 != "\"" }
        text = (line.firstRange(of: "'input'").map { line[..<$0.lowerBound] } ?? line).lowercased()
    }

    /// Whether one of the phrases, which are in small letters, is among the words.
    func contain(_ phrases: [String]) -> Bool { phrases.contains { text.contains($0) } }

    /// Whether the words begin so.
    func begin(with phrase: String) -> Bool { text.hasPrefix(phrase) }
}
