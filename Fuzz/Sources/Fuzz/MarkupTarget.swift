import JSON
import ProviderKit

@testable import VLLMProvider

extension FuzzTarget {
    /// Markup in a model's text: the same pieces wherever the text is split. The first byte says how the text is read.
    static let markup = FuzzTarget { bytes in
        guard let choice = bytes.first else { return }
        let text = String(decoding: bytes.dropFirst(), as: UTF8.self)
        var splitting = Splitting(seed: bytes)
        let whole = pieces([text], choice)
        let split = pieces(splitting.pieces(text), choice)
        require(whole == split, "split, the pieces are others: \(whole) or \(split)")
        for case .unreadableCall(let call) in whole {
            for wasCut in [false, true] { _ = try? ToolArguments(tools: tools, repairs: true).meaning(of: call, wasCut: wasCut) }
        }
    }

    static let tools = OfferedTools([
        ToolSpec(name: "f", parameters: ["type": "object"]),
        ToolSpec(
            name: "get_weather",
            parameters: [
                "type": "object",
                "properties": [
                    "city": ["type": "string"], "days": ["type": "integer"], "exact": ["type": "boolean"],
                    "tags": ["type": "array", "items": ["type": "object"]], "limit": ["type": ["integer", "null"]],
                ],
            ]),
    ])

    private static func pieces(_ texts: [String], _ choice: UInt8) -> [MarkupPiece] {
        let formats = ToolCallFormat.allCases.map(Optional.some) + [nil]
        var splitter = MarkupSplitter(
            splitsThinking: choice & 0x80 == 0, startsInThinking: choice & 0x40 != 0,
            format: formats[Int(choice & 0x3F) % formats.count], tools: tools)
        return splitter.joinedPieces(of: texts)
    }
}
