/// Reads reasoning up to the `</think>` that ends it.
///
/// One between quotation marks, or alone in inline code, is quoted. One in fenced code may be, or the fence was never closed: what stands
/// behind it is held back until the next `</think>`, which tells, or until the text is over, or so long that the fence has to decide.
struct ThoughtScanner {
    /// How many bytes are held back behind a tag in fenced code.
    private static let doubtLength = 4096
    private static let tag = MarkupTag.thinkClosing
    private var context = MarkdownContext()
    /// A tag in fenced code, and what stands behind it so far.
    private var doubt: [UInt8]?
    /// Whether a `<think>` may still come: a model may repeat the one that the prompt ended with.
    private var mayOpen: Bool

    init(mayOpen: Bool = false) {
        self.mayOpen = mayOpen
    }

    /// Goes over a whole piece, if nothing in it can be markup and all of it is a part of the reasoning; returns whether that is so.
    mutating func passes(_ piece: UnsafeBufferPointer<UInt8>) -> Bool {
        guard !mayOpen, doubt == nil, !piece.contains(where: \.mayMark) else { return false }
        context.consume(unmarked: piece)
        return true
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
        var position = bytes.startIndex
        while position < bytes.endIndex {
            if doubt == nil {
                let unmarked = bytes[position...].prefix { !$0.mayMark }
                context.consume(unmarked: unmarked)
                position = unmarked.endIndex
                if position == bytes.endIndex { break }
            }
            let byte = bytes[position]
            if let doubt, doubt.count + position - bytes.startIndex > Self.doubtLength, byte & 0xC0 != 0x80 {
                if context.isInFence { return end(before: position, &bytes) }
                // The fence was closed behind the tag, which was a part of the code.
                pass(bytes.take(upTo: position), to: &pieces)
                endDoubt(to: &pieces)
            }
            switch byte == UInt8(ascii: "<") ? match(at: position, in: bytes) : .none {
            case .partial:
                pass(bytes.take(upTo: position), to: &pieces)
                return false
            case .whole:
                pass(bytes.take(upTo: position), to: &pieces)
                endDoubt(to: &pieces)
                let tag = bytes.take(upTo: position + Self.tag.count)
                if !context.isInFence { return true }
                doubt = Array(tag)
                for byte in tag { context.consume(byte) }
                position = bytes.startIndex
            case .none:
                context.consume(byte)
                position += 1
                // Code inside a fence opens no other: the fence was never closed, and this one is the answer's.
                if doubt != nil, context.endedFenceLine == .labelled { return end(before: position, &bytes) }
            }
        }
        pass(bytes, to: &pieces)
        bytes = []
        return false
    }

    /// The text is over.
    /// - Returns: what the answer's is: the last `</think>` of which it was not certain did end the reasoning.
    mutating func finish(_ rest: ArraySlice<UInt8>, to pieces: inout [MarkupPiece]) -> ArraySlice<UInt8> {
        if rest.starts(with: Self.tag) {
            endDoubt(to: &pieces)
            return rest.dropFirst(Self.tag.count)
        }
        if let doubt { return doubt.dropFirst(Self.tag.count) + rest }
        pieces.append(thinking: rest)
        return []
    }

    /// Whether a `</think>` stands here that is not quoted; `partial` while that is not known.
    private func match(at position: Int, in bytes: ArraySlice<UInt8>) -> TagMatch {
        let match = bytes.match([Self.tag], at: position)
        guard case .whole = match, let quotation = context.openQuotation else { return match }
        let behind = bytes[(position + Self.tag.count)...].prefix(quotation.count)
        if !quotation.starts(with: behind) { return match }
        return behind.count == quotation.count ? .none : .partial
    }

    private mutating func pass(_ bytes: ArraySlice<UInt8>, to pieces: inout [MarkupPiece]) {
        if doubt == nil {
            pieces.append(thinking: bytes)
        } else {
            doubt? += bytes
        }
    }

    /// The doubtful tag was a part of the reasoning.
    private mutating func endDoubt(to pieces: inout [MarkupPiece]) {
        pieces.append(thinking: doubt ?? [])
        doubt = nil
    }

    /// The doubtful tag has ended the reasoning: what stands behind it is given back.
    private mutating func end(before position: Int, _ bytes: inout ArraySlice<UInt8>) -> Bool {
        let held = (doubt ?? []) + bytes.take(upTo: position)
        doubt = nil
        bytes = held.dropFirst(Self.tag.count) + bytes
        return true
    }
}

extension UInt8 {
    /// Whether a scanner has to look at this byte by itself.
    fileprivate var mayMark: Bool { isMarkdownMark || self == UInt8(ascii: "<") }
}
