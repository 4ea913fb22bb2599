public import JSON

/// Takes secrets out of what is logged or shown, and puts `[REDACTED]` in their place.
///
/// Taken out are: the values of members whose keys name secrets (`api_key`, `client_secret`, `Authorization` …, see `SecretKey`);
/// inside strings what is spelled like a credential (see `SecretPatterns`); and everywhere the secrets that are known to the caller.
/// What is merely about tokens stays: `max_tokens`, `token_ids`, the `token` of a log-probability. A secret that arrives in pieces, a
/// few letters in each event of a stream, cannot be seen here.
public struct Redactor: Sendable {
    /// What stands in place of a secret.
    public static let mask = "[REDACTED]"

    private var knownSecrets: [KnownSecrets]

    /// A redactor that also knows some secrets by their value, such as the configured API key. Values shorter than six bytes and
    /// `EMPTY`, the key of servers that want none, are too common to be searched for.
    public init(secrets: [String] = []) {
        knownSecrets = secrets.isEmpty ? [] : [KnownSecrets(secrets)]
    }

    /// A redactor that knows the secrets of both.
    public func joined(with other: Redactor) -> Redactor {
        var joined = self
        joined.knownSecrets += other.knownSecrets
        return joined
    }

    /// Whether secrets are known by their value.
    public var knowsSecrets: Bool { !knownSecrets.isEmpty }

    /// Whether one of the secrets known by value is in the text.
    public func knowsSecret(in text: String) -> Bool { knownSecrets.contains { $0.occur(in: text) } }

    /// The text without secrets.
    public func redact(_ text: String) -> String { redacted(text) ?? text }

    /// The value without secrets, as a member with no key would be.
    public func redact(_ value: JSONValue) -> JSONValue { redacted(value) ?? value }

    /// The members without secrets.
    public func redact(_ members: JSONObject) -> JSONObject { redacted(members) ?? members }

    /// The members without secrets; `nil` where there are none in them.
    public func redacted(_ members: JSONObject) -> JSONObject? { redacted(members, in: .members) }

    /// A URL without its password. Its scheme may be missing, as in `user:password@proxy:3128`.
    public func redact(url: String) -> String {
        guard !url.contains("://") else { return redact(url) }
        return String(redact("http://" + url).dropFirst("http://".count))
    }

    /// The value of an HTTP header field without secrets; nothing of it where the field's name says that it holds one.
    public func redact(_ value: String, ofHeader name: String) -> String {
        SecretKey.namesHeader(name) && !value.isEmpty ? Self.mask : redact(value)
    }

    // What follows returns nil where there is nothing to take out, so that ordinary events are not copied.

    private func redacted(_ text: String) -> String? {
        guard knowsSecrets, let known = knownRedacted(text) else { return SecretPatterns.redacted(text) }
        return SecretPatterns.redacted(known) ?? known
    }

    private func knownRedacted(_ text: String) -> String? {
        var result: String?
        for known in knownSecrets { result = known.redacted(result ?? text) ?? result }
        return result
    }

    /// What the keys of an object are.
    private enum Keys {
        /// What each says is the case with its value.
        case members
        /// The names of HTTP header fields.
        case headers
        /// Names in a JSON schema, of parameters for example: what they hold describes them and is no secret.
        case parameters

        /// The keys inside the value of `key`.
        init(inside key: String) {
            self = SecretKey.holdsHeaders(key) ? .headers : key == "properties" ? .parameters : .members
        }

        func guards(_ key: String, _ value: JSONValue, in members: JSONObject) -> Bool {
            switch self {
            case .members: SecretKey.guards(key, value, in: members)
            case .headers: SecretKey.guardsHeader(key, value)
            case .parameters: false
            }
        }
    }

    private func redacted(_ value: JSONValue, in keys: Keys = .members) -> JSONValue? {
        switch value {
        case .null, .bool, .number: return nil
        case .string(let text): return redacted(text).map { .string($0) }
        case .object(let members): return redacted(members, in: keys).map { .object($0) }
        case .array(let elements):
            var result: [JSONValue]?
            elements.withLentElements { lent in
                for position in lent.indices {
                    guard let element = redacted(lent[position]) else { continue }
                    if result == nil { result = elements }
                    result?[position] = element
                }
            }
            return result.map { .array($0) }
        }
    }

    @inline(__always)
    private func redacted(_ element: borrowing Lent<JSONValue>) -> JSONValue? { redacted(element.value) }

    private func redacted(_ members: JSONObject, in keys: Keys) -> JSONObject? {
        var result: [(String, JSONValue)]?
        members.entries.withLentElements { entries in
            for position in entries.indices {
                guard let member = redacted(entries[position], in: keys, of: members) else { continue }
                if result == nil { result = members.map { ($0.key, $0.value) } }
                result?[position] = member
            }
        }
        return result.map { JSONObject($0) }
    }

    @inline(__always)
    private func redacted(
        _ member: borrowing Lent<JSONObject.Entry>, in keys: Keys, of members: JSONObject
    ) -> (String, JSONValue)? {
        let key = knowsSecrets ? knownRedacted(member.value.key) : nil
        let value = redacted(member.value.value, of: member.value.key, in: keys, of: members)
        return key == nil && value == nil ? nil : changed(member, key, value)
    }

    /// By itself: a function that copies a member counts its references in all cases.
    @inline(never)
    private func changed(
        _ member: borrowing Lent<JSONObject.Entry>, _ key: String?, _ value: JSONValue?
    ) -> (String, JSONValue) {
        (key ?? member.value.key, value ?? member.value.value)
    }

    /// The value of a member without secrets.
    private func redacted(_ value: JSONValue, of key: String, in keys: Keys, of members: JSONObject) -> JSONValue? {
        if keys.guards(key, value, in: members) { return .string(Self.mask) }
        switch value {
        case .null, .bool, .number: return nil
        case .string(let text): return redacted(text).map { .string($0) }
        case .array: return redacted(value)
        case .object(let members): return redacted(members, in: Keys(inside: key)).map { .object($0) }
        }
    }
}
