/// In which form a server told an error.
public enum ErrorBody: Sendable, Hashable {
    /// JSON, of whichever shape: what vLLM itself sends.
    case json
    /// Text, as vllm-router and proxies send it.
    case text
    /// A page of HTML, as gateways and web servers send it.
    case html(HTMLPage)

    /// The page, where it is one.
    public var page: HTMLPage? { if case .html(let page) = self { page } else { nil } }
}
