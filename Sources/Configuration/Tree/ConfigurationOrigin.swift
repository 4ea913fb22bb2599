/// Where a value of the configuration came from.
public enum ConfigurationOrigin: Sendable, Hashable, CustomStringConvertible {
    /// It is written in a file.
    case file(SourceLocation)
    /// It is the value of these environment variables, put in where a file says `${…}` (`at`), or read because a field names the
    /// variable (`at` is `nil`).
    case environment(variables: [String], at: SourceLocation?)
    /// It was given on the command line, with this option (`--set`).
    case commandLine(option: String)
    /// It was handed over by a program, a host for example; the text names it.
    case program(String)
    /// Nobody set it: it is the field's default.
    case `default`

    /// The place in a file, where there is one.
    public var location: SourceLocation? {
        switch self {
        case .file(let location): location
        case .environment(_, let location): location
        case .commandLine, .program, .default: nil
        }
    }

    /// The origin for people: `Config/demo.yaml:7`, `environment variable VLLM_BASE_URL`, `--set`, `default`.
    public var description: String {
        switch self {
        case .file(let location): "\(location.file):\(location.line)"
        case .environment(let variables, _):
            "environment variable\(variables.count == 1 ? "" : "s") \(variables.joined(separator: ", "))"
        case .commandLine(let option): option
        case .program(let name): name
        case .default: "default"
        }
    }

    /// The place for a message: `Config/demo.yaml:7:15` where it is in a file, with the column; else the origin.
    public var place: String { location?.description ?? description }
}
