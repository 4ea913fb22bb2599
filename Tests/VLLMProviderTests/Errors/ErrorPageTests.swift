import ProviderKit
import TestSupport
import Testing
import VLLMProvider

@Suite("docs/errors.md")
struct ErrorPageTests {
    @Test("has every code")
    func codes() {
        #expect(ErrorCodeText.all.map(\.code) == ProviderError.Code.all)
    }

    @Test("is made from what the tests hold (make generated)")
    func page() throws {
        #expect(try GeneratedFile.holds(Self.text, path: "docs/errors.md"))
    }

    private static let text = """
        # Errors

        Every failure is one `ProviderError`: a code, a message, a hint, and what is known beside them: the provider, the model, the HTTP status, \
        the server's own body (at most 64 KiB), the name of the call in the server's log (`request_id`), how long the server asks to wait \
        (`Retry-After` in seconds or as a date, `retry-after-ms`), what had arrived of the answer, and `details`. What the server said of the \
        error besides its message is in `details.server_error`: `type`, `param`, `code`. API keys are in none of it.

        This page is made from tests that hold each of its rows: `make generated` writes it.

        ## Codes

        Each code is one class of Amplifier's `llm_errors` (amplifier-core 2.0.2). *Retryable* is what the same call may succeed with later.

        | code | class | retryable | when | what to do |
        |---|---|---|---|---|
        \(ErrorCodeText.all.map { row([$0.code.description, $0.code.className, yes($0.code.isRetryable), $0.when, $0.advice]) }.joined())
        ## What a server's answer becomes

        The server's `code` or `type` decides where it is plainer than the status, then the status; the words of a message only where \
        nothing else tells, and then only those at its beginning, so that what a user wrote and the server repeats decides nothing. Pages of \
        HTML that ask for a browser, or say that a server is starting, are told from other pages by header fields (`cf-mitigated`, \
        `x-amzn-waf-action`, `ngrok-error-code`), title and visible text. An error that comes inside an answer of status 200, as vLLM tells \
        it once a stream has begun, is what the same error would be with the status that its `code` or `type` names, and has what had \
        arrived of the answer.

        ### vLLM and vllm-router

        \(table(ToldError.ofVLLM))
        ### Other servers and gateways of models

        \(table(ToldError.ofOthers))
        ### Proxies, gateways, web servers

        Statuses that are not listed: other 4xx are `invalid_request`, other 5xx `unavailable`.

        \(table(ToldError.ofGateways))
        ## What a failed exchange becomes

        | what failed | code | retryable |
        |---|---|---|
        \(TransportFailure.all.map { row([$0.about, $0.code.description, yes($0.isRetryable)]) }.joined())
        """

    private static func table(_ rows: [ToldError]) -> String {
        "| status | what | code | retryable |\n|---|---|---|---|\n"
            + rows.map { row(["\($0.status)", $0.about, $0.code.description, yes($0.isRetryable ?? $0.code.isRetryable)]) }.joined()
    }

    private static func row(_ cells: [String]) -> String { "| \(cells.joined(separator: " | ")) |\n" }

    private static func yes(_ value: Bool) -> String { value ? "yes" : "no" }
}
