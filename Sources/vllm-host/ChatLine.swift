/// A line that is typed in `chat`: a prompt, or a command that starts with a slash.
enum ChatLine: Hashable {
    /// An empty line.
    case nothing
    case prompt(String)
    case quit
    case help
    case log
    case new
    /// The provider to ask; `nil` asks for those that there are.
    case provider(String?)
    /// A new system message; `nil` asks for the one that there is.
    case system(String?)
    /// What later prompts are asked with.
    case setting(Setting)

    /// What later prompts are asked with.
    enum Setting: Hashable {
        /// A picture for the next prompt.
        case image(String)
        /// `KEY=VALUE`; `nil` asks for what is set.
        case option(String?)
        /// A model; `nil` asks for its name.
        case model(String?)
    }

    static let commands = """
        /system TEXT    give the conversation this system message; without TEXT show it
        /image FILE     send a picture (FILE or URL) with the next prompt
        /set KEY=VALUE  change how answers are generated: /set temperature=0; KEY= takes it back; alone it shows what is set
        /model NAME     ask another model
        /provider NAME  ask this provider of the plan alone, or with * by priority again; without NAME list them
        /new            forget the conversation and begin again
        /log            say where the event log is
        /help           list these commands
        /quit           end the session; Ctrl-D does it, too
        A line that ends in \\ goes on in the next one. Ctrl-C stops an answer and keeps the session.

        """

    /// - Throws: `InputError`, for a command that there is not, or that lacks what it needs.
    init(_ line: String) throws(InputError) {
        let isCommand = line.hasPrefix("/")
        let word = line.prefix { !$0.isWhitespace }
        let rest = line.dropFirst(word.count).drop(while: \.isWhitespace)
        let text = rest.isEmpty ? nil : String(rest)
        switch (isCommand, word) {
        case (false, _): self = line.allSatisfy(\.isWhitespace) ? .nothing : .prompt(line)
        case (_, "/quit"), (_, "/exit"): self = .quit
        case (_, "/help"): self = .help
        case (_, "/log"): self = .log
        case (_, "/new"): self = .new
        case (_, "/system"): self = .system(text)
        case (_, "/provider"): self = .provider(text)
        case (_, "/set"): self = .setting(.option(text))
        case (_, "/model"): self = .setting(.model(text))
        case (_, "/image"):
            guard let text else { throw InputError(message: "/image needs a file or URL: /image FILE") }
            self = .setting(.image(text))
        default:
            // A path is a prompt like any other.
            guard word.dropFirst().contains("/") else { throw InputError(message: "there is no command \(word); /help lists them") }
            self = .prompt(line)
        }
    }
}
