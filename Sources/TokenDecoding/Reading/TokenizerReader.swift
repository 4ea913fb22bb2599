internal import JSON

/// Reads `tokenizer.json`.
enum TokenizerReader {
    struct Contents {
        var tokens: VocabularyTokens
        var steps: [DecodingStep]
    }

    static func read(_ bytes: [UInt8]) throws(TokenDecoderError) -> Contents {
        try TokenizerField.read(bytes, file: "tokenizer.json") { file throws(TokenDecoderError) in
            var tokens = VocabularyTokens()
            try readVocabulary(file.member("model").member("vocab"), into: &tokens)
            for added in try file.member("added_tokens").elements() {
                let text = try added.member("content").string()
                try tokens.replace(text, id: try added.member("id").int(), at: added)
                if try added.member("special").bool() == true { tokens.special.insert(text) }
            }
            return Contents(tokens: tokens, steps: try DecoderReader.steps(of: file.member("decoder")))
        }
    }

    private static func readVocabulary(_ field: TokenizerField, into tokens: inout VocabularyTokens) throws(TokenDecoderError) {
        guard let vocabulary = field.view else { throw field.unexpected("the vocabulary") }
        tokens.reserveCapacity(vocabulary.count)
        switch vocabulary.kind {
        case "object":
            for (text, id) in vocabulary.members {
                guard let id = id.int else { throw field.error("the token \(text.debugDescription) has no id") }
                try tokens.add(text, id: id, at: field)
            }
        case "array":
            for (id, entry) in vocabulary.elements.enumerated() {
                guard let text = entry[0]?.string else { throw field.error("the entry \(id) is no token with its score") }
                try tokens.add(text, id: id, at: field)
            }
        default:
            throw field.unexpected("an object of tokens and ids, or an array of tokens and scores")
        }
    }
}
