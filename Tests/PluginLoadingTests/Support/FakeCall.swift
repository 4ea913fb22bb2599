import CProviderPlugin
import JSON
import Locks

/// A call that a test answers step by step, in place of a plugin.
final class FakeCall: @unchecked Sendable {
    // @unchecked: the callback and its context are the host's, and are used as the ABI allows.
    private struct State {
        var cancels = 0
        var resumes = 0
        var releases = 0
    }

    let request: JSONValue
    let options: JSONValue?
    let wants: UInt32
    private let callback: ProviderCallback
    private let context: UnsafeMutableRawPointer?
    private let state = Guarded(State())
    private let onCancel: @Sendable (FakeCall) -> Void
    private let onResume: @Sendable (FakeCall) -> Void

    init(
        request: JSONValue, options: JSONValue?, wants: UInt32, callback: @escaping ProviderCallback, context: UnsafeMutableRawPointer?,
        onCancel: @escaping @Sendable (FakeCall) -> Void, onResume: @escaping @Sendable (FakeCall) -> Void
    ) {
        self.request = request
        self.options = options
        self.wants = wants
        self.callback = callback
        self.context = context
        self.onCancel = onCancel
        self.onResume = onResume
    }

    var cancels: Int { state.withLock { $0.cancels } }
    var resumes: Int { state.withLock { $0.resumes } }
    var releases: Int { state.withLock { $0.releases } }

    func cancel() {
        state.withLock { $0.cancels += 1 }
        onCancel(self)
    }

    func resume() {
        state.withLock { $0.resumes += 1 }
        onResume(self)
    }

    func release() { state.withLock { $0.releases += 1 } }

    /// Gives the host a step as text.
    /// - Parameter size: what to say of the text's size in place of the truth.
    @discardableResult
    func step(_ step: Int, _ json: String, size: Int? = nil) -> ProviderFlow {
        var json = json
        return json.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { callback(context, ProviderStep(step), $0.baseAddress, size ?? bytes.count) }
        }
    }

    @discardableResult
    func events(_ json: String) -> ProviderFlow { step(Int(PROVIDER_STEP_EVENTS), json) }

    /// A whole answer of one word.
    func answer(_ text: String) {
        events(#"[{"type": "started", "id": "a", "model": "m"}, {"type": "block_start", "index": 0, "block_type": "text"}]"#)
        events(#"[{"type": "block_delta", "index": 0, "text": "\#(text)"}]"#)
        events(
            #"[{"type": "block_end", "index": 0, "block": {"type": "text", "text": "\#(text)"}}, {"type": "finish", "reason": "stop"}]"#)
        step(Int(PROVIDER_STEP_RESPONSE), "")
    }

    func fail(_ json: String) { step(Int(PROVIDER_STEP_ERROR), json) }
}
