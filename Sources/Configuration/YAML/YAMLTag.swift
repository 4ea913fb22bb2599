/// The tag of a value: of the standard ones, those are known that make sense in a configuration.
struct YAMLTag {
    /// Why a tag cannot be used.
    struct Refusal: Error {
        var message: String
        var hint: String?
    }

    private static let standard = "tag:yaml.org,2002:"

    private let name: String

    /// A tag in full, as libyaml reports it: `tag:yaml.org,2002:str` for `!!str`.
    init(_ name: String) { self.name = name }

    /// The value of a scalar with this tag.
    func value(of text: String) throws(Refusal) -> ConfigurationNode.Value {
        let fits: Bool
        switch name {
        case "!", Self.standard + "str": return .scalar(ConfigurationScalar(text, isPlain: false))
        case Self.standard + "null": return .null
        case Self.standard + "bool": fits = CoreSchema.bool(text) != nil
        case Self.standard + "int": fits = CoreSchema.int(text) != nil
        case Self.standard + "float": fits = CoreSchema.double(text) != nil
        default: throw unknown
        }
        guard fits else { throw Refusal(message: "\(text.quotedForMessage) does not fit the tag \(shown)") }
        return .scalar(ConfigurationScalar(text, isPlain: true))
    }

    /// Checks that this is the tag of lists (`seq`) or of mappings (`map`).
    func check(is kind: String) throws(Refusal) {
        guard name == "!" || name == Self.standard + kind else { throw unknown }
    }

    private var unknown: Refusal {
        Refusal(
            message: "the tag \(shown) has no meaning here", hint: "remove it, or put quotation marks around a value that begins with '!'")
    }

    private var shown: String { name.hasPrefix(Self.standard) ? "!!\(name.dropFirst(Self.standard.count))" : name }
}
