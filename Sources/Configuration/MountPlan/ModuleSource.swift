/// Where a mount plan says that a module comes from (`source`), in the forms that Amplifier's plans know.
public enum ModuleSource: Sendable, Hashable {
    /// A path on this machine: a module's folder, or its manifest. It may begin with `~`, the home folder.
    case path(String)
    /// Something to be fetched or installed first: a Git URL, a package.
    case remote(String)

    /// Reads a source.
    /// - Parameters:
    ///   - text: `file://…`, a path (with a `/` in it, or beginning with `.` or `~`), or anything else.
    ///   - origin: where the text stands: a path that is not absolute goes out from the folder of that file.
    public init(_ text: String, origin: ConfigurationOrigin) {
        let scheme = "file://"
        if text.hasPrefix(scheme) {
            let rest = text.dropFirst(scheme.count)
            self = .path(Self.path(Self.decoded(rest.hasPrefix("localhost/") ? rest.dropFirst("localhost".count) : rest), origin))
        } else if text.contains("://") || text.hasPrefix("git@") || !Self.isPath(text) {
            self = .remote(text)
        } else {
            self = .path(Self.path(text, origin))
        }
    }

    /// A path without `%20` and the like, as URLs have them; as it is where that is no text.
    private static func decoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8
        while let byte = rest.popFirst() {
            let digits = rest.prefix(2)
            guard byte == UInt8(ascii: "%"), digits.count == 2, digits.allSatisfy({ Character(UnicodeScalar($0)).isHexDigit }),
                let value = UInt8(Substring(digits), radix: 16)
            else {
                bytes.append(byte)
                continue
            }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self) ?? String(text)
    }

    private static func isPath(_ text: String) -> Bool { text.contains("/") || text.hasPrefix(".") || text.hasPrefix("~") }

    private static func path(_ text: String, _ origin: ConfigurationOrigin) -> String {
        guard !text.hasPrefix("/"), !text.hasPrefix("~"), let file = origin.location?.file, let slash = file.lastIndex(of: "/") else {
            return text
        }
        return file[...slash] + text
    }
}

extension ModuleSpec {
    /// Where the module comes from, where the plan says it.
    public var moduleSource: ModuleSource? { source.map { ModuleSource($0, origin: sourceOrigin ?? origin) } }

    /// Under which name a host keeps the module: one that comes from a place of its own is another one than the host's of that name.
    public var registryName: String { Self.registryName(module, moduleSource) }

    static func registryName(_ module: String, _ source: ModuleSource?) -> String {
        if case .path(let path) = source { "\(module) \(path)" } else { module }
    }
}

extension [String: ConfigurationSchema] {
    /// The schema of a module's configuration, where it is known.
    public func schema(of spec: ModuleSpec) -> ConfigurationSchema? { self[spec.registryName] ?? self[spec.module] }

    /// The same of an entry in a list of modules.
    func schema(ofEntry entry: ConfigurationNode) -> ConfigurationSchema? {
        guard let module = entry["module"]?.string else { return nil }
        let source = entry["source"].flatMap { node in node.isUnset ? nil : node.string.map { ModuleSource($0, origin: node.origin) } }
        return self[ModuleSpec.registryName(module, source)] ?? self[module]
    }
}
