import ArgumentParsing

/// A small program whose texts hold whatever the generated formats must escape.
enum EdgeTree {
    static let tree = CommandTree(
        Command(
            "edge-case",
            summary: "It's a \"small\" program.",
            discussion: """
                .Leading dots, back\\slashes and ~/paths^ stay.

                  .verbatim --too
                """,
            options: [
                .value(
                    "-k", "--kind", named: "KIND", hint: .choices(["plain", "two words", "$HOME", "it's"]),
                    help: "One [of] these: don't \\ mix."),
                .value("--root", hint: .directory, help: "A `folder`."),
            ],
            subcommands: [
                Command(
                    "go", summary: "Go: now.",
                    arguments: [Argument("WHERE", hint: .choices(["a:b", "c"]), help: "Where.", isOptional: true)])
            ]))
}
