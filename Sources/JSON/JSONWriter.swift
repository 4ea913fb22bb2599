/// Writes JSON as bytes, compact (no spaces, keys in the order given) or indented by two spaces for people.
///
/// A writer that is kept and emptied with `removeAll` keeps its memory.
public struct JSONWriter: ~Copyable {
    private var sink: ByteSink
    private let isPretty: Bool

    /// A writer of compact JSON, or of indented JSON, with room for so many bytes before it takes more memory.
    public init(pretty: Bool = false, capacity: Int = 256) {
        isPretty = pretty
        sink = ByteSink(capacity: capacity)
    }

    /// A writer of compact JSON that writes into `memory`, which has to outlive it, as long as there is room.
    package init(memory: UnsafeMutableBufferPointer<UInt8>) {
        isPretty = false
        sink = ByteSink(memory: memory)
    }

    /// The bytes written so far: UTF-8.
    public var bytes: [UInt8] { Array(sink.bytes) }

    /// The number of bytes written so far.
    public var count: Int { sink.count }

    /// Calls `body` with the bytes written so far, without copying them.
    public func withBytes<Result, Failure: Error>(
        _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(sink.bytes)
    }

    /// Forgets what was written, and keeps the memory for what comes.
    public mutating func removeAll() {
        sink.removeAll()
    }

    /// Writes a value.
    public mutating func write(_ value: JSONValue) {
        sink.put(value, depth: isPretty ? 0 : nil)
    }

    /// Writes a member of an object, as compact JSON.
    package mutating func write(_ member: borrowing Lent<JSONObject.Entry>) {
        sink.put(member, depth: nil)
    }

    /// Writes one byte of punctuation.
    package mutating func write(byte: UInt8) {
        sink.put(byte)
    }

    /// Writes a string with its quotation marks: `"`, `\` and control characters are escaped, everything else stays as it is.
    public mutating func write(_ string: String) {
        sink.put(quoted: string)
    }

    /// Writes an integer.
    public mutating func write(_ integer: Int) {
        sink.put(integer)
    }

    /// Writes a floating-point number as `JSONNumber` spells it; JSON has no infinities and no NaN, so those become `null`.
    public mutating func write(_ number: Double) {
        if number.isFinite { sink.put(number.description) } else { sink.put("null" as StaticString) }
    }

    /// Writes bytes as they are; the caller vouches for the result being JSON.
    public mutating func write(raw text: StaticString) {
        sink.put(text)
    }

    /// Writes bytes that are JSON already.
    public mutating func write(raw json: UnsafeBufferPointer<UInt8>) {
        sink.put(json)
    }

    /// Writes bytes that are JSON already.
    public mutating func write(raw json: some Sequence<UInt8>) {
        let inPlace: Void? = json.withContiguousStorageIfAvailable { sink.put($0) }
        guard inPlace == nil else { return }
        for byte in json { sink.put(byte) }
    }
}

extension JSONValue {
    /// The value as compact JSON text.
    public var text: String { text(pretty: false) }

    /// The value as JSON for people: one member a line, indented by two spaces.
    public var prettyText: String { text(pretty: true) }

    private func text(pretty: Bool) -> String {
        var writer = JSONWriter(pretty: pretty)
        writer.write(self)
        return writer.withBytes { String(decoding: $0, as: UTF8.self) }
    }
}
