import ProviderKit
import Testing

@testable import VLLMProvider

@Suite("Where tokens stand in the blocks")
struct TokenAlignerTests {
    /// What a model says in tokens, the blocks that are made of it, and the places to be found: `block:offset`, or `-` for none.
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var tokens: [String]
        var blocks: [(tool: String?, text: String)]
        var places: String

        init(_ description: String, _ tokens: [String], _ blocks: [(tool: String?, text: String)], _ places: String) {
            (testDescription, self.tokens, self.blocks, self.places) = (description, tokens, blocks, places)
        }
    }

    static let cases = [
        Case(
            "thinking and text, with markup and blank lines around them",
            ["<think>", "\n", "2", "+", "2", " is", " 4", ".", "\n", "</think>", "\n", "\n", "4", "<|im_end|>"],
            [(nil, "2+2 is 4."), (nil, "4")], "- - 0:0 0:1 0:2 0:3 0:6 0:8 - - - - 1:0 -"),
        Case(
            "blank lines and indentation inside of a block", ["a", "\n\n", "  b", " \n", "c", "\n", "<|im_end|>"], [(nil, "a\n\n  b \nc")],
            "0:0 0:1 0:3 0:6 0:8 - -"),
        Case("a token over both ends of a block", ["\n\n4", "2\n</s>"], [(nil, "42")], "0:0 0:1"),
        Case(
            "markup in several tokens, in which the text occurs", ["<", "think", ">", "hm", "</", "think", ">", "\n", "think"],
            [(nil, "hm"), (nil, "think")], "- - - 0:0 - - - - 1:0"),
        Case(
            "text that the reasoning before it holds, too, where reasoning is left out",
            ["<think>", "It", " is", " 4", ".", "</think>", "\n\n", "4", "<|im_end|>"], [(nil, "4")], "- - - - - - - 0:0 -"),
        Case(
            "characters over several tokens, whose first ones are empty", ["a", "", "🚀", "", "", "é", "<|im_end|>"], [(nil, "a🚀é")],
            "0:0 0:1 0:1 0:2 0:2 0:2 -"),
        Case(
            "characters that the tokens do not show at all",
            ["", "🚀", "", "", "", "�🏽", "", "", "", "", "�‍👦", "", "", "", "", "�🇷", "<|im_end|>"],
            [(nil, "🚀🎉👍🏽 👨‍👩‍👧‍👦 🇯🇵🇫🇷")],
            "0:0 0:0 0:1 0:1 0:1 0:1 0:4 0:4 0:4 0:4 0:4 0:12 0:12 0:12 0:12 0:12 -"),
        Case(
            "a block that begins with such characters", ["</think>", "", "", "", "�🏽", " ok", "<|im_end|>"], [(nil, "🎉👍🏽 ok")],
            "- 0:0 0:0 0:0 0:0 0:3 -"),
        Case("an answer that is cut inside of a character", ["Hi ", "", ""], [(nil, "Hi ")], "0:0 0:3 0:3"),
        Case(
            "two calls of one tool, whose arguments begin and end inside of tokens",
            [
                "<tool_call>", "\n", "{\"", "name", "\": \"", "f", "\", \"", "arguments", "\":", " {\"", "x", "\": 1", "}}", "\n",
                "</tool_call>", "<tool_call>", "{\"name\": \"f\"", ", \"arguments\": ", "{\"x\": 1", "}", "}", "</tool_call>",
            ],
            [("f", "{\"x\": 1}"), ("f", "{\"x\": 1}")],
            "- - - - - - - - - 0:0 0:2 0:3 0:7 - - - - - 1:0 1:7 - -"),
        Case(
            "a call without arguments, and text before it",
            ["Wait", ".", "\n", "<tool_call>", "{\"name\": \"f{}\", ", "\"arguments\": ", "{}", "}", "</tool_call>"],
            [(nil, "Wait."), ("f{}", "{}")], "0:0 0:4 - - - - 1:0 - -"),
        Case(
            "a call whose arguments the server spells in its own way, and text behind it",
            ["{\"name\":", "\"f\",", "\"arguments\":", "{\"city\":", "\"Rome\"", "}}", "</tool_call>", "Done", "."],
            [("f", "{\"city\":\"Rome\"}"), (nil, "Done.")], "- - - 0:0 0:8 0:14 - 1:0 1:4"),
        Case(
            "a special token inside of the text, which the server left out", ["Once", "<|pad|>", " upon", " a time"],
            [(nil, "Once upon a time")], "0:0 - 0:4 0:9"),
        Case("text cut by a stop text", ["1", ",", " 2", ", 3", "!"], [(nil, "1, 2")], "0:0 0:1 0:2 - -"),
        Case(
            "a text that begins with an echoed message", [" and", " blue", ".", "<|im_end|>"], [(nil, "The sky is high and blue.")],
            "0:15 0:19 0:24 -"),
        Case("tokens whose texts are not known", ["", "", ""], [(nil, "Hello")], "- - -"),
        Case("an answer of nothing", ["<|im_end|>"], [], "-"),
        Case("blocks without tokens", [], [(nil, "Hello")], ""),
        Case(
            "what is in no token is skipped", ["</think>", "That", " is", " all"],
            [(nil, "something else, said by nobody"), ("f", ""), (nil, "That is all")], "- 2:0 2:4 2:7"),
    ]

    /// - Parameter follows: whether tokens are given as they are where they may go on at once.
    private func place(_ example: Case, tokensFirst: Int, pieceLength: Int, follows: Bool) -> String {
        var aligner = TokenAligner()
        var placed: [TokenLogprob] = []
        func add(_ token: TokenAligner.Token) {
            guard follows, let place = aligner.follow(token.value.token) else { return aligner.add(token) }
            var value = token.value
            (value.blockIndex, value.textOffset) = place
            placed.append(value)
        }
        let tokens = example.tokens.map { TokenAligner.Token(value: TokenLogprob(token: $0, logprob: -1), text: Array($0.utf8)) }
        for token in tokens.prefix(tokensFirst) { add(token) }
        var rest = tokens.dropFirst(tokensFirst)
        for (index, block) in example.blocks.enumerated() {
            aligner.begin(TokenAligner.Block(index: index, tool: block.tool.map { Array($0.utf8) }))
            var text = Array(block.text.unicodeScalars)[...]
            while !text.isEmpty {
                aligner.append(text.prefix(pieceLength).reduce(into: "") { $0.unicodeScalars.append($1) })
                text = text.dropFirst(pieceLength)
                if let token = rest.popFirst() { add(token) }
                aligner.take(isOver: false, to: &placed)
            }
            aligner.end()
            aligner.take(isOver: false, to: &placed)
        }
        for token in rest { add(token) }
        aligner.take(isOver: true, to: &placed)
        let told = placed.map(\.token)
        let placesAreWhole = placed.allSatisfy { ($0.blockIndex == nil) == ($0.textOffset == nil) }
        #expect(told == example.tokens)
        #expect(placesAreWhole)
        return placed.map { token in token.blockIndex.map { "\($0):\(token.textOffset ?? -1)" } ?? "-" }.joined(separator: " ")
    }

    @Test("is found, in whatever order tokens and texts come", arguments: cases)
    func places(example: Case) {
        for tokensFirst in 0...example.tokens.count {
            for pieceLength in [1, 3, 1000] {
                for follows in [false, true] {
                    let places = place(example, tokensFirst: tokensFirst, pieceLength: pieceLength, follows: follows)
                    #expect(places == example.places)
                }
            }
        }
    }

    @Test("is told as soon as it is certain")
    func incremental() {
        var aligner = TokenAligner()
        func add(_ token: String) -> [String] {
            aligner.add(TokenAligner.Token(value: TokenLogprob(token: token, logprob: -1), text: Array(token.utf8)))
            aligner.append(token)
            var placed: [TokenLogprob] = []
            aligner.take(isOver: false, to: &placed)
            return placed.map(\.token)
        }
        aligner.begin(TokenAligner.Block(index: 0, tool: nil))
        // The beginning of a block is compared before it is believed.
        #expect(add("Once upon ") == [])
        #expect(add("a time, ") == ["Once upon ", "a time, "])
        #expect(add("in") == ["in"])
        #expect(add(" a") == [" a"])
    }

    @Test("is found in long answers without much ado")
    func long() {
        let words = (0..<20_000).map { " word\($0)" }
        var aligner = TokenAligner()
        for word in words { aligner.add(TokenAligner.Token(value: TokenLogprob(token: word, logprob: -1), text: Array(word.utf8))) }
        aligner.begin(TokenAligner.Block(index: 3, tool: nil))
        aligner.append(words.joined())
        var placed: [TokenLogprob] = []
        aligner.take(isOver: true, to: &placed)
        #expect(placed.count == words.count)
        #expect(placed.allSatisfy { $0.blockIndex == 3 })
        #expect(placed.last?.textOffset == words.dropLast().joined().unicodeScalars.count)
    }
}
