import ArgumentParsing
import Configuration
import HostSession
import JSON
import ProviderKit
import VLLMSimulator

extension SessionSetup {
    /// Mounts the plan, with what the command line adds to it: system message and tools.
    func session(_ recorder: SessionRecorder, _ command: ParsedCommand) throws -> HostSession {
        recorder.keepSecret(secrets)
        return try HostSession(
            plan: plan, registry: registry, recorder: recorder, environment: environment, tools: try Self.tools(command),
            system: try PromptInput.system(command), provider: chosenProvider)
    }

    /// The provider that the plan's session would take, for commands that need no session.
    func provider(_ terminal: Terminal) throws -> any Provider {
        guard plan.providers.indices.contains(providerIndex) else {
            throw HostError(.noProvider, "the mount plan has no provider", hint: "add one under `providers:`")
        }
        let spec = plan.providers[providerIndex]
        let context = ProviderContext(
            events: WarningPrinter(terminal: terminal), instanceID: spec.instanceID,
            environment: plan.environment(of: spec, schemas: registry.schemas, environment))
        return try registry.mountProvider(spec, context: context)
    }

    /// What a session would ask the provider first.
    func firstRequest(_ prompt: Message, _ options: PromptOptions, _ command: ParsedCommand) throws -> ChatRequest {
        let tools = try Self.tools(command) + plan.tools.map { try registry.mountTool($0) }
        let system = try PromptInput.system(command)
        let resumed = try Self.resumed(command, environment: environment)?.conversation
        var context = resumed.map { ConversationContext(resuming: $0, system: system) } ?? ConversationContext(system: system)
        context.add(prompt)
        return options.request(context.messages, tools: tools.map(\.spec))
    }

    /// How the command's options want a prompt to be answered.
    static func promptOptions(_ command: ParsedCommand) throws -> PromptOptions {
        // What is shown is written at once.
        var options = PromptOptions(readsOnArrivalThread: true)
        // As options of the call, so that `/set` can change them.
        if command.flag("no-stream") { options.call["use_streaming"] = false }
        if let choice = command.value("tool-choice") { options.call["tool_choice"] = .string(choice) }
        options.responseFormat = try AnswerConstraint.responseFormat(command)
        if let count = try command.int("logprobs", in: 0...20) { options.call["logprobs"] = .integer(count) }
        return options
    }

    /// What the command line says of the provider's configuration, in the order in which it counts.
    static func overrides(_ command: ParsedCommand, simulator: VLLMSimulator?) throws -> [ConfigurationOverride] {
        var overrides: [ConfigurationOverride] = []
        if let simulator { overrides.append(ConfigurationOverride(key: "base_url", text: simulator.baseURL, option: "--simulator")) }
        if let url = command.value("base-url") {
            guard simulator == nil else { throw command.usageError("`--simulator` and `--base-url` exclude each other") }
            overrides.append(ConfigurationOverride(key: "base_url", text: url, option: "--base-url"))
        }
        if let model = command.value("model") {
            overrides.append(ConfigurationOverride(key: "default_model", text: model, option: "--model"))
        }
        if let endpoint = command.value("endpoint") {
            let usesCompletions = endpoint == "completions" ? "true" : "false"
            overrides.append(ConfigurationOverride(key: "use_completions", text: usesCompletions, option: "--endpoint"))
        }
        overrides += try GenerationFlags.overrides(command)
        if let thinking = try thinking(command) { overrides.append(thinking) }
        if let constraint = AnswerConstraint.override(command) { overrides.append(constraint) }
        for setting in command.values("set") { overrides.append(try ConfigurationOverride(parsing: setting)) }
        return overrides
    }

    private static func thinking(_ command: ParsedCommand) throws(UsageError) -> ConfigurationOverride? {
        let (thinks, doesNot) = (command.flag("think"), command.flag("no-think"))
        guard thinks || doesNot else { return nil }
        guard !thinks || !doesNot else { throw command.usageError("`--think` and `--no-think` exclude each other") }
        return ConfigurationOverride(key: "enable_thinking", text: thinks ? "true" : "false", option: thinks ? "--think" : "--no-think")
    }

    private static func tools(_ command: ParsedCommand) throws -> [any HostTool] {
        try command.values("tool").map { try CommandTool(definition: try InputFile.json($0), file: $0) }
    }
}
