"""The plugin's answers as Amplifier's types."""

from typing import Any

from amplifier_core.content_models import ContentBlock, TextContent, ThinkingContent, ToolCallContent
from amplifier_core.message_models import ChatResponse, TextBlock, ThinkingBlock, ToolCall, ToolCallBlock
from pydantic import Field


class VLLMChatResponse(ChatResponse):
    """An answer with what the loops show of it."""

    # Not in the JSON: they say again what `content` says.
    content_blocks: list[ContentBlock] | None = Field(default=None, exclude=True, repr=False)
    text: str | None = Field(default=None, exclude=True, repr=False)


def chat_response(data: dict[str, Any]) -> VLLMChatResponse:
    """The answer; its content is never empty: loops ask again for ever where there is none."""
    response = VLLMChatResponse(**data)
    if not response.content:
        response.content = [TextBlock(text="")]
    # Of several answers (`n`) the first is the one that is shown.
    first = [block for block in response.content if _choice(block) == 0]
    response.content_blocks = [shown for block in first if (shown := _shown(block)) is not None]
    response.text = "".join(block.text for block in first if isinstance(block, TextBlock))
    return response


def tool_calls(response: ChatResponse) -> list[ToolCall]:
    """The calls that an answer lists, or those among its blocks."""
    if response.tool_calls is not None:
        return list(response.tool_calls)
    return [
        ToolCall(id=block.id, name=block.name, arguments=block.input)
        for block in response.content
        if isinstance(block, ToolCallBlock) and _choice(block) == 0
    ]


def _choice(block: Any) -> int:
    return getattr(block, "choice", 0)


def _shown(block: Any) -> ContentBlock | None:
    match block:
        case TextBlock():
            return TextContent(text=block.text)
        case ThinkingBlock():
            return ThinkingContent(text=block.thinking)
        case ToolCallBlock():
            return ToolCallContent(id=block.id, name=block.name, arguments=block.input)
        case _:
            return None
