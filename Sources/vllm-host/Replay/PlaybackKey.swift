/// What a key says to a playback.
enum PlaybackKey: Equatable {
    /// Stand still, or go on.
    case pause
    /// Show the next thing, and stand still.
    case step
    /// Twice as fast.
    case faster
    /// Half as fast.
    case slower
    /// End.
    case quit

    /// The keys in what a terminal sends; others are passed over.
    static func keys(in bytes: [UInt8]) -> [PlaybackKey] {
        var keys: [PlaybackKey] = []
        var rest = bytes[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: " "): keys.append(.pause)
            case UInt8(ascii: "n"), UInt8(ascii: "N"): keys.append(.step)
            case UInt8(ascii: "+"), UInt8(ascii: "="): keys.append(.faster)
            case UInt8(ascii: "-"), UInt8(ascii: "_"): keys.append(.slower)
            case UInt8(ascii: "q"), UInt8(ascii: "Q"): keys.append(.quit)
            case 0x1B: if let key = sequence(&rest) { keys.append(key) }
            default: break
            }
        }
        return keys
    }

    /// A key that sends several bytes: `ESC [ C`, or `ESC O C` where the keypad is in another mode.
    private static func sequence(_ rest: inout ArraySlice<UInt8>) -> PlaybackKey? {
        guard let kind = rest.first, kind == UInt8(ascii: "[") || kind == UInt8(ascii: "O") else { return nil }
        rest = rest.dropFirst()
        while let byte = rest.popFirst() {
            // Parameters come before the byte that ends the sequence (ECMA-48, 5.4).
            guard 0x40...0x7E ~= byte else { continue }
            return byte == UInt8(ascii: "C") ? .step : nil
        }
        return nil
    }
}
