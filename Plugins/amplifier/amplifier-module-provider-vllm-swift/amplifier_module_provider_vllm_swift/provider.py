"""The provider that Amplifier's loops ask."""

import asyncio
import logging
import os
from collections.abc import Mapping
from typing import Any, ClassVar

from amplifier_core.llm_errors import ConfigurationError, LLMTimeoutError, NetworkError, NotFoundError
from amplifier_core.message_models import ChatRequest, ChatResponse, ToolCall
from amplifier_core.models import ModelInfo, ProviderInfo

from .call import Event
from .configuration import DEFAULT_BASE_URL, plugin_configuration, unknown_keys
from .errors import PluginError, llm_error
from .events import EVENTS, unheard_events
from .instance import Emit, Instance
from .library import Library, load
from .location import locate
from .request import dump, payload
from .response import chat_response, fitted

_logger = logging.getLogger("amplifier_module_provider_vllm_swift")


class VLLMSwiftProvider:
    """Models on vLLM servers, asked by the Swift provider in its shared library."""

    # There must be no attribute `stream`: loops would take it for another, simpler way to ask, and lose tool calls.
    name: str = "vllm-swift"
    display_name: ClassVar[str] = "vLLM (Swift)"

    def __init__(
        self,
        base_url: str | None = None,
        *,
        api_key: str | None = None,
        config: Mapping[str, Any] | None = None,
        coordinator: Any = None,
        library: Library | None = None,
    ) -> None:
        """Make a provider. Nothing is sent yet; a thread sleeps until there is something to send, or the last `close`.

        Args:
            base_url: where the server is; before what `config` says.
            api_key: the server's key; before what `config` says.
            config: the module's configuration.
            coordinator: the session's, where there is one.
            library: the plugin; found and loaded where none is given.

        Raises:
            ValueError: no server is named. In a session the environment may name it, or else it is `http://localhost:8000`.
            ConfigurationError: the configuration is wrong (the message names everything), or there is no library.
        """
        self.config: dict[str, Any] = dict(config or {})
        if base_url:
            self.config["base_url"] = base_url
        if api_key:
            self.config["api_key"] = api_key
        self.coordinator = coordinator
        settings = plugin_configuration(self.config)
        self._is_default_server = False
        if not settings.values.get("base_url") and not settings.values.get("base_urls"):
            if coordinator is None:
                raise ValueError("base_url is required: where is the vLLM server?")
            if not os.environ.get("VLLM_BASE_URL"):
                settings.values["base_url"] = DEFAULT_BASE_URL
                self._is_default_server = True
        setup = {"config": settings.values, "path": "config"}
        if getattr(coordinator, "session_id", None):
            setup["session_id"] = coordinator.session_id
        warnings: list[str] = []
        if library is None:
            location = locate(settings.plugin)
            library = load(location)
            warnings = unknown_keys(settings.values, location.keys)
        try:
            self._instance = Instance(library, setup)
        except PluginError as error:
            raise llm_error(error, self.name) from error
        except (TypeError, ValueError) as error:
            raise ConfigurationError(f"the configuration is no JSON: {error}", provider=self.name) from error
        for message in warnings:
            _logger.warning("%s", message)
            self._instance.tell(Event("provider:warning", {"provider": self.name, "lvl": "WARNING", "message": message}))
        self._preparation: asyncio.Task[None] | None = None
        self._preparation_end = 0.0
        info = self._instance.info()
        self._plugin_name: str = info["name"]
        self.priority: int = info["priority"]

    @property
    def default_model(self) -> str | None:
        """The model that answers where a request names none, as far as it is known."""
        return self._instance.info()["info"].get("defaults", {}).get("model")

    def get_info(self) -> ProviderInfo:
        """What the provider is and how it is set up. No network."""
        return fitted(ProviderInfo, self._instance.info()["info"] | {"id": self.name, "display_name": self.display_name})

    def get_model_info(self) -> ModelInfo | None:
        """The model that answers where a request names none, with its limits; None as long as they are not known. No network."""
        data = self._instance.info().get("model_info")
        if data is None:
            return None
        info = fitted(ModelInfo, data)
        # A window of 0 is one that nobody has told: contexts would have no room at all.
        return info if info.context_window > 0 else None

    async def list_models(self) -> list[ModelInfo]:
        """The models that the servers have now.

        Where nobody has said where the server is, and none answers at the default address, there are none: [].

        Raises:
            LLMError: the servers cannot be asked.
        """
        try:
            return [fitted(ModelInfo, model) for model in await self._instance.list_models()]
        except PluginError as error:
            raised = llm_error(error, self.name)
        # Another server than vLLM's may have the port.
        if self._is_default_server and isinstance(raised, (NetworkError, LLMTimeoutError, NotFoundError)):
            _logger.warning("no vLLM server at %s, and none is configured (base_url or VLLM_BASE_URL): %s", DEFAULT_BASE_URL, raised)
            return []
        raise raised

    async def complete(self, request: ChatRequest, **kwargs: Any) -> ChatResponse:
        """Ask the model; what happens on the way is emitted as events before the answer is returned.

        Args:
            request: the conversation.
            **kwargs: settings for this call alone, under the keys of the configuration.

        Raises:
            LLMError: no answer. What had arrived of one is in `partial_response`.
        """
        data = payload(request, kwargs)
        unheard = frozenset(EVENTS) if self.coordinator is None else unheard_events(self.coordinator.hooks)
        try:
            answer = await self._instance.ask(data, self._emitter(), self._is_cancelled, unheard)
        except PluginError as error:
            raise llm_error(error, self.name) from error
        return chat_response(answer)

    def parse_tool_calls(self, response: ChatResponse) -> list[ToolCall]:
        """The tool calls of an answer; of several answers those of the first. No network.

        Raises:
            LLMError: it is no answer.
        """
        try:
            return [fitted(ToolCall, call) for call in self._instance.parse_tool_calls(dump(response))]
        except PluginError as error:
            raise llm_error(error, self.name) from error

    async def prepare(self, limit: float) -> None:
        """Find out the model's limits, once. It goes on in the background where it takes longer than `limit` seconds, and never fails.

        Whoever calls it again waits until the end of the first one's limit at most.
        """
        now = asyncio.get_running_loop().time()
        if self._preparation is None:
            self._preparation = asyncio.create_task(self._prepare())
            self._preparation_end = now + limit
        await asyncio.wait({self._preparation}, timeout=max(0.0, self._preparation_end - now))

    async def close(self) -> None:
        """End what is under way. May be called more than once; what is asked for later fails with an AbortError."""
        if self._preparation is not None:
            self._preparation.cancel()
        await self._instance.close(self._emitter())

    async def _prepare(self) -> None:
        try:
            await self._instance.prepare()
        except PluginError as error:
            # The first call tries again, and says what is wrong.
            _logger.info("the model's limits are not known yet: %s", error)

    def _emitter(self) -> Emit:
        """What emits the events of a call."""
        mounted = self.name if self.coordinator is None else self._mount_name()

        async def emit(event: Event) -> None:
            if self.coordinator is None:
                return
            data = event.data
            if data.get("provider") == self._plugin_name:
                data["provider"] = self.name
            if mounted != self.name:
                data.setdefault("instance_id", mounted)
            try:
                await self.coordinator.hooks.emit(event.name, data)
            except Exception:
                # A hook that fails must not take the answer with it.
                _logger.exception("the event %s could not be emitted", event.name)

        return emit

    def _mount_name(self) -> str:
        """Where this instance is mounted: the kernel moves it there behind `mount()` and tells nobody."""
        providers = self.coordinator.get("providers") or {}
        return next((name for name, provider in providers.items() if provider is self), self.name)

    def _is_cancelled(self) -> bool:
        cancellation = getattr(self.coordinator, "cancellation", None)
        return cancellation is not None and cancellation.is_immediate
