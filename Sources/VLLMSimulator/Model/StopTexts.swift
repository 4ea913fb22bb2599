/// Looks for the texts that end an answer, and holds back as much of its end as might be the start of one.
struct StopTexts {
    private let stops: [(text: String, scalars: [Unicode.Scalar])]
    private let includesStop: Bool
    private let longest: Int
    /// What is not given out yet, behind enough of what is to see a stop that began there.
    private var window: [Unicode.Scalar] = []
    private var given = 0

    /// A search for `stops`; with `includesStop` the stop stays in the text, so that nothing need be held back.
    init(_ stops: [String], includesStop: Bool) {
        self.stops = stops.map { ($0, Array($0.unicodeScalars)) }
        self.includesStop = includesStop
        longest = self.stops.map(\.scalars.count).max() ?? 0
    }

    /// Adds what was generated.
    mutating func append(_ text: String) {
        window.append(contentsOf: text.unicodeScalars)
    }

    /// Cuts the text at the first of the stops that is in it, and returns that stop.
    mutating func cut() -> String? {
        for stop in stops {
            guard let range = window.firstRange(of: stop.scalars) else { continue }
            window.removeSubrange((includesStop ? range.upperBound : range.lowerBound)...)
            return stop.text
        }
        return nil
    }

    /// The text that cannot become part of a stop any more, or all of it.
    mutating func release(all: Bool) -> String {
        let held = all || includesStop ? 0 : max(0, longest - 1)
        let end = max(given, window.count - held)
        var text = String.UnicodeScalarView()
        if given < end { text.append(contentsOf: window[given..<end]) }
        let surplus = max(0, end - max(0, longest - 1))
        window.removeFirst(surplus)
        given = end - surplus
        return String(text)
    }
}
