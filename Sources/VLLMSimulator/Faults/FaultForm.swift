/// How a fault is written, as in `reset-at-byte=120`, and what it means.
public struct FaultForm: Sendable {
    /// The word that it begins with.
    public let name: String
    /// The whole form, with words in capitals for what is to be filled in: `drip=BYTES; interval-ms=MS`.
    public let usage: String
    /// What happens, in a sentence.
    public let meaning: String
    let read: @Sendable (inout FaultText) throws(SimulatorError) -> SimulatedFault

    init(
        _ usage: String, _ meaning: String, read: @escaping @Sendable (inout FaultText) throws(SimulatorError) -> SimulatedFault
    ) {
        self.usage = usage
        self.meaning = meaning
        self.read = read
        name = String(usage.prefix { $0 != "=" && $0 != "[" })
    }
}
