internal import JSON

/// A value in one of a tokenizer's files, or the place where one is missing, with its path for messages.
struct TokenizerField {
    /// `nil` where there is no such member.
    let view: JSONView?
    let path: String
    let file: String

    /// Reads a whole file, which is an object.
    static func read<Result>(
        _ bytes: [UInt8], file: String, _ body: (TokenizerField) throws(TokenDecoderError) -> Result
    ) throws(TokenDecoderError) -> Result {
        let result = bytes.withUnsafeBufferPointer { bytes in
            Swift.Result { () throws(TokenDecoderError) in
                try JSONView.read(bytes, orThrow: { TokenDecoderError(file: file, message: "not JSON: \($0)") }) {
                    view throws(TokenDecoderError) in
                    let whole = TokenizerField(view: view, path: "", file: file)
                    guard view.kind == "object" else { throw whole.unexpected("an object") }
                    return try body(whole)
                }
            }
        }
        return try result.get()
    }

    func member(_ key: String) -> TokenizerField {
        TokenizerField(view: view?[key], path: path.isEmpty ? key : "\(path).\(key)", file: file)
    }

    /// The elements of an array; none where it is missing or null.
    func elements() throws(TokenDecoderError) -> [TokenizerField] {
        guard !isMissing, let view else { return [] }
        guard view.kind == "array" else { throw unexpected("an array") }
        return view.elements.enumerated().map { TokenizerField(view: $1, path: "\(path)[\($0)]", file: file) }
    }

    /// The members of an object; none where it is missing or null.
    func members() throws(TokenDecoderError) -> [(key: String, value: TokenizerField)] {
        guard !isMissing, let view else { return [] }
        guard view.kind == "object" else { throw unexpected("an object") }
        return view.members.map { ($0.key, TokenizerField(view: $0.value, path: "\(path).\($0.key)", file: file)) }
    }

    var isMissing: Bool { view?.isNull ?? true }

    func string() throws(TokenDecoderError) -> String {
        guard let string = view?.string else { throw unexpected("a string") }
        return string
    }

    func int() throws(TokenDecoderError) -> Int {
        guard let int = view?.int else { throw unexpected("a whole number") }
        return int
    }

    /// A truth value; `nil` where it is missing or null.
    func bool() throws(TokenDecoderError) -> Bool? {
        guard !isMissing else { return nil }
        guard let bool = view?.bool else { throw unexpected("true or false") }
        return bool
    }

    func error(_ message: String) -> TokenDecoderError {
        TokenDecoderError(file: file, message: path.isEmpty ? message : "\(path): \(message)")
    }

    func unexpected(_ expected: String) -> TokenDecoderError {
        error("expected \(expected), found \(view.map { "a value of type \($0.kind)" } ?? "nothing")")
    }
}
