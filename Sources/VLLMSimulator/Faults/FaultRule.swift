internal import Suggestions

/// Which requests meet which fault.
public struct FaultRule: Sendable, Hashable {
    /// The header field by which a request asks for a fault of its own, as the rule's text.
    public static let headerName = "X-Simulator-Fault"

    /// The fault.
    public var fault: SimulatedFault
    /// The path of the requests; `nil` for `/v1/chat/completions` and `/v1/completions`, and `*` for all.
    public var path: String?
    /// The first of those requests that meets the fault, counted from 1.
    public var nth = 1
    /// How many requests meet it from there on; `nil` for all.
    public var count: Int?
    /// A name that tells headers apart which are otherwise the same: each has a count of its own.
    public var id: String?

    /// A rule.
    public init(_ fault: SimulatedFault, path: String? = nil, nth: Int = 1, count: Int? = nil) {
        self.fault = fault
        self.path = path
        self.nth = nth
        self.count = count
    }

    /// A rule from its text: a fault in one of `SimulatedFault.forms`, and behind it, each separated by `;`, what of `path=`, `nth=`,
    /// `count=` and `id=` is needed: `reset-at-byte=120; count=1`.
    /// - Throws: `SimulatorError` that names what is wrong.
    public init(parsing text: String) throws(SimulatorError) {
        var text = try FaultText(text)
        guard let form = SimulatedFault.forms.first(where: { $0.name == text.name }) else {
            let meant = nearest(to: text.name, among: SimulatedFault.forms.map(\.name)).map { "; did you mean \"\($0)\"?" } ?? ""
            throw SimulatorError("there is no fault \"\(text.name)\"\(meant)")
        }
        let path = text.take("path")
        let nth = try text.int("nth", in: 1...(1 << 40))
        let count = try text.int("count", in: 0...(1 << 40))
        let id = text.take("id")
        let fault = try form.read(&text)
        try text.checkNothingLeft()
        self.init(fault, path: path, nth: nth ?? 1, count: count)
        self.id = id
    }

    /// Whether it is about requests to a path.
    func concerns(_ path: String) -> Bool {
        switch self.path {
        case nil: path == "/v1/chat/completions" || path == "/v1/completions"
        case "*": true
        case let own?: path == own
        }
    }

    /// Whether it holds for a request before which so many others were.
    func holds(after before: Int) -> Bool {
        before >= nth - 1 && (count.map { before - (nth - 1) < $0 } ?? true)
    }
}
