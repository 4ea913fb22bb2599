import Testing

// Beside each other, since each waits for a limit that is long enough not to pass where nothing stalls.
@Suite("Every fault that stalls, over both endpoints, streamed and not", .timeLimit(.minutes(3)))
struct FaultStallTests {
    @Test("a time limit ends the call, which its error names, and the next call is answered", arguments: FaultRow.all(stalls: true))
    func row(mode: CallMode, row: FaultRow) async throws { try await FaultMatrixTests.examine(mode, row) }

    @Test(
        "with retries, the answer is there behind the limit, whole and exact, unless nothing of it had come",
        arguments: FaultRow.all(stalls: true))
    func retried(mode: CallMode, row: FaultRow) async throws { try await FaultRetryTests.examine(mode, row) }
}
