import Foundation
import TestSupport
import Testing

@testable import VLLMClient

@Suite("Base64")
struct Base64Tests {
    /// The bytes of a text; `nil` where it is none of base64's length, and where a character is wrong.
    private func decode(_ text: some Sequence<UInt8>) -> (bytes: [UInt8], mistake: Int?)? {
        Array(text).withUnsafeBufferPointer { text in
            guard let count = Base64.byteCount(text) else { return nil }
            // What lies behind must not be written over.
            var bytes = [UInt8](repeating: 0xA5, count: count + 16)
            let mistake = bytes.withUnsafeMutableBytes { Base64.decode(text, into: UnsafeMutableRawBufferPointer(rebasing: $0[..<count])) }
            #expect(bytes[count...].allSatisfy { $0 == 0xA5 })
            return (Array(bytes[..<count]), mistake)
        }
    }

    @Test("of every length gives the bytes back", arguments: 0..<70)
    func lengths(count: Int) throws {
        var random = SplitMix(seed: UInt64(count))
        for _ in 0..<20 {
            let bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            let decoded = try #require(decode(Data(bytes).base64EncodedData()))
            #expect(decoded.bytes == bytes)
            #expect(decoded.mistake == nil)
        }
    }

    @Test("with any other byte at any place is refused there")
    func foreign() throws {
        let alphabet = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        let text = Array("QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo+Pz9BQkNE".utf8)
        for place in text.indices {
            for byte in UInt8.min...UInt8.max where !alphabet.contains(byte) {
                var text = text
                text[place] = byte
                // One `=` at the end is how a text may end.
                let expected = byte == UInt8(ascii: "=") && place == text.count - 1 ? nil : place
                #expect(decode(text)?.mistake == expected)
            }
        }
    }

    @Test("of a length that base64 never has is refused", arguments: ["A", "AA", "AAA", "AAAAA", "AA=", "AAAA="])
    func odd(text: String) {
        #expect(decode(text.utf8) == nil)
    }

    @Test(
        "with more than two characters of padding, or padding in its middle, is refused",
        arguments: [("A===", 1), ("====", 0), ("AA==AAAA", 2)])
    func padding(text: String, place: Int) {
        #expect(decode(text.utf8)?.mistake == place)
    }
}
