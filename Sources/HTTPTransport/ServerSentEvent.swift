/// An event of a server-sent event stream (WHATWG HTML §9.2, "Server-sent events").
public struct ServerSentEvent: Sendable, Hashable {
    /// The value of its `event` field, or `nil` for an ordinary one (`message`).
    public var event: String?
    /// The values of its `data` fields, joined by line feeds: the bytes as they were sent, most often a part of the batch itself.
    public var data: ArraySlice<UInt8>
    /// The last `id` field of the stream up to here, empty where there was none.
    public var id: String

    /// An event.
    public init(event: String? = nil, data: ArraySlice<UInt8>, id: String = "") {
        self.event = event
        self.data = data
        self.id = id
    }

    /// The data as text; what is not UTF-8 becomes U+FFFD, as the standard says.
    public var text: String { String(decoding: data, as: UTF8.self) }
}
