import Checksum
import Testing

@Suite("SHA-256")
struct SHA256Tests {
    /// Examples of NIST's (FIPS 180-4).
    private static let examples = [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ]

    @Test("checksums are those of the standard's examples, however the bytes come", arguments: examples, [1, 7, 1000])
    func standard(_ example: (text: String, digest: String), piece: Int) throws {
        let sum = try #require(SHA256())
        let bytes = Array(example.text.utf8)
        for start in stride(from: 0, to: bytes.count, by: piece) {
            let isAdded = bytes[start..<min(bytes.count, start + piece)].withUnsafeBytes { sum.add($0) }
            #expect(isAdded)
        }
        #expect(sum.digest() == example.digest)
    }

    @Test("in base64 it is what a content security policy has")
    func base64() throws {
        let sum = try #require(SHA256())
        let isAdded = Array("abc".utf8).withUnsafeBytes { sum.add($0) }
        #expect(isAdded)
        #expect(sum.base64Digest() == "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=")
    }
}
