import Testing

@testable import HTTPTransport

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@Suite("ConnectionSockets")
struct ConnectionSocketsTests {
    @Test("a connection that rests while it could be written to wakes nobody, and is still seen when something comes")
    func restsWhileWritable() throws {
        var ends: [Int32] = [0, 0]
        #expect(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
        defer { for end in ends { close(end) } }
        let poller = try #require(Poller())
        var sockets = ConnectionSockets(poller: poller)
        let user = UnsafeMutableRawPointer(bitPattern: 1)
        sockets.open(ends[0])
        sockets.watch(ends[0], for: Poller.Interest(reads: true, writes: true), isNew: true, user: user)
        // The answer came before the request had been sent to its end.
        sockets.release(ends[0])
        sockets.rest(ends[0], of: try #require(user))

        var ready: [ReadySocket] = []
        poller.wait(milliseconds: 0, all: false, into: &ready)
        #expect(ready.map(\.socket) == [ends[0]])
        let isSettled = sockets.settle(ends[0])
        #expect(isSettled)
        poller.wait(milliseconds: 0, all: false, into: &ready)
        #expect(ready.isEmpty)

        #expect(write(ends[1], "x", 1) == 1)
        poller.wait(milliseconds: 0, all: false, into: &ready)
        #expect(ready.map(\.socket) == [ends[0]])
        let isShut = sockets.settle(ends[0])
        #expect(isShut)
        // It is shut, so that nobody takes what came for an answer.
        var byte: UInt8 = 0
        #expect(read(ends[1], &byte, 1) == 0)
    }
}
