/// Something that a reader may leave out of a page: elements of the class `kind-…` of its name.
struct PageFilter {
    let name: String
    let label: String

    static let ofSession = [
        PageFilter(name: "prompt", label: "Prompts"), PageFilter(name: "answer", label: "Answers"),
        PageFilter(name: "reasoning", label: "Reasoning"), PageFilter(name: "tool", label: "Tools"),
        PageFilter(name: "problem", label: "Problems"), PageFilter(name: "figure", label: "Figures"),
    ]

    static let ofComparison = [
        PageFilter(name: "prompt", label: "Prompts"), PageFilter(name: "answer", label: "Answers"),
        PageFilter(name: "reasoning", label: "Reasoning"), PageFilter(name: "tool", label: "Tools"),
        PageFilter(name: "figure", label: "Figures"),
    ]
}
