/// What libyaml found wrong, to be said in a sentence that helps.
struct YAMLProblem {
    /// libyaml's words for what is wrong (`did not find expected key`).
    var problem: String
    /// libyaml's words for what it was doing (`while parsing a block mapping`).
    var context: String
    /// Where it went wrong.
    var place: SourceLocation
    /// Where that which it was doing begins.
    var contextPlace: SourceLocation

    /// The problem as an issue.
    func issue(in source: SourceText) -> ConfigurationIssue {
        var sentence = sentence(at: source.character(at: place))
        if sentence.hasToDoWithPunctuation, source.line(place.line).contains("${") {
            sentence.hint = "put quotation marks around a value with ${…}"
        }
        return ConfigurationIssue(
            .error, .syntax, sentence.message, origin: .file(sentence.isAboutContext ? contextPlace : place), hint: sentence.hint)
    }

    private struct Sentence {
        var message: String
        var hint: String?
        /// Whether it is to be found where libyaml began, not where it stopped.
        var isAboutContext = false
        /// Whether `${…}` without quotation marks can be the cause.
        var hasToDoWithPunctuation = false
    }

    private func sentence(at character: Unicode.Scalar?) -> Sentence {
        switch problem {
        case "found character that cannot start any token", "found a tab character that violates indentation",
            "found a tab character where an indentation space is expected":
            character == "\t" || problem.contains("tab")
                ? Sentence(message: "a tab is used for indentation, which YAML does not allow", hint: "use spaces")
                : Sentence(
                    message: "a value cannot begin with \(character.map { "'\($0)'" } ?? "this character")",
                    hint: "put quotation marks around it")
        case "mapping values are not allowed in this context":
            Sentence(
                message: "a ':' is not allowed here",
                hint: "check the indentation and the line above, or put quotation marks around a value that holds ': '",
                hasToDoWithPunctuation: true)
        case "could not find expected ':'":
            Sentence(message: "there is no ':' behind this key", hint: "write `key: value`", isAboutContext: true)
        case "did not find expected key":
            Sentence(
                message: "expected a key here", hint: "keys of one mapping must begin in the same column", hasToDoWithPunctuation: true)
        case "did not find expected '-' indicator":
            Sentence(message: "expected '-' here", hint: "items of one list must begin in the same column")
        case "block sequence entries are not allowed in this context":
            Sentence(message: "a list item is not allowed here", hint: "begin the list on a line of its own")
        case "did not find expected ',' or ']'":
            Sentence(
                message: "expected ',' or ']' in the list that begins in line \(contextPlace.line)", hint: "is a ']' missing?",
                hasToDoWithPunctuation: true)
        case "did not find expected ',' or '}'":
            Sentence(
                message: "expected ',' or '}' in the mapping that begins in line \(contextPlace.line)", hint: "is a '}' missing?",
                hasToDoWithPunctuation: true)
        case "found unexpected end of stream":
            Sentence(message: "this quotation mark is never closed", isAboutContext: true)
        case "found unknown escape character":
            Sentence(message: "unknown escape after '\\'", hint: "write '\\\\' for a backslash, or use single quotation marks")
        case "did not find expected <document start>":
            Sentence(message: "this does not belong to what stands above it", hint: "a file holds one mapping; check the indentation")
        case "did not find expected node content":
            Sentence(
                message: "a value cannot begin with \(character.map { "'\($0)'" } ?? "the end of the file")",
                hint: "put quotation marks around it")
        case "found undefined tag handle":
            Sentence(message: "unknown tag", hint: "put quotation marks around a value that begins with '!'")
        default:
            Sentence(message: context.isEmpty ? problem : "\(problem) \(context)")
        }
    }
}
