import VLLMClient

extension RequestOptions {
    /// How a request is handled, and what is told beside the answer.
    init(_ options: OptionReader) {
        self.init()
        streamOptions = StreamOptions(includeUsage: true)
        streamInterval = options.int("stream_interval")
        priority = options.int("request_priority")
        user = options.string("user")
        cacheSalt = options.string("cache_salt")
        returnTokenIDs = options.bool("return_token_ids")
        returnTokensAsTokenIDs = options.bool("return_tokens_as_token_ids")
        kvTransferParams = options.merged("kv_transfer_params")
        ecTransferParams = options.merged("ec_transfer_params")
        vllmXArgs = options.merged("vllm_xargs")
    }
}
