#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Finds what is spelled like a credential inside a text: `Bearer …`, `Basic …` and `Authorization: …`, keys of well-known issuers (`sk-…`, `hf_…`),
/// passwords in URLs (`https://user:password@host`, `https://token@host`), values of secret keys in queries (`?api_key=…`), in JSON or code that stands in the
/// text (`"api_key": "…"`), and in header and configuration lines (`x-api-key: …`).
///
/// Prose must stay as it is. So an unquoted value is a credential only where it could not be a word: `password: required` stays.
/// One pass over the bytes; a hit is looked for only at the few bytes at which one can begin, and never further ahead than a fixed
/// distance unless it is one: the time is proportional to the length of any text.
enum SecretPatterns {
    typealias Bytes = UnsafeBufferPointer<UInt8>

    /// The text without credentials; `nil` where there are none in it.
    static func redacted(_ text: String) -> String? {
        text.withBytes { bytes in
            var output: [UInt8] = []
            var copied = 0
            forEachSecret(in: bytes) { secret in
                output += bytes[copied..<secret.lowerBound]
                output += Redactor.mask.utf8
                copied = secret.upperBound
            }
            return copied == 0 ? nil : String(decoding: output + bytes[copied...], as: UTF8.self)
        }
    }

    /// The credentials in the text.
    static func secrets(in text: String) -> [String] {
        var text = text
        return text.withUTF8 { bytes in
            var secrets: [String] = []
            forEachSecret(in: bytes) { secrets.append(String(decoding: bytes[$0], as: UTF8.self)) }
            return secrets
        }
    }

    private static func forEachSecret(in bytes: Bytes, _ body: (Range<Int>) -> Void) {
        // The shortest hits are `?auth=x` and `://:x@`.
        guard bytes.count >= 6 else { return }
        var (index, end) = (0, 0)
        while let mark = nextMark(from: index, in: bytes) {
            guard let secret = secret(at: mark, in: bytes), secret.lowerBound >= end else {
                index = mark + 1
                continue
            }
            body(secret)
            (index, end) = (secret.upperBound, secret.upperBound)
        }
    }

    /// The place of the next byte at which `secret(at:in:)` looks. Eight at a time: most texts have few.
    private static func nextMark(from start: Int, in bytes: Bytes) -> Int? {
        let raw = UnsafeRawBufferPointer(bytes)
        var index = start
        while index + 8 <= bytes.count {
            let found = marks(in: UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)))
            if found != 0 { return index + found.trailingZeroBitCount / 8 }
            index += 8
        }
        while index < bytes.count {
            if bytes[index].isMark { return index }
            index += 1
        }
        return nil
    }

    /// A bit for each of eight bytes that is a mark, the lowest of which is right: subtracting 1 from a zero byte sets its high bit, and may
    /// borrow for that from the next byte.
    private static func marks(in eight: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        // `-` and `=` differ in one bit, and so do `B` and `b`.
        let equals = (eight | ones &* 0x10) ^ (ones &* 0x3D)
        let letters = (eight | ones &* 0x20) ^ (ones &* 0x62)
        let underscores = eight ^ (ones &* 0x5F)
        let colons = eight ^ (ones &* 0x3A)
        let found =
            ((equals &- ones) & ~equals) | ((letters &- ones) & ~letters) | ((underscores &- ones) & ~underscores)
            | ((colons &- ones) & ~colons)
        return found & (ones &* 0x80)
    }

    /// The bytes to take out because of the byte at `index`.
    private static func secret(at index: Int, in bytes: Bytes) -> Range<Int>? {
        switch bytes[index] {
        case UInt8(ascii: "B"), UInt8(ascii: "b"): scheme(at: index, in: bytes)
        // Most dashes are told by the letter in front of them.
        case UInt8(ascii: "-"), UInt8(ascii: "_"): index > 0 && bytes[index - 1].endsIssuer ? issuedKey(at: index, in: bytes) : nil
        case UInt8(ascii: ":"): urlPassword(at: index, in: bytes) ?? quotedMember(at: index, in: bytes) ?? line(at: index, in: bytes)
        case UInt8(ascii: "="): assignment(at: index, in: bytes)
        default: nil
        }
    }

    // MARK: The patterns

    private static func scheme(at index: Int, in bytes: Bytes) -> Range<Int>? {
        guard index + 1 < bytes.count else { return nil }
        switch bytes[index + 1] {
        case UInt8(ascii: "e"): return bearer(at: index, in: bytes)
        case UInt8(ascii: "a"): return basic(at: index, in: bytes)
        default: return nil
        }
    }

    /// `Bearer TOKEN`. In prose the word is followed by words: by itself, an all-lower-case token counts only where it is none of those.
    private static func bearer(at index: Int, in bytes: Bytes) -> Range<Int>? {
        guard matches("earer ", at: index + 1, in: bytes), beginsWord(at: index, in: bytes) else { return nil }
        let start = end(of: \.isSpace, from: index + 7, in: bytes)
        let token = start..<end(of: \.isToken68, from: start, in: bytes)
        guard !token.isEmpty else { return nil }
        if token.contains(where: { !bytes[$0].isLowerCase }) {
            // `Bearer tokens.` ends a sentence.
            let word = token.lowerBound..<end(of: \.isLowerCase, from: token.lowerBound, in: bytes)
            let isSentenceEnd = word.count == token.count - 1 && bytes[word.upperBound] == UInt8(ascii: ".")
            return isSentenceEnd ? nil : token
        }
        let isCapital = bytes[index] == UInt8(ascii: "B")
        return isCapital && !wordsAfterBearer.contains(String(decoding: bytes[token], as: UTF8.self)) ? token : nil
    }

    /// `Basic BASE64`, where that is a user and a password with a colon between them.
    private static func basic(at index: Int, in bytes: Bytes) -> Range<Int>? {
        guard matches("asic ", at: index + 1, in: bytes), beginsWord(at: index, in: bytes) else { return nil }
        let start = end(of: \.isSpace, from: index + 6, in: bytes)
        let value = start..<end(of: \.isToken68, from: start, in: bytes)
        return value.count >= 4 && BasicCredentials(base64: bytes[value]) != nil ? value : nil
    }

    private static let wordsAfterBearer: Set<String> = [
        "and", "are", "as", "auth", "authentication", "authorization", "bonds", "by", "can", "credential", "credentials", "for", "format",
        "from", "has", "header", "headers", "in", "is", "must", "of", "on", "only", "or", "prefix", "realm", "required", "scheme",
        "schemes", "security", "shares", "should", "the", "to", "token", "tokens", "type", "was", "with",
    ]

    /// The beginnings of keys by which their issuers are known, whether `-` and `_` may follow in them, and how long the rest is at least.
    private static let issuers: [(prefix: StaticString, separators: Bool, length: Int)] = [
        ("sk-", true, 8), ("hf_", false, 16), ("ghp_", false, 16), ("gho_", false, 16), ("ghs_", false, 16), ("github_pat_", true, 16),
        ("glpat-", true, 16), ("xoxb-", true, 16), ("xoxp-", true, 16), ("nvapi-", true, 16), ("gsk_", false, 16),
    ]

    /// `sk-…` and its like. The whole of it goes.
    private static func issuedKey(at index: Int, in bytes: Bytes) -> Range<Int>? {
        for issuer in issuers {
            let start = index + 1 - issuer.prefix.utf8CodeUnitCount
            guard start >= 0, bytes[start] == issuer.prefix.utf8Start[0], matches(issuer.prefix, at: start, in: bytes),
                start == 0 || !bytes[start - 1].isName || isEscape(at: start - 1, in: bytes)
            else { continue }
            let key = index + 1..<end(of: issuer.separators ? \.isName : \.isWord, from: index + 1, in: bytes)
            if key.count >= issuer.length, key.prefix(64).contains(where: { bytes[$0].isDigit || bytes[$0].isUpperCase }) {
                return start..<key.upperBound
            }
        }
        return nil
    }

    /// The password of `scheme://user:password@host`. Where there is a user alone, with `http` and `https` it is a token more often than a
    /// name; with others it is not (`ssh://git@host`).
    private static func urlPassword(at index: Int, in bytes: Bytes) -> Range<Int>? {
        guard matches("://", at: index, in: bytes) else { return nil }
        let authority = index + 3..<end(of: { !$0.isURLDelimiter }, from: index + 3, in: bytes)
        guard let at = authority.last(where: { bytes[$0] == UInt8(ascii: "@") }) else { return nil }
        let user = authority.lowerBound..<((authority.lowerBound..<at).first { bytes[$0] == UInt8(ascii: ":") } ?? at)
        if user.upperBound + 1 < at { return user.upperBound + 1..<at }
        let isWeb = index >= 4 && (matches("http", at: index - 4, in: bytes) || index >= 5 && matches("https", at: index - 5, in: bytes))
        return isWeb && !user.isEmpty ? user : nil
    }

    /// The value in `"key": "value"`, also with `'`, and with `\` in front of the marks as in JSON within JSON.
    private static func quotedMember(at index: Int, in bytes: Bytes) -> Range<Int>? {
        guard index > 0, bytes[index - 1].isQuote else { return nil }
        let quote = bytes[index - 1]
        let escapes = bytes[..<(index - 1)].reversed().prefix { $0 == UInt8(ascii: "\\") }.count
        guard SecretKey.names(bytes[name(before: index - 1 - escapes, in: bytes)]) else { return nil }
        let opening = end(of: \.isSpace, from: index + 1, in: bytes)
        let start = end(of: { $0 == UInt8(ascii: "\\") }, from: opening, in: bytes) + 1
        guard start - 1 - opening == escapes, start <= bytes.count, bytes[start - 1] == quote else { return nil }
        return quoted(from: start, by: quote, escapes: escapes, in: bytes)
    }

    /// The value of a header or of a line of configuration: `x-api-key: …`, `Authorization: Basic …`, `Cookie: …`.
    private static func line(at index: Int, in bytes: Bytes) -> Range<Int>? {
        let key = bytes[name(before: index, in: bytes)]
        guard SecretKey.names(key) else { return nil }
        var start = end(of: \.isSpace, from: index + 1, in: bytes)
        if SecretKey.namesCookie(key) {
            // All of the line, if there is a cookie in it.
            return value(from: start, of: { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") && !$0.isQuote }, in: bytes) { cookie in
                cookie.contains(UInt8(ascii: "="))
            }
        }
        for scheme in schemes where matches(scheme, at: start, in: bytes) {
            start = end(of: \.isSpace, from: start + scheme.utf8CodeUnitCount, in: bytes)
            let value = start..<end(of: \.isToken68, from: start, in: bytes)
            return value.isEmpty ? nil : value
        }
        return unquoted(from: start, in: bytes)
    }

    private static let schemes: [StaticString] = ["Bearer ", "Basic ", "Token ", "bearer ", "basic ", "token "]

    /// The value in `?key=value&…`, `KEY=value` and `key="value"`.
    private static func assignment(at index: Int, in bytes: Bytes) -> Range<Int>? {
        let key = name(before: index, in: bytes)
        guard index + 1 < bytes.count else { return nil }
        let isInQuery =
            key.lowerBound > 0 && (bytes[key.lowerBound - 1] == UInt8(ascii: "?") || bytes[key.lowerBound - 1] == UInt8(ascii: "&"))
        let isSecret = SecretKey.names(bytes[key])
        if isInQuery {
            guard isSecret || SecretKey.namesParameter(bytes[key]) else { return nil }
            let value = index + 1..<end(of: \.isQueryValue, from: index + 1, in: bytes)
            return value.count >= (isSecret ? 1 : 8) ? value : nil
        }
        guard isSecret else { return nil }
        guard bytes[index + 1].isQuote else { return unquoted(from: index + 1, in: bytes) }
        let quote = bytes[index + 1]
        return value(from: index + 2, of: { $0 != quote }, in: bytes, where: isUnlikelyWord)
    }

    // MARK: Values and names

    private static func unquoted(from start: Int, in bytes: Bytes) -> Range<Int>? {
        value(from: start, of: \.isValue, in: bytes, where: isUnlikelyWord)
    }

    /// The run of `isMember` bytes from `start`, where its first 64 bytes tell that it is a credential.
    private static func value(
        from start: Int, of isMember: (UInt8) -> Bool, in bytes: Bytes, where isCredential: (Slice<Bytes>) -> Bool
    ) -> Range<Int>? {
        guard start <= bytes.count else { return nil }
        let head = bytes[start..<min(start + 64, bytes.count)].prefix(while: isMember)
        return isCredential(head) ? start..<end(of: isMember, from: head.endIndex, in: bytes) : nil
    }

    /// What stands up to the closing mark, which has as many `\` in front as the opening one; `nil` where that is nothing.
    private static func quoted(from start: Int, by quote: UInt8, escapes: Int, in bytes: Bytes) -> Range<Int>? {
        var index = start
        while index < bytes.count {
            let mark = end(of: { $0 == UInt8(ascii: "\\") }, from: index, in: bytes)
            if mark < bytes.count, bytes[mark] == quote, mark - index == escapes { return index == start ? nil : start..<index }
            index = mark + 1
        }
        // The text was cut inside the value.
        return start < bytes.count ? start..<bytes.count : nil
    }

    /// The key that ends before `index`; empty where there is none.
    private static func name(before index: Int, in bytes: Bytes) -> Range<Int> {
        let length = bytes[max(0, index - 64)..<index].reversed().prefix(while: \.isName).count
        let start = index - length
        return start + (length > 0 && isEscape(at: start, in: bytes) ? 1 : 0)..<index
    }

    private static func beginsWord(at index: Int, in bytes: Bytes) -> Bool {
        index == 0 || !bytes[index - 1].isWord || isEscape(at: index - 1, in: bytes)
    }

    /// Whether the letter at `index` belongs to a `\n`, `\r` or `\t` of JSON within the text, and not to the word behind it.
    private static func isEscape(at index: Int, in bytes: Bytes) -> Bool {
        index > 0 && bytes[index - 1] == UInt8(ascii: "\\") && "nrt".utf8.contains(bytes[index])
    }

    private static func isUnlikelyWord(_ value: Slice<Bytes>) -> Bool {
        value.count >= 6 && value.contains { $0.isDigit }
    }

    private static func end(of isMember: (UInt8) -> Bool, from start: Int, in bytes: Bytes) -> Int {
        var index = start
        while index < bytes.count, isMember(bytes[index]) { index += 1 }
        return min(index, bytes.count)
    }

    private static func matches(_ text: StaticString, at index: Int, in bytes: Bytes) -> Bool {
        let end = index + text.utf8CodeUnitCount
        guard end <= bytes.count, let base = bytes.baseAddress else { return false }
        return memcmp(text.utf8Start, base + index, text.utf8CodeUnitCount) == 0
    }
}
