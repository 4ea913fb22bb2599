/// What is fuzzed: a function that must end for every input, and whose own checks must hold.
struct FuzzTarget: Sendable {
    let run: @Sendable ([UInt8]) -> Void

    /// All of them, by the name of their corpus.
    static let all: [String: FuzzTarget] = [
        "answer": answer, "chunk": chunk, "configuration": configuration, "event-stream": eventStream, "json": json, "markup": markup,
        "plugin": plugin, "session-log": sessionLog,
    ]
}

/// Ends the process where an oracle does not hold: libFuzzer keeps the input.
func require(_ holds: Bool, _ message: @autoclosure () -> String) {
    guard !holds else { return }
    fatalError(message())
}
