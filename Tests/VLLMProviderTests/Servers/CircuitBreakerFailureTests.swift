import JSON
import ProviderKit
import Testing

@testable import VLLMProvider

@Suite("What failures say of a server")
struct CircuitBreakerFailureTests {
    @Test(
        "what speaks of the server counts",
        arguments: [
            (.unavailable, [:], false, true), (.network, [:], true, true), (.stream, [:], true, true),
            (.stream, ["setting": "max_answer_bytes"], true, false),
            (.timeout, [:], false, true),
            (.timeout, ["setting": "first_byte_timeout", "seconds": 20.0], false, true),
            (.timeout, ["setting": "first_byte_timeout", "seconds": 0.1], false, false),
            (.timeout, ["setting": "connect_timeout", "seconds": 10.0], false, true),
            (.timeout, ["setting": "connect_timeout", "seconds": 9.0], false, false),
            (.timeout, ["setting": "stream_idle_timeout", "seconds": 300.0], true, true),
            (.timeout, ["setting": "stream_idle_timeout", "seconds": 1.0], true, false),
            (.timeout, ["setting": "timeout", "seconds": 1.0], false, true),
            (.timeout, ["setting": "timeout", "seconds": 600.0], true, false),
            (.rateLimit, [:], false, false), (.invalidRequest, [:], false, false), (.notFound, [:], false, false),
            (.authentication, [:], false, false), (.contextLength, [:], false, false), (.invalidToolCall, [:], true, false),
        ] as [(ProviderError.Code, JSONObject, Bool, Bool)])
    func failures(code: ProviderError.Code, details: JSONObject, hasAnswered: Bool, counts: Bool) throws {
        let error = ProviderError(code, "x", details: details)
        let failure = CircuitBreaker.Failure(error, hasAnswered: hasAnswered, after: .seconds(20), limits: try limits())
        #expect((failure != nil) == counts)
    }

    @Test("the time of a call that waited, or asked others, until little was left does not count", arguments: [19, 20, 500])
    func restOfTime(seconds: Int) throws {
        let error = ProviderError(.timeout, "x", details: ["setting": "timeout", "seconds": 600.0])
        let failure = CircuitBreaker.Failure(error, hasAnswered: false, after: .seconds(seconds), limits: try limits())
        #expect((failure != nil) == (seconds >= 20))
    }

    private func limits() throws -> TimeLimits { try ServerSettings.testing(["first_byte_timeout": 20.0]).limits }

    @Test("silence is told from refusal")
    func silence() throws {
        let limits = try limits()
        func failure(_ code: ProviderError.Code, _ setting: String? = nil) -> CircuitBreaker.Failure? {
            CircuitBreaker.Failure(
                ProviderError(code, "x", details: setting.map { ["setting": .string($0)] } ?? [:]), hasAnswered: false,
                after: .zero, limits: limits)
        }
        #expect(failure(.timeout, "first_byte_timeout")?.isSilence == true)
        #expect(failure(.timeout)?.isSilence == true, "a gateway's 504")
        #expect(failure(.timeout, "connect_timeout")?.isSilence == false)
        #expect(failure(.network)?.isSilence == false)
    }
}
