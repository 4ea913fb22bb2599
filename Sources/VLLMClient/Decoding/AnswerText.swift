import JSON

/// The object that an answer came as: its text, which takes less memory than what it says, until somebody asks for it.
struct AnswerText: Sendable {
    private enum Form {
        /// The text of a JSON object, known to be one.
        case text([UInt8])
        case object(JSONObject)
    }

    private let form: Form

    /// An answer's text, which is known to be a JSON object.
    init(_ text: [UInt8]) { form = .text(text) }

    /// An object that somebody put in its place.
    init(_ object: JSONObject) { form = .object(object) }

    /// The object, read each time.
    var object: JSONObject {
        switch form {
        case .text(let text): (try? JSONValue(parsing: text))?.object ?? [:]
        case .object(let object): object
        }
    }
}

extension AnswerText: Hashable {
    static func == (left: AnswerText, right: AnswerText) -> Bool { left.object == right.object }

    func hash(into hasher: inout Hasher) { hasher.combine(object) }
}
