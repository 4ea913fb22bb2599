import HostSession
import JSON
import ProviderKit

/// The providers of a session as `/provider` shows them: in the order of priority, a star before the one that the next prompt is put to.
struct ProviderList {
    private let providers: [MountedProvider]
    private let selected: String?
    private let isChosen: Bool
    private let leftAlone: Set<String>

    init(_ session: HostSession) {
        providers = session.providers
        selected = session.selectedProvider?.name
        isChosen = session.isProviderChosen
        leftAlone = Set(session.providers.filter(session.isLeftAlone).map(\.name))
    }

    var text: String {
        let width = providers.map(\.name.count).max() ?? 0
        return providers.map { mounted in
            let isSelected = mounted.name == selected
            let name = mounted.name + String(repeating: " ", count: width - mounted.name.count)
            let model = mounted.provider.info.defaults["model"]?.string.map { "  \($0)" } ?? ""
            var note = isSelected && isChosen ? "  asked alone" : ""
            if note.isEmpty, leftAlone.contains(mounted.name) { note = "  has failed, asked last" }
            return "\(isSelected ? "*" : " ") \(name)  priority \(mounted.priority)\(model)\(note)\n"
        }.joined()
    }
}
