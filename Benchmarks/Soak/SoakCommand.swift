import ArgumentParsing

/// The command line of `soak`.
enum SoakCommand {
    static let tree = CommandTree(
        Command(
            "soak", summary: "Ask a server that makes trouble thousands of times, and count what is lost.",
            discussion: """
                Every request has one right answer, and every answer shows to which request it belongs. Scripts/soak.sh starts the servers \
                in processes of their own and runs the requests against them.
                """,
            subcommands: [
                Command(
                    "serve", summary: "Be the server; the first line printed says where it is.", options: [faultRate]),
                Command(
                    "run", summary: "Ask, and report; ends with 1 if anything was lost, doubled or mixed up, or something grew.",
                    arguments: [Argument("URL", hint: .text, help: "The servers.", isRepeatable: true)],
                    options: [
                        .value("-n", "--requests", named: "COUNT", hint: .integer, help: "How many requests.", default: "10000"),
                        .value("-c", "--concurrency", named: "COUNT", hint: .integer, help: "How many at once.", default: "256"),
                        faultRate,
                    ]),
            ]))

    private static let faultRate = Option.value(
        "--fault-rate", named: "PERMILLE", hint: .integer, help: "How many of a thousand requests have a fault.", default: "500")
}
