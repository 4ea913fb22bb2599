/// The options of the calls that say nothing themselves, made once for all of them.
final class UnchangedOptions: Sendable {
    let options: GenerationOptions

    init(_ options: GenerationOptions) {
        self.options = options
    }
}
