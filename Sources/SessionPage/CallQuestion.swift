import JSON

/// What a call was asked, where the log has the host's request (`llm:call:raw`).
struct CallQuestion {
    /// What the model was told beforehand: the texts of the system's and developer's messages at the beginning.
    let instructions: String?
    /// What the user said since the model's last answer.
    let news: [[AnswerBlock]]

    init(_ request: JSONValue?) {
        let messages = request?["messages"]?.array ?? []
        let head = messages.prefix { ["system", "developer"].contains($0["role"]?.string) }
        let texts = head.flatMap { AnswerBlock.all($0["content"]) }.compactMap(\.text)
        instructions = texts.isEmpty ? nil : texts.joined(separator: "\n\n")
        let answered = messages.lastIndex { $0["role"]?.string == "assistant" } ?? -1
        news = messages.dropFirst(answered + 1).filter { $0["role"]?.string == "user" }.map { AnswerBlock.all($0["content"]) }
    }

    /// The pictures that came with the user's last message.
    var images: [PageImage] {
        (news.last ?? []).compactMap { if case .image(let image) = $0 { image } else { nil } }
    }
}
