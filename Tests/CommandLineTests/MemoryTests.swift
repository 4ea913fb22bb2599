import JSON
import Locks
import TestSupport
import Testing
import VLLMSimulator

@Suite("The memory of vllm-host", .timeLimit(.minutes(5)))
struct MemoryTests {
    private typealias Part = SimulatedResponse.Part

    /// A stream that is larger than memory may become, and how its error ends.
    private struct Flood: Sendable {
        var about: String
        var headers: [(name: String, value: String)] = [("content-type", "text/event-stream")]
        var parts: [Part]
        var error: String
    }

    /// By how much the memory may grow, how much of a stream is read, and how much is sent where the client does not leave, in bytes.
    private static let (growthLimit, streamLimit, size) = (100 << 20, 128 << 20, 1 << 29)
    /// The limits of an answer and of an event.
    private static let keptLimit = 4 << 20

    /// The same bytes again and again; they are in memory once.
    private static func repeated(_ text: String, _ size: Int = size) -> [Part] {
        let bytes = Array(String(repeating: text, count: 65_536 / text.utf8.count + 1).utf8)
        return Array(repeating: .bytes(bytes), count: size / bytes.count)
    }

    /// Events that are alike but for a number, each with a text of 256 KiB; the text is in memory once.
    private static func numbered(_ before: (Int) -> String, _ after: String) -> [Part] {
        let text = Part.bytes(Array(repeating: UInt8(ascii: "x"), count: 1 << 18))
        return (0..<size >> 18).flatMap { [.bytes(Array(("data: " + before($0)).utf8)), text, .bytes(Array((after + "\n\n").utf8))] }
    }

    private static func call(_ number: Int) -> String {
        #"data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"c\#(number)","function":{"name":"f","arguments":"{}"}}]}}]}"#
            + "\n\n"
    }

    private static let floods = [
        Flood(about: "one line", parts: repeated("x"), error: "max_event_bytes"),
        Flood(about: "comments", parts: repeated(": keep-alive \(String(repeating: ".", count: 40))\n\n"), error: "max_stream_bytes"),
        Flood(
            about: "events that say nothing",
            parts: repeated("data: {\"choices\":[],\"same\":\"\(String(repeating: "x", count: 2000))\"}\n\n"),
            error: "max_stream_bytes"),
        Flood(about: "lines of an event that does not end", parts: repeated("data: {}\n"), error: "max_event_bytes"),
        Flood(
            about: "text", parts: numbered({ _ in #"{"choices":[{"index":0,"delta":{"content":""# }, #""}}]}"#), error: "max_answer_bytes"),
        Flood(
            about: "fields", parts: numbered({ #"{"choices":[],"f\#($0)":""# }, #""}"#), error: "max_answer_bytes"),
        Flood(
            about: "stop reasons",
            parts: numbered({ #"{"choices":[{"index":\#($0),"delta":{},"finish_reason":"stop","stop_reason":""# }, #""}]}"#),
            error: "max_answer_bytes"),
        Flood(
            about: "texts of tokens",
            parts: numbered(
                { _ in #"{"choices":[{"index":0,"delta":{},"logprobs":{"content":[{"logprob":-1,"token":""# }, #""}]}}]}"#),
            error: "max_answer_bytes"),
        Flood(about: "tool calls", parts: repeated((0..<600).map(call).joined(), 1 << 24), error: "max_tool_calls"),
        Flood(
            about: "zeros, compressed", headers: [("content-type", "text/event-stream"), ("content-encoding", "gzip")],
            parts: repeated("\u{0}"), error: "it is compressed"),
    ]

    @Test("is bounded, whatever a server sends without end")
    func bounded() async throws {
        let process = Guarded<Int32?>(nil)
        // The most memory that the process ever had: at the beginning of each request, when the one before it is over.
        let peaks = Guarded<[Int]>([])
        let options = VLLMSimulator.Options(respond: { request in
            guard request.path == "/v1/chat/completions", let identifier = process.withLock({ $0 }) else { return nil }
            let number = peaks.withLock { peaks in
                peaks.append(Self.peak(of: identifier) ?? 0)
                return peaks.count - 1
            }
            // The first question and the last one are ordinary.
            guard number > 0, number <= Self.floods.count else { return nil }
            let flood = Self.floods[number - 1]
            return SimulatedResponse(headers: flood.headers, parts: flood.parts)
        })
        let simulator = try VLLMSimulator(options: options)
        defer { simulator.stop() }
        let plan = """
            providers:
              - module: provider-vllm
                config:
                  base_url: "\(simulator.baseURL)"
                  use_completions: false
                  max_answer_bytes: \(Self.keptLimit)
                  max_event_bytes: \(Self.keptLimit)
                  max_stream_bytes: \(Self.streamLimit)
            """
        try await withTemporaryDirectory { home in
            try writeFile(home + "/plan.yaml", plan.utf8)
            let run = try await HostProcess.run(
                ["chat", "-c", home + "/plan.yaml"], input: String(repeating: "Hello!\n", count: Self.floods.count + 2), home: home,
                onStart: { identifier in process.withLock { $0 = identifier } })
            let reached = peaks.withLock { $0 }
            try #require(reached.count == Self.floods.count + 2)
            #expect(reached[0] > 1 << 20)
            for (number, flood) in Self.floods.enumerated() {
                let growth = reached[number + 2] - reached[1]
                #expect(growth < Self.growthLimit, "\(flood.about): \(growth >> 20) MiB")
            }
            let errors = run.errors.split(separator: "\n").filter { $0.hasPrefix("vllm-host: ") }
            #expect(errors.count == Self.floods.count)
            for (error, flood) in zip(errors, Self.floods) { #expect(error.contains(flood.error), "\(flood.about)") }
        }
    }

    /// The most memory that a process ever had, in bytes.
    private static func peak(of process: Int32) -> Int? {
        guard let status = try? fileText("/proc/\(process)/status") else { return nil }
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 << 10 }
    }
}
