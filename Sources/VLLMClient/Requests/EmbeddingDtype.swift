/// The numbers that vectors are sent as in base64: `embed_dtype` of vLLM 0.11.1 and later. Fewer bits are fewer bytes, and less exact.
///
/// A server that does not know it sends 4 bytes a number all the same, and nothing in its answer says so: compare the vectors' length with the
/// model's where the server may be an older one.
public enum EmbeddingDtype: String, Sendable, Hashable, CaseIterable {
    /// 4 bytes.
    case float32
    /// 2 bytes: 5 bits of exponent, 10 of fraction.
    case float16
    /// 2 bytes: 8 bits of exponent, 7 of fraction.
    case bfloat16
    /// 1 byte: 4 bits of exponent, 3 of fraction, no infinities.
    case fp8E4M3 = "fp8_e4m3"
    /// 1 byte: 5 bits of exponent, 2 of fraction.
    case fp8E5M2 = "fp8_e5m2"
}
