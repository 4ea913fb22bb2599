/// Text as roff reads it literally.
enum Roff {
    /// A line of text: special letters escaped so that what is copied from the page can be typed, and a leading dot or quote shielded,
    /// which would start a request.
    static func line(_ text: String) -> String {
        let escaped = inline(text)
        return escaped.hasPrefix(".") ? "\\&\(escaped)" : escaped
    }

    /// Text within a line. Line feeds become spaces.
    static func inline(_ text: String) -> String {
        var escaped = ""
        for character in text {
            switch character {
            case "\\": escaped += "\\(rs"
            case "-": escaped += "\\-"
            case "'": escaped += "\\(aq"
            case "\"": escaped += "\\(dq"
            case "`": escaped += "\\(ga"
            case "^": escaped += "\\(ha"
            case "~": escaped += "\\(ti"
            case _ where character.isNewline: escaped += " "
            default: escaped.append(character)
            }
        }
        return escaped
    }

    static func bold(_ text: String) -> String { "\\fB\(inline(text))\\fP" }

    static func italic(_ text: String) -> String { "\\fI\(inline(text))\\fP" }

    /// Lines to be kept as they are.
    static func verbatim(_ lines: [String]) -> [String] {
        [".RS 4", ".EX"] + lines.map(line) + [".EE", ".RE"]
    }

    /// A heading and its text below it, indented.
    static func entry(_ heading: String, _ text: String) -> [String] {
        [".TP", heading, line(text)]
    }
}
