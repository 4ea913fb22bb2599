extension String {
    /// The text in single quotes as bash and zsh read it.
    var singleQuoted: String { "'" + replacing("'", with: "'\\''") + "'" }

    /// The text as part of a function's name: whatever is no ASCII letter or digit becomes `_`.
    var asIdentifier: String { String(map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" }) }

    /// The text as a word without quotes: a backslash before each letter that a shell might read as more than itself.
    var asShellWord: String {
        String(flatMap { $0.isLetter || $0.isNumber || "_-.+/@%,".contains($0) ? [$0] : ["\\", $0] })
    }

    /// A line of a script, indented by this many levels of four spaces.
    func indented(_ levels: Int) -> String { String(repeating: "    ", count: levels) + self }
}
