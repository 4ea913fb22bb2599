"""The module's configuration as the plugin takes it."""

from collections.abc import Mapping
from typing import Any, NamedTuple

# Where `vllm serve` listens unless it is told otherwise.
DEFAULT_BASE_URL = "http://localhost:8000"

# Amplifier's command line adds `raw` to every provider. Whole requests in the log are `debug` and `raw_debug` here, and only on request.
_NOT_FOR_THE_PLUGIN = {"plugin", "raw"}


class PluginConfiguration(NamedTuple):
    """What the plugin is given, and where it is."""

    values: dict[str, Any]
    plugin: str | None


def plugin_configuration(config: Mapping[str, Any]) -> PluginConfiguration:
    """What of the configuration the plugin is given.

    Empty texts count as missing: that is what Amplifier makes of `${VAR}` where the variable is not set.
    """
    values = {key: value for key, value in config.items() if value is not None and value != "" and key not in _NOT_FOR_THE_PLUGIN}
    plugin = config.get("plugin")
    return PluginConfiguration(values, str(plugin) if plugin else None)
