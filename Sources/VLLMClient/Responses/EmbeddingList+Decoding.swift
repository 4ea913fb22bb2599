import JSON

extension EmbeddingList {
    /// Reads an answer.
    /// - Parameters:
    ///   - count: how many vectors were asked for.
    ///   - dtype: as what numbers they are, where they come in base64.
    init(_ node: JSONView, answer: AnswerText?, count: Int, dtype: EmbeddingDtype) throws(MalformedField) {
        let list = try node.objects("data") { node throws(MalformedField) in
            (index: try node.int("index"), vector: try Self.vector(node, dtype: dtype))
        }
        guard let list else { throw MalformedField(missing: "data") }
        guard list.count == count else {
            throw MalformedField("data", expected: "as many embeddings as inputs (\(count))", found: "list of \(list.count)")
        }
        self.init(
            id: try node.string("id"), created: try node.int("created"), model: try node.string("model"),
            embeddings: try Self.inOrder(list), usage: try node.member("usage", CompletionUsage.init),
            additional: node.others(than: Self.known), answer: answer)
    }

    private static let known: [StaticString] = ["id", "object", "created", "model", "data", "usage"]

    /// The numbers of one entry, whichever way they were sent.
    private static func vector(_ node: JSONView, dtype: EmbeddingDtype) throws(MalformedField) -> [Float] {
        guard let embedding = node["embedding"] else { throw MalformedField(missing: "embedding") }
        do {
            let decoded = try embedding.withUTF8 { text throws(MalformedField) in try dtype.decode(base64: text) }
            if let decoded { return decoded }
        } catch { throw error.inside("embedding") }
        if let floats = embedding.floats { return floats }
        for (position, element) in embedding.elements.enumerated() where element.kind != "number" && !element.isNull {
            throw MalformedField("embedding[\(position)]", expected: "a number", found: element.kind)
        }
        throw MalformedField("embedding", expected: "base64 or an array of numbers", found: embedding.kind)
    }

    /// The vectors by what they say they are of; one that does not say is of the input at its place.
    private static func inOrder(_ list: [(index: Int?, vector: [Float])]) throws(MalformedField) -> [Embedding] {
        var embeddings: [Embedding?] = Array(repeating: nil, count: list.count)
        let length = list.first?.vector.count
        for (position, (index, vector)) in list.enumerated() {
            let index = index ?? position
            guard embeddings.indices.contains(index), embeddings[index] == nil else {
                let found = embeddings.indices.contains(index) ? "second \(index)" : "number \(index)"
                throw MalformedField("data[\(position)].index", expected: "each number from 0 to \(list.count - 1) once", found: found)
            }
            guard vector.count == length else {
                throw MalformedField(
                    "data[\(position)].embedding", expected: "as many numbers as in data[0] (\(length ?? 0))",
                    found: "vector of \(vector.count)")
            }
            embeddings[index] = Embedding(index: index, vector: vector)
        }
        return embeddings.compactMap(\.self)
    }
}
