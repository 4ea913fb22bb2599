import SessionLog
import Testing

@Suite("Which events are left out")
struct EventFilterTests {
    @Test(
        "patterns match as fnmatch has it",
        arguments: [
            (["llm:stream_*delta"], "llm:stream_block_delta", true),
            (["llm:stream_*delta"], "llm:stream_delta", true),
            (["llm:stream_*delta"], "llm:stream_block_end", false),
            (["llm:stream_*delta"], "my:llm:stream_block_delta", false),
            (["*:debug", "*:raw"], "llm:request:raw", true),
            (["*:debug", "*:raw"], "llm:request", false),
            (["tool:p[ro]?"], "tool:pre", true),
            (["tool:p[!r]*"], "tool:pre", false),
            (["tool:p[!r]*"], "tool:post", true),
            (["a\\*"], "a\\b", true),
            (["["], "[", true),
            (["*"], "anything/at.all", true),
            ([], "llm:stream_block_delta", false),
            ([""], "", true),
        ])
    func patterns(patterns: [String], name: String, isExcluded: Bool) {
        #expect(EventFilter(exclude: patterns).excludes(name) == isExcluded)
    }

    @Test("by default only the text of streams is left out")
    func standard() {
        let filter = EventFilter()
        let names = ["llm:stream_block_start", "llm:stream_block_delta", "llm:stream_block_end", "thinking:delta", "llm:response"]
        #expect(names.filter { filter.excludes($0) } == ["llm:stream_block_delta"])
    }
}
