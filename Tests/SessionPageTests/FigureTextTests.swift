import JSON
import Testing

@testable import SessionPage

@Suite("Figures for people")
struct FigureTextTests {
    @Test(
        "times",
        arguments: [
            (0, "0 s"), (0.0004, "0.4 ms"), (0.00996, "10 ms"), (0.312, "312 ms"), (0.9996, "1.00 s"), (2.914, "2.91 s"),
            (59.96, "1 min 00 s"),
            (72, "1 min 12 s"), (3599.6, "1 h 00 min"), (7320, "2 h 02 min"), (180_000, "2 days 2 h"), (-2, "−2.00 s"), (.nan, "—"),
            (.infinity, "—"), (1e300, "—"),
        ] as [(Double, String)])
    func times(_ seconds: Double, _ text: String) {
        #expect(FigureText.time(seconds) == text)
    }

    @Test(
        "counts",
        arguments: [
            (0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567"), (-1234, "−1,234"), (.min, "−9,223,372,036,854,775,808"),
        ])
    func counts(_ value: Int, _ text: String) {
        #expect(FigureText.count(value) == text)
    }

    @Test(
        "numbers end where their digits do", arguments: [(0, "0"), (2, "2"), (0.05, "0.05"), (100, "100"), (-1.5, "−1.5"), (1e20, "1e+20")])
    func numbers(_ value: Double, _ text: String) {
        #expect(FigureText.number(value) == text)
    }

    @Test("JSON that fits on a line stays there")
    func json() {
        #expect(ReadableJSON.text(["a": 1, "b": [true, .null]]) == "{\"a\": 1, \"b\": [true, null]}")
        let long = String(repeating: "x", count: 80)
        #expect(ReadableJSON.text(["a": .string(long), "b": []]) == "{\n  \"a\": \"\(long)\",\n  \"b\": []\n}")
    }
}
