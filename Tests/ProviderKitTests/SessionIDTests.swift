import ProviderKit
import Testing

@Suite("Names of sessions and calls")
struct SessionIDTests {
    @Test("session names are lower-case UUIDs of version 4, each another")
    func sessionID() {
        let names = (0..<1000).map { _ in SessionID.random() }
        let pattern = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/
        #expect(names.allSatisfy { $0.wholeMatch(of: pattern) != nil })
        #expect(Set(names).count == names.count)
    }

    @Test("every other bit of a session name is random")
    func randomBits() {
        struct Fixed: RandomNumberGenerator {
            let word: UInt64
            mutating func next() -> UInt64 { word }
        }
        var zeros = Fixed(word: 0)
        var ones = Fixed(word: .max)
        #expect(SessionID.random(using: &zeros) == "00000000-0000-4000-8000-000000000000")
        #expect(SessionID.random(using: &ones) == "ffffffff-ffff-4fff-bfff-ffffffffffff")
    }
}
