import JSON

/// Which keys name secrets. Case does not matter, nor do `-`, `_` and `.` between words: `x-api-key`, `API_KEY` and `apiKey` are one.
public enum SecretKey {
    /// Whether the value of `key` is to be taken out.
    static func guards(_ key: String, _ value: JSONValue, in members: JSONObject) -> Bool {
        guard key.withBytes(mayName), names(key) || isBareToken(key) else { return false }
        switch value {
        case .null, .bool: return false
        case .string(let text): return !text.isEmpty && (names(key) || isCredential(text, beside: members))
        // Where a server lists log-probabilities by token, a token may read `secret`: passwords are not negative and have no fraction.
        case .number(let number): return names(key) && number.literal.utf8.allSatisfy(\.isDigit)
        case .array(let elements): return names(key) && !elements.isEmpty
        case .object(let fields): return names(key) && !fields.isEmpty
        }
    }

    /// Whether the value of the header field `name` is to be taken out.
    static func guardsHeader(_ name: String, _ value: JSONValue) -> Bool {
        switch value {
        case .null, .bool: false
        case .string(let text): !text.isEmpty && namesHeader(name)
        case .number: namesHeader(name)
        case .array(let elements): !elements.isEmpty && namesHeader(name)
        case .object(let fields): !fields.isEmpty && namesHeader(name)
        }
    }

    /// Whether `key` names a secret wherever it stands. `max_tokens`, `token_ids`, `eos_token` and what else is about the tokens of a
    /// language model does not, and neither does `token` alone: that is what it is in log-probabilities.
    public static func names(_ key: String) -> Bool { key.withBytes { mayName($0) && names($0) } }

    /// Whether its last three letters are those of an ending below: most keys are told by them. Separators may stand between them.
    private static func mayName(_ key: UnsafeBufferPointer<UInt8>) -> Bool {
        guard key.count >= 4, let last = key.last else { return false }
        var index = key.count - 2
        func letterBefore() -> Unicode.Scalar {
            while index > 0, key[index].isSeparator { index -= 1 }
            defer { index = max(0, index - 1) }
            return Unicode.Scalar(key[index] | 0x20)
        }
        switch (Unicode.Scalar(last | 0x20), letterBefore(), letterBefore()) {
        case ("d", "r", "o"), ("d", "w", "s"), ("e", "i", "k"), ("e", "s", "a"), ("h", "t", "u"), ("l", "a", "i"), ("n", "e", "k"),
            ("n", "o", "i"), ("r", "e", "r"), ("s", "d", "r"), ("s", "e", "i"), ("s", "l", "a"), ("s", "t", "e"), ("s", "y", "e"),
            ("t", "e", "r"), ("y", "e", "k"):
            return true
        default: return false
        }
    }

    /// Whether `key` names a secret in a configuration: there is no log-probability there, so that `token` does too.
    public static func namesSetting(_ key: String) -> Bool { names(key) || isBareToken(key) }

    /// Whether a header field with this name holds a secret: headers do not speak of the tokens of a language model, so that any name does
    /// whose last word is `token` or `key`.
    public static func namesHeader(_ name: String) -> Bool {
        var name = name
        return name.withUTF8 { names($0) || hasLastWord($0, "token") || hasLastWord($0, "key") }
    }

    /// Whether the keys inside the value of `key` are the names of header fields.
    public static func holdsHeaders(_ key: String) -> Bool {
        guard key.utf8.count == 7, key.utf8.first.map({ $0 | 0x20 }) == UInt8(ascii: "h") else { return false }
        return key.lowercased() == "headers"
    }

    static func names(_ key: some BidirectionalCollection<UInt8>) -> Bool {
        guard let last = key.last else { return false }
        return endings(with: last | 0x20).contains { ends(key, with: $0) } || isTokenHeader(key)
    }

    /// Whether a parameter in the query of a URL with this name holds a secret where its value is long: `?key=…`, `&token=…`, and the
    /// signatures of URLs that are allowed to whoever has them (`X-Amz-Signature`, `sig`).
    static func namesParameter(_ key: some BidirectionalCollection<UInt8>) -> Bool {
        let names: [StaticString] = ["key", "token", "sig"]
        return hasLastWord(key, "signature") || names.contains { $0.utf8CodeUnitCount == key.count && hasLastWord(key, $0) }
    }

    /// `X-Token`, `X-Vault-Token`: only names of header fields begin so.
    private static func isTokenHeader(_ key: some BidirectionalCollection<UInt8>) -> Bool {
        guard let first = key.first, first | 0x20 == UInt8(ascii: "x"), key.dropFirst().first == UInt8(ascii: "-") else { return false }
        return hasLastWord(key, "token")
    }

    private static func hasLastWord(_ key: some BidirectionalCollection<UInt8>, _ word: StaticString) -> Bool {
        let length = word.utf8CodeUnitCount
        let rest = key.dropLast(length)
        let isWhole = rest.last.map { !$0.isWord } ?? (key.count == length)
        return isWhole && word.withUTF8Buffer { word in key.suffix(length).lazy.map { $0 | 0x20 }.elementsEqual(word) }
    }

    static func namesCookie(_ key: some BidirectionalCollection<UInt8>) -> Bool { ends(key, with: "cookie") }

    /// Ends of keys, lower-case and without separators, by their last letter: most keys are told from them by that letter alone.
    private static func endings(with last: UInt8) -> [StaticString] {
        switch last {
        case UInt8(ascii: "d"): passwords
        case UInt8(ascii: "e"): phrases
        case UInt8(ascii: "h"): auth
        case UInt8(ascii: "l"): credential
        case UInt8(ascii: "n"): tokens
        case UInt8(ascii: "r"): bearer
        case UInt8(ascii: "s"): plurals
        case UInt8(ascii: "t"): secret
        case UInt8(ascii: "y"): keys
        default: []
        }
    }

    private static let passwords: [StaticString] = ["password", "passwd"]
    private static let phrases: [StaticString] = ["passphrase", "cookie"]
    private static let auth: [StaticString] = ["auth"]
    private static let credential: [StaticString] = ["credential"]
    private static let bearer: [StaticString] = ["bearer"]
    private static let plurals: [StaticString] = ["credentials", "apikeys", "secrets", "passwords", "cookies"]
    private static let secret: [StaticString] = ["secret"]
    private static let keys: [StaticString] = [
        "apikey", "secretkey", "privatekey", "accesskey", "authkey", "subscriptionkey", "functionskey", "signingkey", "encryptionkey",
        "masterkey", "accountkey",
    ]
    /// Tokens that are credentials; `max_token`, `eos_token`, `first_token` and their like are not.
    private static let tokens: [StaticString] = [
        "authorization", "accesstoken", "authtoken", "refreshtoken", "bearertoken", "apitoken", "sessiontoken", "csrftoken", "secrettoken",
        "privatetoken", "servicetoken", "hftoken", "hubtoken", "huggingfacetoken", "githubtoken", "gitlabtoken", "slacktoken", "oauthtoken",
        "vaulttoken", "securitytoken", "bottoken", "clienttoken", "deploytoken",
    ]

    private static func ends(_ key: some BidirectionalCollection<UInt8>, with ending: StaticString) -> Bool {
        ending.withUTF8Buffer { ending in
            var rest = ending[...]
            for byte in key.reversed() {
                guard let wanted = rest.last else { return true }
                if byte | 0x20 == wanted {
                    rest.removeLast()
                } else if !byte.isSeparator {
                    return false
                }
            }
            return rest.isEmpty
        }
    }

    private static func isBareToken(_ key: String) -> Bool {
        guard key.utf8.count == 5, key.utf8.first.map({ $0 | 0x20 }) == UInt8(ascii: "t") else { return false }
        return key.lowercased() == "token"
    }

    /// Whether the value of a member called just `token` is a credential: not beside what describes a token of a language model, and
    /// neither short nor with a space in it.
    private static func isCredential(_ token: String, beside members: JSONObject) -> Bool {
        token.utf8.count >= 8 && !token.utf8.contains(UInt8(ascii: " "))
            && !["logprob", "bytes", "token_id", "rank"].contains { members[$0] != nil }
    }
}
