/// Which model answers in the place of the recorded one.
struct ModelChoice {
    /// The model that the command line gives.
    let given: String?
    /// The models that the server has; `nil` where it does not tell.
    let known: [String]?
    /// The model that answers where none is asked for: the configured one, or the server's only one.
    let standard: String?

    /// The model to ask.
    /// - Throws: `InputError` where it cannot be told.
    func model(for recorded: String?) throws(InputError) -> String? {
        if let given { return given }
        guard let known else { return recorded }
        if let recorded, known.contains(recorded) { return recorded }
        if let standard, known.contains(standard) { return standard }
        if known.count == 1 { return known[0] }
        guard let recorded else { return nil }
        throw InputError(
            message: "the server does not have the recorded model \(recorded), but \(known.joined(separator: ", ")): choose with --model")
    }
}
