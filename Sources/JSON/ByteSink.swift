/// Bytes written one after the other into memory of its own, or into some that it was lent as long as they fit: appending to an array
/// checks at every byte whether it is shared.
struct ByteSink: ~Copyable {
    private var start: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    var count = 0
    /// Whether the bytes are in memory of its own.
    private(set) var isInOwnMemory: Bool

    init(capacity: Int) {
        start = .allocate(capacity: capacity)
        self.capacity = capacity
        isInOwnMemory = true
    }

    /// A sink that begins in `memory`, which is not its own and has to outlive it.
    init(memory: UnsafeMutableBufferPointer<UInt8>) {
        start = memory.baseAddress ?? .allocate(capacity: memory.count)
        capacity = memory.count
        isInOwnMemory = memory.baseAddress == nil
    }

    deinit {
        if isInOwnMemory { start.deallocate() }
    }

    var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: start, count: count) }

    mutating func removeAll() {
        count = 0
    }

    /// Makes room for so many bytes more.
    @inline(__always)
    mutating func reserve(_ additional: Int) {
        if capacity - count < additional { grow(additional) }
    }

    @inline(never)
    private mutating func grow(_ additional: Int) {
        capacity = max(capacity * 2, count + additional)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        larger.initialize(from: start, count: count)
        if isInOwnMemory { start.deallocate() }
        start = larger
        isInOwnMemory = true
    }

    mutating func put(_ byte: UInt8) {
        reserve(1)
        start[count] = byte
        count += 1
    }

    /// Appends a byte for which room was made.
    @inline(__always)
    mutating func put(reserved byte: UInt8) {
        start[count] = byte
        count &+= 1
    }

    /// Puts the bytes of an integer, for which room was made, so far behind the last one without counting them.
    @inline(__always)
    mutating func put(_ bytes: some FixedWidthInteger & BitwiseCopyable, behind distance: Int) {
        UnsafeMutableRawPointer(start + count).storeBytes(of: bytes, toByteOffset: distance, as: type(of: bytes))
    }

    /// Appends bytes for which room was made, from `index` of `raw` on, by eights as long as there are eight that are wanted.
    /// - Returns: how many there were.
    @inline(__always)
    mutating func put(eightsOf raw: UnsafeRawBufferPointer, from index: Int, where isWanted: (UInt64) -> Bool) -> Int {
        guard let source = raw.baseAddress else { return 0 }
        let target = UnsafeMutableRawPointer(start + count)
        let last = raw.count &- index &- 8
        var copied = 0
        while copied <= last {
            let eight = source.loadUnaligned(fromByteOffset: index &+ copied, as: UInt64.self)
            guard isWanted(eight) else { break }
            target.storeBytes(of: eight, toByteOffset: copied, as: UInt64.self)
            copied &+= 8
        }
        count &+= copied
        return copied
    }

    /// Appends bytes for which room was made.
    @inline(__always)
    mutating func put(reserved bytes: UnsafeBufferPointer<UInt8>) {
        guard let source = bytes.baseAddress else { return }
        (start + count).update(from: source, count: bytes.count)
        count &+= bytes.count
    }

    mutating func put(_ text: StaticString) {
        put(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    mutating func put(_ text: String) {
        var text = text
        text.withUTF8 { put($0) }
    }

    mutating func put(_ integer: Int) {
        var magnitude = integer.magnitude
        if integer < 0 { put(UInt8(ascii: "-")) }
        // 64 bits hold up to 19 digits.
        var digits = 1
        var limit: UInt = 10
        while digits < 19, magnitude >= limit {
            digits += 1
            limit *= 10
        }
        reserve(digits)
        for place in (0..<digits).reversed() {
            start[count + place] = UInt8(ascii: "0") + UInt8(magnitude % 10)
            magnitude /= 10
        }
        count += digits
    }

    mutating func put(_ bytes: UnsafeBufferPointer<UInt8>) {
        reserve(bytes.count)
        put(reserved: bytes)
    }

    mutating func put(_ byte: UInt8, times: Int) {
        reserve(times)
        (start + count).initialize(repeating: byte, count: times)
        count += times
    }
}
