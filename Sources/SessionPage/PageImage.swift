import JSON

/// A picture in a conversation. What is in the log is shown; what is elsewhere is named, and not asked for.
enum PageImage {
    /// A `data:` URL of a kind that browsers show and that can hold no program.
    case inPage(url: String)
    /// Somewhere else.
    case elsewhere(String)

    private static let types = ["image/png", "image/jpeg", "image/gif", "image/webp"]

    /// A picture behind a URL whose type is known. What is not base64 would be no picture.
    private static func picture(_ url: String) -> PageImage {
        let data = url.utf8[(url.utf8.firstIndex(of: UInt8(ascii: ",")) ?? url.utf8.startIndex)...].dropFirst()
        let isBase64 = data.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="), UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                true
            default: false
            }
        }
        return isBase64 ? .inPage(url: url) : .elsewhere("its data is no base64")
    }

    /// The picture of a block: the contract's (`source`), or OpenAI's (`image_url`).
    init?(_ block: JSONValue) {
        let source = block["source"]
        if let data = source?["data"]?.string {
            let type = source?["media_type"]?.string ?? "image/png"
            self =
                Self.types.contains(type) ? Self.picture("data:\(type);base64,\(data)") : .elsewhere("of the type \(type.beginning(200))")
        } else if let url = source?["url"]?.string ?? source?["path"]?.string ?? block["image_url"]?["url"]?.string
            ?? block["image_url"]?.string
        {
            let isShown = Self.types.contains { url.utf8.prefix(40).starts(with: "data:\($0);base64,".utf8) }
            let shortened = String(url.unicodeScalars.prefix(500)) + (url.utf8.count > 500 ? "…" : "")
            self = isShown ? Self.picture(url) : .elsewhere(shortened)
        } else {
            return nil
        }
    }
}

extension HTMLWriter {
    /// Writes a picture.
    mutating func image(_ image: PageImage) {
        switch image {
        case .inPage(let url) where hasRoom(for: url.utf8.count):
            void("img", [.class("picture"), .named("src", url), .named("alt", "Picture"), .named("loading", "lazy")])
        case .inPage(let url):
            element("p", .class("cut"), text: "A picture of \(FigureText.bytes(url.utf8.count)) is in the log.")
        case .elsewhere(let place):
            element("p", .class("elsewhere")) { html in
                html.text("Picture, not shown: ")
                if place.hasPrefix("https://") || place.hasPrefix("http://") {
                    html.element("a", .named("href", place), .named("rel", "noopener noreferrer"), text: place)
                } else {
                    html.element("code", text: place)
                }
            }
        }
    }
}
