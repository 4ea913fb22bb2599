/// Something that goes wrong with an answer of the simulator, whether the answer is its own or a script's.
///
/// The text form of each, as it stands in a header or a command line, is in `SimulatedFault.forms`.
public enum SimulatedFault: Sendable, Hashable {
    /// How an answer breaks off.
    public enum Break: String, Sendable, Hashable, CaseIterable {
        /// The connection is reset (RST).
        case reset
        /// The connection is closed (FIN).
        case close
        /// Nothing more comes, and the connection stays open.
        case stall
    }

    /// How the lines of an event stream are written.
    public enum Lines: String, Sendable, Hashable, CaseIterable {
        /// Lines end with CRLF: as good as LF.
        case crlf
        /// Lines end with LF, CR and CRLF by turns: as good as LF.
        case mixed
        /// Every byte comes in a chunk of its own, which cuts characters apart: as good as any other cut.
        case splitBytes = "split-bytes"
        /// The field is `date:` in place of `data:`, which a reader has to pass over.
        case wrongField = "wrong-field"
        /// There is no `data:` before the JSON.
        case noField = "no-field"
        /// The blank lines between events are missing, so that all are one.
        case noBlankLine = "no-blank-line"
    }

    /// The connection is closed without an answer, and connections are refused from then on: for a time, or until
    /// `VLLMSimulator.acceptConnections()` is called.
    case refuse(Duration?)
    /// The answer breaks off after so many bytes of its body.
    case atByte(Break, Int)
    /// The answer breaks off after so many bytes of its head.
    case inHead(Break, Int)
    /// The body is chunked, and the connection is closed within the chunk that holds this byte, so that it has fewer bytes than it says.
    case truncatedChunk(Int)
    /// The body is chunked, and behind so many bytes of it there is a chunk whose size is no number.
    case badChunk(Int)
    /// The answer is whole and promises that the connection stays open, which is closed then.
    case closeAfter
    /// Behind the answer come bytes that belong to no answer, and then the connection is closed.
    case garbage
    /// The body comes in pieces of so many bytes, with a pause before each.
    case drip(bytes: Int, interval: Duration)
    /// Another answer: a status with header fields (`Name: value`) and a body, which is vLLM's for the status where it is `nil`.
    case status(Int, headers: [String] = [], body: String? = nil)
    /// Another content type, with the body that there is.
    case contentType(String)
    /// An answer in one piece where a stream is asked for, and the other way round.
    case otherForm
    /// The lines of an event stream are written otherwise.
    case lines(Lines)
    /// Of the event with this number, from 0, half of the JSON is missing; of an answer in one piece, half of the body.
    case invalidEvent(Int)
    /// In place of the event with this number, from 0, the server tells that its engine has died, as vLLM does, and ends the stream; an
    /// answer in one piece has status 500.
    case errorEvent(Int)
    /// A stream ends without `[DONE]`.
    case missingDone
    /// A stream has `[DONE]` twice.
    case doubleDone
    /// Events that are no JSON come behind `[DONE]`.
    case eventsAfterDone
    /// A body that says it is compressed, and inflates without end.
    case gzipBomb
    /// A body of one line without end.
    case endlessLine
    /// A stream without end, in which one event of the answer comes again and again; an answer in one piece is a line without end.
    case endlessStream
}
