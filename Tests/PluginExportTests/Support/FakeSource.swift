import JSON
import Locks
import ProviderKit
import TestSupport

/// An answer that repeats the words of a prompt, one in each batch, and ends as the last of them says: `hang` waits until the task is
/// cancelled, `deaf` goes on for ever and takes no notice of that, `fail` fails, `strict` tells of a cancellation also behind the end. Each batch is told as a session event. With
/// the option `queue` the answer arrives on `QueueExecutor.shared`.
final class FakeSource: ResponseSource {
    private let words: [String]
    private let context: ProviderContext
    private let options: JSONObject
    private let position = Guarded(-1)

    init(_ prompt: String, options: JSONObject, context: ProviderContext) {
        words = prompt.split(separator: " ").map(String.init)
        self.options = options
        self.context = context
    }

    var executor: (any TaskExecutor)? { options["queue"] == true ? QueueExecutor.shared : nil }

    func next() async throws(ProviderError) -> [ProviderEvent]? {
        let position = position.withLock { position in
            position += 1
            return position
        }
        if position > 0, position <= words.count {
            switch words[position - 1] {
            case "hang":
                for await _ in AsyncStream<Never>.makeStream().stream {}
                throw ProviderError(.cancelled, "cancelled while it hung")
            case "fail":
                var error = ProviderError(.rateLimit, "too many", hint: "wait", provider: "fake", status: 429)
                error.retryAfter = .milliseconds(2500)
                throw error
            case "deaf":
                self.position.withLock { $0 -= 1 }
                await Task.yield()
            default: break
            }
        }
        if words.last == "strict", position > words.count + 1, Task.isCancelled {
            throw ProviderError(.cancelled, "cancelled behind the end")
        }
        let events = events(at: position)
        if let events, context.events.wants("llm:batch") {
            context.events.emit("llm:batch", ["instance_id": .string(context.instanceID ?? ""), "number": .integer(position)])
            context.events.emit("llm:size", ["count": .integer(events.count)])
        }
        return events
    }

    private func events(at position: Int) -> [ProviderEvent]? {
        switch position {
        case 0: [.started(ResponseStart(id: "r", model: "m")), .blockStarted(BlockStart(index: 0, kind: .text))]
        case 1...max(words.count, 1) where position <= words.count: [.blockDelta(index: 0, text: words[position - 1] + " ")]
        case words.count + 1:
            [
                .blockEnded(index: 0, block: .text(TextBlock(words.map { $0 + " " }.joined()))),
                .usage(Usage(inputTokens: 1, outputTokens: words.count)),
                .finished(ResponseFinish(reason: "stop", metadata: options)),
            ]
        default: nil
        }
    }
}
