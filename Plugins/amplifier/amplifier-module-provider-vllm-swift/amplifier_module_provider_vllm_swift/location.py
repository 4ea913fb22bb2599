"""Where the shared library is, and whether it is the one that its manifest describes."""

import contextlib
import hashlib
import json
import os
import stat
from collections.abc import Iterator, Mapping
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
    """A shared library as its manifest describes it."""

    library: Path
    symbol: str
    # The library's SHA-256, in hexadecimal.
    checksum: str
    # The keys that its configuration may have; none where the manifest does not say.
    keys: frozenset[str] = frozenset()

    def open(self) -> int:
        """A descriptor of the library, behind a look at its owner, its mode and its checksum: what is loaded through it was checked.

        Raises:
            ConfigurationError: it is not the file that the manifest describes, or others may write it.
        """
        try:
            file = self.library.open("rb")
        except OSError as error:
            raise ConfigurationError(f"{self.library} cannot be read: {error.strerror}") from error
        with file:
            _refuse_if_others_may_write(self.library, os.fstat(file.fileno()))
            if hashlib.file_digest(file, "sha256").hexdigest() != self.checksum:
                raise ConfigurationError(
                    f"{self.library} is not the file that {self.library.parent / MANIFEST} describes: its checksum differs. {_help}"
                )
            return os.dup(file.fileno())


def locate(configured: str | None, environment: Mapping[str, str] = os.environ) -> Location:
    """Find the library.

    The configuration may name its folder, and so may the environment. Otherwise it is in this package, in the user's folder of plugins, or
    in the repository around this package.

    Raises:
        ConfigurationError: there is none, or it is not the one that its manifest describes.
    """
    for origin, named in (("plugin", configured), (ENVIRONMENT_VARIABLE, environment.get(ENVIRONMENT_VARIABLE))):
        if named:
            return _named(origin, named)
    for folder in _usual(environment):
        if (folder / MANIFEST).is_file():
            return _described(folder)
    raise ConfigurationError(f"the provider's shared library was not found. {_help}")


def _named(origin: str, named: str) -> Location:
    """The library in a folder that somebody has named, or whose own path it is."""
    try:
        path = Path(named).expanduser()
    except RuntimeError as error:
        raise ConfigurationError(f"{origin}: {named}: {error}") from error
    folder = path if path.is_dir() else path.parent
    if not path.exists():
        raise ConfigurationError(f"{origin}: {path} does not exist. {_help}")
    if not (folder / MANIFEST).is_file():
        raise ConfigurationError(f"{origin}: there is no {MANIFEST} in {folder}. {_help}")
    found = _described(folder)
    if path != folder and path.name != found.library.name:
        raise ConfigurationError(f"{origin}: {path} is not the library that {folder / MANIFEST} describes: that is {found.library.name}.")
    return found


def _usual(environment: Mapping[str, str]) -> Iterator[Path]:
    yield _package
    data = environment.get("XDG_DATA_HOME")
    if not data:
        # A user whom the system does not know has no home.
        with contextlib.suppress(RuntimeError):
            data = str(Path.home() / ".local" / "share")
    if data:
        yield Path(data) / "vllm-host" / "plugins" / "provider-vllm"
    # Plugins/provider-vllm beside Plugins/amplifier.
    yield from (parent / "provider-vllm" for parent in _package.parents[2:3])


def _described(folder: Path) -> Location:
    manifest_path = folder / MANIFEST
    _refuse_if_others_may_write(folder, folder.stat())
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
    library = folder.resolve() / name
    if not library.is_file():
        raise ConfigurationError(f"{library} is missing. {_help}")
    schema = manifest.get("config_schema")
    keys = schema.get("properties") if isinstance(schema, dict) else None
    return Location(library, symbol, checksum.lower(), frozenset(keys if isinstance(keys, dict) else ()))


def _read(path: Path) -> dict[str, Any]:
    _refuse_if_others_may_write(path, path.stat())
    try:
        manifest = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"{path} cannot be read: {error}") from error
    if not isinstance(manifest, dict):
        raise ConfigurationError(f"{path} is no manifest: it is not a JSON object.")
    return manifest


def _refuse_if_others_may_write(path: Path, status: os.stat_result) -> None:
    if status.st_uid not in (0, os.getuid()):
        raise ConfigurationError(f"{path} belongs to another user; its code is not loaded: chown {os.getuid()} {path}")
    if status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise ConfigurationError(f"{path} can be written by other users; its code is not loaded: chmod go-w {path}")
