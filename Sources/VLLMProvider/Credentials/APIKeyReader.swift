import Commands

/// Reads an API key from where it is kept.
struct APIKeyReader: Sendable {
    /// A key, and what its owner should know.
    struct Reading: Sendable {
        var key: String
        var warning: String?
    }

    let source: APIKeySource
    /// The user's folder, for paths that begin with `~/`.
    let home: String?
    /// How long a command may run. It may have to ask a server of its own; nobody is there to be asked for a password.
    var timeout = Duration.seconds(30)

    /// The key.
    /// - Throws: `APIKeyError`.
    func read() async throws(APIKeyError) -> Reading {
        switch source {
        case .file(let path):
            let path = try expanded(path)
            let file = try APIKeyFile(path)
            return Reading(key: try Self.key(file.text[...], from: path), warning: file.warning)
        case .command(let words):
            let output = try await output(of: words)
            return Reading(key: try Self.key(output.prefix { !$0.isNewline }, from: "the first line of its output"))
        }
    }

    private func expanded(_ path: String) throws(APIKeyError) -> String {
        guard path == "~" || path.hasPrefix("~/") else { return path }
        guard let home, !home.isEmpty else { throw APIKeyError("\(path) is in the home folder, and HOME is not set") }
        return home + path.dropFirst()
    }

    private static func key(_ text: Substring, from place: String) throws(APIKeyError) -> String {
        let isBlank = { (byte: UInt8) in byte == 0x20 || 0x09...0x0D ~= byte }
        let key = text.utf8.drop(while: isBlank).reversed().drop(while: isBlank).reversed()
        guard !key.isEmpty else { throw APIKeyError("\(place) is empty") }
        guard key.allSatisfy({ 0x21...0x7E ~= $0 }) else {
            throw APIKeyError("\(place) holds a line break, white space or a character outside ASCII: no header can hold that")
        }
        return String(decoding: key, as: UTF8.self)
    }

    private func output(of words: [String]) async throws(APIKeyError) -> String {
        let result: CommandRun.Result
        do { result = try await CommandRun(words, timeout: timeout, outputLimit: APIKeyFile.limit).result() } catch {
            throw APIKeyError("\(error)")
        }
        // What it printed may be a key all the same, or hold one.
        let advice = "its output is not shown, since a key may be in it: run it by hand"
        switch result.ending {
        case .exited(0): return String(decoding: result.output, as: UTF8.self)
        case .exited(let code): throw APIKeyError("the command failed with exit code \(code) (\(advice))")
        case .signalled(let signal): throw APIKeyError("the command was ended by signal \(signal) (\(advice))")
        case .timedOut: throw APIKeyError("the command had printed no key after \(timeout.inSeconds)")
        case .tooMuchOutput: throw APIKeyError("the command printed more than \(APIKeyFile.limit >> 10) KiB")
        case .cancelled: throw APIKeyError("the command was cancelled")
        }
    }
}
