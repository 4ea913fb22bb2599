import HostSession
import JSON
import ProviderKit

/// The providers of a session as `/provider` shows them: in the order in which they are asked, a star before the one that is to answer.
struct ProviderList {
    private let providers: [MountedProvider]
    private let selected: String?
    private let isChosen: Bool

    init(_ session: HostSession) {
        providers = session.providers
        selected = session.selectedProvider?.name
        isChosen = session.isProviderChosen
    }

    var text: String {
        let width = providers.map(\.name.count).max() ?? 0
        return providers.map { mounted in
            let isSelected = mounted.name == selected
            let name = mounted.name + String(repeating: " ", count: width - mounted.name.count)
            let model = mounted.provider.info.defaults["model"]?.string.map { "  \($0)" } ?? ""
            let alone = isSelected && isChosen ? "  asked alone" : ""
            return "\(isSelected ? "*" : " ") \(name)  priority \(mounted.priority)\(model)\(alone)\n"
        }.joined()
    }
}
