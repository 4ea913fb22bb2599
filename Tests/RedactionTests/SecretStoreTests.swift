import Redaction
import Testing

@Suite("SecretStore")
struct SecretStoreTests {
    @Test("what comes to be known later is taken out from then on, by the stores within it, too")
    func learning() {
        let outer = SecretStore(["planted-1"])
        let inner = SecretStore(["planted-2"], within: outer)
        let text = "planted-1 planted-2 planted-3 planted-4"
        #expect(inner.redactor.redact(text) == "[REDACTED] [REDACTED] planted-3 planted-4")
        outer.learn("planted-3")
        inner.add(["planted-4"])
        #expect(inner.redactor.redact(text) == "[REDACTED] [REDACTED] [REDACTED] [REDACTED]")
        #expect(outer.redactor.redact(text) == "[REDACTED] planted-2 [REDACTED] planted-4")
        #expect(inner.occur(in: "x planted-1"))
        #expect(!outer.occur(in: "planted-2"))
    }

    @Test("of many secrets that were learnt the newest are kept, and those that were given all")
    func bound() {
        let store = SecretStore(["given-secret"])
        for number in 0..<1000 { store.learn("learnt-\(number).") }
        for number in 0..<1000 { store.learn("learnt-\(number % 2 + 998).") }
        #expect(!store.occur(in: "learnt-0."))
        #expect(!store.occur(in: "learnt-950."))
        for text in ["given-secret", "learnt-999.", "learnt-998.", "learnt-970."] { #expect(store.occur(in: text)) }
    }
}
