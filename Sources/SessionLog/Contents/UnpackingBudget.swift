/// How much may be put together of a log. Each record of a few bytes can say a megabyte, and whoever reads the log keeps them all: what a
/// log says has to be in proportion to what it has.
struct UnpackingBudget {
    /// What any log may say.
    private static let base = 64 << 20
    /// What it may say for each byte of it: more than a conversation of hundreds of thousands of tokens does that is repeated with each call.
    private static let factor = 512

    /// How many bytes may still be put together.
    private(set) var left: Int

    init(_ bytes: Int = base) {
        left = bytes
    }

    /// Counts a line that was read.
    mutating func read(_ length: Int) {
        let (gained, isTooMuch) = length.multipliedReportingOverflow(by: Self.factor)
        let (sum, isAbove) = left.addingReportingOverflow(gained)
        left = isTooMuch || isAbove ? .max : sum
    }

    /// Counts what is put together. Returns whether that may be.
    mutating func spend(_ count: Int) -> Bool {
        guard count <= left else { return false }
        left -= count
        return true
    }
}
