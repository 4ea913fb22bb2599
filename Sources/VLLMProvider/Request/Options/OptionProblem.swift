import Configuration
import ProviderKit

/// Why an option cannot be used as it is given, wherever it was given.
struct OptionProblem: Error {
    /// The option's key; `key.inner` for what is inside of a mapping.
    var key: String
    /// What is wrong. Does not repeat the key.
    var message: String
    /// What to do about it.
    var hint: String?

    init(_ key: String, _ message: String, hint: String? = nil) {
        self.key = key
        self.message = message
        self.hint = hint
    }

    /// The error of a call.
    var error: ProviderError { ProviderError(.invalidRequest, "\(key): \(message)", hint: hint) }

    /// The mistake in a configuration.
    func issue(in values: ConfigurationValues) -> ConfigurationIssue { values.issue(for: key, message, hint: hint) }
}
