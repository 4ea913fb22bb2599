/// Why a simulator could not be started.
public struct SimulatorError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What happened and what to do about it.
    public var message: String

    /// An error.
    public init(_ message: String) {
        self.message = message
    }

    /// The message.
    public var description: String { message }
}
