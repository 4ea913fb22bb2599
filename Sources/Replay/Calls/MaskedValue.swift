import JSON
import Redaction

/// A value of a log in whose texts secrets are masked.
///
/// A log does not have them, and who asks may have others: a cassette that was recorded with one key is played with another. So each mask
/// stands for any text.
struct MaskedValue: Sendable {
    private let value: JSONValue

    /// A value in canonical spelling; `nil` where nothing in it is masked.
    init?(_ value: JSONValue) {
        guard Self.hasMask(value) else { return nil }
        self.value = value
    }

    /// Whether this may be what a log makes of a value in canonical spelling.
    func fits(_ asked: JSONValue) -> Bool { Self.fits(asked, value) }

    private static func hasMask(_ value: JSONValue) -> Bool {
        switch value {
        case .string(let text): text.contains(Redactor.mask)
        case .array(let elements): elements.contains(where: hasMask)
        case .object(let members): members.contains { hasMask($0.value) }
        case .null, .bool, .number: false
        }
    }

    private static func fits(_ asked: JSONValue, _ recorded: JSONValue) -> Bool {
        switch (asked, recorded) {
        case (.string(let text), .string(let masked)): fits(text, masked)
        case (.array(let elements), .array(let others)): elements.count == others.count && zip(elements, others).allSatisfy(fits)
        case (.object(let members), .object(let others)):
            members.count == others.count && zip(members, others).allSatisfy { $0.key == $1.key && fits($0.value, $1.value) }
        default: asked == recorded
        }
    }

    private static func fits(_ text: String, _ masked: String) -> Bool {
        if text == masked { return true }
        var parts = masked.utf8.split(separator: Redactor.mask.utf8, omittingEmptySubsequences: false)[...]
        guard parts.count > 1, let first = parts.popFirst(), let last = parts.popLast(), text.utf8.starts(with: first) else { return false }
        var rest = text.utf8.dropFirst(first.count)
        guard rest.count >= last.count, rest.suffix(last.count).elementsEqual(last) else { return false }
        rest = rest.dropLast(last.count)
        for part in parts where !part.isEmpty {
            guard let found = rest.firstRange(of: part) else { return false }
            rest = rest[found.upperBound...]
        }
        return true
    }
}
