import HTTPTransport
import JSON
import ProviderKit
import VLLMClient

extension ProviderError {
    /// The error of an answer that is larger than a setting allows. To ask again is of no use.
    /// - Parameter setting: the key that sets the limit.
    init(exceeding limit: Int, of setting: String, _ message: String) {
        self.init(
            .stream, "\(message) (\(setting))", hint: "raise \(setting) if such an answer is wanted", isRetryable: false,
            details: ["setting": .string(setting), "limit": .integer(limit)])
    }

    /// The setting whose size an answer exceeds; `nil` for any other error.
    var exceededSetting: String? { code == .stream ? details["setting"]?.string : nil }

    /// The error for a limit in bytes that was passed on the way, or `nil` where the transport failed otherwise. It names the setting.
    init?(tooLarge error: TransportError, sizes: SizeLimits) {
        switch error.code {
        case .headersTooLarge: self.init(exceeding: sizes.headers, of: "max_header_bytes", error.message)
        case .tooLarge: self.init(exceeding: sizes.response.body, of: "max_body_bytes", error.message)
        case .eventTooLarge: self.init(exceeding: sizes.response.event, of: "max_event_bytes", error.message)
        case .streamTooLarge: self.init(exceeding: sizes.response.stream, of: "max_stream_bytes", error.message)
        default: return nil
        }
    }
}
