#!/usr/bin/env python3
"""Writes manifest.json beside a plugin's library, as hosts read it before they load the library (docs/plugins.md).

usage: plugin-manifest.py LIBRARY NAME     NAME is the plugin's name for people

The module's name and its version are asked of the library itself, and the schema of its configuration is config.schema.json beside it.
Hosts refuse plugins that others could have changed: the folder and the files in it are made so that only their owner may write to them.
"""

import ctypes
import hashlib
import json
import os
import pathlib
import sys


class Table(ctypes.Structure):
    """The beginning of `ProviderPlugin` in provider_plugin.h."""

    _fields_ = [
        ("abi_version", ctypes.c_uint32),
        ("size", ctypes.c_uint32),
        ("name", ctypes.c_char_p),
        ("version", ctypes.c_char_p),
    ]


ABI_VERSION = 1
SYMBOL = "provider_plugin"

if len(sys.argv) != 3:
    sys.exit(__doc__)
library = pathlib.Path(sys.argv[1]).resolve()
try:
    entry = getattr(ctypes.CDLL(str(library)), SYMBOL)
except (OSError, AttributeError) as error:
    sys.exit(f"error: {library} is no provider plugin: {error}")
entry.restype = ctypes.POINTER(Table)
entry.argtypes = [ctypes.c_uint32]
table = entry(ABI_VERSION).contents
if table.abi_version != ABI_VERSION:
    sys.exit(f"error: {library} speaks version {table.abi_version} of the plugin ABI, this script version {ABI_VERSION}")

manifest = {
    "id": table.name.decode(),
    "name": sys.argv[2],
    "version": table.version.decode(),
    "abi_version": table.abi_version,
    "type": "provider",
    "entry": {"library": library.name, "symbol": SYMBOL},
    "sha256": hashlib.sha256(library.read_bytes()).hexdigest(),
}
try:
    manifest["config_schema"] = json.loads((library.parent / "config.schema.json").read_text(encoding="utf-8"))
except FileNotFoundError:
    pass
except ValueError as error:
    sys.exit(f"error: {library.parent / 'config.schema.json'} is not JSON: {error}")
written = library.parent / "manifest.json"
# In one step: who looks meanwhile sees the old one or the new one.
unfinished = library.parent / ".manifest.json"
unfinished.write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
os.replace(unfinished, written)
for file in (library.parent, *library.parent.iterdir()):
    if file == library.parent or file.is_file() and not file.is_symlink():
        file.chmod(file.stat().st_mode & 0o7777 & ~0o022)
