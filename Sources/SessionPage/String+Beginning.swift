extension String {
    /// A name from a log, which may be anything: at most so many characters (code points) of it, and `…` where there are more.
    func beginning(_ length: Int) -> String {
        let scalars = unicodeScalars
        guard let end = scalars.index(scalars.startIndex, offsetBy: length, limitedBy: scalars.endIndex), end < scalars.endIndex else {
            return self
        }
        return String(scalars[..<end]) + "…"
    }
}
