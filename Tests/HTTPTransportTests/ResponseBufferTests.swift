import Testing

@testable import HTTPTransport

@Suite("The limits of those who read a ResponseBuffer")
struct ResponseBufferTests {
    private let start = ContinuousClock.now

    private func limit(_ seconds: Int) -> ReadLimit {
        ReadLimit(deadline: start + .seconds(seconds), error: TransportError(.idleTimeout, "late"))
    }

    @Test("what has arrived is handed out, however late the reader is")
    func late() throws {
        var buffer = ResponseBuffer()
        _ = buffer.append([1, 2])
        let reading = buffer.read(by: limit(-10))
        #expect(try reading.batch?.get() == [1, 2])
        #expect(!reading.isUnwatched)
        #expect(buffer.limitToWatch() == nil)
    }

    @Test("the engine is told of the first limit and of one that is shorter, not of each")
    func told() async {
        _ = await withUnsafeContinuation { (reader: ResponseBuffer.Reader) in
            var buffer = ResponseBuffer()
            func isTold(of seconds: Int) -> Bool {
                let isUnwatched = buffer.read(waiting: reader, by: limit(seconds)).isUnwatched
                // What arrives is for the reader, who waits no more.
                _ = buffer.append([1])
                return isUnwatched
            }
            #expect(isTold(of: 10))
            #expect(!(11..<1000).contains { isTold(of: $0) })
            #expect(isTold(of: 5))
            // The engine looks when the limit passes; nobody waits.
            #expect(buffer.limitToWatch() == nil)
            #expect(isTold(of: 20))
            _ = buffer.read(waiting: reader, by: limit(30))
            #expect(buffer.limitToWatch()?.deadline == start + .seconds(30))
            reader.resume(returning: .success(nil))
        }
    }
}
