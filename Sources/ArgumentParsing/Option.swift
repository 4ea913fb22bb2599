/// An option of a command: `--json`, `-m NAME`, `--set KEY=VALUE`.
public struct Option: Sendable, Hashable {
    /// Whether an option stands alone or takes a value.
    public enum Kind: Sendable, Hashable {
        /// Stands alone: `--json`.
        case flag
        /// Takes one value, of this kind, each time it is given: `--model NAME`.
        case value(ValueHint)
    }

    /// The names with their dashes, short ones first: `-m`, `--model`.
    public var names: [String]
    /// Whether the option takes a value.
    public var kind: Kind
    /// The word that stands for the value in help; nil leaves it to the hint.
    public var valueName: String?
    /// Whether giving it several times adds up. If not, the last one counts, so that a later option overrides one from an alias or a script.
    public var isRepeatable: Bool
    /// Whether the commands below the one that declares it have it too.
    public var isInherited: Bool
    /// What it does, in a sentence or two.
    public var help: String
    /// The environment variable that the program reads where the option is not given; for help only.
    public var environment: String?
    /// What holds where the option is not given, as text for help only.
    public var defaultText: String?
    /// What the option means without a value, where it may be given so. A value then has to be attached to it: `--resume=NAME`.
    public var impliedValue: String?
    /// The heading under which help lists it; nil for the general one.
    public var group: OptionGroup?

    /// An option that stands alone.
    public static func flag(_ names: String..., help: String, isRepeatable: Bool = false, isInherited: Bool = false) -> Option {
        Option(
            names: names, kind: .flag, valueName: nil, isRepeatable: isRepeatable, isInherited: isInherited, help: help, environment: nil,
            defaultText: nil)
    }

    /// An option that takes a value; see the properties for the parameters.
    public static func value(
        _ names: String..., named valueName: String? = nil, hint: ValueHint = .text, help: String, isRepeatable: Bool = false,
        isInherited: Bool = false, environment: String? = nil, default defaultText: String? = nil, implied impliedValue: String? = nil
    ) -> Option {
        Option(
            names: names, kind: .value(hint), valueName: valueName, isRepeatable: isRepeatable, isInherited: isInherited, help: help,
            environment: environment, defaultText: defaultText, impliedValue: impliedValue)
    }

    /// The same option under a heading.
    public func grouped(under group: OptionGroup) -> Option {
        var option = self
        option.group = group
        return option
    }

    /// The name under which a ``ParsedCommand`` holds the option: its first long name, or else its first name, without dashes.
    public var key: String {
        String(Substring(displayName.utf8.drop { $0 == UInt8(ascii: "-") }))
    }
}

extension Option {
    var shortNames: [String] { names.filter { !$0.hasPrefix("--") } }
    var longNames: [String] { names.filter { $0.hasPrefix("--") } }

    /// What the value is; nil for a flag.
    var hint: ValueHint? {
        if case .value(let hint) = kind { hint } else { nil }
    }

    /// What the word behind the option is; nil where that is no value of it.
    var followingHint: ValueHint? { impliedValue == nil ? hint : nil }

    /// How help writes the value behind a name: ` NAME`, or `[=NAME]` where there need be none; empty for a flag.
    func valueForm(_ style: (String) -> String = { $0 }) -> String {
        placeholder.map { impliedValue == nil ? " \(style($0))" : "[=\(style($0))]" } ?? ""
    }

    /// The word that stands for the value in help; nil for a flag.
    var placeholder: String? {
        hint.map { valueName ?? $0.placeholder }
    }

    /// The name by which messages call it.
    var displayName: String { names.first { $0.hasPrefix("--") } ?? names.first ?? "" }

    /// The sentence of help, with default and environment variable behind it.
    var fullHelp: String {
        var parts = [help]
        if case .choices(let words) = hint, valueName != nil { parts.append("[one of: \(words.joined(separator: ", "))]") }
        if let defaultText { parts.append("[default: \(defaultText)]") }
        if let environment { parts.append("[environment: \(environment)]") }
        if isRepeatable { parts.append("[repeatable]") }
        return parts.joined(separator: " ")
    }
}
