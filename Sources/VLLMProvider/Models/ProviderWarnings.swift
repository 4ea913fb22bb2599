import JSON
import Locks
import ProviderKit

/// Tells the session of what its user should know: what stays as it is once, what comes and goes each time.
final class ProviderWarnings: Sendable {
    private let settings: VLLMSettings
    private let context: ProviderContext
    private let told = Guarded<Set<ProviderWarning>>([])

    init(settings: VLLMSettings, context: ProviderContext) {
        self.settings = settings
        self.context = context
    }

    /// Emits `provider:warning`, unless the same was told before.
    func tell(_ warning: ProviderWarning) {
        if told.withLock({ $0.insert(warning).inserted }) { emit(warning) }
    }

    /// Emits `provider:warning` for what has happened, as often as it happens.
    func emit(_ warning: ProviderWarning) {
        guard context.events.wants(EventName.providerWarning) else { return }
        var data: JSONObject = ["provider": .string(settings.providerName)]
        data["instance_id"] = context.instanceID.map { .string($0) }
        data["model"] = warning.model.map { .string($0) }
        data["lvl"] = "WARNING"
        data["message"] = .string(warning.message)
        data.merge(warning.data)
        context.events.emit(EventName.providerWarning, data)
    }

    /// Tells of settings that are dangerous. For whoever is about to send something.
    func tellOfSettings() {
        guard settings.skipsTLSVerification else { return }
        tell(
            ProviderWarning(
                "insecure_skip_verify is on: no TLS certificate is checked, so that whoever sits on the way can read and change everything, "
                    + "the API key included", model: nil, data: ["setting": "insecure_skip_verify"]))
    }
}
