import HTTPTransport

extension HTTPBody {
    /// Reads to the end of a body whose content is complete, so that its connection can serve the next request: a body dropped before
    /// its end costs the connection. Gives up after a quarter of a second or 64 KiB, should the server not come to the end.
    func drain() async {
        await withTaskGroup { group in
            group.addTask {
                var iterator = makeAsyncIterator()
                var count = 0
                while count < 64 << 10, let batch = try? await iterator.next() { count += batch.count }
            }
            group.addTask { try? await Task.sleep(for: .milliseconds(250)) }
            await group.next()
            group.cancelAll()
        }
    }
}
