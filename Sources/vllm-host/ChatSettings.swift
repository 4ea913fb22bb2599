import Configuration
import HostSession
import JSON
import ProviderKit
import Suggestions

/// What the next prompts of a chat are asked with.
struct ChatSettings {
    /// How they are to be answered.
    private(set) var options: PromptOptions
    /// The pictures that wait for the next prompt.
    var images: [ContentBlock]

    init(options: PromptOptions, images: [ContentBlock]) {
        self.options = options
        self.images = images
    }

    /// Changes a setting, or tells it.
    /// - Returns: what to show.
    /// - Throws: `InputError`; `ConfigurationError` for what is no `KEY=VALUE`.
    mutating func change(_ setting: ChatLine.Setting) throws -> String {
        switch setting {
        case .image(let place):
            images.append(try ImageInput.block(place))
            return "\(images.count == 1 ? "one picture goes" : "\(images.count) pictures go") with the next prompt\n"
        case .model(let name?):
            options.model = name
            return ""
        case .model(nil): return "\(options.model ?? "the model of the plan")\n"
        case .option(nil): return options.call.isEmpty ? "nothing is set\n" : options.call.map { "\($0.key)=\($0.value.text)\n" }.joined()
        case .option(let text?):
            try set(text)
            return ""
        }
    }

    private mutating func set(_ text: String) throws {
        let override = try ConfigurationOverride(parsing: text, option: "/set")
        let key = override.keys.joined(separator: ".")
        guard let field = GenerationFlags.callFields.first(where: { $0.key == key }) else {
            let better = nearest(to: key, among: GenerationFlags.callFields.map(\.key)).map { "; did you mean \($0)?" } ?? ""
            throw InputError(message: "/set: \(key) is no setting of an answer\(better)")
        }
        guard !override.value.isNull else { return options.call[key] = nil }
        do { options.call[key] = try GenerationFlags.value(of: field, from: override.value) } catch {
            throw InputError(message: "/set: \(key): \(error)")
        }
    }
}
