import JSON
import Locks
import ProviderKit

/// A provider whose answer is the same batch of deltas a number of times.
struct FixedProvider: Provider {
    let batch: [ProviderEvent]
    let times: Int

    let name = "vllm"
    let modelInfo: ModelInfo? = nil
    var info: ProviderInfo { ProviderInfo(id: name, displayName: name) }

    func prepare() async {}

    func listModels() async throws(ProviderError) -> [ModelInfo] { [] }

    func stream(_ request: ChatRequest, options: JSONObject) -> ResponseStream {
        let text = Array(repeating: EventBatch.deltaText, count: times).joined()
        let end: [ProviderEvent] = [.blockEnded(index: 0, block: .text(TextBlock(text))), .finished(ResponseFinish(reason: "stop"))]
        let start: [ProviderEvent] = [
            .started(ResponseStart(id: "r", model: "m")), .blockStarted(BlockStart(index: 0, kind: .text)),
        ]
        return ResponseStream(FixedSource([start] + Array(repeating: batch, count: times) + [end]))
    }

    func close() async {}
}

/// Gives out batches that are there already.
private final class FixedSource: ResponseSource {
    private let batches: Guarded<ArraySlice<[ProviderEvent]>>

    init(_ batches: [[ProviderEvent]]) {
        self.batches = Guarded(batches[...])
    }

    func next() async throws(ProviderError) -> [ProviderEvent]? { batches.withLock { $0.popFirst() } }
}
