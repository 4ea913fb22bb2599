import CCurl

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

extension TransportError {
    /// The error that a result of libcurl stands for, or `nil` for success.
    init?(_ result: CURLcode, of transfer: CurlTransfer, handle: CurlHandle) {
        guard result != CURLE_OK else { return nil }
        let address = transfer.request.address
        let detail = handle.detail.isEmpty ? String(cString: curl_easy_strerror(result)) : handle.detail
        switch result {
        case CURLE_URL_MALFORMAT: self.init(.invalidURL, "the URL cannot be used: \(detail)")
        case CURLE_COULDNT_RESOLVE_HOST: self.init(.hostNotFound, "the host \(address.host) is not known")
        case CURLE_COULDNT_RESOLVE_PROXY, CURLE_PROXY: self.init(.proxy, "the proxy for \(address) failed: \(detail)")
        case CURLE_COULDNT_CONNECT: self = .connection(address, handle, detail)
        // The only limit that libcurl knows.
        case CURLE_OPERATION_TIMEDOUT: self = .noConnection(address, transfer.request.timeouts)
        // Not what TLS says is wrong, but a peer that left: as a server does that is being started anew.
        case CURLE_SSL_CONNECT_ERROR where ["SSL_ERROR_SYSCALL", "unexpected eof", "Connection reset"].contains(where: detail.contains):
            self.init(.connectionLost, "the connection to \(address) broke while TLS began: \(detail)")
        case CURLE_SSL_CACERT_BADFILE: self.init(.tls, "the certificate authorities cannot be read: \(detail)")
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CIPHER, CURLE_SSL_CERTPROBLEM, CURLE_SSL_ISSUER_ERROR,
            CURLE_SSL_INVALIDCERTSTATUS, CURLE_USE_SSL_FAILED, CURLE_SSL_ENGINE_INITFAILED, CURLE_SSL_SHUTDOWN_FAILED:
            self.init(.tls, "TLS with \(address) failed: \(detail)")
        case CURLE_GOT_NOTHING: self.init(.connectionLost, "\(address) closed the connection without an answer")
        case CURLE_PARTIAL_FILE: self.init(.connectionLost, "the connection to \(address) was closed before the end of the response")
        // libcurl holds a line of a trailer in a buffer of its own; where one does not fit, its results differ, but its words do not.
        case _ where detail == "Out of memory in chunked-encoding": self = transfer.trailerLineTooLong
        case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_HTTP2_STREAM: self = .broken(transfer, handle, detail)
        case _ where Self.isTooLongLine(result, transfer): self = transfer.headerLineTooLong
        case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_BAD_CONTENT_ENCODING, CURLE_HTTP2:
            self.init(.protocolViolation, "\(address) does not answer in proper HTTP: \(detail)")
        default: self.init(.other, "the exchange with \(address) failed: \(detail) (libcurl error \(result.rawValue))")
        }
    }

    /// libcurl holds a line of a head in a buffer of a fixed size, and says of one that does not fit what it says of a lack of memory; since
    /// 8.6 it has a code of its own, `CURLE_TOO_LARGE`.
    private static func isTooLongLine(_ result: CURLcode, _ transfer: CurlTransfer) -> Bool {
        result.rawValue == 100 || result == CURLE_OUT_OF_MEMORY && !transfer.hasHead
    }

    private static func connection(_ address: ServerAddress, _ handle: CurlHandle, _ detail: String) -> TransportError {
        // libcurl names the host it could not reach, which is the proxy where there is one.
        let host = address.host.hasPrefix("[") ? String(address.host.dropFirst().dropLast()) : address.host
        if detail.hasPrefix("Failed to connect to "), !detail.hasPrefix("Failed to connect to \(host) port \(address.port) ") {
            return TransportError(.proxy, "the proxy for \(address) cannot be reached: \(detail)")
        }
        let number = Int32(truncatingIfNeeded: handle.number(CURLINFO_OS_ERRNO))
        switch number {
        case ECONNREFUSED: return TransportError(.connectionFailed, "connection refused by \(address)")
        case 0: return TransportError(.connectionFailed, "no connection to \(address): \(detail)")
        default: return TransportError(.connectionFailed, "no connection to \(address): \(String(cString: strerror(number)))")
        }
    }

    /// No connection came about in time.
    static func noConnection(_ address: ServerAddress, _ limits: HTTPTimeouts) -> TransportError {
        TransportError(.connectTimeout, "no connection to \(address)\(limits.connect.map { " within \($0.text)" } ?? "")")
    }

    private static func broken(_ transfer: CurlTransfer, _ handle: CurlHandle, _ detail: String) -> TransportError {
        let address = transfer.request.address
        let answer = handle.number(CURLINFO_HTTP_CONNECTCODE)
        if answer != 0, !(200..<300).contains(answer) {
            let code: Code =
                switch answer {
                case 401, 407: .proxyAuthentication
                case 403: .proxyRefused
                default: .proxy
                }
            return TransportError(code, "the proxy refused to connect to \(address): HTTP status \(answer)")
        }
        // libcurl has no code of its own for malformed chunks.
        if detail.contains("chunked-encoding") {
            return TransportError(.protocolViolation, "\(address) does not answer in proper HTTP: \(detail)")
        }
        let moment = transfer.hasHead ? "before the end of the response" : "before the answer"
        return TransportError(.connectionLost, "the connection to \(address) broke \(moment): \(detail)")
    }
}
