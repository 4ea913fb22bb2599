package import JSON

/// What is told of a token, whatever it is told for: its text, its bytes, and more where there is more.
///
/// A long answer has hundreds of thousands of them. Of nearly all, the bytes are those of the text and there is nothing more: such a one
/// takes no memory besides its own.
@usableFromInline
package struct ToldToken: Sendable {
    /// Where the bytes are.
    @usableFromInline
    package enum Bytes: Sendable {
        /// They are those of the text, which has no U+FFFD in it: that stands for a broken character, whose bytes it does not tell.
        case ofText
        case unknown
        case told([UInt8])
    }

    /// What is told of few tokens.
    fileprivate struct Rest: Hashable {
        var tokenID: Int?
        var rank: Int?
        var additional = JSONObject()
    }

    @usableFromInline
    final class RestBox: Sendable {
        fileprivate let rest: Rest

        fileprivate init(_ rest: Rest) {
            self.rest = rest
        }

        @usableFromInline
        init(tokenID: Int?, rank: Int?) {
            rest = Rest(tokenID: tokenID, rank: rank)
        }
    }

    /// The token's text, or what else it goes by. When it changes, the bytes stay what they were.
    @usableFromInline package var text: String {
        didSet {
            guard case .ofText = storedBytes else { return }
            storedBytes = Bytes(Array(oldValue.utf8), of: text)
        }
    }

    @usableFromInline var storedBytes: Bytes
    @usableFromInline var box: RestBox?

    /// A token of which nothing more is told.
    @inlinable
    package init(_ text: String, _ bytes: Bytes) {
        self.text = text
        storedBytes = bytes
    }

    /// A token.
    @inlinable
    package init(_ text: String, bytes: [UInt8]?, tokenID: Int? = nil, rank: Int? = nil) {
        self.init(text, bytes == nil ? .unknown : Bytes(bytes, of: text))
        if tokenID != nil || rank != nil { box = RestBox(tokenID: tokenID, rank: rank) }
    }

    /// Whether the bytes are those of the text, and the text has no broken character in it.
    @inlinable
    package var hasBytesOfText: Bool {
        if case .ofText = storedBytes { true } else { false }
    }

    /// How many bytes are told.
    @inlinable
    package var byteCount: Int {
        switch storedBytes {
        case .ofText: text.utf8.count
        case .unknown: 0
        case .told(let bytes): bytes.count
        }
    }

    /// The bytes; `nil` where they are not known.
    package var bytes: [UInt8]? {
        get {
            switch storedBytes {
            case .ofText: Array(text.utf8)
            case .unknown: nil
            case .told(let bytes): bytes
            }
        }
        set { storedBytes = Bytes(newValue, of: text) }
    }

    /// The id, where it is told.
    package var tokenID: Int? {
        get { box?.rest.tokenID }
        set { rest.tokenID = newValue }
    }

    /// The place among all tokens, where it is told.
    package var rank: Int? {
        get { box?.rest.rank }
        set { rest.rank = newValue }
    }

    /// What else is told, by its keys.
    package var additional: JSONObject {
        get { box?.rest.additional ?? [:] }
        set { rest.additional = newValue }
    }

    /// Whether nothing else is told.
    package var hasNoAdditional: Bool { box?.rest.additional.isEmpty ?? true }

    private var rest: Rest {
        get { box?.rest ?? Rest() }
        set { box = newValue == Rest() ? nil : RestBox(newValue) }
    }
}

extension ToldToken.Bytes {
    @usableFromInline
    package init(_ bytes: [UInt8]?, of text: String) {
        guard let bytes else {
            self = .unknown
            return
        }
        self = bytes.elementsEqual(text.utf8) && !ToldToken.hasBrokenCharacter(bytes) ? .ofText : .told(bytes)
    }
}

extension ToldToken {
    /// Whether U+FFFD is among some UTF-8.
    package static func hasBrokenCharacter(_ bytes: [UInt8]) -> Bool {
        guard let first = bytes.firstIndex(of: 0xEF) else { return false }
        return bytes[first...].indices.contains { bytes[$0...].starts(with: [0xEF, 0xBF, 0xBD]) }
    }
}

extension ToldToken: Hashable {
    @usableFromInline
    package static func == (left: ToldToken, right: ToldToken) -> Bool {
        left.text == right.text && left.bytes == right.bytes && left.box?.rest == right.box?.rest
    }

    @usableFromInline
    package func hash(into hasher: inout Hasher) {
        hasher.combine(text)
        hasher.combine(box?.rest)
    }
}
