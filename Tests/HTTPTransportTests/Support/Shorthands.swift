import HTTPTransport

extension CurlTransport.Options {
    /// Options that keep to the loopback interface whatever proxy the environment names, and keep connections however slow the machine is.
    static let loopback = CurlTransport.Options(proxy: "", idleConnectionLifetime: .seconds(600))
}

extension HTTPBody {
    /// All of it as text.
    func text() async throws(TransportError) -> String {
        String(decoding: try await collect(upTo: 1 << 26), as: UTF8.self)
    }
}

/// The error that `body` throws, or `nil`.
func failure(_ body: () async throws(TransportError) -> Void) async -> TransportError? {
    do {
        try await body()
        return nil
    } catch {
        return error
    }
}

extension [UInt8] {
    /// Its bytes in pieces of one size.
    func batches(of size: Int) -> [[UInt8]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0...].prefix(size)) }
    }
}
