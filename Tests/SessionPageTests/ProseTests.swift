import Testing

@testable import SessionPage

@Suite("Light Markdown")
struct ProseTests {
    @Test("paragraphs, headings and fenced code are told apart")
    func blocks() {
        let prose = Prose("# Title\nfirst\nline\n\n- a\n- b\n```swift\nlet a = 1\n\n# no heading\n```\nafter")
        #expect(
            prose.blocks == [
                .heading("Title", level: 1), .paragraph("first\nline"), .paragraph("- a\n- b"),
                .code("let a = 1\n\n# no heading", language: "swift"), .paragraph("after"),
            ])
    }

    @Test("code that is not closed goes on to the end; a longer fence holds shorter ones; line breaks of two characters are line breaks")
    func fences() {
        #expect(Prose("```\na\n\nb").blocks == [.code("a\n\nb", language: "")])
        #expect(Prose("````\n```\nx\n```\n````").blocks == [.code("```\nx\n```", language: "")])
        #expect(Prose("a\r\n\r\nb").blocks == [.paragraph("a"), .paragraph("b")])
    }

    @Test("a table has its cells; lines with bars that are none stay text")
    func tables() {
        #expect(
            Prose("| a | b |\n|---|:-:|\n| 1 | **2** |\n| 3").blocks == [.table(head: ["a", "b"], rows: [["1", "**2**"], ["3"]])])
        for text in ["| a |\n| b |\n| c |", "| a |\n|---|", "a | b\n---|---\n1 | 2"] { #expect(Prose(text).blocks == [.paragraph(text)]) }
    }

    @Test("inline code and bold are told apart; what is not closed, or no mark, stays text")
    func spans() {
        #expect(Prose.spans("a `b` **c** d") == [.plain("a "), .code("b"), .plain(" "), .bold("c"), .plain(" d")])
        #expect(Prose.spans("``a`b``") == [.code("a`b")])
        for text in ["2 ** 3 ** 4", "a `b", "**open", "* item", "***", "`"] { #expect(Prose.spans(text) == [.plain(text)]) }
    }

    @Test("marks without an end take no time that grows with their square")
    func hostile() {
        let text = String(repeating: "` ** `` ", count: 20_000)
        #expect(!Prose.spans(text).isEmpty)
        #expect(Prose(String(repeating: "```a\n", count: 20_000)).blocks.count == 1)
    }
}
