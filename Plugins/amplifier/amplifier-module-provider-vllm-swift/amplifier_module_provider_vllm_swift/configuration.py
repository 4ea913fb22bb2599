"""The module's configuration as the plugin takes it."""

from collections.abc import Collection, Mapping
from difflib import get_close_matches
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


def unknown_keys(values: Mapping[str, Any], known: Collection[str]) -> list[str]:
    """What to tell of keys that mean nothing, such as misspelled ones."""
    told = []
    for key in values:
        if known and key not in known:
            near = get_close_matches(key, known, 1)
            told.append(f"config.{key}: unknown key" + (f" (did you mean {near[0]}?)" if near else ""))
    return told
