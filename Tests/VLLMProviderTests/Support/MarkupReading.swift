import JSON
import ProviderKit
import Testing

@testable import VLLMProvider

/// How a text is read in a test.
struct MarkupReading {
    var format: ToolCallFormat?
    var startsInThinking = false
    var splitsThinking = true
    var tools = [
        ToolSpec(name: "f", parameters: ["type": "object"]), ToolSpec(name: "get_weather", parameters: weatherSchema),
    ]

    /// The arguments of a tool, of every type.
    static let weatherSchema: JSONObject = [
        "type": "object",
        "properties": [
            "city": ["type": "string"], "days": ["type": "integer"], "exact": ["type": "boolean"], "ratio": ["type": "number"],
            "when": ["$ref": "#/$defs/When"], "tags": ["type": "array", "items": ["type": "object"]],
            "note": ["anyOf": [["type": "string"], ["type": "null"]]], "limit": ["type": ["integer", "null"]], "anything": [:],
        ],
        "$defs": ["When": ["type": "object", "properties": ["hour": ["type": "integer"]]]],
    ]

    /// What the texts say, in whatever pieces they come.
    func pieces(_ texts: [String]) -> [MarkupPiece] {
        var splitter = MarkupSplitter(
            splitsThinking: splitsThinking, startsInThinking: startsInThinking, format: format, tools: OfferedTools(tools))
        return splitter.joinedPieces(of: texts)
    }

    /// The pieces of a text that comes whole.
    func pieces(_ text: String) -> [MarkupPiece] { pieces([text]) }

    /// Where a text that comes in pieces is read as something else than the whole: the first cut, for the test to show.
    func differingCut(of text: String) -> String? {
        let whole = pieces(text)
        let scalars = Array(text.unicodeScalars)
        func joined(_ part: ArraySlice<Unicode.Scalar>) -> String { part.reduce(into: "") { $0.unicodeScalars.append($1) } }
        // Of a long text, the cuts near its ends and some of those between.
        let step = max(1, scalars.count / 200)
        for cut in 0...scalars.count where cut % step == 0 || min(cut, scalars.count - cut) < 60 {
            guard pieces([joined(scalars[..<cut]), joined(scalars[cut...])]) != whole else { continue }
            return "\(joined(scalars[..<cut])) | \(joined(scalars[cut...]))"
        }
        return pieces(scalars.map { String($0) }) == whole ? nil : "every character by itself"
    }
}

/// A text and what it says.
struct MarkupCase: Sendable, CustomTestStringConvertible {
    var format: ToolCallFormat?
    var text: String
    var expected: [MarkupPiece]

    init(_ format: ToolCallFormat?, _ text: String, _ expected: [MarkupPiece]) {
        (self.format, self.text, self.expected) = (format, text, expected)
    }

    var testDescription: String { "\(format?.rawValue ?? "no format"): \(text.prefix(80))" }

    /// A call that is complete.
    static func call(_ name: String, _ arguments: String, id: String? = nil) -> [MarkupPiece] {
        [.callStarted(name: name, id: id), .callArguments(arguments), .callEnded]
    }
}
