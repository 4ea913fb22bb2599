import Glibc

// What libFuzzer calls: once at the start, then with one input after the other. An oracle that fails ends the process with its message.

/// The target that `FUZZ_TARGET` names.
nonisolated(unsafe) private var target: FuzzTarget?

@_cdecl("LLVMFuzzerInitialize")
func initialize(_ count: UnsafeMutableRawPointer, _ arguments: UnsafeMutableRawPointer) -> Int32 {
    let name = getenv("FUZZ_TARGET").map { String(cString: $0) } ?? ""
    target = FuzzTarget.all[name]
    guard target == nil else { return 0 }
    print("FUZZ_TARGET: expected one of \(FuzzTarget.all.keys.sorted().joined(separator: ", ")), found \"\(name)\"")
    exit(64)
}

@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    target?.run(Array(UnsafeBufferPointer(start: data, count: count)))
    return 0
}
