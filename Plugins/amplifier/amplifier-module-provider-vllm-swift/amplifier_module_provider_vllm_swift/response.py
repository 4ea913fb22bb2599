"""The plugin's answers as Amplifier's types."""

from typing import Any, TypeVar

from amplifier_core.content_models import ContentBlock, TextContent, ThinkingContent, ToolCallContent
from amplifier_core.llm_errors import LLMError
from amplifier_core.message_models import ChatResponse, TextBlock, ThinkingBlock, ToolCallBlock
from pydantic import BaseModel, Field, ValidationError

Model = TypeVar("Model", bound=BaseModel)


class VLLMChatResponse(ChatResponse):
    """An answer with what the loops show of it."""

    # Where several answers were asked for (`n`): the blocks of the second and later ones, by their number. `content` is the first one's:
    # a conversation goes on with it alone.
    other_choices: dict[int, list[Any]] | None = None
    # Not in the JSON: they say again what `content` says.
    content_blocks: list[ContentBlock] | None = Field(default=None, exclude=True, repr=False)
    text: str | None = Field(default=None, exclude=True, repr=False)


def fitted(kind: type[Model], data: Any) -> Model:
    """What the plugin has answered, as a type of Amplifier's.

    Raises:
        LLMError: it does not fit; the message says what, without the values.
    """
    try:
        return kind.model_validate(data)
    except ValidationError as error:
        problems = error.errors(include_url=False, include_context=False, include_input=False)
        told = "; ".join(f"{'.'.join(map(str, problem['loc'])) or 'all of it'}: {problem['msg']}" for problem in problems[:5])
        raise LLMError(
            f"the provider's library answered with what is no {kind.__name__} of this amplifier-core: {told}. "
            "Take the library and the adapter from the same release."
        ) from error


def chat_response(data: Any) -> VLLMChatResponse:
    """The answer; its content is never empty: loops ask again for ever where there is none.

    Raises:
        LLMError: it is none.
    """
    response = fitted(VLLMChatResponse, data)
    choices: dict[int, list[Any]] = {}
    for block in response.content:
        choices.setdefault(getattr(block, "choice", 0), []).append(block)
    response.content = choices.pop(0, None) or [TextBlock(text="")]
    response.other_choices = choices or None
    response.content_blocks = [shown for block in response.content if (shown := _shown(block)) is not None]
    response.text = "".join(block.text for block in response.content if isinstance(block, TextBlock))
    return response


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
