import Configuration
import JSON
import VLLMProvider

/// `docs/configuration.md`: every key of the provider's configuration.
enum ConfigurationPage {
    static var text: String {
        let sections = VLLMProvider.schemaSections.map { section in
            "## \(section.title)\n\n| key | takes | default | per call | what it is |\n|---|---|---|---|---|\n"
                + section.fields.map { row($0) + "\n" }.joined()
        }
        return """
            # Configuration

            Every key of the `config` of a `provider-vllm`. A session sets them in its mount plan, and `vllm-host run --set key=value` for \
            one run. Those with a \u{2713} in the column *per call* a host may set for one call, too (`options`), with `model` and \
            `request_id` beside them. What counts most: the request's own field, the call's option, the configuration, the default. A key \
            without a default is not sent, and the server's own value holds.

            This page is made from the sources: `make generated` writes it.


            """ + sections.joined(separator: "\n")
    }

    private static func row(_ field: ConfigurationField) -> String {
        let value = field.default.map { "`\($0.string ?? $0.text)`" } ?? (field.requiredMessage == nil ? "" : "required")
        let variable = field.environmentVariable.map { " `\($0)` also sets it." } ?? ""
        let isPerCall = VLLMProvider.callOptionKeys.contains(field.key)
        let mark = isPerCall ? "\u{2713}" : ""
        return "| `\(field.key)` | \(cell(field.expectation)) | \(value) | \(mark) | \(cell(field.documentation))\(variable) |"
    }

    private static func cell(_ text: String) -> String { String(text.flatMap { $0 == "|" ? Array("\\|") : [$0] }) }
}
