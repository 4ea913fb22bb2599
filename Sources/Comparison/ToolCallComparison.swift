import JSON
public import ProviderKit

/// A tool call of one answer and the one that stands in its place in the other.
///
/// The ids of calls are made up anew for each answer, so that they make no difference.
public struct ToolCallComparison: Sendable, Hashable {
    /// The call in the old answer; `nil` where the new one calls a tool more.
    public var old: ToolCall?
    /// The call in the new answer; `nil` where it is missing.
    public var new: ToolCall?
    /// Where the arguments differ, if both call the same tool.
    public var arguments: [ValueDifference]

    /// Whether both call the same tool with the same arguments.
    public var isSame: Bool { old?.name == new?.name && arguments.isEmpty }

    /// Compares two calls.
    public init(old: ToolCall?, new: ToolCall?) {
        self.old = old
        self.new = new
        if let old, let new, old.name == new.name {
            arguments = ValueDifference.between(.object(old.arguments), .object(new.arguments))
        } else {
            arguments = []
        }
    }

    /// The calls of two answers side by side, matched by the names of their tools in order: calls that one answer has more stand alone.
    public static func matching(_ old: [ToolCall], _ new: [ToolCall]) -> [ToolCallComparison] {
        var numbers: [String: Int32] = [:]
        for call in old + new where numbers[call.name] == nil { numbers[call.name] = Int32(truncatingIfNeeded: numbers.count) }
        let script = EditScript(from: old.map { numbers[$0.name] ?? 0 }, to: new.map { numbers[$0.name] ?? 0 })
        var result: [ToolCallComparison] = []
        var (place, newPlace) = (0, 0)
        while place < old.count || newPlace < new.count {
            let isRemoved = place < old.count && script.isRemoved[place]
            let isAdded = newPlace < new.count && script.isAdded[newPlace]
            // One tool in place of another: side by side.
            let isPair = isRemoved == isAdded
            result.append(
                ToolCallComparison(old: isRemoved || isPair ? old[place] : nil, new: isAdded || isPair ? new[newPlace] : nil))
            if isRemoved || isPair { place += 1 }
            if isAdded || isPair { newPlace += 1 }
        }
        return result
    }
}
