import JSON
import ProviderKit
import SessionTimeline
import Timestamps

/// When the pieces of a recorded answer came, as far as its log tells: the times of its pieces, of the reads from its socket, or of its
/// beginning and its end alone, between which they are spread evenly.
struct AnswerPacing: Sendable {
    /// A part of a block's text.
    struct Piece: Sendable, Hashable {
        var text: String
        /// When it came, from the beginning of the call.
        var offset: Duration
    }

    private let call: ProviderCall
    private let tokens: [TokenLogprob]
    /// From the beginning of the call to its end.
    let end: Duration
    private let first: Duration
    /// How long the texts of all blocks are, and of those before each.
    private let total: Int
    private let before: [Int]

    init(_ call: ProviderCall, _ blocks: [ContentBlock], tokens: [TokenLogprob]) {
        self.call = call
        self.tokens = tokens
        let duration = call.duration ?? call.start.flatMap { start in call.end?.duration(since: start) } ?? .zero
        end = max(duration, .zero)
        let isStreamed = call.isStreamed ?? true
        first = min(max(call.timeToFirstToken ?? (isStreamed ? .zero : end), .zero), end)
        var sum = 0
        before = blocks.map { block in
            defer { sum += (block.text ?? block.thinking ?? "").utf8.count }
            return sum
        }
        total = sum
    }

    /// The pieces of a block's text.
    func pieces(of text: String, block index: Int) -> [Piece] {
        guard !text.isEmpty else { return [] }
        let times = deltaTimes(index)
        if !times.isEmpty {
            return zip(TextPieces.split(text, into: times.count), times).map { Piece(text: $0, offset: $1) }
        }
        let pieces = tokenTexts(of: text, block: index) ?? TextPieces.words(text)
        let start = before.indices.contains(index) ? before[index] : 0
        var done = 0
        return pieces.map { piece in
            defer { done += piece.utf8.count }
            return Piece(text: piece, offset: offset(ofByte: start + done))
        }
    }

    /// The tokens' texts, where they are the text.
    private func tokenTexts(of text: String, block index: Int) -> [String]? {
        let texts = tokens.lazy.filter { $0.blockIndex == index }.map(\.token).filter { !$0.isEmpty }
        return texts.joined() == text ? Array(texts) : nil
    }

    private func deltaTimes(_ index: Int) -> [Duration] {
        guard let start = call.start, let block = call.streamedBlocks.last(where: { $0.index == index }) else { return [] }
        return block.deltas.map { min(max($0.duration(since: start), .zero), max(end, .zero)) }
    }

    /// When what stands at a place of all text came.
    private func offset(ofByte place: Int) -> Duration {
        guard total > 0 else { return first }
        let share = min(Double(place) / Double(total), 1)
        if call.chunkTimes.count > 1 {
            let index = min(Int(share * Double(call.chunkTimes.count)), call.chunkTimes.count - 1)
            return min(call.chunkTimes[index], end)
        }
        return first + (end - first) * share
    }
}
