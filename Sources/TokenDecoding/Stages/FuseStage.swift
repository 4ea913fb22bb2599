/// Makes one token of all.
struct FuseStage: DecodingStage {
    func receive(_ part: TokenPart) -> [TokenPart] {
        [TokenPart(bytes: part.bytes, endsToken: false)]
    }

    func finish() -> [TokenPart] {
        [TokenPart(bytes: [], endsToken: true)]
    }
}
