import HTTPTransport
import TestSupport
import Testing

@testable import VLLMClient

@Suite("How many requests a server has")
struct RequestCountTests {
    private func count(load: ScriptedExchange, metrics: ScriptedExchange) async throws(VLLMError) -> Int {
        let transport = ScriptedTransport(answering: { request throws(TransportError) in
            request.url.hasSuffix("/load") ? load : metrics
        })
        do { return try await VLLMClient(baseURL: BaseURL("http://server:8000"), transport: transport).requestCount() } catch let error
            as VLLMError
        {
            throw error
        } catch { throw VLLMError(.invalidRequest, "\(error)") }
    }

    private func recorded(_ name: String) throws -> ScriptedExchange {
        try ScriptedExchange(recording: Recording(name).responseBytes, batchSize: nil)
    }

    private static let busy = """
        # HELP vllm:num_requests_running Number of requests in model execution batches.
        vllm:num_requests_running{engine="0",model_name="a b"} 3.0
        vllm:num_requests_running{engine="1",model_name="a b"} 2.0
        vllm:num_requests_waiting{engine="0",model_name="a b"} 1.0
        vllm:num_requests_waiting_by_reason{engine="0",reason="capacity"} 1.0
        """

    @Test("is what /load says, where the server counts")
    func load() async throws {
        #expect(try await count(load: recorded("full_load_busy"), metrics: ScriptedExchange(status: 404, body: "")) == 1)
    }

    @Test("is what the metrics say where /load is 0, as it always is without --enable-server-load-tracking, or missing")
    func metrics() async throws {
        #expect(try await count(load: recorded("load_without_tracking"), metrics: ScriptedExchange(body: Self.busy)) == 6)
        #expect(try await count(load: ScriptedExchange(status: 404, body: ""), metrics: ScriptedExchange(body: Self.busy)) == 6)
        #expect(try await count(load: recorded("load_without_tracking"), metrics: recorded("metrics")) == 0)
    }

    @Test("is not told by metrics of something else, and is a number whatever they say")
    func odd() {
        func count(_ text: String) -> Int? { RequestMetrics.count(Array(text.utf8)) }
        #expect(count("vllm:num_requests_waiting_by_reason{a=\"b\"} 1.0\nup 1\n\n") == nil)
        #expect(count("vllm:num_requests_running NaN") == nil)
        #expect(count("vllm:num_requests_running +Inf") == nil)
        #expect(count("vllm:num_requests_running -3") == 0)
        #expect(count("vllm:num_requests_running 1e300") == Int(Int32.max))
        #expect(count("vllm:num_requests_running{a=\"b\"}\nvllm:num_requests_waiting 2") == 2)
        #expect(count("vllm:num_requests_running") == nil)
    }
}
