/// One step through a YAML document, as libyaml reports it.
struct YAMLEvent {
    /// What comes.
    enum Kind {
        case streamStart
        case streamEnd
        case documentStart
        case documentEnd
        case alias(String)
        case scalar(String, isPlain: Bool, Properties)
        case sequenceStart(Properties)
        case sequenceEnd
        case mappingStart(Properties)
        case mappingEnd
    }

    /// What may stand before a value.
    struct Properties {
        /// The name after `&`.
        var anchor: String?
        /// The whole tag: `tag:yaml.org,2002:str` for `!!str`, `!foo` for `!foo`.
        var tag: String?
    }

    var kind: Kind
    var location: SourceLocation
}
