import JSON
import ToldTokens

// Log-probabilities as bytes, without building values: members in the order of `TokenLogprob.json`, and none besides. A long answer has
// hundreds of thousands of them.

extension JSONWriter {
    /// Writes tokens as a JSON array.
    mutating func write(_ tokens: [TokenLogprob]) {
        write(raw: "[")
        let tokens = tokens.span
        for index in tokens.indices {
            if index > 0 { write(raw: ",") }
            write(tokens, at: index)
        }
        write(raw: "]")
    }

    private mutating func write(_ tokens: borrowing Span<TokenLogprob>, at index: Int) {
        guard tokens[index].told.hasNoAdditional else { return write(tokens[index].json) }
        write(raw: #"{"token":"#)
        write(tokens[index].told.text)
        write(raw: #","logprob":"#)
        if let logprob = tokens[index].logprob { write(logprob) } else { write(raw: "null") }
        writeMembers(of: tokens[index].told, id: tokens[index].tokenID)
        write(raw: #","top_logprobs":["#)
        let top = tokens[index].topLogprobs.span
        for place in top.indices {
            if place > 0 { write(raw: ",") }
            write(top, at: place)
        }
        write(raw: "]")
        if tokens[index].choice != 0 { write(raw: #","choice":"#, tokens[index].choice) }
        if let block = tokens[index].blockIndex { write(raw: #","block_index":"#, block) }
        if let offset = tokens[index].textOffset { write(raw: #","text_offset":"#, offset) }
        write(raw: "}")
    }

    private mutating func write(_ alternatives: borrowing Span<TokenLogprob.Alternative>, at index: Int) {
        guard alternatives[index].told.hasNoAdditional else { return write(alternatives[index].json) }
        write(raw: #"{"token":"#)
        write(alternatives[index].told.text)
        write(raw: #","logprob":"#)
        write(alternatives[index].logprob)
        writeMembers(of: alternatives[index].told, id: alternatives[index].told.tokenID)
        write(raw: "}")
    }

    private mutating func writeMembers(of token: ToldToken, id: Int?) {
        if token.hasBytesOfText { write(bytes: token.text.utf8) } else if let bytes = token.bytes { write(bytes: bytes) }
        if let id { write(raw: #","token_id":"#, id) }
        if let rank = token.rank { write(raw: #","rank":"#, rank) }
    }

    private mutating func write(bytes: some Sequence<UInt8>) {
        write(raw: #","bytes":["#)
        var isFirst = true
        for byte in bytes {
            if !isFirst { write(raw: ",") }
            isFirst = false
            write(Int(byte))
        }
        write(raw: "]")
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
        guard let members = TokenMembers(of: token, plain: &reader), reader.skip(#","top_logprobs":["#) else { return nil }
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
        self.init(members.told, logprob: logprob, tokenID: members.id, topLogprobs: top, choice: choice)
        self.blockIndex = blockIndex
        self.textOffset = textOffset
    }

    /// How many are asked for most.
    private static var usualTopCount: Int { 5 }
}

extension TokenLogprob.Alternative {
    fileprivate init?(plain reader: inout JSONFragmentReader) {
        guard reader.skip(#"{"token":""#), let token = reader.string(), reader.skip(#"","logprob":"#), let logprob = reader.number(),
            var members = TokenMembers(of: token, plain: &reader), reader.skip("}")
        else { return nil }
        if members.id != nil { members.told.tokenID = members.id }
        self.init(members.told, logprob: logprob)
    }
}

/// The members that tokens and alternatives have both, where they have them.
private struct TokenMembers {
    var told: ToldToken
    var id: Int?

    init?(of token: String, plain reader: inout JSONFragmentReader) {
        if reader.skip(#","bytes":["#) {
            guard let told = ToldToken(token, bytes: &reader), reader.skip("]") else { return nil }
            self.told = told
        } else {
            told = ToldToken(token, .unknown)
        }
        var rank: Int?
        guard reader.read(#","token_id":"#, &id), reader.read(#","rank":"#, &rank) else { return nil }
        if rank != nil { told.rank = rank }
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
