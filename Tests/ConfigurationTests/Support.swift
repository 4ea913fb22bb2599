import Configuration
import JSON

/// Reads a text as the file `plan.yaml`.
func parse(_ text: String, limits: ConfigurationLimits = ConfigurationLimits()) throws(ConfigurationError) -> ConfigurationNode {
    try ConfigurationReader(limits: limits).node(parsing: text.utf8, file: "plan.yaml")
}

/// What reading a text as the file `plan.yaml` fails with: a line an issue; empty where it does not fail.
func problems(_ text: String, limits: ConfigurationLimits = ConfigurationLimits()) -> [String] {
    do {
        _ = try parse(text, limits: limits)
        return []
    } catch {
        return error.issues.map(\.description)
    }
}

/// Lines of messages.
func lines(_ issues: [ConfigurationIssue]) -> [String] { issues.map(\.description) }
