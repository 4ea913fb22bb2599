extension TokenDecoder {
    /// Decodes tokens as they come. It gives out text as soon as no later token can change it: never half a character, and nothing twice.
    public struct Stream: Sendable {
        private let vocabulary: Vocabulary
        private var stages: [any DecodingStage]
        private let skipsSpecialTokens: Bool

        init(vocabulary: Vocabulary, stages: [any DecodingStage], skipsSpecialTokens: Bool) {
            self.vocabulary = vocabulary
            self.stages = stages
            self.skipsSpecialTokens = skipsSpecialTokens
        }

        /// Takes the next token. An id without a token has no text.
        /// - Returns: the text that is certain now, and was not before.
        public mutating func append(_ id: Int) -> String {
            append(contentsOf: CollectionOfOne(id))
        }

        /// Takes the next tokens.
        /// - Returns: the text that is certain now, and was not before.
        public mutating func append(contentsOf ids: some Sequence<Int>) -> String {
            var text: [UInt8] = []
            for id in ids {
                guard let token = vocabulary.bytes(of: id), !(skipsSpecialTokens && vocabulary.isSpecial(id)) else { continue }
                text += pass([TokenPart(bytes: Array(token), endsToken: true)], through: stages.indices)
            }
            return String(decoding: text, as: UTF8.self)
        }

        /// Says that no more tokens come: what was kept back is the end of the text. An unfinished character becomes U+FFFD.
        public mutating func finish() -> String {
            var text: [UInt8] = []
            for index in stages.indices {
                text += pass(stages[index].finish(), through: (index + 1)..<stages.endIndex)
            }
            return String(decoding: text, as: UTF8.self)
        }

        private mutating func pass(_ parts: [TokenPart], through indices: Range<Int>) -> [UInt8] {
            var parts = parts
            for index in indices {
                var next: [TokenPart] = []
                for part in parts { next += stages[index].receive(part) }
                parts = next
            }
            return parts.flatMap(\.bytes)
        }
    }
}
