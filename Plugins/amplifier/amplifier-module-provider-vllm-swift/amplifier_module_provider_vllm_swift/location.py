"""Where the shared library is, and whether it is the one that its manifest describes."""

import hashlib
import json
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from amplifier_core.llm_errors import ConfigurationError

from .abi import ABI_VERSION, SYMBOL

ENVIRONMENT_VARIABLE = "VLLM_PROVIDER_PLUGIN"
MANIFEST = "manifest.json"

_package = Path(__file__).resolve().parent
_help = (
    "In the provider's repository `make plugin` builds it; then name its folder in the configuration (`plugin: …`) or in "
    f"{ENVIRONMENT_VARIABLE}."
)


@dataclass(frozen=True)
class Location:
    """A shared library that was checked against its manifest."""

    library: Path
    symbol: str
    # The keys that its configuration may have; none where the manifest does not say.
    keys: frozenset[str] = frozenset()


def locate(configured: str | None, environment: Mapping[str, str] = os.environ) -> Location:
    """Find the library.

    The configuration may name its folder, and so may the environment. Otherwise it is in this package, in the user's folder of plugins, or
    in the repository around this package.

    Raises:
        ConfigurationError: there is none, or it is not the one that its manifest describes.
    """
    for origin, named in (("plugin", configured), (ENVIRONMENT_VARIABLE, environment.get(ENVIRONMENT_VARIABLE))):
        if named:
            folder = _folder(Path(named).expanduser())
            if not (folder / MANIFEST).is_file():
                raise ConfigurationError(f"{origin}: there is no {MANIFEST} in {folder}. {_help}")
            return _checked(folder)
    data = Path(environment.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    # The last one: Plugins/provider-vllm beside Plugins/amplifier.
    for folder in (_package, data / "vllm-host" / "plugins" / "provider-vllm", _package.parents[2] / "provider-vllm"):
        if (folder / MANIFEST).is_file():
            return _checked(folder)
    raise ConfigurationError(f"the provider's shared library was not found. {_help}")


def _folder(path: Path) -> Path:
    return path if path.is_dir() else path.parent


def _checked(folder: Path) -> Location:
    manifest_path = folder / MANIFEST
    _refuse_if_others_may_write(folder)
    manifest = _read(manifest_path)
    entry = manifest.get("entry") if isinstance(manifest.get("entry"), dict) else {}
    name, symbol, checksum = entry.get("library"), entry.get("symbol", SYMBOL), manifest.get("sha256")
    if not isinstance(name, str) or not isinstance(symbol, str) or not isinstance(checksum, str) or Path(name).name != name:
        raise ConfigurationError(f"{manifest_path} does not describe a library: `entry.library` or `sha256` is wrong. {_help}")
    if manifest.get("type") != "provider":
        raise ConfigurationError(f"{manifest_path} describes a module of the type {manifest.get('type')!r}, not a provider.")
    if manifest.get("abi_version") != ABI_VERSION:
        raise ConfigurationError(
            f"{manifest_path}: the library speaks version {manifest.get('abi_version')} of the plugin ABI, this adapter "
            f"version {ABI_VERSION}. Take both from the same release."
        )
    library = folder / name
    if not library.is_file():
        raise ConfigurationError(f"{library} is missing. {_help}")
    _refuse_if_others_may_write(library)
    if hashlib.sha256(library.read_bytes()).hexdigest() != checksum.lower():
        raise ConfigurationError(f"{library} is not the file that {manifest_path} describes: its checksum differs. {_help}")
    schema = manifest.get("config_schema")
    keys = schema.get("properties") if isinstance(schema, dict) else None
    return Location(library.resolve(), symbol, frozenset(keys if isinstance(keys, dict) else ()))


def _read(path: Path) -> dict[str, Any]:
    _refuse_if_others_may_write(path)
    try:
        manifest = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"{path} cannot be read: {error}") from error
    if not isinstance(manifest, dict):
        raise ConfigurationError(f"{path} is no manifest: it is not a JSON object.")
    return manifest


def _refuse_if_others_may_write(path: Path) -> None:
    status = path.stat()
    if status.st_uid not in (0, os.getuid()):
        raise ConfigurationError(f"{path} belongs to another user; its code is not loaded: chown {os.getuid()} {path}")
    if status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise ConfigurationError(f"{path} can be written by other users; its code is not loaded: chmod go-w {path}")
