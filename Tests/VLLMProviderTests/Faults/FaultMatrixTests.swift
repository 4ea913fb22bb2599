import JSON
import ProviderKit
import Testing
import VLLMProvider
import VLLMSimulator

// One after the other: hundreds of simulators at once are more than a small machine bears.
@Suite("Every fault, over both endpoints, streamed and not", .serialized, .timeLimit(.minutes(3)))
struct FaultMatrixTests {
    @Test(
        "a call comes to what its row says, with one request and one response event, and the next call is answered",
        arguments: FaultRow.all(stalls: false))
    func row(mode: CallMode, row: FaultRow) async throws { try await Self.examine(mode, row) }

    static func examine(_ mode: CallMode, _ row: FaultRow) async throws {
        let call = try FaultCall(row.fault, mode: mode)
        let outcome = await call.ask(row.options)
        switch outcome {
        case .success(let response): #expect(row.outcome == .answer && FaultCall.isWhole(response), "\(response.content)")
        case .failure(let error): check(error, row, mode, told: call.toldText)
        }
        // Nothing is tried again behind the back of max_retries.
        #expect(call.requestCount == 1)
        #expect(call.events.named("llm:request").count == 1)
        let responses = call.events.named("llm:response")
        #expect(responses.map { $0["status"] } == [row.outcome == .answer ? "ok" : "error"])
        #expect(responses.first?["retryable"]?.bool == row.failure?.isRetryable)
        #expect(call.events.named("llm:stream_aborted").count == (row.isPartial ? 1 : 0))

        let next = await call.ask()
        #expect((try? next.get()).map(FaultCall.isWhole) == true, "the call behind: \(next)")
        #expect(call.requestCount == 2)
    }

    private static func check(_ error: ProviderError, _ row: FaultRow, _ mode: CallMode, told: String) {
        #expect(error.code == row.failure?.code, "\(error)")
        #expect(error.isRetryable == row.failure?.isRetryable, "\(error)")
        if let setting = row.setting {
            #expect(error.details["setting"]?.string == setting)
            #expect(error.message.contains(setting))
        }
        let partial = error.partialResponse
        #expect((partial != nil) == row.isPartial)
        guard let partial else { return }
        // Exactly what was shown, which is how the answer begins; what comes again and again is no more of it.
        let text = partial.thinking + partial.text
        #expect(!text.isEmpty)
        #expect(text == told)
        if row.setting != "max_stream_bytes" { #expect((FaultCall.thought + FaultCall.text).hasPrefix(text)) }
    }
}
