import JSON
import Testing

@testable import VLLMClient

@Suite("Embedding requests")
struct EmbeddingRequestTests {
    @Test("send every field that is set, in an order that does not change")
    func whole() {
        var request = EmbeddingRequest(model: "minilm", .text("Hi"))
        request.encodingFormat = .float
        request.embedDtype = .fp8E4M3
        request.dimensions = 256
        request.useActivation = false
        request.addSpecialTokens = true
        request.truncatePromptTokens = -1
        request.truncationSide = "left"
        request.padding = "max_length"
        request.priority = 2
        request.requestID = "r"
        request.user = "u"
        request.cacheSalt = "salt"
        request.extra = ["x": 1, "encoding_format": "bytes", "embed_dtype": "float16", "endianness": "big"]
        let expected: [String] = [
            #""model":"minilm","add_special_tokens":true,"input":"Hi","dimensions":256,"use_activation":false,"truncate_prompt_tokens":-1"#,
            #""truncation_side":"left","padding":"max_length","priority":2,"request_id":"r","user":"u","cache_salt":"salt","x":1"#,
            #""encoding_format":"float","embed_dtype":"fp8_e4m3""#,
        ]
        #expect(JSONValue.object(request.json).text == "{\(expected.joined(separator: ","))}")
    }

    @Test(
        "send each kind of input",
        arguments: [
            (EmbeddingRequest.Input.text("a"), #""input":"a""#, 1), (.texts(["a", "b"]), #""input":["a","b"]"#, 2),
            (.tokens([1, 2]), #""input":[1,2]"#, 1), (.tokenLists([[1], [2, 3]]), #""input":[[1],[2,3]]"#, 2),
            (.messages([["role": "user"]]), #""messages":[{"role":"user"}]"#, 1),
            (.conversations([[["role": "user"]], []]), #""messages":[[{"role":"user"}],[]]"#, 2),
            (
                .messages([["role": "user"]], template: .everything),
                #""messages":[{"role":"user"}],"# + ChatTemplateOptions.everythingText, 1
            ),
        ])
    func inputs(input: EmbeddingRequest.Input, text: String, count: Int) {
        #expect(JSONValue.object(EmbeddingRequest(input).json).text == "{\(text),\"encoding_format\":\"base64\"}")
        #expect(input.count == count)
    }
}
