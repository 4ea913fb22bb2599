internal import CGnuTLS

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A certificate, signed by its own key, and that key, both in PEM.
struct TLSIdentity: Sendable {
    let certificate: String
    let key: String

    /// Makes a new one.
    /// - Parameter host: the name or address that clients ask for, beside the loopback ones.
    init(_ kind: SimulatedCertificate, host: String) throws(SimulatorError) {
        var key: gnutls_x509_privkey_t?
        var certificate: gnutls_x509_crt_t?
        defer {
            if let key { gnutls_x509_privkey_deinit(key) }
            if let certificate { gnutls_x509_crt_deinit(certificate) }
        }
        let bits = gnutls_sec_param_to_pk_bits(GNUTLS_PK_ECDSA, GNUTLS_SEC_PARAM_HIGH)
        try Self.check(gnutls_x509_privkey_init(&key))
        try Self.check(gnutls_x509_privkey_generate(key, GNUTLS_PK_ECDSA, bits, 0))
        try Self.check(gnutls_x509_crt_init(&certificate))
        try Self.check(gnutls_x509_crt_set_version(certificate, 3))
        // A browser that has seen another certificate of the same issuer and number refuses this one.
        let serial = (0..<8).map { _ in UInt8.random(in: 1...127) }
        try Self.check(gnutls_x509_crt_set_serial(certificate, serial, serial.count))
        try Self.check(gnutls_x509_crt_set_dn(certificate, "CN=vllm-sim", nil))
        let (now, day) = (time(nil), 86_400)
        try Self.check(gnutls_x509_crt_set_activation_time(certificate, now - 30 * day))
        try Self.check(gnutls_x509_crt_set_expiration_time(certificate, kind == .expired ? now - day : now + 30 * day))
        for name in kind == .wrongName ? ["other.example"] : ["localhost", "127.0.0.1", "::1", host] {
            try Self.add(name, to: certificate)
        }
        try Self.check(gnutls_x509_crt_set_ca_status(certificate, 1))
        try Self.check(gnutls_x509_crt_set_key(certificate, key))
        try Self.check(gnutls_x509_crt_sign2(certificate, certificate, key, GNUTLS_DIG_SHA256, 0))
        self.certificate = try Self.text { gnutls_x509_crt_export2(certificate, GNUTLS_X509_FMT_PEM, &$0) }
        self.key = try Self.text { gnutls_x509_privkey_export2(key, GNUTLS_X509_FMT_PEM, &$0) }
    }

    private static func add(_ name: String, to certificate: gnutls_x509_crt_t?) throws(SimulatorError) {
        var address = [UInt8](repeating: 0, count: 16)
        let append = UInt32(GNUTLS_FSAN_APPEND)
        for (family, size) in [(AF_INET, 4), (AF_INET6, 16)] where inet_pton(family, name, &address) == 1 {
            try check(gnutls_x509_crt_set_subject_alt_name(certificate, GNUTLS_SAN_IPADDRESS, address, UInt32(size), append))
            return
        }
        try check(gnutls_x509_crt_set_subject_alt_name(certificate, GNUTLS_SAN_DNSNAME, name, UInt32(name.utf8.count), append))
    }

    private static func text(_ export: (inout gnutls_datum_t) -> Int32) throws(SimulatorError) -> String {
        var datum = gnutls_datum_t()
        try check(export(&datum))
        defer { cgnutls_free(datum.data) }
        return String(decoding: UnsafeBufferPointer(start: datum.data, count: Int(datum.size)), as: UTF8.self)
    }

    private static func check(_ status: Int32) throws(SimulatorError) {
        guard status < 0 else { return }
        throw SimulatorError("no certificate can be made: \(gnutls_strerror(status).map { String(cString: $0) } ?? "error \(status)")")
    }
}
