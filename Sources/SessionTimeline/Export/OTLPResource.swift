import Checksum
import JSON

/// Who tells, in OTLP/JSON, and the ids of what is told.
enum OTLPResource {
    /// The service that the spans are of.
    static let resource: JSONValue = [
        "attributes": [["key": "service.name", "value": ["stringValue": "vllm-host"]]]
    ]

    /// What has made them.
    static let scope: JSONValue = ["name": "vllm-host events export"]

    /// An id of so many bytes in hexadecimal digits, which follows from a text and is not all zeros.
    static func id(_ text: String, bytes count: Int) -> String {
        var text = text
        let digest = text.withUTF8 { SHA256.digest(of: UnsafeRawBufferPointer($0)) } ?? Array(repeating: 1, count: 32)
        return digest.prefix(count).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
