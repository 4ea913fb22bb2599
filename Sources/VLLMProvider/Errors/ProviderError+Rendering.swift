import ProviderKit
import VLLMClient

extension ProviderError {
    /// The error of a completion whose prompt the server has rendered before: whoever sees that may think that the key is right.
    func followingRendering(of prompt: PromptRenderer.Prompt) -> ProviderError {
        guard code == .authentication, case .tokens = prompt.prompt else { return self }
        var error = self
        let note = "that /tokenize rendered the prompt says nothing of the key: vLLM guards /v1 alone"
        error.hint = hint.map { "\($0); \(note)" } ?? note
        return error
    }
}
