extension SimulatedFault {
    /// Every form of a fault, in the order in which help lists them.
    public static let forms: [FaultForm] =
        [
            FaultForm("refuse[=SECONDS]", "close the connection without an answer, and refuse connections for so long, or for good") {
                text throws(SimulatorError) in .refuse(text.hasValue ? .seconds(try text.double(in: 0...86_400)) : nil)
            }
        ]
        + Break.allCases.flatMap { how in
            [
                FaultForm("\(how.rawValue)-at-byte=N", "\(how.meaning) after N bytes of the body") { text throws(SimulatorError) in
                    .atByte(how, try text.int())
                },
                FaultForm("\(how.rawValue)-in-head=N", "\(how.meaning) after N bytes of the head") { text throws(SimulatorError) in
                    .inHead(how, try text.int())
                },
            ]
        } + wireForms + answerForms + streamForms

    private static let wireForms = [
        FaultForm("truncate-chunk=N", "close the connection within the chunk that holds byte N of the body") {
            text throws(SimulatorError) in .truncatedChunk(try text.int())
        },
        FaultForm("bad-chunk=N", "after N bytes of the body, send a chunk whose size is no number") {
            text throws(SimulatorError) in .badChunk(try text.int())
        },
        FaultForm("close-after", "answer, promise to keep the connection, and close it") { _ in .closeAfter },
        FaultForm("garbage", "send bytes behind the answer that belong to none, and close the connection") { _ in .garbage },
        FaultForm("drip=BYTES; interval-ms=MS", "send the body in pieces of so many bytes, with a pause before each") {
            text throws(SimulatorError) in
            .drip(bytes: try text.int(in: 1...(1 << 30)), interval: .milliseconds(try text.double("interval-ms", in: 0...86_400_000)))
        },
    ]

    private static let answerForms = [
        FaultForm(
            "status=CODE; retry-after=VALUE; header=NAME: VALUE; body=TEXT",
            "answer with another status; header may come again, body comes last and takes the rest, without it the body is vLLM's"
        ) { text throws(SimulatorError) in
            let retry = text.take("retry-after").map { "Retry-After: \($0)" }
            var headers = retry.map { [$0] } ?? []
            while let header = text.take("header") {
                guard header.contains(":") else { throw text.problem("header \"\(header)\" has no colon: write header=NAME: VALUE") }
                headers.append(header)
            }
            return .status(try text.int(in: 200...599), headers: headers, body: text.take("body"))
        },
        FaultForm("content-type=TYPE", "call the body something else") { text throws(SimulatorError) in .contentType(try text.string()) },
        FaultForm("other-form", "answer in one piece where a stream is asked for, and the other way round") { _ in .otherForm },
        FaultForm("gzip-bomb", "send a compressed body that inflates without end") { _ in .gzipBomb },
        FaultForm("endless-line", "send one line without end") { _ in .endlessLine },
    ]

    private static let streamForms =
        Lines.allCases.map { lines in
            FaultForm("sse-\(lines.rawValue)", lines.meaning) { _ in .lines(lines) }
        } + [
            FaultForm("invalid-event=N", "leave out half of event N, from 0, or half of a body in one piece") {
                text throws(SimulatorError) in .invalidEvent(try text.int())
            },
            FaultForm("error-event=N", "in place of event N, from 0, tell that the engine has died; status 500 for a body in one piece") {
                text throws(SimulatorError) in .errorEvent(try text.int())
            },
            FaultForm("no-done", "end a stream without [DONE]") { _ in .missingDone },
            FaultForm("two-dones", "end a stream with two [DONE]") { _ in .doubleDone },
            FaultForm("events-after-done", "send events behind [DONE] that are no JSON") { _ in .eventsAfterDone },
            FaultForm("endless-stream", "send one event of the answer again and again, without end") { _ in .endlessStream },
        ]
}

extension SimulatedFault.Break {
    fileprivate var meaning: String {
        switch self {
        case .reset: "reset the connection"
        case .close: "close the connection"
        case .stall: "send nothing more"
        }
    }
}

extension SimulatedFault.Lines {
    fileprivate var meaning: String {
        switch self {
        case .crlf: "end the lines of a stream with CRLF"
        case .mixed: "end the lines of a stream with LF, CR and CRLF by turns"
        case .splitBytes: "send every byte of a stream by itself"
        case .wrongField: "write \"date:\" for \"data:\""
        case .noField: "write no \"data:\" before the JSON"
        case .noBlankLine: "leave out the blank lines between events"
        }
    }
}
