import TestSupport
import Testing

@testable import VLLMProvider

@Suite("A waiting line")
struct WaitingLineTests {
    @Test("keeps the order of arrival, whoever leaves it", arguments: 1...30 as ClosedRange<UInt64>)
    func anySequence(seed: UInt64) {
        var random = SplitMix(seed: seed)
        var line = WaitingLine<Int>()
        var model: [(number: Int, element: Int)] = []
        for step in 1...600 {
            switch Int.random(in: 0...9, using: &random) {
            case 0..<5: model.append((line.append(step), step))
            case 5..<8:
                guard let position = model.indices.randomElement(using: &random) else { continue }
                let (number, element) = model.remove(at: position)
                #expect(line.remove(number) == element)
                #expect(line.remove(number) == nil, "it has left")
            default:
                // Every other one of the first few leaves.
                let stop = Int.random(in: 0...5, using: &random)
                var seen: [Int] = []
                line.visit { _, element in
                    guard seen.count < stop else { return nil }
                    seen.append(element)
                    return element.isMultiple(of: 2)
                }
                #expect(seen == model.prefix(stop).map(\.element))
                model = model.prefix(stop).filter { !$0.element.isMultiple(of: 2) } + model.dropFirst(stop)
            }
            #expect(line.count == model.count)
        }
        var rest: [Int] = []
        line.visit { _, element in
            rest.append(element)
            return false
        }
        #expect(rest == model.map(\.element))
    }
}
