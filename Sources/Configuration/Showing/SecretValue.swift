/// Which values must not be shown, and what is shown in their place.
enum SecretValue {
    /// What is shown in place of a secret.
    static let mask = "***"

    /// Whether a key's name says that its value is a secret: `api_key`, `X-Api-Key`, `hf_token`, `Authorization`; not `max_tokens`.
    static func isNamed(by key: String) -> Bool {
        let words = words(of: key)
        if words.contains(where: secretWords.contains) { return true }
        guard let last = words.last else { return false }
        if last == "token" || last == "apikey" { return true }
        return last == "key" && words.count > 1 && keyKinds.contains(words[words.count - 2])
    }

    private static let secretWords: Set<String> = [
        "secret", "secrets", "password", "passwd", "passphrase", "credential", "credentials", "authorization", "cookie", "bearer",
    ]
    private static let keyKinds: Set<String> = ["api", "access", "private", "secret", "signing", "encryption", "auth"]

    /// The words of a name, in lower case: `xApiKey`, `x-api-key` and `X_API_KEY` have the same.
    private static func words(of name: String) -> [String] {
        var words: [String] = []
        var word = ""
        var wasLower = false
        for character in name {
            if !character.isLetter && !character.isNumber || character.isUppercase && wasLower {
                if !word.isEmpty { words.append(word) }
                word = ""
            }
            if character.isLetter || character.isNumber { word += character.lowercased() }
            wasLower = character.isLowercase || character.isNumber
        }
        return word.isEmpty ? words : words + [word]
    }

    /// A text without the password of a URL (`https://user:***@host`) and without a bearer token.
    static func masking(_ text: String) -> String {
        if text.lowercased().hasPrefix("bearer ") { return "\(text.prefix(7))\(mask)" }
        guard let scheme = text.firstRange(of: "://") else { return text }
        let authority = text[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard let at = authority.lastIndex(of: "@") else { return text }
        let user = authority[..<at]
        // A user without a password is a token more often than a name.
        let shown = user.firstIndex(of: ":").map { "\(user[...$0])\(mask)" } ?? mask
        return "\(text[..<scheme.upperBound])\(shown)\(text[at...])"
    }
}
