import Configuration
import JSON
import SessionLog

/// How a session's log is written, as the mount plan says it.
struct LogSettings: Sendable, Hashable {
    /// Which events it leaves out.
    var filter = EventFilter()
    /// How it is written.
    var options = SessionLogOptions()

    /// What is usual.
    init() {}

    /// What the configuration of `hooks-logging` says.
    /// - Throws: `ConfigurationError` for a size that is none.
    init(_ values: ConfigurationValues) throws(ConfigurationError) {
        filter = EventFilter(exclude: values.strings("exclude_events") ?? [])
        if let name = values.string("durability"), let durability = SessionLogOptions.Durability(rawValue: name) {
            options.durability = durability
        }
        options.queueSize = try Self.size("queue_size", values, atLeast: Self.smallestQueue) ?? options.queueSize
        options.rotateSize = try Self.size("rotate_size", values) ?? options.rotateSize
        options.rotateAge = Self.seconds("rotate_age", values) ?? options.rotateAge
        options.compresses = values.bool("compress") ?? options.compresses
        options.retention.count = values.int("retention_count") ?? options.retention.count
        options.retention.bytes = try Self.size("retention_size", values) ?? options.retention.bytes
        options.retention.age = Self.seconds("retention_age", values) ?? options.retention.age
    }

    /// A smaller queue would drop records whenever a few come at once.
    private static let smallestQueue = 64 << 10

    private static func size(_ key: String, _ values: ConfigurationValues, atLeast minimum: Int = 0) throws(ConfigurationError) -> Int? {
        guard let value = values[key] else { return nil }
        guard let bytes = value.int ?? value.string.flatMap({ ByteSize.bytes($0) }), bytes >= minimum else {
            let limit = minimum > 0 ? " of at least \(ByteSize.text(minimum))" : ""
            let issue = values.issue(
                for: key, "expected a size\(limit), found \(value.text)", hint: "a number of bytes, or such as 64MiB")
            throw ConfigurationError([issue])
        }
        return bytes
    }

    private static func seconds(_ key: String, _ values: ConfigurationValues) -> Int? {
        values.double(key).map { Int($0.rounded(.up)) }
    }
}
