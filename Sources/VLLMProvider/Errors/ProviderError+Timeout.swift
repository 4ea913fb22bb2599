import HTTPTransport
import JSON
import ProviderKit

extension ProviderError {
    /// The error for a time limit that has passed, or `nil` where the transport failed otherwise. It names the setting.
    init?(timeout error: TransportError, server: String, limits: TimeLimits) {
        switch error.code {
        case .connectTimeout:
            self.init(
                setting: "connect_timeout", limits.connect, "no connection to \(server) within",
                hint: "check base_url and the network, or raise connect_timeout")
        case .firstByteTimeout:
            self.init(
                setting: "first_byte_timeout", limits.firstByte, "\(server) began no answer within",
                hint: "look whether the server hangs or is overloaded; for long prompts, and for long answers that are not streamed, "
                    + "raise first_byte_timeout")
        case .idleTimeout:
            self.init(
                setting: "stream_idle_timeout", limits.streamIdle, "\(server) sent nothing for",
                hint: "look whether the server hangs or a proxy lost the connection, or raise stream_idle_timeout")
        case .timeout:
            self.init(
                setting: "timeout", limits.total, "\(server) did not answer completely within",
                hint: "raise timeout, or ask for fewer tokens with max_tokens")
        default: return nil
        }
    }

    /// The setting whose time limit has passed; `nil` for what a server says of its own limits.
    var passedSetting: String? { code == .timeout ? details["setting"]?.string : nil }

    private init(setting: String, _ limit: Duration, _ what: String, hint: String) {
        self.init(
            .timeout, "\(what) \(limit.inSeconds) (\(setting))", hint: hint,
            details: ["setting": .string(setting), "seconds": .double(limit / .seconds(1))])
    }
}
