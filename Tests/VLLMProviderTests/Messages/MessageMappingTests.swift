import JSON
import ProviderKit
import Testing

@Suite("A host's messages, as the server gets them")
struct MessageMappingTests {
    private static func call(_ id: String, _ name: String = "f", _ arguments: String = "{}") -> JSONValue {
        ["id": .string(id), "type": "function", "function": ["name": .string(name), "arguments": .string(arguments)]]
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var messages: JSONValue
        var sent: JSONValue

        init(_ description: String, _ messages: JSONValue, _ sent: JSONValue) {
            testDescription = description
            self.messages = messages
            self.sent = sent
        }
    }

    @Test(
        "roles and text",
        arguments: [
            Case(
                "every role, in order, with names; a role of the host's own passes through",
                [
                    ["role": "system", "content": "s"], ["role": "user", "name": "ann", "content": "u"],
                    ["role": "assistant", "name": "bot", "content": "a"], ["role": "narrator", "content": "n"],
                    ["role": "system", "content": "t"], ["role": "user", "content": ""],
                ],
                [
                    ["role": "system", "content": "s"], ["role": "user", "name": "ann", "content": "u"],
                    ["role": "assistant", "name": "bot", "content": "a"], ["role": "narrator", "content": "n"],
                    ["role": "system", "content": "t"], ["role": "user", "content": ""],
                ]),
            Case(
                "system messages with block content are not empty (defect e of Amplifier's provider); texts stand on lines of their own",
                [["role": "system", "content": [["type": "text", "text": "Be brief."], ["type": "text", "text": "Be kind."]]]],
                [["role": "system", "content": "Be brief.\nBe kind."]]),
            Case(
                "blocks of every visibility are sent: it says who may see them",
                [
                    [
                        "role": "user",
                        "content": .array(
                            ["internal", "developer", "user"].map {
                                ["type": "text", "text": .string("for \($0)"), "visibility": .string($0)]
                            }),
                    ]
                ],
                [["role": "user", "content": "for internal\nfor developer\nfor user"]]),
            Case(
                "texts in the spelling of OpenAI's APIs",
                [
                    [
                        "role": "user",
                        "content": [
                            ["type": "input_text", "text": "a"], ["type": "output_text", "text": "b"], ["type": "refusal", "refusal": "c"],
                        ],
                    ]
                ],
                [["role": "user", "content": "a\nb\nc"]]),
            Case("a message without blocks", [["role": "user", "content": []]], [["role": "user", "content": ""]]),
        ])
    func text(_ example: Case) async throws {
        #expect(try await SentMessages(example.messages).messages == example.sent)
    }

    @Test(
        "reasoning goes back under both names that versions of vLLM read",
        arguments: [
            Case(
                "blocks are joined, blank ones left out",
                [
                    [
                        "role": "assistant",
                        "content": [
                            ["type": "thinking", "thinking": "first", "signature": "x"], ["type": "thinking", "thinking": " \n"],
                            ["type": "text", "text": "4"], ["type": "thinking", "thinking": "second", "visibility": "internal"],
                        ],
                    ]
                ],
                [["role": "assistant", "content": "4", "reasoning": "first\nsecond", "reasoning_content": "first\nsecond"]]),
            Case(
                "of the Responses API's blocks, the content, or else the summary",
                [
                    [
                        "role": "assistant",
                        "content": [
                            [
                                "type": "reasoning", "content": [["type": "reasoning_text", "text": "a"], "b"],
                                "summary": [["type": "summary_text", "text": "no"]],
                            ],
                            ["type": "reasoning", "content": [], "summary": [["type": "summary_text", "text": "s"]]],
                            ["type": "text", "text": "4"],
                        ],
                    ]
                ],
                [["role": "assistant", "content": "4", "reasoning": "a\nb\ns", "reasoning_content": "a\nb\ns"]]),
            Case(
                "blank reasoning is none",
                [["role": "assistant", "content": [["type": "thinking", "thinking": "\n\n"], ["type": "text", "text": "4"]]]],
                [["role": "assistant", "content": "4"]]),
        ])
    func reasoning(_ example: Case) async throws {
        let sent = try await SentMessages(example.messages)
        #expect(sent.messages == example.sent)
        #expect(sent.degradation == nil)
    }

    @Test(
        "tool calls and their results",
        arguments: [
            Case(
                "calls from blocks, results by id: a tool message keeps its id",
                [
                    [
                        "role": "assistant",
                        "content": [
                            ["type": "text", "text": "Let me see."], ["type": "tool_call", "id": "c1", "name": "f", "input": ["x": 1.50]],
                            ["type": "tool_call", "id": "c2", "name": "g", "input": [:]],
                        ],
                    ],
                    ["role": "tool", "tool_call_id": "c2", "name": "g", "content": "two"],
                    [
                        "role": "tool", "tool_call_id": "c1",
                        "content": [["type": "text", "text": "one"], ["type": "text", "text": "more"]],
                    ],
                ],
                [
                    ["role": "assistant", "content": "Let me see.", "tool_calls": [call("c1", "f", #"{"x":1.5}"#), call("c2", "g")]],
                    ["role": "tool", "tool_call_id": "c2", "name": "g", "content": "two"],
                    ["role": "tool", "tool_call_id": "c1", "content": "one\nmore"],
                ]),
            Case(
                "calls beside the content, as Amplifier's loops and OpenAI's API have them; text that is no JSON stays what it is",
                [
                    [
                        "role": "assistant", "content": "",
                        "tool_calls": [
                            ["id": "c1", "tool": "f", "arguments": ["x": 1]], call("c2", "g", #"{"y": 2.0}"#), call("c3", "h", "{bad"),
                        ],
                    ],
                    ["role": "tool", "tool_call_id": "c1", "content": "1"], ["role": "tool", "tool_call_id": "c2", "content": "2"],
                    ["role": "tool", "tool_call_id": "c3", "content": "3"],
                ],
                [
                    [
                        "role": "assistant", "content": "",
                        "tool_calls": [call("c1", "f", #"{"x":1}"#), call("c2", "g", #"{"y": 2.0}"#), call("c3", "h", "{bad")],
                    ],
                    ["role": "tool", "tool_call_id": "c1", "content": "1"], ["role": "tool", "tool_call_id": "c2", "content": "2"],
                    ["role": "tool", "tool_call_id": "c3", "content": "3"],
                ]),
            Case(
                "calls that stand in blocks and beside them are sent once",
                [
                    [
                        "role": "assistant", "content": [["type": "tool_call", "id": "c1", "name": "f", "input": [:]]],
                        "tool_calls": [["id": "c1", "tool": "f", "arguments": [:]], ["id": "c2", "tool": "f", "arguments": [:]]],
                    ],
                    ["role": "tool", "tool_call_id": "c1", "content": "1"], ["role": "tool", "tool_call_id": "c2", "content": "2"],
                ],
                [
                    ["role": "assistant", "content": .null, "tool_calls": [call("c1"), call("c2")]],
                    ["role": "tool", "tool_call_id": "c1", "content": "1"], ["role": "tool", "tool_call_id": "c2", "content": "2"],
                ]),
            Case(
                "result blocks: a text, structured JSON as its text, content blocks, nothing",
                [
                    ["role": "assistant", "content": [], "tool_calls": .array((1...6).map { call("c\($0)") })],
                    [
                        "role": "user",
                        "content": [
                            ["type": "tool_result", "tool_call_id": "c1", "output": "one"],
                            ["type": "tool_result", "tool_call_id": "c2", "output": ["n": 1.0, "l": [true]]],
                            [
                                "type": "tool_result", "tool_call_id": "c3",
                                "output": [["type": "text", "text": "a"], ["type": "text", "text": "b"]],
                            ],
                            ["type": "tool_result", "tool_call_id": "c4", "output": [["type": "pear"], ["type": "apple"]]],
                            ["type": "tool_result", "tool_call_id": "c5"],
                            [
                                "type": "tool_result", "tool_call_id": "c6",
                                "output": [
                                    ["type": "text", "text": "a picture"],
                                    ["type": "image", "source": ["type": "url", "url": "https://x/y.png"]],
                                ],
                            ],
                            ["type": "text", "text": "Go on."],
                        ],
                    ],
                ],
                [
                    ["role": "assistant", "content": .null, "tool_calls": .array((1...6).map { call("c\($0)") })],
                    ["role": "tool", "tool_call_id": "c1", "content": "one"],
                    ["role": "tool", "tool_call_id": "c2", "content": #"{"n":1.0,"l":[true]}"#],
                    ["role": "tool", "tool_call_id": "c3", "content": "a\nb"],
                    ["role": "tool", "tool_call_id": "c4", "content": #"[{"type":"pear"},{"type":"apple"}]"#],
                    ["role": "tool", "tool_call_id": "c5", "content": "null"],
                    [
                        "role": "tool", "tool_call_id": "c6",
                        "content": [
                            ["type": "text", "text": "a picture"], ["type": "image_url", "image_url": ["url": "https://x/y.png"]],
                        ],
                    ],
                    ["role": "user", "content": "Go on."],
                ]),
            Case(
                "a result in a block of a tool's message is sent once, and what stands beside it is the user's",
                [
                    ["role": "assistant", "content": [["type": "tool_call", "id": "c1", "name": "f", "input": [:]]]],
                    [
                        "role": "tool", "tool_call_id": "c1", "name": "f",
                        "content": [["type": "tool_result", "tool_call_id": "c1", "output": 22], ["type": "text", "text": "note"]],
                    ],
                ],
                [
                    ["role": "assistant", "content": .null, "tool_calls": [call("c1")]],
                    ["role": "tool", "tool_call_id": "c1", "name": "f", "content": "22"], ["role": "user", "content": "note"],
                ]),
            Case(
                "an assistant's message with its calls' results is split where they stand",
                [
                    [
                        "role": "assistant",
                        "content": [
                            ["type": "text", "text": "I look."], ["type": "tool_call", "id": "c1", "name": "f", "input": [:]],
                            ["type": "tool_result", "tool_call_id": "c1", "output": "22"], ["type": "text", "text": "It is 22."],
                        ],
                    ]
                ],
                [
                    ["role": "assistant", "content": "I look.", "tool_calls": [call("c1")]],
                    ["role": "tool", "tool_call_id": "c1", "content": "22"], ["role": "assistant", "content": "It is 22."],
                ]),
            Case(
                "results without id and name answer in order, and take no call that another result names",
                [
                    ["role": "assistant", "content": "", "tool_calls": [call("c1", "f"), call("c2", "g"), call("c3", "f")]],
                    ["role": "tool", "content": "second"], ["role": "tool", "name": "f", "content": "first"],
                    ["role": "tool", "content": "third"],
                ],
                [
                    ["role": "assistant", "content": "", "tool_calls": [call("c1", "f"), call("c2", "g"), call("c3", "f")]],
                    ["role": "tool", "tool_call_id": "c2", "content": "second"],
                    ["role": "tool", "tool_call_id": "c1", "name": "f", "content": "first"],
                    ["role": "tool", "tool_call_id": "c3", "content": "third"],
                ]),
            Case(
                "the older role function, and a tool's message without an id, answer the call of their name",
                [
                    ["role": "assistant", "content": "", "tool_calls": [call("c1", "g"), call("c2", "f"), call("c3", "f")]],
                    ["role": "function", "name": "f", "content": "second"], ["role": "tool", "name": "g", "content": "first"],
                    ["role": "tool", "tool_call_id": "c3", "content": "third"],
                ],
                [
                    ["role": "assistant", "content": "", "tool_calls": [call("c1", "g"), call("c2", "f"), call("c3", "f")]],
                    ["role": "tool", "tool_call_id": "c2", "name": "f", "content": "second"],
                    ["role": "tool", "tool_call_id": "c1", "name": "g", "content": "first"],
                    ["role": "tool", "tool_call_id": "c3", "content": "third"],
                ]),
        ])
    func tools(_ example: Case) async throws {
        let sent = try await SentMessages(example.messages)
        #expect(sent.messages == example.sent)
        #expect(sent.degradation == nil)
    }

    @Test("the template gets the same messages as chat does", arguments: ["/v1/chat/completions", "/tokenize"])
    func bothEndpoints(path: String) async throws {
        let sent = try await SentMessages(
            [
                ["role": "user", "content": "Hi"],
                [
                    "role": "assistant",
                    "content": [["type": "thinking", "thinking": "Hm."], ["type": "tool_call", "id": "c1", "name": "f", "input": [:]]],
                ],
                ["role": "tool", "tool_call_id": "c1", "content": "22"],
            ], path: path)
        #expect(
            sent.messages == [
                ["role": "user", "content": "Hi"],
                [
                    "role": "assistant", "content": .null, "reasoning": "Hm.", "reasoning_content": "Hm.",
                    "tool_calls": [["id": "c1", "type": "function", "function": ["name": "f", "arguments": "{}"]]],
                ],
                ["role": "tool", "tool_call_id": "c1", "content": "22"],
            ])
    }

    @Test("what no server takes is left out, and the answer says what and where", arguments: ["/v1/chat/completions", "/tokenize"])
    func leftOut(path: String) async throws {
        let sent = try await SentMessages(
            [
                [
                    "role": "assistant",
                    "content": [
                        ["type": "redacted_thinking", "data": "x"], ["type": "text", "text": "a"],
                        ["type": "redacted_thinking", "data": "y"],
                    ],
                ],
                ["role": "user", "content": [["type": "hologram", "data": "z"], ["type": "text", "text": "b"]]],
                [
                    "role": "user",
                    "content": [["type": "tool_call", "id": "c", "name": "f", "input": [:]], ["type": "thinking", "thinking": "t"]],
                ],
                ["role": "assistant", "content": [["type": "redacted_thinking", "data": "x"]]],
            ], path: path)
        #expect(
            sent.messages == [
                ["role": "assistant", "content": "a"], ["role": "user", "content": "b"], ["role": "user", "content": ""],
                ["role": "assistant", "content": ""],
            ])
        #expect(
            sent.degradation?.requested
                == "content block redacted_thinking in messages[0], messages[3]; content block hologram in messages[1]; "
                + "content block tool_call in messages[2]; content block thinking in messages[2]")
        #expect(sent.degradation?.actual == "left out; left out; left out; left out")
    }
}
