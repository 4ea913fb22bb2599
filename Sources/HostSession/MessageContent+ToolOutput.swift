import JSON
import ProviderKit

extension MessageContent {
    /// What a tool returned, for the model: a list of text and image blocks as blocks, a text as it is, anything else as JSON text.
    init(toolOutput: JSONValue) {
        if let blocks = Self.blocks(toolOutput) {
            self = .blocks(blocks)
        } else {
            self = .text(toolOutput.string ?? toolOutput.text)
        }
    }

    private static func blocks(_ output: JSONValue) -> [ContentBlock]? {
        guard let parts = output.array, !parts.isEmpty else { return nil }
        let blocks = parts.compactMap { try? ContentBlock(json: $0) }.filter { block in
            switch block {
            case .text, .image: true
            default: false
            }
        }
        return blocks.count == parts.count ? blocks : nil
    }
}
