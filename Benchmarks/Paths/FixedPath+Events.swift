import JSON
import ProviderKit

extension FixedPath {
    /// Events to JSON and back, a batch at a time, as a plugin and its host do.
    static func handOver(_ batch: [ProviderEvent], _ count: Int) throws {
        var read = 0
        var writer = JSONWriter()
        for _ in 0..<count / batch.count {
            writer.removeAll()
            writer.write(batch)
            let events = try writer.withBytes { bytes throws(ContractError) in try ProviderEvent.batch(parsing: bytes) }
            read += events.count
        }
        expect(read, count, "events")
    }
}
