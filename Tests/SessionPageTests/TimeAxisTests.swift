import Testing

@testable import SessionPage

@Suite("The axis of a waterfall")
struct TimeAxisTests {
    @Test("what was done takes its share; idle hours take three hundredths of it at most")
    func idle() {
        let axis = TimeAxis([(0, 10), (5, 20), (3600, 3620)])
        let (end, next, last) = (axis.position(of: 20), axis.position(of: 3600), axis.position(of: 3620))
        #expect(axis.position(of: 0) == 0)
        #expect(abs(last - 1) < 1e-9)
        #expect(abs((last - next) - end) < 1e-9)
        #expect(next - end < 0.031)
        #expect(axis.stretches.map(\.isCut) == [false, true, false])
    }

    @Test("short pauses keep their length")
    func pauses() {
        let axis = TimeAxis([(0, 100), (101, 201)])
        #expect(axis.stretches.map(\.isCut) == [false, false, false])
        #expect(abs(axis.position(of: 101) - 101.0 / 201) < 1e-9)
    }

    @Test(
        "every moment has a place from 0 to 1, whatever the log says",
        arguments: [
            [], [(0, 0)], [(0, -5)], [(Double.nan, 1)], [(0, .infinity)], [(-1e300, 1e300), (1e308, 1.7e308)], [(5, 1), (2, 3)],
        ] as [[(start: Double, end: Double)]])
    func hostile(_ times: [(start: Double, end: Double)]) {
        let axis = TimeAxis(times)
        for moment in [-.infinity, -1e308, -1, 0, 0.5, 1, 3, 1e308, .infinity, .nan] {
            #expect(0...1 ~= axis.position(of: moment))
        }
    }
}
