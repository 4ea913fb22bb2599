"""Amplifier's provider module for models on vLLM, on top of the Swift provider's shared library."""

from .mounting import mount, on_session_ready
from .provider import VLLMSwiftProvider

__all__ = ["VLLMSwiftProvider", "mount", "on_session_ready"]
__amplifier_module_type__ = "provider"
