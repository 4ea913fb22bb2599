import HTTPTransport

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// nginx in front of another server: HTTP/2 over TLS to the client. Its answers name the connection that they came over: `X-Connection`.
final class NginxServer: Sendable {
    /// The program, where it is installed.
    static let program: String? = candidates.first { access($0, X_OK) == 0 }
    private static let candidates: [String] = ["/usr/sbin/nginx", "/usr/local/bin/nginx", "/opt/homebrew/bin/nginx"]

    let url: String
    private let process: pid_t

    /// Starts nginx; its files are made in `folder`.
    /// - Parameter upstream: the address that requests are passed on to.
    init(folder: String, upstream: String) async throws {
        let port = try freePort()
        url = "https://127.0.0.1:\(port)"
        process = try await withCheckedThrowingContinuation { continuation in
            runThread { continuation.resume(with: Result { try start(folder, port: port, upstream: upstream) }) }
        }
    }

    deinit {
        // Its workers end with it.
        kill(process, SIGTERM)
        waitpid(process, nil, 0)
    }
}

private func start(_ folder: String, port: UInt16, upstream: String) throws -> pid_t {
    guard let program = NginxServer.program else { throw TransportError(.other, "nginx is not installed") }
    let (certificate, key) = ("\(folder)/cert.pem", "\(folder)/key.pem")
    try makeCertificate(certificate, key: key)
    let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map { "\($0)_temp_path \(folder)/\($0);" }.joined(separator: " ")
    let configuration = """
        daemon off; master_process on; worker_processes 1; pid \(folder)/pid; error_log stderr notice;
        events { worker_connections 1024; }
        http {
            access_log off; \(temporary)
            server {
                listen 127.0.0.1:\(port) ssl http2;
                ssl_certificate \(certificate); ssl_certificate_key \(key);
                location / {
                    proxy_pass http://\(upstream); proxy_http_version 1.1; proxy_set_header Connection "";
                    proxy_buffering off; proxy_read_timeout 600s; add_header X-Connection $connection;
                }
            }
        }
        """
    guard let file = fopen("\(folder)/nginx.conf", "w") else { throw TransportError(.other, "no nginx.conf can be written") }
    fputs(configuration, file)
    fclose(file)
    let (process, lines) = try startProgram(program, "-c", "\(folder)/nginx.conf", "-p", folder)
    var said = ""
    while case let line = readLine(lines), !line.isEmpty {
        // The pipe stays open for as long as the test process lives, so that the server can write to it.
        if line.contains("start worker process ") { return process }
        said += line
    }
    waitpid(process, nil, 0)
    throw TransportError(.other, "nginx did not start: \(said)")
}

/// A port on which nobody listens at the moment.
private func freePort() throws -> UInt16 {
    let (socket, port) = try listen(backlog: 1)
    close(socket)
    return port
}
