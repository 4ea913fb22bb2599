import JSON

/// What was wrong with a tool's call or result, and was put right before the conversation was sent.
struct ToolSequenceRepair: Hashable {
    enum Kind: String {
        /// A call had no result: one that says so was added.
        case missingResult = "missing_result"
        /// A result had no call: it became the user's text.
        case orphanedResult = "orphaned_result"
        /// A call had the id of an earlier one: it and its result got another.
        case duplicateID = "duplicate_id"
        /// A result did not stand right after the turn of its call: it was moved there.
        case movedResult = "moved_result"
    }

    var kind: Kind
    /// The id as the host has it; `nil` for a result that names no call.
    var callID: String?
    var toolName: String?
    /// Where the message of the call, or of the result without a call, stands in the request.
    var messageIndex: Int

    /// The repair as it stands in `provider:tool_sequence_repaired`.
    var json: JSONValue {
        [
            "tool_call_id": callID.map { .string($0) } ?? .null, "tool_name": toolName.map { .string($0) } ?? .null,
            "repair": .string(kind.rawValue),
        ]
    }
}
