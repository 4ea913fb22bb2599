import JSON
import ProviderKit
import Testing
import VLLMProvider
import VLLMSimulator

// One after the other, as in `FaultMatrixTests`.
@Suite("Every fault of a first answer, with retries", .serialized, .timeLimit(.minutes(3)))
struct FaultRetryTests {
    @Test(
        "what may pass is tried again until the answer is there, whole and exact; what may not is not",
        arguments: FaultRow.all(stalls: false))
    func row(mode: CallMode, row: FaultRow) async throws { try await Self.examine(mode, row) }

    static func examine(_ mode: CallMode, _ row: FaultRow) async throws {
        let call = try FaultCall(row.fault, mode: mode, settings: ["max_retries": 3, "min_retry_delay": 0, "max_retry_delay": 0])
        let outcome = await call.ask(row.options)
        // A server that began no answer in its time is not waited for once more.
        guard row.failure?.isRetryable != false, row.setting != "first_byte_timeout" else {
            #expect(throws: ProviderError.self) { try outcome.get() }
            #expect(call.requestCount == 1)
            #expect(call.events.named("provider:retry").isEmpty)
            return
        }
        let response = try outcome.get()
        #expect(FaultCall.isWhole(response), "\(response.content)")
        let retries = call.events.named("provider:retry")
        let retryCount = row.outcome == .answer || row.hasFinished ? 0 : 1
        #expect(call.requestCount == 1 + retryCount)
        #expect(retries.count == retryCount)
        #expect(retries.first?["resumed"]?.bool == (retries.isEmpty ? nil : row.isPartial))
        #expect(call.events.named("llm:response").map { $0["status"] } == ["ok"])
        #expect(call.events.named("llm:stream_aborted").isEmpty)
        // Nothing is told twice.
        if mode.streams { #expect(call.toldText == FaultCall.thought + FaultCall.text) }
    }

    @Test("a server that is started anew meanwhile answers a call that began before", arguments: CallMode.all)
    func restarted(mode: CallMode) async throws {
        let call = try FaultCall("refuse", mode: mode, settings: ["max_retries": 50, "min_retry_delay": 0.01, "max_retry_delay": 0.02])
        let events = call.events
        let simulator = call.simulator
        async let outcome = call.ask()
        // The server comes back when it has been missed for a while.
        while events.named("provider:retry").count < 3 { await Task.yield() }
        try simulator.acceptConnections()
        let response = try await outcome.get()
        #expect(FaultCall.isWhole(response))
        #expect(events.named("provider:retry").dropFirst().allSatisfy { $0["error_type"] == "NetworkError" })
    }
}
