import Checksum

/// What a browser may do for the page (the standard "Content Security Policy Level 3"): run this script, use this style sheet, show
/// pictures that are in the page, and nothing else; it may ask no server for anything.
enum ContentSecurityPolicy {
    static let text =
        "default-src 'none'; img-src data:; style-src \(source(PageStyle.source)); script-src \(source(PageScript.source)); "
        + "base-uri 'none'; form-action 'none'"

    /// A source by its checksum. Where there is none to be had, nothing is allowed.
    private static func source(_ text: StaticString) -> String {
        guard let sum = SHA256() else { return "'none'" }
        let isAdded = text.withUTF8Buffer { sum.add(UnsafeRawBufferPointer($0)) }
        guard isAdded, let digest = sum.base64Digest() else { return "'none'" }
        return "'sha256-\(digest)'"
    }
}
