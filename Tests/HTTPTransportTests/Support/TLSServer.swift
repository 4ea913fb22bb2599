import HTTPTransport

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// `openssl s_server` with a certificate of its own making for 127.0.0.1: it answers every GET with a page about the connection.
final class TLSServer: Sendable {
    /// The certificate's file.
    let certificate: String
    let url: String
    private let process: pid_t

    /// Starts the server; its files are made in `folder`.
    init(folder: String) async throws {
        let (certificate, key) = ("\(folder)/cert.pem", "\(folder)/key.pem")
        (process, url) = try await withCheckedThrowingContinuation { continuation in
            runThread { continuation.resume(with: Result { try start(certificate: certificate, key: key) }) }
        }
        self.certificate = certificate
    }

    deinit {
        // It inherited a signal mask that may keep a gentler signal from it.
        kill(process, SIGKILL)
        waitpid(process, nil, 0)
    }
}

private func start(certificate: String, key: String) throws -> (pid_t, String) {
    try makeCertificate(certificate, key: key)
    let (server, lines) = try startProgram("openssl", "s_server", "-cert", certificate, "-key", key, "-accept", "127.0.0.1:0", "-www")
    // The pipe stays open for as long as the test process lives, so that the server can write to it.
    while case let line = readLine(lines), !line.isEmpty {
        if line.hasPrefix("ACCEPT ") { return (server, "https://\(line.dropFirst("ACCEPT ".count).dropLast())/") }
    }
    kill(server, SIGKILL)
    waitpid(server, nil, 0)
    throw TransportError(.other, "openssl s_server did not start")
}

/// Makes a certificate for 127.0.0.1 that vouches for itself.
func makeCertificate(_ certificate: String, key: String) throws {
    let (maker, output) = try startProgram(
        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key, "-out",
        certificate,
        "-days", "2", "-subj", "/CN=test", "-addext", "subjectAltName=IP:127.0.0.1")
    while !readLine(output).isEmpty {}
    close(output)
    waitpid(maker, nil, 0)
}

/// Starts a program whose output goes into a pipe.
func startProgram(_ arguments: String...) throws -> (process: pid_t, output: Int32) {
    var ends: [Int32] = [0, 0]
    pipe(&ends)
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let actions = UnsafeMutablePointer<posix_spawn_file_actions_t>.allocate(capacity: 1)
    posix_spawn_file_actions_init(actions)
    posix_spawn_file_actions_addopen(actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(actions, ends[1], 1)
    posix_spawn_file_actions_adddup2(actions, ends[1], 2)
    var vector: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    defer {
        for argument in vector { free(argument) }
        posix_spawn_file_actions_destroy(actions)
        actions.deallocate()
        close(ends[1])
    }
    var process: pid_t = 0
    let result = posix_spawnp(&process, arguments[0], actions, nil, &vector, environ)
    guard result == 0 else {
        throw TransportError(.other, "\(arguments[0]) cannot be started, which this test needs: \(String(cString: strerror(result)))")
    }
    return (process, ends[0])
}

/// Kills a program.
func endProgram(_ program: (process: pid_t, output: Int32)) {
    kill(program.process, SIGKILL)
    waitpid(program.process, nil, 0)
    close(program.output)
}

/// A line with its end; empty at the end of the file.
func readLine(_ descriptor: Int32) -> String {
    var line: [UInt8] = []
    var byte: UInt8 = 0
    while line.last != 10, read(descriptor, &byte, 1) == 1 { line.append(byte) }
    return String(decoding: line, as: UTF8.self)
}
