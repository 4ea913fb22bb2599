import Foundation
import TestSupport

/// Logs for the tests of `events`, written by hand, as other hosts and older versions write them.
enum EventLogs {
    /// A session of a host that puts spaces behind colons and gives milliseconds; the last line is torn.
    static let session = #"""
        {"ts": "2026-01-21T19:29:07.834+00:00", "lvl": "INFO", "schema": {"name": "amplifier.log", "ver": "1.0.0"}, "event": "session:start", "session_id": "abc_d", "data": {"parent_id": null}}
        {"ts": "2026-01-21T19:29:07.900+00:00", "lvl": "INFO", "event": "prompt:submit", "session_id": "abc_d", "data": {"prompt": "Weather?\nIn \"Paris\"\u001b[2J"}}
        {"ts": "2026-01-21T19:29:08.000+00:00", "lvl": "INFO", "event": "llm:request", "request_id": "r1", "session_id": "abc_d", "data": {"provider": "vllm", "model": "m", "message_count": 1, "tool_count": 2, "timestamp": "2026-01-21T19:29:08.000+00:00"}}
        {"ts": "2026-01-21T19:29:08.100+00:00", "lvl": "WARNING", "event": "provider:retry", "request_id": "r1", "session_id": "abc_d", "data": {"attempt": 1, "delay": 0.5, "error_type": "RateLimitError", "error_message": "slow down"}}
        {"ts": "2026-01-21T19:29:09.250+00:00", "lvl": "INFO", "event": "llm:response", "duration_ms": 1250, "request_id": "r1", "session_id": "abc_d", "status": "ok", "data": {"usage": {"input_tokens": 1200, "output_tokens": 3}, "time_to_first_token_ms": 80, "finish_reason": "tool_calls"}}
        {"ts": "2026-01-21T19:29:09.300+00:00", "lvl": "INFO", "event": "tool:pre", "session_id": "abc_d", "data": {"tool_name": "weather", "tool_call_id": "c1", "tool_input": {"city": "Paris"}}}
        not a record
        {"ts": "2026-01-21T19:29:09.500+00:00", "lvl": "INFO", "event": "tool:post", "session_id": "abc_d", "data": {"tool_name": "weather", "tool_call_id": "c1", "result": {"success": true, "output": "rain"}}}
        {"ts": "2026-01-21T19:29:10.000+00:00", "lvl": "INFO", "event": "llm:request", "request_id": "r2", "session_id": "abc_d", "data": {"provider": "vllm", "model": "m", "message_count": 3}}
        {"ts": "2026-01-21T19:29:10.500+00:00", "lvl": "ERROR", "event": "llm:response", "duration_ms": 500, "error": "no such model", "request_id": "r2", "session_id": "abc_d", "status": "error", "data": {}}
        {"ts": "2026-01-21T19:29:10.501+00:00", "lvl": "ERROR", "event": "provider:error", "error": {"type": "NotFoundError", "msg": "no such model"}, "request_id": "r2", "session_id": "abc_d", "data": {}}
        {"ts": "2026-01-21T19:29:10.600+00:00", "lvl": "INFO", "event": "orchestrator:complete", "session_id": "abc_d", "status": "error", "data": {"orchestrator": "loop-basic"}}
        {"ts": "2026-01-21T19:29:10.700+00:00", "lvl": "INFO", "event": "session:end", "session_id": "abc_d", "status": "error", "error": "no such model", "data": {}}
        {"ts": "2026-01-21T19:29:1
        """#

    /// Writes a log into a session's folder below the root `home/root`, in the project `-p`; returns its path.
    @discardableResult
    static func write(_ text: String = session, id: String = "abc_d", home: String) throws -> String {
        let folder = "\(home)/root/-p/sessions/\(id)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try text.write(toFile: folder + "/events.jsonl", atomically: false, encoding: .utf8)
        return folder + "/events.jsonl"
    }
}
