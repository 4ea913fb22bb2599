"""How the library is found, and when it is refused."""

import ctypes
import hashlib
import json
import os
import shutil
import subprocess
import sys

import pytest
from amplifier_core.llm_errors import ConfigurationError
from fake_plugin import FakePlugin

from amplifier_module_provider_vllm_swift import abi, location
from amplifier_module_provider_vllm_swift.library import Library, load
from amplifier_module_provider_vllm_swift.location import Location, locate


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "provider"
    folder.mkdir(mode=0o755)
    write(folder)
    return folder


def look_where_root_owns_all_but(path):
    """The look at a file's status on a machine where one file is somebody else's."""
    real, owned = location._refuse_if_others_may_write, path.stat().st_ino

    def look(path, status):
        values = list(status)
        values[4] = 4711 if status.st_ino == owned else 0
        real(path, os.stat_result(values))

    return look


def write(folder, library=b"code", **manifest):
    (folder / "lib.so").write_bytes(library)
    whole = {
        "id": "provider-vllm",
        "abi_version": 1,
        "type": "provider",
        "entry": {"library": "lib.so", "symbol": "provider_plugin"},
        "config_schema": {"type": "object", "properties": {"base_url": {}}},
        "sha256": hashlib.sha256(b"code").hexdigest(),
    }
    (folder / "manifest.json").write_text(json.dumps(whole | manifest))


def test_the_configuration_comes_before_the_environment(folder, tmp_path):
    checksum = hashlib.sha256(b"code").hexdigest()
    expected = Location((folder / "lib.so").resolve(), "provider_plugin", checksum, frozenset({"base_url"}))
    assert locate(str(folder), {location.ENVIRONMENT_VARIABLE: str(tmp_path)}) == expected
    assert locate(str(folder / "lib.so"), {}) == expected
    assert locate(None, {location.ENVIRONMENT_VARIABLE: str(folder)}) == expected


@pytest.mark.parametrize("origin", ["plugin", location.ENVIRONMENT_VARIABLE])
def test_a_place_without_a_library_says_what_to_do(tmp_path, origin):
    configured, environment = (str(tmp_path), {}) if origin == "plugin" else (None, {origin: str(tmp_path)})
    with pytest.raises(ConfigurationError, match=f"{origin}: there is no manifest.json.*make plugin"):
        locate(configured, environment)


@pytest.mark.parametrize(
    ("named", "reason"),
    [
        ("none.so", "none.so does not exist.*make plugin"),
        ("other.so", "other.so is not the library that .*manifest.json describes: that is lib.so"),
    ],
)
def test_a_file_that_is_not_the_manifests_library_is_refused(folder, named, reason):
    (folder / "other.so").write_bytes(b"code")
    with pytest.raises(ConfigurationError, match=reason):
        locate(str(folder / named), {})


@pytest.mark.parametrize("package", ["/", "/app", "/app/package", "/opt/app/package"])
def test_a_user_without_a_home_and_a_package_anywhere_are_no_failure(monkeypatch, package):
    def no_home():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(location, "_package", location.Path(package))
    monkeypatch.setattr(location.Path, "home", no_home)
    with pytest.raises(ConfigurationError, match="make plugin"):
        locate(None, {})
    with pytest.raises(ConfigurationError, match="no-such-user-4711"):
        locate("~no-such-user-4711/plugin", {})


def test_no_library_at_all_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(location, "_package", tmp_path / "a" / "b" / "c" / "d")
    with pytest.raises(ConfigurationError, match="make plugin"):
        locate(None, {"XDG_DATA_HOME": str(tmp_path)})


@pytest.mark.parametrize("place", ["Plugins/amplifier/module/package", "data/vllm-host/plugins/provider-vllm", "Plugins/provider-vllm"])
def test_where_nobody_says_where_it_is(tmp_path, monkeypatch, place):
    monkeypatch.setattr(location, "_package", tmp_path / "Plugins" / "amplifier" / "module" / "package")
    folder = tmp_path / place
    folder.mkdir(parents=True)
    write(folder)
    assert locate(None, {"XDG_DATA_HOME": str(tmp_path / "data")}).library == (folder / "lib.so").resolve()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"library": b"other"}, "checksum"),
        ({"abi_version": 2}, "version 2"),
        ({"type": "tool"}, "not a provider"),
        ({"entry": {"library": "../lib.so"}}, "entry.library"),
        ({"entry": None}, "entry.library"),
        ({"sha256": None}, "sha256"),
    ],
)
def test_a_library_that_is_not_the_manifests_is_refused(folder, change, reason):
    write(folder, **change)
    with pytest.raises(ConfigurationError, match=reason):
        load(locate(str(folder), {}))


@pytest.mark.parametrize("mode", [0o775, 0o757])
@pytest.mark.parametrize("name", [".", "lib.so", "manifest.json"])
def test_files_that_others_may_write_are_refused(folder, name, mode):
    (folder / name).chmod(mode)
    with pytest.raises(ConfigurationError, match="chmod go-w"):
        load(locate(str(folder), {}))


@pytest.mark.parametrize("name", [".", "lib.so", "manifest.json"])
def test_files_of_other_users_are_refused(folder, name, monkeypatch):
    monkeypatch.setattr(location, "_refuse_if_others_may_write", look_where_root_owns_all_but(folder / name))
    with pytest.raises(ConfigurationError, match="belongs to another user"):
        load(locate(str(folder), {}))


@pytest.mark.parametrize("text", ["", "[]", "{", "\xff"])
def test_a_broken_manifest_is_refused(folder, text):
    (folder / "manifest.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(ConfigurationError, match="manifest"):
        locate(str(folder), {})


def test_a_missing_library_is_told(folder):
    (folder / "lib.so").unlink()
    with pytest.raises(ConfigurationError, match="is missing"):
        locate(str(folder), {})


def test_what_is_no_library_cannot_be_loaded(folder):
    with pytest.raises(ConfigurationError, match="cannot be loaded"):
        load(locate(str(folder), {}))


@pytest.mark.parametrize("schema", [None, [], {}, {"properties": []}])
def test_a_manifest_without_a_schema_knows_no_keys(folder, schema):
    write(folder, config_schema=schema)
    assert locate(str(folder), {}).keys == frozenset()


def test_a_table_of_another_version_is_left_alone():
    table = FakePlugin()._table
    table.abi_version = abi.ABI_VERSION + 1
    with pytest.raises(ConfigurationError, match="version 2"):
        Library(table)


def test_a_table_that_is_too_small_is_left_alone():
    table = FakePlugin()._table
    table.size -= 8
    with pytest.raises(ConfigurationError, match=f"has {table.size} bytes"):
        Library(table)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the loader takes no open file")
def test_what_was_checked_is_what_is_loaded(folder, monkeypatch):
    loaded = []

    def image(path):
        # As if somebody had put another file there since it was checked.
        (folder / "new").write_bytes(b"other")
        (folder / "new").rename(folder / "lib.so")
        loaded.append(location.Path(path).read_bytes())
        raise OSError("enough")

    monkeypatch.setattr(ctypes, "CDLL", image)
    with pytest.raises(ConfigurationError, match="enough"):
        load(locate(str(folder), {}))
    assert loaded == [b"code"]


@pytest.mark.parametrize(
    ("code", "reason"),
    [("void *provider_plugin(unsigned version) { return 0; }", "no table"), ("int other;", "cannot be loaded.*provider_plugin")],
)
def test_a_library_without_a_table_is_told(folder, tmp_path, code, reason):
    compiler = shutil.which("cc") or pytest.skip("no C compiler")
    source = tmp_path / "plugin.c"
    source.write_text(code)
    subprocess.run([compiler, "-shared", "-fPIC", "-o", folder / "lib.so", source], check=True)
    built = (folder / "lib.so").read_bytes()
    write(folder, built, sha256=hashlib.sha256(built).hexdigest())
    with pytest.raises(ConfigurationError, match=reason):
        load(locate(str(folder), {}))
