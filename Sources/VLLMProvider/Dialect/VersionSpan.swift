/// The versions of vLLM that have something.
struct VersionSpan: Sendable, Hashable {
    /// The first that has it; `nil` where it has always been there, which is: since 0.8.5, the oldest that was looked at.
    var first: ServerVersion?
    /// The first that has it no more; `nil` where it is still there.
    var end: ServerVersion?

    /// All versions.
    static let all = VersionSpan()

    /// A version and later ones.
    static func since(_ minor: Int, _ patch: Int = 0) -> VersionSpan { VersionSpan(first: ServerVersion(0, minor, patch)) }

    /// The versions before one.
    static func before(_ minor: Int) -> VersionSpan { VersionSpan(end: ServerVersion(0, minor)) }

    /// The same span, ended.
    func before(_ minor: Int) -> VersionSpan { VersionSpan(first: first, end: ServerVersion(0, minor)) }

    /// Whether a version has it; `nil` stands for the newest.
    func contains(_ version: ServerVersion?) -> Bool {
        guard let version else { return end == nil }
        return first.map { version >= $0 } ?? true && end.map { version < $0 } ?? true
    }

    /// Which versions have it, to go behind a sentence that some other one does not.
    var phrase: String {
        switch (first, end) {
        case (nil, nil): "all others have it"
        case (let first?, nil): "\(first) and later have it"
        case (nil, let end?): "those before \(end) had it"
        case (let first?, let end?): "\(first) and later, before \(end), had it"
        }
    }
}
