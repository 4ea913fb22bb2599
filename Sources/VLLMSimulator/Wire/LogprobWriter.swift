import JSON

/// Writes log-probabilities in the shapes of the two endpoints.
struct LogprobWriter {
    private let tokenizer = Tokenizer.tiny
    private let count: Int
    private let showsTokensAsIDs: Bool
    private let fork: (place: Int, sides: [(token: Int, probability: Double)])?
    /// The last tokens, of which broken characters are made whole.
    private var recent: [Int] = []
    private var place = 0
    private var offset = 0

    /// A writer of the tokens of one choice, with `count` alternatives each.
    init(count: Int, showsTokensAsIDs: Bool, fork: (place: Int, sides: [(token: Int, probability: Double)])? = nil) {
        self.count = count
        self.showsTokensAsIDs = showsTokensAsIDs
        self.fork = fork
    }

    /// `{"content": […]}` of chat completions.
    mutating func chat(_ tokens: [Int]) -> JSONValue {
        let content = tokens.map { token -> JSONValue in
            let (entries, text) = next(token)
            var shown: JSONObject = [
                "token": .string(name(token, text)), "logprob": .double(logprob(of: token, in: entries)), "bytes": Self.bytes(text),
            ]
            let tops = entries.prefix(count).map { entry -> JSONValue in
                let name = name(entry.token, entry.token == token ? text : tokenizer.decode([entry.token]))
                return ["token": .string(name), "logprob": .double(entry.logprob), "bytes": Self.bytes(name)]
            }
            shown["top_logprobs"] = .array(tops)
            return .object(shown)
        }
        return ["content": .array(content)]
    }

    /// `{"text_offset": […], …}` of completions.
    mutating func completion(_ tokens: [Int], prompt: [Int] = []) -> JSONValue {
        var offsets: [JSONValue] = []
        var logprobs: [JSONValue] = []
        var names: [JSONValue] = []
        var tops: [JSONValue] = []
        func add(_ token: Int, _ text: String, _ logprob: JSONValue, _ top: JSONValue) {
            offsets.append(.integer(offset))
            offset += name(token, text).unicodeScalars.count
            logprobs.append(logprob)
            names.append(.string(name(token, text)))
            tops.append(top)
        }
        for (index, token) in prompt.enumerated() {
            let entries = Self.promptEntries(of: token, at: index, count: count)
            let top = JSONObject(entries.map { (name($0.token, tokenizer.decode([$0.token])), .double($0.logprob)) })
            add(token, tokenizer.decode([token]), index == 0 ? .null : .double(entries[0].logprob), index == 0 ? .null : .object(top))
        }
        for token in tokens {
            let (entries, text) = next(token)
            let shown = entries.filter { $0.token == token } + entries.filter { $0.token != token }
            let top = JSONObject(
                shown.prefix(max(1, count)).map {
                    (name($0.token, $0.token == token ? text : tokenizer.decode([$0.token])), .double($0.logprob))
                })
            add(token, text, .double(logprob(of: token, in: entries)), .object(top))
        }
        return ["text_offset": .array(offsets), "token_logprobs": .array(logprobs), "tokens": .array(names), "top_logprobs": .array(tops)]
    }

    /// `prompt_logprobs`: by token id, nothing for the first token.
    static func prompt(_ tokens: [Int], count: Int) -> JSONValue {
        .array(
            tokens.enumerated().map { index, token in
                guard index > 0 else { return .null }
                return .object(
                    JSONObject(
                        promptEntries(of: token, at: index, count: count).map { entry in
                            let shown: JSONValue = [
                                "logprob": .double(entry.logprob), "rank": .integer(entry.rank),
                                "decoded_token": .string(Tokenizer.tiny.decode([entry.token])),
                            ]
                            return (String(entry.token), shown)
                        }))
            })
    }

    private static func promptEntries(of token: Int, at place: Int, count: Int) -> [(token: Int, logprob: Double, rank: Int)] {
        let own = TokenLogprobs.prompt(token: token, at: place)
        let rivals = TokenLogprobs.entries(for: token, at: place &+ 1_000_000, count: count + 1).filter { $0.token != token }
        // The rivals lie above the token, so that their ranks are 1, 2, … and its own comes behind.
        let step = -own.logprob / Double(count + 2)
        let shown = rivals.enumerated().map { (token: $1.token, logprob: -Double($0 + 1) * step, rank: $0 + 1) }
        return [(token, own.logprob, own.rank + count)] + shown
    }

    private mutating func next(_ token: Int) -> (entries: [TokenLogprobs.Entry], text: String) {
        let sides = fork.flatMap { $0.place == place ? $0.sides : nil } ?? []
        let entries = TokenLogprobs.entries(for: token, at: place, count: max(1, count), fork: sides)
        place += 1
        defer { recent = (recent + [token]).suffix(Self.context) }
        return (entries, text(of: token))
    }

    /// How many tokens before it a broken one is read with.
    private static let context = 4

    /// A token's text. One that ends inside a character shows what it completes with as few tokens before it as will do, and all
    /// of those before it that end inside a character, or nothing (vLLM 0.32, `v1/engine/logprobs.py`).
    private func text(of token: Int) -> String {
        for count in 0...recent.count {
            let context = recent.suffix(count)
            let text = tokenizer.decode(context + [token])
            guard !Self.isBroken(text) else { continue }
            let whole = tokenizer.decode(context.reversed().drop { Self.isBroken(tokenizer.decode([$0])) }.reversed())
            let common = zip(whole.unicodeScalars, text.unicodeScalars).prefix { $0 == $1 }.count
            return String(text.unicodeScalars.dropFirst(common))
        }
        return ""
    }

    /// Whether a text ends inside a character.
    private static func isBroken(_ text: String) -> Bool { text.unicodeScalars.last == "\u{FFFD}" }

    private func logprob(of token: Int, in entries: [TokenLogprobs.Entry]) -> Double {
        entries.first { $0.token == token }?.logprob ?? 0
    }

    private func name(_ token: Int, _ text: String) -> String {
        showsTokensAsIDs ? "token_id:\(token)" : text
    }

    private static func bytes(_ text: String) -> JSONValue {
        .array(text.utf8.map { .integer(Int($0)) })
    }
}
