import JSON

// Log-probabilities as bytes, without building values: members in the order of `TokenLogprob.json`, and none besides. A long answer has
// hundreds of thousands of them.

extension JSONWriter {
    /// Writes tokens as a JSON array.
    mutating func write(_ tokens: [TokenLogprob]) {
        write(raw: "[")
        let tokens = tokens.span
        for index in tokens.indices {
            if index > 0 { write(raw: ",") }
            write(tokens[index])
        }
        write(raw: "]")
    }

    private mutating func write(_ token: TokenLogprob) {
        guard token.additional.isEmpty else { return write(token.json) }
        write(raw: #"{"token":"#)
        write(token.token)
        write(raw: #","logprob":"#)
        if let logprob = token.logprob { write(logprob) } else { write(raw: "null") }
        writeMembers(bytes: token.bytes, id: token.tokenID, rank: token.rank)
        write(raw: #","top_logprobs":["#)
        let top = token.topLogprobs.span
        for index in top.indices {
            if index > 0 { write(raw: ",") }
            write(top[index])
        }
        write(raw: "]")
        if token.choice != 0 { write(raw: #","choice":"#, token.choice) }
        if let index = token.blockIndex { write(raw: #","block_index":"#, index) }
        if let offset = token.textOffset { write(raw: #","text_offset":"#, offset) }
        write(raw: "}")
    }

    private mutating func write(_ alternative: TokenLogprob.Alternative) {
        guard alternative.additional.isEmpty else { return write(alternative.json) }
        write(raw: #"{"token":"#)
        write(alternative.token)
        write(raw: #","logprob":"#)
        write(alternative.logprob)
        writeMembers(bytes: alternative.bytes, id: alternative.tokenID, rank: alternative.rank)
        write(raw: "}")
    }

    private mutating func writeMembers(bytes: [UInt8]?, id: Int?, rank: Int?) {
        if let bytes {
            write(raw: #","bytes":["#)
            for index in bytes.indices {
                if index > 0 { write(raw: ",") }
                write(Int(bytes[index]))
            }
            write(raw: "]")
        }
        if let id { write(raw: #","token_id":"#, id) }
        if let rank { write(raw: #","rank":"#, rank) }
    }

    private mutating func write(raw member: StaticString, _ value: Int) {
        write(raw: member)
        write(value)
    }
}

extension TokenLogprob {
    /// Reads tokens up to the closing bracket of their array, as `JSONWriter` writes them.
    /// - Returns: `nil` where they are spelled otherwise.
    static func list(plain reader: inout JSONFragmentReader) -> [TokenLogprob]? {
        var tokens: [TokenLogprob] = []
        guard !reader.isNext("]") else { return tokens }
        repeat {
            guard let token = TokenLogprob(plain: &reader) else { return nil }
            tokens.append(token)
        } while reader.skip(",")
        return tokens
    }

    private init?(plain reader: inout JSONFragmentReader) {
        guard reader.skip(#"{"token":""#), let token = reader.string(), reader.skip(#"","logprob":"#) else { return nil }
        var logprob: Double?
        if !reader.skip("null") {
            logprob = reader.number()
            if logprob == nil { return nil }
        }
        guard let members = TokenMembers(plain: &reader), reader.skip(#","top_logprobs":["#) else { return nil }
        var top: [Alternative] = []
        if !reader.isNext("]") {
            top.reserveCapacity(Self.usualTopCount)
            repeat {
                guard let alternative = Alternative(plain: &reader) else { return nil }
                top.append(alternative)
            } while reader.skip(",")
        }
        var (choice, blockIndex, textOffset): (Int?, Int?, Int?) = (0, nil, nil)
        guard reader.skip("]"), reader.read(#","choice":"#, &choice), reader.read(#","block_index":"#, &blockIndex),
            reader.read(#","text_offset":"#, &textOffset), reader.skip("}"), let choice, 0..<BlockStart.choiceLimit ~= choice
        else { return nil }
        self.init(
            token: token, logprob: logprob, bytes: members.bytes, tokenID: members.id, rank: members.rank, topLogprobs: top, choice: choice)
        self.blockIndex = blockIndex
        self.textOffset = textOffset
    }

    /// How many are asked for most.
    private static var usualTopCount: Int { 5 }
}

extension TokenLogprob.Alternative {
    fileprivate init?(plain reader: inout JSONFragmentReader) {
        guard reader.skip(#"{"token":""#), let token = reader.string(), reader.skip(#"","logprob":"#), let logprob = reader.number(),
            let members = TokenMembers(plain: &reader), reader.skip("}")
        else { return nil }
        self.init(token: token, logprob: logprob, bytes: members.bytes, tokenID: members.id, rank: members.rank)
    }
}

/// The members that tokens and alternatives have both, where they have them.
private struct TokenMembers {
    var bytes: [UInt8]?
    var id: Int?
    var rank: Int?

    init?(plain reader: inout JSONFragmentReader) {
        if reader.skip(#","bytes":["#) {
            bytes = reader.bytes()
            guard bytes != nil, reader.skip("]") else { return nil }
        }
        guard reader.read(#","token_id":"#, &id), reader.read(#","rank":"#, &rank) else { return nil }
    }
}

extension JSONFragmentReader {
    /// Reads an integer behind its key, if the key comes next.
    /// - Returns: whether there is one, or no such key.
    @inline(__always)
    fileprivate mutating func read(_ key: StaticString, _ value: inout Int?) -> Bool {
        guard skip(key) else { return true }
        value = integer()
        return value != nil
    }
}
