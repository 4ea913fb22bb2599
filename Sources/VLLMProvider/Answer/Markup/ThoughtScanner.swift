/// Reads reasoning up to the `</think>` that ends it. One that the model quotes, or writes in code, does not.
struct ThoughtScanner {
    /// A `</think>` that may be quoted, with what stands behind it so far.
    private struct Doubt {
        var held: [UInt8]
        var context: MarkdownContext
        var quotation: MarkdownContext.Quotation
        /// How much of `held` the tag is.
        var tagLength: Int

        /// Whether the tag is quoted, once that is known.
        mutating func isQuoted(before byte: UInt8) -> Bool? {
            context.consume(byte)
            switch quotation {
            case .fence:
                switch context.endedFenceLine {
                case .bare: return true
                // Code inside the fence opens no other: the fence was never closed, and this is the answer's.
                case .labelled: return false
                case nil: return nil
                }
            case .line(let quote):
                if byte == quote { return true }
                return byte.isLineBreak || held.count > ThoughtScanner.quotationLength ? false : nil
            case .next(let quote):
                let found = held.dropFirst(tagLength)
                return quote.starts(with: found) ? (found.count == quote.count ? true : nil) : false
            }
        }
    }

    /// How many bytes a quotation on one line may have behind the tag.
    private static let quotationLength = 200
    private var context = MarkdownContext()
    private var doubt: Doubt?
    /// Whether a `<think>` may still come: a model may repeat the one that the prompt ended with.
    private var mayOpen: Bool

    init(mayOpen: Bool = false) {
        self.mayOpen = mayOpen
    }

    /// Takes from the front of `bytes` what is certain, and leaves what may be the beginning of a tag.
    /// - Returns: whether the reasoning is over; then what is left is the answer's.
    mutating func consume(_ bytes: inout ArraySlice<UInt8>, to pieces: inout [MarkupPiece]) -> Bool {
        if mayOpen {
            pieces.append(thinking: bytes.takeBlanks())
            if bytes.isEmpty { return false }
            switch bytes.match([MarkupTag.thinkOpening]) {
            case .partial: return false
            case .whole: bytes.removeFirst(MarkupTag.thinkOpening.count)
            case .none: break
            }
            mayOpen = false
        }
        while true {
            if doubt != nil {
                guard let isQuoted = resolve(&bytes, to: &pieces) else { return false }
                if !isQuoted { return true }
            }
            guard let end = findTag(&bytes, to: &pieces) else { return false }
            if let quotation = context.quotation {
                let tag = bytes.prefix(end)
                doubt = Doubt(held: Array(tag), context: context, quotation: quotation, tagLength: end)
                bytes.removeFirst(end)
            } else {
                bytes.removeFirst(end)
                return true
            }
        }
    }

    /// The text is over.
    /// - Returns: what the answer's is: a `</think>` whose quotation never closed did end the reasoning.
    mutating func finish(_ rest: ArraySlice<UInt8>, to pieces: inout [MarkupPiece]) -> ArraySlice<UInt8> {
        if let doubt { return doubt.held.dropFirst(doubt.tagLength) }
        pieces.append(thinking: rest)
        return []
    }

    /// Passes on what stands before the next tag; returns the tag's length, and `nil` where there is none.
    private mutating func findTag(_ bytes: inout ArraySlice<UInt8>, to pieces: inout [MarkupPiece]) -> Int? {
        for position in bytes.indices {
            let match = bytes[position] == UInt8(ascii: "<") ? bytes.match([MarkupTag.thinkClosing], at: position) : .none
            if match == .none {
                context.consume(bytes[position])
                continue
            }
            pieces.append(thinking: bytes.take(upTo: position))
            return match == .partial ? nil : MarkupTag.thinkClosing.count
        }
        pieces.append(thinking: bytes)
        bytes = []
        return nil
    }

    /// Reads on until it is known whether the doubtful tag is quoted; `nil` where the text does not say yet.
    private mutating func resolve(_ bytes: inout ArraySlice<UInt8>, to pieces: inout [MarkupPiece]) -> Bool? {
        guard var doubt else { return nil }
        // Taken out while it changes, so that what it holds is not copied.
        self.doubt = nil
        while let byte = bytes.popFirst() {
            doubt.held.append(byte)
            switch doubt.isQuoted(before: byte) {
            case true?:
                pieces.append(thinking: doubt.held)
                context = doubt.context
                return true
            case false?:
                bytes = doubt.held.dropFirst(doubt.tagLength) + bytes
                return false
            case nil: continue
            }
        }
        self.doubt = doubt
        return nil
    }
}
