import Configuration
import Foundation
import HTTPTransport
import JSON
import ProviderKit
import Testing
import VLLMClient
import VLLMProvider

/// The tests against a real vLLM that serves the tiny model, at `VLLM_TEST_BASE_URL`.
///
/// They run one after the other, and those that ask much ask side by side: what one of them reads of the server's counters is then its
/// own doing.
@Suite("A real vLLM server", .serialized)
enum RealServer {
    /// There is no server to test against.
    struct Missing: Error, CustomStringConvertible {
        let description = "VLLM_TEST_BASE_URL is not set: these tests need a vLLM server that serves the tiny model. Run: make test-vllm"
    }

    /// Shared, as the transport of a program is. A proxy that the environment names is for other machines.
    static let transport = CurlTransport(options: CurlTransport.Options(proxy: ""))

    /// The key that the server wants, if it was started with one.
    static let apiKey = ProcessInfo.processInfo.environment["VLLM_API_KEY"]

    static var url: String {
        get throws {
            guard let url = ProcessInfo.processInfo.environment["VLLM_TEST_BASE_URL"], !url.isEmpty else { throw Missing() }
            return url
        }
    }

    static var client: VLLMClient {
        get throws { VLLMClient(baseURL: try BaseURL(url), transport: transport, apiKey: apiKey) }
    }

    /// A provider that asks the server with temperature 0 and room for every answer.
    static func provider(_ settings: JSONObject = [:], events: any EventSink = NoEvents()) throws -> VLLMProvider {
        try VLLMProvider(
            configuration: configuration(settings), transport: transport,
            context: ProviderContext(events: events, environment: apiKey.map { ["VLLM_API_KEY": $0] } ?? [:]))
    }

    /// The configuration of such a provider.
    static func configuration(_ settings: JSONObject = [:]) throws -> ConfigurationNode {
        var config: JSONObject = ["base_url": .string(try url), "temperature": 0, "max_tokens": 600]
        config.merge(settings)
        return ConfigurationNode(json: .object(config), origin: .default)
    }

    /// The value of a counter or gauge, over all labels.
    static func metric(_ name: String) async throws -> Double {
        let response = try await transport.send(try client.httpRequest(path: "/metrics"))
        let text = String(decoding: try await response.body.collect(upTo: 1 << 22), as: UTF8.self)
        let values = text.split(separator: "\n").filter { $0.hasPrefix(name + "{") || $0.hasPrefix(name + " ") }
            .compactMap { $0.split(separator: " ").last.flatMap { Double($0) } }
        try #require(!values.isEmpty, "the server has no metric \(name)")
        return values.reduce(0, +)
    }
}

/// Calls `body` for every element, a number of them side by side.
func forEach<Element: Sendable>(
    _ elements: [Element], atOnce limit: Int, _ body: @escaping @Sendable (Element) async throws -> Void
) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
        for (index, element) in elements.enumerated() {
            if index >= limit { try await group.next() }
            group.addTask { try await body(element) }
        }
        try await group.waitForAll()
    }
}
