"""How the provider gets into a session."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from .events import observable_events
from .provider import VLLMSwiftProvider

# How long a session waits for the model's limits before its first prompt, in seconds.
_PREPARATION_LIMIT = 5.0

Cleanup = Callable[[], Awaitable[None]]


async def mount(coordinator: Any, config: Mapping[str, Any] | None = None) -> Cleanup:
    """Mount the provider as `vllm-swift`. No network and no process; one sleeping thread, until the cleanup.

    Raises:
        ConfigurationError: the configuration is wrong (the message names everything), or there is no library.
    """
    return await mount_provider(VLLMSwiftProvider, coordinator, config)


async def mount_provider(kind: type[VLLMSwiftProvider], coordinator: Any, config: Mapping[str, Any] | None) -> Cleanup:
    """Mount a provider of this class under its name."""
    provider = kind(config=config, coordinator=coordinator)
    await coordinator.mount("providers", provider, name=provider.name)
    coordinator.register_contributor("observability.events", f"provider-{provider.name}", observable_events)
    return provider.close


async def on_session_ready(coordinator: Any) -> None:
    """Let the providers find out their models' limits, which contexts ask for before the first prompt. Never fails.

    The kernel calls it once for each of them: what the first call has waited for, the others do not wait for again.
    """
    providers = (coordinator.get("providers") or {}).values()
    await asyncio.gather(*(provider.prepare(_PREPARATION_LIMIT) for provider in providers if isinstance(provider, VLLMSwiftProvider)))
