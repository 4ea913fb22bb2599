import HostSession
import JSON
import ProviderKit
import SessionLog
import TestSupport
import Testing
import VLLMProvider
import VLLMSimulator

@Suite("The event log after faults of the server", .timeLimit(.minutes(2)))
struct FaultLogTests {
    /// One of each kind, and where there are several, one before and one within the answer.
    static let faults = [
        "refuse", "close-in-head=60", "reset-at-byte=120", "reset-at-byte=3000", "close-at-byte=3000", "stall-in-head=0",
        "stall-at-byte=3000", "truncate-chunk=3000", "bad-chunk=3000", "close-after", "garbage", "drip=500; interval-ms=1", "status=401",
        "status=503; body=<html></html>", "status=200; body=\u{1}\u{2}", "content-type=text/html", "other-form", "gzip-bomb",
        "endless-line",
        "endless-stream", "sse-mixed", "sse-split-bytes", "sse-wrong-field", "sse-no-field", "sse-no-blank-line", "invalid-event=5",
        "error-event=5", "no-done", "two-dones", "events-after-done",
    ]

    @Test("has only lines that can be read, a response for each request, and an end", arguments: faults)
    func log(fault: String) async throws {
        try await withTemporaryDirectory { root in
            var options = VLLMSimulator.Options()
            options.faults = [try FaultRule(parsing: fault)]
            let simulator = try VLLMSimulator(options: options)
            let session = try Host(root).session(
                """
                session: {orchestrator: loop-basic, context: context-simple}
                providers:
                  - module: provider-vllm
                    config: {base_url: "\(simulator.baseURL)", use_completions: false, temperature: 0, max_retries: 1, min_retry_delay: 0,
                      first_byte_timeout: 0.4, stream_idle_timeout: 0.4, max_event_bytes: 100000, max_stream_bytes: 1000000}
                """)
            var isAnswered = false
            do {
                _ = try await session.execute("Write some accents.")
                isAnswered = true
            } catch {}
            await session.close()
            session.recorder.finish()
            // Throws where a line is no record.
            let records = try session.records
            let requests = records.filter { $0.event == "llm:request" }
            let responses = records.filter { $0.event == "llm:response" }
            #expect(requests.count == 1)
            #expect(responses.map(\.payload["request_id"]) == requests.map(\.payload["request_id"]))
            #expect(responses.map(\.payload["status"]) == [isAnswered ? "ok" : "error"])
            #expect(records.first?.event == "session:start")
            #expect(records.last?.event == "session:end")
            #expect(Set(records.map(\.sessionID)) == [session.id])
        }
    }
}
