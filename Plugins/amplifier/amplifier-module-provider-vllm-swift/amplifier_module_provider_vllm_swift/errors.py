"""The plugin's errors as classes of Amplifier's `llm_errors`."""

import logging
from typing import Any

from amplifier_core import llm_errors
from amplifier_core.llm_errors import InvalidToolCallError, LLMError
from amplifier_core.message_models import ChatResponse

from .response import chat_response

_logger = logging.getLogger("amplifier_module_provider_vllm_swift")


class PluginError(Exception):
    """An error as the plugin tells it: the cause of the `LLMError` that is raised."""

    def __init__(self, data: dict[str, Any]) -> None:
        """Take the plugin's JSON object over."""
        super().__init__(data.get("message", "unknown error"))
        self.data = data


def llm_error(error: PluginError, provider: str) -> LLMError:
    """The class of `llm_errors` that the plugin names, with what else it tells as attributes.

    `hint`, `code`, `request_id` (the server's), `body` (the server's words), `details` and `partial_response` (a `ChatResponse`: what
    had arrived; None if nothing had, or what is no `ChatResponse`) are there beside what `llm_errors` knows.
    """
    data = error.data
    kind = getattr(llm_errors, str(data.get("type")), LLMError)
    if not (isinstance(kind, type) and issubclass(kind, LLMError)):
        kind = LLMError
    details = data.get("details") or {}
    known: dict[str, Any] = {
        "provider": provider,
        "model": data.get("model"),
        "status_code": data.get("status_code"),
        "retryable": bool(data.get("retryable")),
    }
    if issubclass(kind, InvalidToolCallError):
        known |= {"tool_name": details.get("tool_name"), "raw_arguments": details.get("raw_arguments")}
    else:
        known["retry_after"] = data.get("retry_after")
    raised = kind(_message(data), **known)
    for name in ("code", "hint", "request_id", "body"):
        setattr(raised, name, data.get(name))
    raised.details = details  # type: ignore[attr-defined]
    raised.partial_response = _partial(data)  # type: ignore[attr-defined]
    if data.get("hint"):
        raised.add_note(data["hint"])
    raised.__cause__ = error
    return raised


def _partial(data: dict[str, Any]) -> ChatResponse | None:
    partial = data.get("partial_response")
    try:
        return None if partial is None else chat_response(partial)
    except LLMError as error:
        # It must not hide why there is no whole answer.
        _logger.warning("what had arrived of an answer is left out: %s", error)
        return None


def _message(data: dict[str, Any]) -> str:
    """The message; of a wrong configuration everything that is wrong, since hosts show the message alone."""
    issues = (data.get("details") or {}).get("issues") or []
    if not issues:
        return data.get("message", "unknown error")
    return "\n".join(_line(issue) for issue in issues)


def _line(issue: dict[str, Any]) -> str:
    place = f"{issue['key_path']}: " if issue.get("key_path") else ""
    hint = f" ({issue['hint']})" if issue.get("hint") else ""
    return f"{place}{issue.get('message', '')}{hint}"
