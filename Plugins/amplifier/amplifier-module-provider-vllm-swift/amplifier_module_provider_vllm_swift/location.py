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


def locate(configured: str | None, environment: Mapping[str, str] = os.environ) -> Location:
    """Find the library: what the configuration names, what the environment names, in this package, in the repository around it.

    Raises:
        ConfigurationError: there is none, or it is not the one that its manifest describes.
    """
    for origin, named in (("plugin", configured), (ENVIRONMENT_VARIABLE, environment.get(ENVIRONMENT_VARIABLE))):
        if named:
            folder = _folder(Path(named).expanduser())
            if not (folder / MANIFEST).is_file():
                raise ConfigurationError(f"{origin}: there is no {MANIFEST} in {folder}. {_help}")
            return _checked(folder)
    places = [_package, *(parent / "Plugins" / "provider-vllm" for parent in _package.parents)]
    for folder in places:
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
    return Location(library.resolve(), symbol)


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
    if path.stat().st_mode & stat.S_IWOTH:
        raise ConfigurationError(f"{path} can be written by every user of this machine; its code is not loaded: chmod o-w {path}")
