/// Finds out which bytes every text that matches a pattern has in it.
struct RequiredLiteral {
    private let asciiAlone: Bool
    /// The bytes that stand one behind the other up to here.
    private var run: [UInt8] = []
    private var longest: [UInt8] = []
    /// Whether all of the pattern so far is `run`.
    private var isExact = true

    init(asciiAlone: Bool) {
        self.asciiAlone = asciiAlone
    }

    mutating func take(_ node: Node) {
        switch node {
        case .empty: break
        case .literal(let scalar):
            if asciiAlone, !scalar.isASCII { return interrupt() }
            run += asciiAlone ? Array(String(scalar).lowercased().utf8) : Array(String(scalar).utf8)
        case .sequence(let nodes): for node in nodes { take(node) }
        case .repetition(let node, let minimum, _) where minimum > 0:
            // It stands there once at least; what comes next may stand behind several.
            interrupt()
            take(node)
            interrupt()
        case .set, .alternation, .repetition, .assertion: interrupt()
        }
    }

    mutating func finish() -> (bytes: [UInt8], isExact: Bool) {
        let wasExact = isExact
        interrupt()
        return (longest, wasExact && !longest.isEmpty)
    }

    private mutating func interrupt() {
        if run.count > longest.count { longest = run }
        run = []
        isExact = false
    }
}
