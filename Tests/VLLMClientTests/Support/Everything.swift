import JSON
import VLLMClient

extension SamplingParameters {
    /// Every field set.
    static var everything: SamplingParameters {
        var sampling = SamplingParameters()
        sampling.temperature = 0.7
        sampling.topP = 0.9
        sampling.topK = 40
        sampling.minP = 0.05
        sampling.seed = 42
        sampling.n = 2
        sampling.frequencyPenalty = 0.1
        sampling.presencePenalty = -0.1
        sampling.repetitionPenalty = 1.1
        sampling.lengthPenalty = 1
        sampling.useBeamSearch = false
        sampling.stop = ["END", "\n"]
        sampling.stopTokenIDs = [2]
        sampling.includeStopStringInOutput = true
        sampling.maxTokens = 64
        sampling.minTokens = 1
        sampling.ignoreEOS = false
        sampling.badWords = ["bad"]
        sampling.allowedTokenIDs = [1, 2, 3]
        sampling.logitBias = [20: -1, 3: 0.5]
        sampling.promptLogprobs = 1
        sampling.logprobTokenIDs = [9]
        sampling.truncatePromptTokens = -1
        sampling.truncationSide = "left"
        sampling.skipSpecialTokens = false
        sampling.spacesBetweenSpecialTokens = true
        sampling.responseFormat = .jsonObject
        sampling.structuredOutputs = StructuredOutputs(.choice(["a"]))
        sampling.thinkingTokenBudget = 100
        sampling.repetitionDetection = ["max_pattern_size": 8, "min_count": 3]
        return sampling
    }

    /// The JSON of `everything`, without its braces.
    static let everythingText = [
        #""temperature":0.7,"top_p":0.9,"top_k":40,"min_p":0.05,"seed":42,"n":2,"frequency_penalty":0.1,"presence_penalty":-0.1"#,
        #""repetition_penalty":1.1,"length_penalty":1.0,"use_beam_search":false,"stop":["END","\n"],"stop_token_ids":[2]"#,
        #""include_stop_str_in_output":true,"max_tokens":64,"min_tokens":1,"ignore_eos":false,"bad_words":["bad"]"#,
        #""allowed_token_ids":[1,2,3],"logit_bias":{"3":0.5,"20":-1.0},"prompt_logprobs":1,"logprob_token_ids":[9]"#,
        #""truncate_prompt_tokens":-1,"truncation_side":"left","skip_special_tokens":false,"spaces_between_special_tokens":true"#,
        #""response_format":{"type":"json_object"},"structured_outputs":{"choice":["a"]},"thinking_token_budget":100"#,
        #""repetition_detection":{"max_pattern_size":8,"min_count":3}"#,
    ].joined(separator: ",")
}

extension RequestOptions {
    /// Every field set.
    static var everything: RequestOptions {
        var options = RequestOptions()
        options.streamOptions = StreamOptions(includeUsage: true, continuousUsageStats: false)
        options.streamInterval = 4
        options.priority = -1
        options.requestID = "r"
        options.sessionID = "s"
        options.user = "u"
        options.cacheSalt = "salt"
        options.returnTokenIDs = true
        options.returnTokensAsTokenIDs = true
        options.returnTokenOffsets = false
        options.routedExpertsPromptStart = 0
        options.watermarking = false
        options.kvTransferParams = ["do_remote_prefill": true]
        options.ecTransferParams = ["a": 1]
        options.vllmXArgs = ["b": "c"]
        return options
    }

    /// The JSON of `everything` without `stream_options` and without its braces.
    static let everythingText = [
        #""stream_interval":4,"priority":-1,"request_id":"r","session_id":"s","user":"u","cache_salt":"salt","return_token_ids":true"#,
        #""return_tokens_as_token_ids":true,"return_token_offsets":false,"routed_experts_prompt_start":0,"watermarking":false"#,
        #""kv_transfer_params":{"do_remote_prefill":true},"ec_transfer_params":{"a":1},"vllm_xargs":{"b":"c"}"#,
    ].joined(separator: ",")
}

extension ChatTemplateOptions {
    /// Every field set.
    static var everything: ChatTemplateOptions {
        var template = ChatTemplateOptions()
        template.addGenerationPrompt = false
        template.continueFinalMessage = true
        template.addSpecialTokens = false
        template.chatTemplate = "{{ messages }}"
        template.chatTemplateKwargs = ["enable_thinking": false]
        template.mediaIOKwargs = ["image": [:]]
        template.mmProcessorKwargs = [:]
        return template
    }

    /// The JSON of `everything` without its braces.
    static let everythingText = [
        #""add_generation_prompt":false,"continue_final_message":true,"add_special_tokens":false,"chat_template":"{{ messages }}""#,
        #""chat_template_kwargs":{"enable_thinking":false},"media_io_kwargs":{"image":{}},"mm_processor_kwargs":{}"#,
    ].joined(separator: ",")
}
