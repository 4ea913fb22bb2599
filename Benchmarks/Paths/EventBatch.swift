import ProviderKit

/// Events of a streamed answer, as they come in one batch.
enum EventBatch {
    private static let texts = [" the", "ontent", " a", ",", " model", "\n", " stream", " \u{4F60}\u{597D}"]

    /// 64 tokens of text.
    static let deltas: [ProviderEvent] = (0..<ServerBytes.batchSize).map { .blockDelta(index: 0, text: texts[$0 % texts.count]) }

    /// The text of `deltas`.
    static let deltaText = Array(repeating: texts.joined(), count: ServerBytes.batchSize / texts.count).joined()

    /// How many bytes it has.
    static let deltaBytes = deltaText.utf8.count

    /// 64 tokens with five log-probabilities.
    static let logprobs: [ProviderEvent] = (0..<ServerBytes.batchSize).map { index in
        let top = texts.prefix(5).map { TokenLogprob.Alternative(token: $0, logprob: -6.709630489349365) }
        return .logprobs([TokenLogprob(token: texts[index % texts.count], logprob: -7.696446895599365, topLogprobs: top)])
    }
}
