import CProviderPlugin
import JSON
import ProviderKit
import ProviderVLLMPlugin

extension FuzzTarget {
    /// Texts that cross the plugin ABI, in both directions. The first byte says which; nothing is asked of a server.
    static let plugin = FuzzTarget { bytes in
        guard let choice = bytes.first else { return }
        let text = Array(bytes.dropFirst())
        switch choice {
        case UInt8(ascii: "s"): create(text)
        case UInt8(ascii: "r"): read(text) { json throws(ContractError) in try ChatRequest(json: json).json }
        case UInt8(ascii: "c"): read(text) { json throws(ContractError) in try ChatResponse(json: json).json }
        case UInt8(ascii: "x"): read(text) { json throws(ContractError) in try ProviderError(json: json).json }
        default: readEvents(text)
        }
    }

    /// What was read and written reads back as the same.
    private static func read(_ text: [UInt8], _ read: (JSONValue) throws(ContractError) -> JSONValue) {
        guard let json = try? JSONValue(parsing: text), let written = try? read(json) else { return }
        checkRoundTrip(written)
        do { require(try read(written) == written, "it reads back as another: \(written.text)") } catch {
            fatalError("what was written is refused: \(error)\n\(written.text)")
        }
    }

    private static func readEvents(_ text: [UInt8]) {
        guard let events = try? text.withUnsafeBufferPointer({ try ProviderEvent.batch(parsing: $0) }) else { return }
        var writer = JSONWriter()
        writer.write(events)
        require(writer.bytes == JSONValue.array(events.map(\.json)).bytes, "a batch is not written as its events are")
        let back = writer.withBytes { try? ProviderEvent.batch(parsing: $0) }
        require(back?.map(\.json) == events.map(\.json), "events read back as others")
        var gatherer = ResponseGatherer()
        for event in events { gatherer.add(event) }
        checkRoundTrip(gatherer.response.json)
    }

    /// A provider is made, or it is said why not; it is ended in any case.
    private static func create(_ text: [UInt8]) {
        let table = providerPlugin(PROVIDER_PLUGIN_ABI_VERSION).pointee
        let characters = text.map { CChar(bitPattern: $0) }
        var handle: OpaquePointer?
        var error = ProviderBytes()
        let status = table.create(nil, characters, characters.count, &handle, &error)
        require((status == PROVIDER_OK) == (handle != nil), "there is a provider, or a failure")
        require((status == PROVIDER_OK) == (error.bytes == nil), "a failure says what it is")
        if let bytes = error.bytes {
            require(bytes[error.size] == 0, "there is no NUL behind the error")
            let told = try? JSONValue(parsing: String(cString: bytes))
            require(told?["type"]?.string != nil && told?["message"]?.string?.isEmpty == false, "the error says nothing")
        }
        table.free_bytes(&error)
        if handle != nil { require(table.free(handle) == PROVIDER_OK, "the provider does not end") }
    }
}
