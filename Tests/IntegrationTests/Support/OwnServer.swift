import Configuration
import Foundation
import Glibc
import HTTPTransport
import JSON
import ProviderKit
import Testing
import VLLMProvider

/// A real vLLM of a test's own, to be broken: it serves the tiny model on a port of its own and is gone with this object, or with the test
/// process, whichever ends first.
final class OwnServer: Sendable {
    /// The server did not come up.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Where vLLM is installed; `nil` where it is not, so that there is no server to break.
    static let installation: String? = {
        let folder = ProcessInfo.processInfo.environment["VLLM_VENV"] ?? root + "/.venv-vllm"
        return access(folder + "/bin/vllm", X_OK) == 0 ? folder : nil
    }()

    private static let root: String = {
        var path = #filePath[...]
        for _ in 0..<4 { path = path[..<(path.lastIndex(of: "/") ?? path.endIndex)] }
        return String(path)
    }()

    let port: UInt16
    /// The server's process, and the number of its group.
    let process: pid_t
    /// The script that watches over it, and the end of its input.
    private let guardian: pid_t
    private let guardianInput: Int32

    var url: String { "http://127.0.0.1:\(port)" }

    /// Starts a server; it need not answer yet when this returns.
    /// - Parameters:
    ///   - port: where; a free port unless it is given.
    ///   - arguments: what `vllm serve` gets besides.
    init(port: UInt16? = nil, _ arguments: [String] = []) throws {
        self.port = try port ?? Self.freePort()
        var (input, output): ([Int32], [Int32]) = ([0, 0], [0, 0])
        guard pipe(&input) == 0, pipe(&output) == 0 else { throw Failure(description: "no pipe is left") }
        for end in input + output { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input[0], STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO)
        let script = Self.root + "/Scripts/own-vllm.sh"
        let words = ([script] + arguments).map { strdup($0) } + [nil]
        var environment = ProcessInfo.processInfo.environment
        environment["VLLM_PORT"] = "\(self.port)"
        environment["VLLM_LOG"] = Self.root + "/.build/own-vllm.log"
        let variables = environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { for text in words + variables { free(text) } }
        var guardian: pid_t = 0
        let code = posix_spawn(&guardian, script, &actions, nil, words, variables)
        close(input[0])
        close(output[1])
        guardianInput = input[1]
        self.guardian = guardian
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while code == 0, read(output[0], &byte, 1) == 1, byte != UInt8(ascii: "\n") { line.append(byte) }
        close(output[0])
        process = pid_t(String(decoding: line, as: UTF8.self)) ?? -1
        guard process > 1 else { throw Failure(description: "Scripts/own-vllm.sh cannot be run") }
    }

    deinit {
        // The script kills the server's processes when its input ends.
        close(guardianInput)
        if guardian > 0 { waitpid(guardian, nil, 0) }
    }

    /// Sends a signal to the server's processes: to the one that listens, or to all of them.
    func signal(_ number: Int32, toAll: Bool = false) { kill(toAll ? -process : process, number) }

    /// Waits until the server answers.
    /// - Throws: `Failure`, when it has ended or does not answer within ten minutes.
    func waitUntilReady() async throws {
        let deadline = ContinuousClock.now + .seconds(600)
        let health = HTTPRequest(url: url + "/health", timeouts: HTTPTimeouts(total: .seconds(5)))
        while (try? await RealServer.transport.send(health).status) != 200 {
            let hasEnded = kill(process, 0) != 0
            guard !hasEnded, ContinuousClock.now < deadline else {
                throw Failure(description: "vLLM \(hasEnded ? "ended" : "does not answer"): see .build/own-vllm.log")
            }
            try await Task.sleep(for: .milliseconds(200))
        }
    }

    /// Waits until the process that listens is gone.
    func waitUntilGone() async throws {
        while kill(process, 0) == 0 { try await Task.sleep(for: .milliseconds(50)) }
    }

    /// A provider that asks this server over connections of its own, and once unless the settings say otherwise.
    func provider(_ settings: JSONObject = [:], events: any EventSink = NoEvents()) throws -> VLLMProvider {
        var config: JSONObject = [
            "base_url": .string(url), "default_model": "tiny-chat", "temperature": 0, "max_tokens": 600, "max_retries": 0,
        ]
        config.merge(settings)
        return try VLLMProvider(
            configuration: ConfigurationNode(json: .object(config), origin: .default), context: ProviderContext(events: events))
    }

    private static func freePort() throws -> UInt16 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard isBound else { throw Failure(description: "no port is free") }
        return UInt16(bigEndian: address.sin_port)
    }
}
