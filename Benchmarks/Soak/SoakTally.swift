import ProviderKit

/// What came of the requests.
struct SoakTally: Sendable {
    private(set) var answers = 0
    /// Requests that had to fail, and did.
    private(set) var refusals = 0
    /// Answers that did not come, or not to their end.
    private(set) var lost = 0
    /// Answers of which something came twice.
    private(set) var duplicated = 0
    /// Answers that hold something that is not theirs.
    private(set) var corrupted = 0
    /// The first few things that went wrong.
    private(set) var complaints: [String] = []

    /// Whether every request had what it should have.
    var isClean: Bool { lost == 0 && duplicated == 0 && corrupted == 0 }

    /// Counts an answer.
    mutating func add(_ text: String, to number: Int, fault: SoakFault) {
        let right = SoakAnswer(number: number).text
        if text == right, fault.isSurvivable {
            answers += 1
        } else if fault.isSurvivable, right.hasPrefix(text) {
            lost += 1
            complain(number, fault, "\(text.count) of \(right.count) characters")
        } else if Set(text.split(separator: " ")).count < text.split(separator: " ").count {
            duplicated += 1
            complain(number, fault, "came twice in: \(text)")
        } else {
            corrupted += 1
            complain(number, fault, "is not the answer: \(text)")
        }
    }

    /// Counts an error.
    mutating func add(_ error: ProviderError, to number: Int, fault: SoakFault) {
        let partial = error.partialResponse?.text ?? ""
        if !SoakAnswer(number: number).text.hasPrefix(partial) {
            corrupted += 1
            complain(number, fault, "the partial answer is not one: \(partial)")
        } else if fault == .refusal, error.code == .invalidRequest {
            refusals += 1
        } else {
            lost += 1
            complain(number, fault, "\(error.code): \(error.message)")
        }
    }

    private mutating func complain(_ number: Int, _ fault: SoakFault, _ what: String) {
        guard complaints.count < 20 else { return }
        complaints.append("request \(number) (\(fault.rawValue)): \(what.prefix(300))")
    }
}
