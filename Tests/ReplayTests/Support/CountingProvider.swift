import JSON
import Locks
import ProviderKit

/// A provider that numbers its answers, and fails where it is told to.
final class CountingProvider: Provider {
    let name = "counting"
    private let count = Guarded(0)
    private let failures: [Int: ProviderError]

    /// - Parameter failures: the errors in place of answers, by their numbers from 1.
    init(failures: [Int: ProviderError] = [:]) {
        self.failures = failures
    }

    var info: ProviderInfo { ProviderInfo(id: name, displayName: name) }

    /// How often it was asked.
    var calls: Int { count.withLock { $0 } }

    func listModels() async throws(ProviderError) -> [ModelInfo] { [] }

    func stream(_ request: ChatRequest, options: JSONObject) -> ResponseStream {
        let number = count.withLock { count in
            count += 1
            return count
        }
        let block = TextBlock("answer \(number)")
        let start: [ProviderEvent] = [
            .started(ResponseStart(id: "\(number)", model: "m")), .blockStarted(BlockStart(index: 0, kind: .text)),
            .blockDelta(index: 0, text: block.text),
        ]
        if let failure = failures[number] { return ResponseStream(start, failure: failure) }
        return ResponseStream(
            start + [
                .blockEnded(index: 0, block: .text(block)), .usage(Usage(inputTokens: 1, outputTokens: 2)),
                .finished(ResponseFinish(reason: "stop")),
            ])
    }

    func close() async {}
}
