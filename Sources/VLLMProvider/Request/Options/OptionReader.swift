import JSON

/// The options of one call: what the call says, else what the configuration says. Both are read by the schema already.
struct OptionReader {
    /// What the call's options say, and over them the request's own fields.
    var call: JSONObject
    /// What the configuration says, defaults included.
    var configured: JSONObject

    subscript(key: String) -> JSONValue? { (call.isEmpty ? nil : call[key]) ?? configured[key] }

    func int(_ key: String) -> Int? { self[key]?.int }
    func double(_ key: String) -> Double? { self[key]?.double }
    func bool(_ key: String) -> Bool? { self[key]?.bool }
    func string(_ key: String) -> String? { self[key]?.string }
    func object(_ key: String) -> JSONObject? { self[key]?.object }
    func strings(_ key: String) -> [String]? { self[key]?.array?.compactMap(\.string) }
    func ints(_ key: String) -> [Int]? { self[key]?.array?.compactMap(\.int) }
    func objects(_ key: String) -> [JSONObject]? { self[key]?.array?.compactMap(\.object) }

    /// From the most general to the most special.
    var layers: [JSONObject] { [configured, call] }

    /// What decides on options that belong together: the call, if it says anything of them, else the configuration.
    func layer(of keys: [String]) -> JSONObject { keys.contains { call[$0] != nil } ? call : configured }

    /// Options with those of a higher rank over them; of options that belong together, the higher rank decides on all.
    static func merging(_ options: JSONObject, over others: JSONObject) -> JSONObject {
        guard !options.isEmpty else { return others }
        var merged = others
        for group in [AnswerShape.keys, LogprobCount.keys] where group.contains(where: { options[$0] != nil }) {
            for key in group { merged[key] = nil }
        }
        merged.merge(options)
        return merged
    }

    /// A mapping of the configuration with the call's members over it.
    func merged(_ key: String) -> JSONObject? {
        let objects = layers.compactMap { $0[key]?.object }
        guard var merged = objects.first else { return nil }
        for object in objects.dropFirst() { merged.merge(object) }
        return merged
    }
}
