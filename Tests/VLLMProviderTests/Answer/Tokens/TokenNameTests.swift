import Testing
import ToldTokens

@testable import VLLMProvider

@Suite("The bytes of tokens")
struct TokenNameTests {
    @Test(
        "are told where they are the token's, and are not made up where they are U+FFFD's or a name's",
        arguments: [
            (" Paris", nil, [32, 80, 97, 114, 105, 115]), ("é", [195, 169], [195, 169]), ("", nil, []), ("", [], []),
            ("�🏽", [239, 191, 189, 240, 159, 143, 189], nil), ("�", nil, nil), ("token_id:3", nil, nil),
            ("token_id:3", Array("token_id:3".utf8), nil), ("token_id:3", [60, 97, 62], [60, 97, 62]),
            ("token_id:391", [], []), ("token_id:9", [239, 191, 189], nil), ("token_id:x", nil, Array("token_id:x".utf8)),
            // A server that tells a broken character's own bytes.
            ("�", [240, 159], [240, 159]),
        ] as [(String, [UInt8]?, [UInt8]?)])
    func known(token: String, told: [UInt8]?, known: [UInt8]?) {
        #expect(ToldToken(token, bytes: told).resolved.bytes == known)
    }

    @Test("ids are read from names", arguments: [("token_id:451", 451), ("token_id:", nil), ("token_id:-", nil), ("451", nil), ("", nil)])
    func ids(token: String, id: Int?) {
        #expect(ToldToken(token, bytes: nil).resolved.tokenID == id)
    }
}
