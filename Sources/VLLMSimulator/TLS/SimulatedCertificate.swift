/// The certificate of a simulator that speaks TLS. It makes it for itself when it starts, so that no client trusts it that was not given
/// it (`VLLMSimulator.certificate`).
public enum SimulatedCertificate: String, Sendable, CaseIterable {
    /// Valid for the address it listens on, `localhost` and the loopback addresses.
    case selfSigned = "self-signed"
    /// The same, but its time is over.
    case expired
    /// Valid, but for another host.
    case wrongName = "wrong-name"
}
