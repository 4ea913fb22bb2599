/// The version of a vLLM server, as exact as releases differ in their fields.
struct ServerVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
    var major: Int
    var minor: Int
    var patch: Int

    init(_ major: Int, _ minor: Int, _ patch: Int = 0) {
        (self.major, self.minor, self.patch) = (major, minor, patch)
    }

    /// Reads a version as `/version` and people write it: `0.32.0`, `v0.11`, `0.9.0.1`, `0.12.0rc1.dev3+g1234abc`. A candidate counts as
    /// the release that it is for.
    init?(_ text: String) {
        let numbers = text.drop { $0 == "v" }.prefix { $0.isNumber || $0 == "." }
            .split(separator: ".", omittingEmptySubsequences: false).prefix(3).map { Int($0) }
        guard numbers.count > 1, let major = numbers[0], let minor = numbers[1] else { return nil }
        self.init(major, minor, numbers.count > 2 ? numbers[2] ?? 0 : 0)
    }

    /// Reads what a server says of itself; `nil` for a build that does not know its version: one from a checkout without tags says
    /// `dev` or `0.1.dev1+g1234abc`.
    init?(reported text: String) {
        guard let version = ServerVersion(text), version >= ServerVersion(0, 2) else { return nil }
        self = version
    }

    var description: String { "\(major).\(minor).\(patch)" }

    static func < (left: ServerVersion, right: ServerVersion) -> Bool {
        (left.major, left.minor, left.patch) < (right.major, right.minor, right.patch)
    }
}
