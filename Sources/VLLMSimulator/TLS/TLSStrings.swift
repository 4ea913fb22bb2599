#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// An identity as C strings, which a daemon may look at for as long as this lives.
final class TLSStrings: @unchecked Sendable {
    // @unchecked: nobody writes to the strings.
    let certificate: UnsafeMutablePointer<CChar>?
    let key: UnsafeMutablePointer<CChar>?

    init(_ identity: TLSIdentity) {
        certificate = strdup(identity.certificate)
        key = strdup(identity.key)
    }

    deinit {
        free(certificate)
        free(key)
    }
}
