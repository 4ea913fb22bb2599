"""Amplifier's requests as the plugin takes them."""

import uuid
from collections.abc import Mapping
from typing import Any

from amplifier_core.llm_errors import InvalidRequestError
from amplifier_core.message_models import ChatRequest
from pydantic import BaseModel

from .library import encode


def payload(request: ChatRequest, options: Mapping[str, Any]) -> dict[str, Any]:
    """The request as JSON, with the options of the call among its members.

    Members of the request come before options of the same name. The plugin takes what is one of its options, and tells what is not in the
    answer's `degradation`.

    Raises:
        InvalidRequestError: the request is no JSON.
    """
    data = dump(request)
    # Its default is False, and says nothing.
    if "stream" not in request.model_fields_set:
        data.pop("stream", None)
    options = dict(options)
    # Loops say so where the user wants reasoning.
    if options.pop("extended_thinking", None) is True:
        options.setdefault("reasoning_effort", "high")
    for name, value in options.items():
        if value is not None and data.get(name) is None:
            data[name] = value
    return data


def dump(model: BaseModel) -> dict[str, Any]:
    """One of Amplifier's types as JSON.

    Raises:
        InvalidRequestError: it holds what is no JSON.
    """
    try:
        # Not `exclude_none` or `exclude_unset`: they would leave out a tool's empty output and the blocks' types.
        return model.model_dump(mode="json", warnings="none")
    except (TypeError, ValueError) as error:
        raise InvalidRequestError(f"the {type(model).__name__} is no JSON: {error}") from error


def body(data: dict[str, Any], request_id: str) -> bytes:
    """The request's text, under the name that all of its events have.

    Raises:
        InvalidRequestError: an option is no JSON.
    """
    data = data | {"metadata": {**(data.get("metadata") or {}), "request_id": request_id}}
    try:
        return encode(data)
    except (TypeError, ValueError) as error:
        raise InvalidRequestError(f"the request is no JSON: {error}") from error


def request_id(data: dict[str, Any]) -> str:
    """The call's name: the host's own, or a new one."""
    name = (data.get("metadata") or {}).get("request_id")
    return name if isinstance(name, str) and name else str(uuid.uuid4())
