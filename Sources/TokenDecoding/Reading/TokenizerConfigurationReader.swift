internal import JSON

/// Reads what `tokenizer_config.json` says about special tokens.
///
/// Hugging Face's `transformers`, with which vLLM loads a tokenizer, adds the tokens of `added_tokens_decoder` to those of
/// `tokenizer.json`, and makes those special that have a role, such as `eos_token`.
enum TokenizerConfigurationReader {
    private static let roles = ["bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"]
    private static let lists = ["additional_special_tokens", "extra_special_tokens"]

    static func read(_ bytes: [UInt8], into tokens: inout VocabularyTokens) throws(TokenDecoderError) {
        var result = tokens
        try TokenizerField.read(bytes, file: "tokenizer_config.json") { file throws(TokenDecoderError) in
            for (key, added) in try file.member("added_tokens_decoder").members() {
                guard let id = Int(key) else { throw added.error("expected the id of a token as key") }
                let text = try added.member("content").string()
                try result.replace(text, id: id, at: added)
                if try added.member("special").bool() == true { result.special.insert(text) }
            }
            for role in roles {
                if let text = text(of: file.member(role)) { result.special.insert(text) }
            }
            for list in lists {
                // `extra_special_tokens` is an array or an object of names with their tokens.
                let field = file.member(list)
                let entries = field.view?.kind == "object" ? try field.members().map(\.value) : try field.elements()
                result.special.formUnion(entries.compactMap(text))
            }
        }
        tokens = result
    }

    /// A token is written as its text, or as an object with it.
    private static func text(of field: TokenizerField) -> String? {
        field.view?.string ?? field.member("content").view?.string
    }
}
