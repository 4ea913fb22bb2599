import Testing

@testable import HTTPTransport

@Suite("ParsedURL")
struct ParsedURLTests {
    @Test("a URL is read once, but for an address with a zone, which libcurl's copy of what it read lacks")
    func zone() throws {
        let plain = try ParsedURL("http://[fe80::1]:8000/v1")
        #expect(plain.read != nil)
        #expect(plain.address == ServerAddress(host: "[fe80::1]", port: "8000", isSecure: false))
        let withZone = try ParsedURL("http://[fe80::1%25lo]:8000/v1")
        #expect(withZone.read == nil)
        #expect(withZone.text == "http://[fe80::1%25lo]:8000/v1")
    }
}
