/// HTML as it is being written.
///
/// Markup is given as `StaticString`, which only the source code of this program can spell: what comes from a log gets in through `text`
/// and the values of attributes alone, and both are escaped.
struct HTMLWriter {
    /// An attribute of an element.
    struct Attribute {
        fileprivate let name: StaticString
        fileprivate let value: String?

        /// An attribute with a value from anywhere.
        static func named(_ name: StaticString, _ value: String) -> Attribute { Attribute(name: name, value: value) }

        /// An attribute that is there or not, such as `hidden`.
        static func flag(_ name: StaticString) -> Attribute { Attribute(name: name, value: nil) }

        /// The classes of an element.
        static func `class`(_ names: String) -> Attribute { Attribute(name: "class", value: names) }

        /// What can be linked to.
        static func id(_ id: String) -> Attribute { Attribute(name: "id", value: id) }

        /// What a reader sees who points at the element.
        static func title(_ text: String) -> Attribute { Attribute(name: "title", value: text) }
    }

    private var bytes: [UInt8] = []
    private let limit: TextLimit

    /// - Parameter textLimit: how many bytes of one text are written; 0 for all.
    init(textLimit: Int = 0) { limit = TextLimit(perText: textLimit) }

    /// How many bytes were written.
    var count: Int { bytes.count }

    /// As much of a text as the page has room for, and how many bytes of it are left over.
    func clipped(_ text: String) -> (shown: Substring, rest: Int) { limit.take(text, writtenSoFar: count) }

    /// How many bytes of one text the page has room for.
    var room: Int { limit.room(writtenSoFar: count) }

    /// Whether a picture of so many bytes still fits.
    func hasRoom(for size: Int) -> Bool { limit.fits(size, writtenSoFar: count) }

    /// All that was written.
    var html: String { String(decoding: bytes, as: UTF8.self) }

    /// Writes markup of this program's own.
    mutating func markup(_ markup: StaticString) {
        markup.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    /// Writes the contents of a `style` or `script` element, which know no escapes: this program's own, too.
    mutating func source(_ source: StaticString) { markup(source) }

    /// Writes text from anywhere.
    mutating func text(_ text: some StringProtocol) {
        for piece in VisibleText(text).pieces {
            switch piece {
            case .plain(let text): put(escaped: text)
            case .hidden(let scalar):
                markup("<b class=\"hidden-character\">")
                put(escaped: VisibleText.name(of: scalar)[...])
                markup("</b>")
            }
        }
    }

    /// Writes an element with what `content` writes.
    mutating func element(_ tag: StaticString, _ attributes: Attribute..., content: (inout HTMLWriter) -> Void) {
        open(tag, attributes)
        content(&self)
        close(tag)
    }

    /// Writes an element with a text from anywhere.
    mutating func element(_ tag: StaticString, _ attributes: Attribute..., text: String) {
        open(tag, attributes)
        self.text(text)
        close(tag)
    }

    /// Writes an element that has no end, such as `img`.
    mutating func void(_ tag: StaticString, _ attributes: [Attribute]) { open(tag, attributes) }

    private mutating func open(_ tag: StaticString, _ attributes: [Attribute]) {
        markup("<")
        markup(tag)
        for attribute in attributes {
            markup(" ")
            markup(attribute.name)
            guard let value = attribute.value else { continue }
            markup("=\"")
            for piece in VisibleText(value).pieces {
                switch piece {
                case .plain(let text): put(escaped: text)
                case .hidden(let scalar): put(escaped: "⟨\(VisibleText.name(of: scalar))⟩")
                }
            }
            markup("\"")
        }
        markup(">")
    }

    private mutating func close(_ tag: StaticString) {
        markup("</")
        markup(tag)
        markup(">")
    }

    private mutating func put(escaped text: Substring) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): markup("&amp;")
            case UInt8(ascii: "<"): markup("&lt;")
            case UInt8(ascii: ">"): markup("&gt;")
            case UInt8(ascii: "\""): markup("&quot;")
            case UInt8(ascii: "'"): markup("&#39;")
            default: bytes.append(byte)
            }
        }
    }
}
