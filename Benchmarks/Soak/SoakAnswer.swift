/// The one right answer to a request: no other request has it, and each of its pieces tells where it belongs.
struct SoakAnswer {
    /// The answer in the pieces in which it is streamed.
    let pieces: [String]

    /// - Parameter number: the request's number.
    init(number: Int) {
        let count = 8 + Int(scrambled(number) % 48)
        pieces = (0..<count).map { "\($0 == 0 ? "" : " ")\(number).\($0)" }
    }

    /// The whole answer.
    var text: String { pieces.joined() }

    /// The question that it answers.
    static func question(_ number: Int) -> String { "request <\(number)>" }

    /// The name of a request.
    static func requestID(_ number: Int) -> String { "soak-\(number)" }

    /// The number in a question.
    static func number(in text: String) -> Int? {
        guard let opening = text.lastIndex(of: "<"), let closing = text[opening...].firstIndex(of: ">") else { return nil }
        return Int(text[text.index(after: opening)..<closing])
    }

    /// The pieces that are left behind the part of the answer that `text` ends with: what a model goes on with.
    func pieces(behind text: String) -> [String] {
        var begun = self.text
        while !begun.isEmpty, !text.hasSuffix(begun) { begun.removeLast() }
        let rest = self.text.dropFirst(begun.count)
        // A piece may be cut anywhere; the rest of it is the first one.
        var left = rest.count
        var pieces: [String] = []
        for piece in self.pieces.reversed() where left > 0 {
            pieces.append(String(piece.suffix(left)))
            left -= piece.count
        }
        return pieces.reversed()
    }
}
