import JSON

/// Makes of a line what a reader gives out.
enum LineInterpreter {
    /// - Parameters:
    ///   - isFirst: whether it is the first line of its file.
    ///   - filter: which records are wanted.
    ///   - unpacker: puts the record together, where that is wanted.
    /// - Returns: `nil` for what is not to be given out.
    static func interpret(
        _ line: LineSplitter.Line, _ bytes: UnsafeBufferPointer<UInt8>, isFirst: Bool, _ filter: inout LineFilter,
        _ unpacker: inout ContentUnpacker?
    ) -> SessionLogLine? {
        var bytes = bytes
        if isFirst, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = UnsafeBufferPointer(rebasing: bytes.dropFirst(3)) }
        if bytes.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: "\r") }) { return nil }
        let isWanted = filter.mayWant(bytes) && (unpacker != nil || isFound(line, bytes, &filter))
        guard isWanted || unpacker != nil && mayHoldContents(bytes) else { return nil }
        do throws(JSONError) {
            let value = try JSONValue(parsing: bytes)
            guard case .object(let members) = value else { return skipped(line, "not an object but \(value.kind)") }
            guard let record = SessionRecord(line: line.number, offset: line.offset, members: members) else {
                return skipped(line, "an object without an event")
            }
            if unpacker == nil { return filter.matches(record) ? .record(record) : nil }
            return unpack(record, line, length: bytes.count, &filter, &unpacker)
        } catch {
            return skipped(
                line, line.isComplete ? "not JSON: \(error.message) at column \(error.column)" : "cut off: the last line has no end")
        }
    }

    private static func skipped(_ line: LineSplitter.Line, _ reason: String) -> SessionLogLine {
        .skipped(line: line.number, reason: reason)
    }

    /// Lines that are complete have been looked through together, but not for the regular expression.
    private static func isFound(_ line: LineSplitter.Line, _ bytes: UnsafeBufferPointer<UInt8>, _ filter: inout LineFilter) -> Bool {
        if !line.isComplete, let finder = filter.finder, finder.firstMatch(in: bytes) == nil { return false }
        return filter.matchesExpression(bytes)
    }

    /// Whether a later record may refer to something in this one: then it is read, wanted or not.
    private static func mayHoldContents(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let event = RecordHead(bytes)?.event.map({ UnsafeBufferPointer(rebasing: bytes[$0]) }) else { return true }
        return event.elementsEqual("log:content".utf8) || event.suffix(4).elementsEqual(":raw".utf8)
            || event.suffix(6).elementsEqual(":debug".utf8)
    }

    private static func unpack(
        _ record: SessionRecord, _ line: LineSplitter.Line, length: Int, _ filter: inout LineFilter, _ unpacker: inout ContentUnpacker?
    ) -> SessionLogLine? {
        switch unpacker?.unpack(record.members, length: length) ?? .whole(record.members) {
        case .content: return nil
        case .failed(let reason): return skipped(line, reason)
        case .whole(let members):
            guard filter.matches(record) else { return nil }
            if filter.query.text != nil {
                let text = Array(JSONValue.object(members).text.utf8)
                guard text.withUnsafeBufferPointer({ filter.hasText($0) }) else { return nil }
            }
            return SessionRecord(line: line.number, offset: line.offset, members: members).map { .record($0) }
        }
    }
}
