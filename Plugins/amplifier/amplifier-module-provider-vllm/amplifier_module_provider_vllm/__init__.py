"""The Swift provider under the module id `provider-vllm`, mounted as `vllm`."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, ClassVar

from amplifier_module_provider_vllm_swift.mounting import mount_provider, on_session_ready
from amplifier_module_provider_vllm_swift.provider import VLLMSwiftProvider

__all__ = ["VllmProvider", "mount", "on_session_ready"]
__amplifier_module_type__ = "provider"


class VllmProvider(VLLMSwiftProvider):
    """The provider under the name of Amplifier's own."""

    name = "vllm"
    display_name: ClassVar[str] = "vLLM"


async def mount(coordinator: Any, config: Mapping[str, Any] | None = None) -> Callable[[], Awaitable[None]]:
    """Mount the provider as `vllm`. No network and no process; one sleeping thread, until the cleanup."""
    return await mount_provider(VllmProvider, coordinator, config)
