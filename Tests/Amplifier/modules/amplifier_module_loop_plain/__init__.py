"""A loop for tests: asks the provider with the lowest priority until it calls no more tools. It emits what Amplifier's loop-basic emits."""

import asyncio
import uuid

from amplifier_core.llm_errors import LLMError
from amplifier_core.message_models import ChatRequest, Message, ToolSpec

__amplifier_module_type__ = "orchestrator"
NAME = "loop-plain"


async def mount(coordinator, config=None):
    await coordinator.mount("orchestrator", Loop(config or {}))


class Loop:
    def __init__(self, config):
        # What the loop passes to `complete` beside the request.
        self.options = config.get("options", {})

    async def execute(self, prompt, context, providers, tools, hooks, coordinator=None):
        await hooks.emit("prompt:submit", {"prompt": prompt})
        await context.add_message({"role": "user", "content": prompt})
        name, provider = min(providers.items(), key=lambda item: item[1].priority)
        iteration, answer = 0, ""
        while True:
            if coordinator.cancellation.is_cancelled:
                return await self._cancelled(coordinator, hooks, iteration)
            response = await self._ask(name, provider, context, tools, hooks, iteration)
            await context.add_message(
                {
                    "role": "assistant",
                    "content": [block.model_dump() for block in response.content],
                    "metadata": response.metadata,
                    **_calls(response),
                }
            )
            if not response.tool_calls:
                answer = response.text
                break
            group = str(uuid.uuid4())
            results = await asyncio.gather(*(self._run(call, tools, hooks, group) for call in response.tool_calls))
            for call, result in zip(response.tool_calls, results, strict=True):
                await context.add_message({"role": "tool", "tool_call_id": call.id, "content": result})
            iteration += 1
        await hooks.emit("prompt:complete", {"response_preview": answer[:200], "length": len(answer)})
        await self._complete(hooks, iteration, "success" if answer else "incomplete")
        return answer

    async def _ask(self, name, provider, context, tools, hooks, iteration):
        await hooks.emit("provider:request", {"provider": name, "iteration": iteration})
        messages = [Message(**message) for message in await context.get_messages_for_request(provider=provider)]
        specs = [ToolSpec(name=tool.name, description=tool.description, parameters=tool.input_schema) for tool in tools.values()]
        try:
            response = await provider.complete(ChatRequest(messages=messages, tools=specs or None), **self.options)
        except LLMError as error:
            data = {
                "provider": name,
                "error": {"type": type(error).__name__, "msg": str(error)},
                "retryable": error.retryable,
                "status_code": error.status_code,
            }
            await hooks.emit("provider:error", data)
            raise
        data = {"provider": name, "usage": response.usage, "tool_calls": bool(response.tool_calls)}
        await hooks.emit("provider:response", data)
        count = len(response.content_blocks)
        for index, block in enumerate(response.content_blocks):
            place = {"block_index": index, "total_blocks": count}
            await hooks.emit("content_block:start", {"block_type": block.type.value, **place})
            await hooks.emit("content_block:end", {**place, "block": block.to_dict(), "usage": response.usage.model_dump()})
        return response

    async def _run(self, call, tools, hooks, group):
        data = {"tool_name": call.name, "tool_input": call.arguments, "parallel_group_id": group}
        await hooks.emit("tool:pre", data)
        try:
            result = await tools[call.name].execute(call.arguments)
        except Exception as error:
            told = {"type": type(error).__name__, "msg": str(error)}
            await hooks.emit("tool:error", {"tool_name": call.name, "error": told, "parallel_group_id": group})
            return f"Error executing tool: {error}"
        await hooks.emit("tool:post", data | {"result": result})
        return result.get_serialized_output()

    async def _cancelled(self, coordinator, hooks, iteration):
        data = {"orchestrator": NAME, "turn_count": iteration}
        await hooks.emit("cancel:requested", data | {"state": str(coordinator.cancellation.state)})
        await hooks.emit("cancel:completed", data | {"was_immediate": coordinator.cancellation.is_immediate})
        await self._complete(hooks, iteration, "cancelled")
        return ""

    async def _complete(self, hooks, iteration, status):
        await hooks.emit("orchestrator:complete", {"orchestrator": NAME, "turn_count": iteration, "status": status})


def _calls(response):
    if not response.tool_calls:
        return {}
    # The key is "tool", as in Amplifier's loops.
    return {"tool_calls": [{"id": call.id, "tool": call.name, "arguments": call.arguments} for call in response.tool_calls]}
