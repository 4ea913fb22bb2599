internal import CCrypto

/// The SHA-256 checksum of bytes that come piece by piece (FIPS 180-4), as OpenSSL reckons it.
public final class SHA256 {
    private let context: OpaquePointer

    /// The checksum of nothing so far; `nil` where OpenSSL has no memory for it.
    public init?() {
        guard let context = EVP_MD_CTX_new() else { return nil }
        guard EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
            EVP_MD_CTX_free(context)
            return nil
        }
        self.context = context
    }

    deinit { EVP_MD_CTX_free(context) }

    /// Takes the next bytes in.
    /// - Returns: whether it could.
    public func add(_ bytes: UnsafeRawBufferPointer) -> Bool { EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1 }

    /// The checksum of all bytes as 64 hexadecimal digits in lower case; `nil` where it cannot be had. Asked for once, as the last thing.
    public func digest() -> String? {
        finish().map { $0.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }
    }

    /// The checksum of all bytes in base64, as a content security policy spells it; `nil` where it cannot be had. Asked for once, as the
    /// last thing.
    public func base64Digest() -> String? {
        guard let digest = finish() else { return nil }
        // 32 bytes are 44 digits; OpenSSL puts a NUL behind them.
        var digits = [UInt8](repeating: 0, count: 45)
        let count = EVP_EncodeBlock(&digits, digest, Int32(digest.count))
        return String(decoding: digits.prefix(Int(count)), as: UTF8.self)
    }

    private func finish() -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 32)
        return EVP_DigestFinal_ex(context, &bytes, nil) == 1 ? bytes : nil
    }
}

extension SHA256 {
    /// The checksum of bytes that are all there, as its 32 bytes; `nil` where OpenSSL cannot have it.
    public static func digest(of bytes: UnsafeRawBufferPointer) -> [UInt8]? {
        var digest = [UInt8](repeating: 0, count: 32)
        // An empty buffer has no address, which OpenSSL does not mind.
        guard EVP_Digest(bytes.baseAddress, bytes.count, &digest, nil, EVP_sha256(), nil) == 1 else { return nil }
        return digest
    }
}
