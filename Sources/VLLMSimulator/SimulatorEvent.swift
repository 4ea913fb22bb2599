/// What happens to a request at the simulator.
public enum SimulatorEvent: Sendable {
    /// All of the request has arrived.
    case received(SimulatedRequest)
    /// The request is over: answered to the end (`isComplete`), or cut by the client, by `stop()` or by a script.
    case finished(SimulatedRequest, isComplete: Bool)
}
