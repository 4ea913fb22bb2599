import Indirection
import JSON
import ProviderKit
import VLLMClient

/// What a call will do: the endpoint, the conversation as the server takes it, and what could not be done as asked.
struct CallPlan {
    /// The endpoint that is asked.
    enum Endpoint: String {
        case completions
        case chat
    }

    var endpoint: Endpoint
    private let requested: [Message]
    /// What was repaired in the conversation.
    let repairs: [ToolSequenceRepair]
    var messages: [JSONObject]
    /// Whether the messages hold more than text.
    let holdsMedia: Bool
    var tools: [JSONObject]
    /// The same tools, as the answer is read by them.
    let offeredTools: OfferedTools
    @Indirect var options: GenerationOptions
    /// In whose words the server is asked: as far as it is known without the server, until `speak` says more.
    var dialect: Dialect
    /// What could not be done as asked, in the order in which it was found.
    var degradations: [Degradation]

    /// - Throws: `ProviderError` with the code `invalidRequest`, for a conversation that cannot be sent and an option that the endpoint cannot
    ///   take.
    init(_ request: ChatRequest, options: GenerationOptions) throws(ProviderError) {
        var options = options
        dialect = options.dialect.assumed
        guard !request.messages.isEmpty else {
            throw ProviderError(.invalidRequest, "messages: the conversation is empty", hint: "send at least one message")
        }
        requested = request.messages
        let chat: ChatMessages
        if let plain = ChatMessages(plain: request.messages) {
            (chat, repairs) = (plain, [])
        } else {
            let (turns, repairs) = Self.conversation(request.messages, options.developerRole)
            self.repairs = repairs
            chat = try ChatMessages(turns, sendsReasoning: dialect != .openAI)
        }
        messages = chat.messages
        holdsMedia = chat.holdMedia
        degradations = options.degradations + chat.degradations
        tools = (request.tools ?? []).map(Self.tool)
        offeredTools = OfferedTools(request.tools ?? [])
        options.toolChoice = try Self.toolChoice(options, tools: request.tools ?? [])
        self.options = options
        endpoint = options.usesCompletions ? .completions : .chat
        try settleEndpoint()
    }

    /// The conversation, with broken sequences of tool calls and results repaired. It is made when it is asked for, since chats are sent as
    /// messages.
    var conversation: [Turn] { Self.conversation(requested, options.developerRole).turns }

    private static func conversation(
        _ messages: [Message], _ developerRole: VLLMSettings.DeveloperRole
    ) -> (turns: [Turn], repairs: [ToolSequenceRepair]) {
        let sequence = ToolSequence(repairing: Turn.turns(of: messages))
        return (Turn.setting(developerRole, in: sequence.turns), sequence.repairs)
    }

    /// Whether tool calls are looked for in the text. With `tool_choice: none` markup is text, as vLLM has it in a chat.
    var parsesToolCalls: Bool { !tools.isEmpty && options.toolChoice != ServerToolChoice.none }

    /// The model's thoughts are not told, also where the server cannot be asked to keep them to itself.
    var omitsThinking: Bool { options.includesReasoning == false }
}
