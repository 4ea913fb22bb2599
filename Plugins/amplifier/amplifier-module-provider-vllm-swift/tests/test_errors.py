"""The plugin's errors as those of `llm_errors`."""

import inspect

import pytest
from amplifier_core import llm_errors
from amplifier_core.message_models import ChatRequest, Message
from fake_plugin import FakePlugin

from amplifier_module_provider_vllm_swift import VLLMSwiftProvider
from amplifier_module_provider_vllm_swift.errors import PluginError

CLASSES = [kind for _, kind in inspect.getmembers(llm_errors, inspect.isclass) if issubclass(kind, llm_errors.LLMError)]


async def raised(**error):
    provider = VLLMSwiftProvider("http://localhost:1", library=FakePlugin(lambda call: call.fail(**error)).library)
    with pytest.raises(llm_errors.LLMError) as caught:
        await provider.complete(ChatRequest(messages=[Message(role="user", content="Hi")]))
    return caught.value


@pytest.mark.parametrize("kind", CLASSES)
@pytest.mark.parametrize("retryable", [True, False])
async def test_every_class_with_all_that_is_known(kind, retryable):
    error = await raised(
        type=kind.__name__,
        message="the server said no",
        model="tiny",
        status_code=418,
        retryable=retryable,
        retry_after=2.5,
        hint="ask later",
        request_id="r-1",
        body="{}",
        details={"tool_name": "add", "raw_arguments": "{"},
    )
    assert type(error) is kind
    assert (str(error), error.provider, error.model, error.status_code) == ("the server said no", "vllm-swift", "tiny", 418)
    assert error.retryable is retryable
    assert (error.hint, error.request_id, error.body, error.partial_response) == ("ask later", "r-1", "{}", None)
    assert isinstance(error.__cause__, PluginError)
    if kind is llm_errors.InvalidToolCallError:
        assert (error.tool_name, error.raw_arguments) == ("add", "{")
    else:
        assert error.retry_after == 2.5


@pytest.mark.parametrize("name", ["NewError", "annotations", "", None])
async def test_a_class_that_this_version_does_not_know_is_an_llm_error(name):
    assert type(await raised(type=name)) is llm_errors.LLMError


async def test_what_had_arrived_is_kept():
    partial = {"content": [{"type": "text", "text": "Four, I th"}], "metadata": {"incomplete_tool_calls": []}}
    error = await raised(type="StreamError", partial_response=partial)
    assert error.partial_response.text == "Four, I th"


@pytest.mark.parametrize("partial", [[], {"content": 4}])
async def test_what_had_arrived_does_not_hide_the_error_where_it_fits_nothing(partial):
    error = await raised(type="StreamError", message="the stream broke", partial_response=partial)
    assert (type(error), str(error), error.partial_response) == (llm_errors.StreamError, "the stream broke", None)
