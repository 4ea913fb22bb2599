import JSON

/// `/tokenize` and `/detokenize`.
enum TokenizeEndpoint {
    /// The tokens of a prompt, or of messages in the chat template.
    static func tokenize(_ body: FieldReader, options: VLLMSimulator.Options) throws(WireError) -> Reply {
        try ModelCheck.name(body, options: options)
        let text: String
        if body["messages"] != nil {
            text = try ChatPrompt(body, options: options).text
        } else if let prompt = try body.string("prompt") {
            text = prompt
        } else {
            throw .schema([
                .init(type: "missing", place: "prompt", message: "Field required", input: body.whole),
                .init(type: "missing", place: "messages", message: "Field required", input: body.whole),
            ])
        }
        let tokens = Tokenizer.tiny.encode(text)
        let names: JSONValue =
            try body.bool("return_token_strs") == true ? .array(tokens.map { .string(Tokenizer.tiny.name(of: $0)) }) : .null
        return .json([
            "count": .integer(tokens.count), "max_model_len": .integer(options.maxModelLength),
            "tokens": .array(tokens.map { .integer($0) }), "token_strs": names,
        ])
    }

    /// The text of tokens; ids outside the vocabulary have none.
    static func detokenize(_ body: FieldReader, options: VLLMSimulator.Options) throws(WireError) -> Reply {
        try ModelCheck.name(body, options: options)
        guard let tokens = try body.ints("tokens") else { throw body.missing("tokens") }
        return .json(["prompt": .string(Tokenizer.tiny.decode(tokens))])
    }
}
