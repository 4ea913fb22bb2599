public import Configuration
import Suggestions

extension MountPlan {
    /// The place in `providers` of the one that is mounted under a name.
    /// - Throws: `HostError` with the code `noProvider`, which says what names there are.
    public func providerIndex(named name: String) throws(HostError) -> Int {
        let names = providers.map(\.mountName)
        guard let index = names.firstIndex(of: name) else { throw .noProvider(named: name, among: names) }
        return index
    }
}

extension HostError {
    /// Nothing is mounted under this name.
    static func noProvider(named name: String, among names: [String]) -> HostError {
        let known =
            switch names.count {
            case 0: "the mount plan has none: add one under `providers:`"
            case 1: "the only one is \(names[0])"
            default: "there are \(names.joined(separator: ", "))"
            }
        let suggestion = nearest(to: name, among: names).map { "did you mean \($0)? " } ?? ""
        return HostError(.noProvider, "no provider is mounted as \"\(name)\"", hint: suggestion + known)
    }
}
