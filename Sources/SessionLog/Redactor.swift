public import JSON

/// Takes secrets out of what is logged or shown, and puts `[REDACTED]` in their place.
///
/// Taken out are: the values of members whose keys name secrets (`api_key`, `client_secret`, `Authorization` …, see `SecretKey`);
/// inside strings what is spelled like a credential (see `SecretPatterns`); and everywhere the secrets that are known to the caller.
/// What is merely about tokens stays: `max_tokens`, `token_ids`, the `token` of a log-probability. A secret that arrives in pieces, a
/// few letters in each event of a stream, cannot be seen here.
public struct Redactor: Sendable {
    static let replacement = "[REDACTED]"

    private let knownSecrets: KnownSecrets

    /// A redactor that also knows some secrets by their value, such as the configured API key. Values shorter than six bytes and
    /// `EMPTY`, the key of servers that want none, are too common to be searched for.
    public init(secrets: [String] = []) {
        knownSecrets = KnownSecrets(secrets)
    }

    /// The text without secrets.
    public func redact(_ text: String) -> String { redacted(text) ?? text }

    /// The value without secrets, as a member with no key would be.
    public func redact(_ value: JSONValue) -> JSONValue { redacted(value) ?? value }

    /// The members without secrets.
    public func redact(_ members: JSONObject) -> JSONObject { redacted(members, keysAreNames: false) ?? members }

    // What follows returns nil where there is nothing to take out, so that ordinary events are not copied.

    private func redacted(_ text: String) -> String? {
        let known = knownSecrets.redacted(text)
        return SecretPatterns.redacted(known ?? text) ?? known
    }

    private func redacted(_ value: JSONValue, keysAreNames: Bool = false) -> JSONValue? {
        switch value {
        case .null, .bool, .number: return nil
        case .string(let text): return redacted(text).map { .string($0) }
        case .object(let members): return redacted(members, keysAreNames: keysAreNames).map { .object($0) }
        case .array(let elements):
            var result: [JSONValue]?
            for (index, element) in elements.enumerated() {
                guard let element = redacted(element) else { continue }
                if result == nil { result = elements }
                result?[index] = element
            }
            return result.map { .array($0) }
        }
    }

    private func redacted(_ members: JSONObject, keysAreNames: Bool) -> JSONObject? {
        var result: [(String, JSONValue)]?
        for (position, (key, value)) in members.enumerated() {
            let newKey = knownSecrets.redacted(key)
            let newValue =
                !keysAreNames && SecretKey.guards(key, value, in: members)
                ? .string(Self.replacement)
                // In a JSON schema, the keys under `properties` are the names of parameters, and what they hold is no secret.
                : redacted(value, keysAreNames: key == "properties")
            if newKey != nil || newValue != nil, result == nil {
                result = members.prefix(position).map { ($0.key, $0.value) }
            }
            result?.append((newKey ?? key, newValue ?? value))
        }
        return result.map { JSONObject($0) }
    }
}
