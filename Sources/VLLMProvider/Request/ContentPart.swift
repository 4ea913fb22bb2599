import JSON
import ProviderKit

/// Blocks of a message as parts of a `content` list (vLLM 0.32, `renderers/chat_utils.py`).
enum ContentPart {
    /// Parts that vLLM has beyond those mapped here; they are sent as they are.
    private static let passed: Set<String> = [
        "input_audio", "image_embeds", "audio_embeds", "video_embeds", "prompt_embeds", "tool_reference",
    ]

    /// The block as a part; `nil` where the server's API has nothing like it.
    /// - Throws: `ProviderError` with the code `invalidRequest`, for media that cannot be sent.
    static func map(_ block: ContentBlock) throws(ProviderError) -> JSONValue? {
        if let text = text(block) { return ["type": "text", "text": .string(text)] }
        switch block {
        case .image(let image):
            return try MediaPart.map(.image, source: image.source, detail: image.additional["detail"] ?? image.source["detail"])
        case .unknown(let object): return try map(object)
        default: return nil
        }
    }

    /// The text of a text block, or of the like of OpenAI's APIs.
    static func text(_ block: ContentBlock) -> String? {
        switch block {
        case .text(let block): block.text
        case .unknown(let object):
            switch object["type"]?.string {
            case "input_text", "output_text": object["text"]?.string
            case "refusal": object["refusal"]?.string
            default: nil
            }
        default: nil
        }
    }

    /// Whether the block is one that can be sent, or would be if its media could be read.
    static func isKnown(_ block: ContentBlock) -> Bool {
        switch block {
        case .text, .image: true
        case .unknown(let object):
            switch object["type"]?.string {
            case let type? where passed.contains(type) || MediaKind(rawValue: type) != nil || MediaKind(urlPart: type) != nil: true
            case "input_image": true
            default: text(block) != nil
            }
        default: false
        }
    }

    private static func map(_ object: JSONObject) throws(ProviderError) -> JSONValue? {
        guard let type = object["type"]?.string else { return nil }
        if let kind = MediaKind(rawValue: type) {
            guard let source = object["source"]?.object else {
                throw ProviderError(.invalidRequest, "a block of the type \(kind.rawValue) has no `source`", hint: MediaSource.hint)
            }
            return try MediaPart.map(kind, source: source, detail: object["detail"] ?? source["detail"])
        }
        if let kind = MediaKind(urlPart: type) { return try MediaPart.map(kind, urlPart: object) }
        // The Responses API's spelling.
        if type == "input_image", let url = object["image_url"]?.string {
            return try MediaPart.map(.image, source: ["url": .string(url)], detail: object["detail"])
        }
        return passed.contains(type) ? .object(object) : nil
    }
}
