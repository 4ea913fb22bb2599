extension EmbeddingDtype {
    /// The numbers that a base64 text stands for, in the order of bytes of the servers that there are: the lowest first.
    func decode(base64 text: UnsafeBufferPointer<UInt8>) throws(MalformedField) -> [Float] {
        guard let byteCount = Base64.byteCount(text), byteCount.isMultiple(of: byteWidth) else {
            throw MalformedField("", expected: "base64 of \(rawValue) numbers", found: "text of \(text.count) characters")
        }
        var mistake: Int?
        let floats: [Float]
        switch format {
        case nil:
            floats = [Float](unsafeUninitializedCapacity: byteCount / byteWidth) { buffer, count in
                count = byteCount / byteWidth
                mistake = Base64.decode(text, into: UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: buffer[..<count])))
            }
        case let format?:
            var bytes = [UInt8](repeating: 0, count: byteCount)
            mistake = bytes.withUnsafeMutableBytes { Base64.decode(text, into: $0) }
            floats = stride(from: 0, to: byteCount, by: byteWidth).map { at in
                format.value(byteWidth == 1 ? UInt32(bytes[at]) : UInt32(bytes[at]) | UInt32(bytes[at + 1]) << 8)
            }
        }
        if let mistake { throw MalformedField("", expected: "base64", found: "character that it does not have, at \(mistake)") }
        return floats
    }

    /// The bytes of a number.
    private var byteWidth: Int {
        switch self {
        case .float32: 4
        case .float16, .bfloat16: 2
        case .fp8E4M3, .fp8E5M2: 1
        }
    }

    /// What its bits mean; `nil` for those of `Float`.
    private var format: SmallFloat? {
        switch self {
        case .float32: nil
        case .float16: SmallFloat(exponentBits: 5, fractionBits: 10)
        case .bfloat16: SmallFloat(exponentBits: 8, fractionBits: 7)
        case .fp8E4M3: SmallFloat(exponentBits: 4, fractionBits: 3, hasInfinities: false)
        case .fp8E5M2: SmallFloat(exponentBits: 5, fractionBits: 2)
        }
    }
}
