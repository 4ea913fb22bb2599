import JSON
import SessionTimeline
import TestSupport
import Testing

struct QuantileSketchTests {
    @Test(arguments: [1, 2, 3, 100, 5000])
    func `a quantile is at most one percent off, and the rest is exact`(count: Int) throws {
        var random = SplitMix(seed: UInt64(count))
        // From microseconds to hours.
        let lengths = (0..<count).map { _ in Duration.microseconds(Int(1 + random.next() % 1000) << Int(random.next() % 24)) }
        var sketch = QuantileSketch()
        for length in lengths { sketch.add(length) }
        let sorted = lengths.map { $0 / .seconds(1) }.sorted()
        for part in [0, 0.01, 0.5, 0.9, 0.99, 1] {
            let exact = sorted[Int((part * Double(count - 1)).rounded())]
            let told = try #require(sketch.quantile(part))
            #expect(abs(told - exact) <= exact * (QuantileSketch.relativeError + 1e-9))
        }
        #expect(sketch.count == count && sketch.minimum == sorted.first && sketch.maximum == sorted.last)
        #expect(abs(try #require(sketch.mean) - sorted.reduce(0, +) / Double(count)) < 1e-6 * sorted[count - 1])
    }

    @Test func `what is nothing, negative or longer than anything is counted, too`() {
        var sketch = QuantileSketch()
        for length in [Duration.zero, .seconds(-5), .nanoseconds(1), .seconds(Int64.max)] { sketch.add(length) }
        #expect(sketch.count == 4 && sketch.minimum == 0 && sketch.maximum == 1e10)
        #expect(sketch.quantile(0.3) == 0 && sketch.quantile(1) == 1e10)
    }

    @Test func `of nothing there are no quantiles`() {
        let sketch = QuantileSketch()
        #expect(sketch.quantile(0.5) == nil && sketch.mean == nil && sketch.json.isNull)
    }
}
