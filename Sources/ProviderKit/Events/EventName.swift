/// The names of session events: those of Amplifier (amplifier-core 2.0.2, `events.py`; the streaming contract of
/// amplifier-foundation) that this project emits.
public enum EventName {
    /// A session begins.
    public static let sessionStart = "session:start"
    /// A session that had ended goes on.
    public static let sessionResume = "session:resume"
    /// A session ends.
    public static let sessionEnd = "session:end"
    /// A prompt comes in.
    public static let promptSubmit = "prompt:submit"
    /// A prompt is answered.
    public static let promptComplete = "prompt:complete"
    /// The loop asks a provider.
    public static let providerRequest = "provider:request"
    /// A provider has answered the loop.
    public static let providerResponse = "provider:response"
    /// A provider has failed.
    public static let providerError = "provider:error"
    /// A provider has failed, and tries again.
    public static let providerRetry = "provider:retry"
    /// Another provider is asked from here on: the one before it has failed, or it is its turn again.
    public static let providerResolve = "provider:resolve"
    /// A provider holds a call back, for the limits that it was given.
    public static let providerThrottle = "provider:throttle"
    /// A provider has repaired calls without results, results without calls and the like before it sent them.
    public static let providerToolSequenceRepaired = "provider:tool_sequence_repaired"
    /// A provider has found something that the user should know of and that fails no call. Not one of Amplifier's own names.
    public static let providerWarning = "provider:warning"
    /// An answer was cut by its length, and the provider asks for what comes behind. In Amplifier's providers, not in its list of names.
    public static let providerIncompleteContinuation = "provider:incomplete_continuation"
    /// A module could not be loaded.
    public static let moduleLoadFailed = "module:load_failed"
    /// A block of an answer that the loop has, for whoever shows it: which kind it is.
    public static let contentBlockStart = "content_block:start"
    /// The same block, whole.
    public static let contentBlockEnd = "content_block:end"
    /// A tool is about to run.
    public static let toolPre = "tool:pre"
    /// A tool has run.
    public static let toolPost = "tool:post"
    /// A tool has failed.
    public static let toolError = "tool:error"
    /// Somebody wants the answer to a prompt no more.
    public static let cancelRequested = "cancel:requested"
    /// What was under way for it has ended.
    public static let cancelCompleted = "cancel:completed"
    /// The loop is done with a prompt.
    public static let orchestratorComplete = "orchestrator:complete"
    /// A provider sends a request to its server.
    public static let llmRequest = "llm:request"
    /// The request at debug level, long texts cut.
    public static let llmRequestDebug = "llm:request:debug"
    /// The request as it is sent.
    public static let llmRequestRaw = "llm:request:raw"
    /// What the host asked of the provider, whole, with the settings in force: `request` and `options`. One of ours, for replays.
    public static let llmCallRaw = "llm:call:raw"
    /// One exchange with the server as it went over the wire, with its times. One of ours, for replays.
    public static let llmExchangeRaw = "llm:exchange:raw"
    /// A provider has the server's answer, or its error.
    public static let llmResponse = "llm:response"
    /// The answer at debug level, long texts cut.
    public static let llmResponseDebug = "llm:response:debug"
    /// The answer as it came.
    public static let llmResponseRaw = "llm:response:raw"
    /// A block of the answer begins.
    public static let llmStreamBlockStart = "llm:stream_block_start"
    /// A block goes on.
    public static let llmStreamBlockDelta = "llm:stream_block_delta"
    /// A block is complete.
    public static let llmStreamBlockEnd = "llm:stream_block_end"
    /// The stream broke off after a part of the answer was shown.
    public static let llmStreamAborted = "llm:stream_aborted"
    /// The calls of another session are made again in this one: `log` and `session_id` say which one it is. One of ours.
    public static let replayStart = "replay:start"
    /// A part of later records, stored once, under its hash. One of ours; the log writes it, and nobody emits it.
    public static let logContent = "log:content"
    /// Records are missing from the log here: how many, and why. One of ours; the log writes it.
    public static let logDropped = "log:dropped"
}
