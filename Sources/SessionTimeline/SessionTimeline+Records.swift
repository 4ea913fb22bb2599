import JSON
import ProviderKit

extension SessionTimeline {
    /// Takes what a record says of the session itself. Of several sessions in one log it is the first.
    mutating func take(_ fields: RecordFields) {
        let id = fields.session.isEmpty ? nil : fields.session
        sessionID = sessionID ?? id
        guard id == nil || id == sessionID else { return }
        parentID = parentID ?? fields.string("parent_id")
        start = start ?? fields.time
        switch fields.event {
        case EventName.sessionEnd:
            end = fields.time
            status = fields.string("status")
            error = fields.errorMessage
        case EventName.sessionStart, "session:resume":
            // It goes on: what was its end is none any more.
            end = nil
            status = nil
            error = nil
        default: break
        }
    }
}
