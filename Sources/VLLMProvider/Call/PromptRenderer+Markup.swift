import JSON
import Locks
import VLLMClient

extension PromptRenderer {
    /// How many tokens at each end of a prompt are searched for the template's words on tools.
    private static let searchedLength = 8192

    /// The model and the tools of a prompt: for them the template's words are always the same.
    struct Toolset: Hashable {
        var model: String
        var tools: [JSONObject]
    }

    /// How the template asks the model to write tool calls; `nil` where it does not say. The server is asked once for each toolset.
    func format(_ tokens: [Int], tools: [JSONObject], model: String, client: LimitedClient) async throws(VLLMError) -> ToolCallFormat? {
        let toolset = Toolset(model: model, tools: tools)
        if let known = formats.withLock({ $0[toolset] }) { return known }
        let isLong = tokens.count > 2 * Self.searchedLength
        let searched = isLong ? tokens.prefix(Self.searchedLength) + tokens.suffix(Self.searchedLength) : tokens[...]
        let format = ToolCallFormat(prompt: try await text(of: Array(searched), model: model, client: client) ?? "")
        formats.withLock { formats in
            if formats.count >= 64 { formats.removeAll() }
            formats[toolset] = .some(format)
        }
        return format
    }

    /// The text of tokens; `nil` from a server that cannot tell.
    func text(of tokens: [Int], model: String, client: LimitedClient) async throws(VLLMError) -> String? {
        do throws(VLLMError) {
            return try await client.next().detokenize(tokens, model: model)
        } catch {
            guard Self.cannotRender(error) else { throw error }
            return nil
        }
    }
}
