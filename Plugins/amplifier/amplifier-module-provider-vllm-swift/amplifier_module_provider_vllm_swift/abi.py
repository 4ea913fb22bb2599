"""The C structures of `provider_plugin.h`, ABI version 1.

Names and order are those of the header, which says what each function promises.
"""

from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_int32, c_size_t, c_uint32, c_void_p

ABI_VERSION = 1
SYMBOL = "provider_plugin"

# ProviderStatus
OK = 0
FAILED = 3
CLOSED = 4

# ProviderStep
STEP_EVENTS = 1
STEP_RESPONSE = 2
STEP_ERROR = 3

# ProviderFlow
CONTINUE = 0
PAUSE = 1

# What `start` gives to its callback.
WANT_EVENTS = 1
WANT_RESPONSE = 2


class ProviderBytes(Structure):
    """Bytes that the plugin has written; `free_bytes` takes them back."""

    _fields_ = [("bytes", c_void_p), ("size", c_size_t)]


# Pointers that the plugin owns are c_void_p: ctypes would turn a c_char_p into bytes and lose the size.
Callback = CFUNCTYPE(c_int32, c_void_p, c_int32, c_void_p, c_size_t)
WantsFunction = CFUNCTYPE(c_int32, c_void_p, c_char_p)
EmitFunction = CFUNCTYPE(None, c_void_p, c_char_p, c_void_p, c_size_t)
LogFunction = CFUNCTYPE(None, c_void_p, c_int32, c_void_p, c_size_t)
SecretFunction = CFUNCTYPE(None, c_void_p, c_void_p, c_size_t)


class ProviderHost(Structure):
    """What a host gives to each instance."""

    _fields_ = [
        ("abi_version", c_uint32),
        ("size", c_uint32),
        ("context", c_void_p),
        ("wants", WantsFunction),
        ("emit", EmitFunction),
        ("log", LogFunction),
        ("keep_secret", SecretFunction),
    ]


Handle = c_void_p
_bytes = POINTER(ProviderBytes)
_text = (c_char_p, c_size_t)

CreateFunction = CFUNCTYPE(c_int32, POINTER(ProviderHost), *_text, POINTER(Handle), _bytes)
InfoFunction = CFUNCTYPE(c_int32, Handle, _bytes)
BackgroundFunction = CFUNCTYPE(c_int32, Handle, Callback, c_void_p, POINTER(Handle))
StartFunction = CFUNCTYPE(c_int32, Handle, *_text, *_text, c_uint32, Callback, c_void_p, POINTER(Handle), _bytes)
HandleFunction = CFUNCTYPE(c_int32, Handle)
ParseFunction = CFUNCTYPE(c_int32, Handle, *_text, _bytes)
FreeBytesFunction = CFUNCTYPE(None, _bytes)


class ProviderPlugin(Structure):
    """The table of a plugin's functions."""

    _fields_ = [
        ("abi_version", c_uint32),
        ("size", c_uint32),
        ("name", c_char_p),
        ("version", c_char_p),
        ("create", CreateFunction),
        ("info", InfoFunction),
        ("prepare", BackgroundFunction),
        ("list_models", BackgroundFunction),
        ("start", StartFunction),
        ("resume", HandleFunction),
        ("cancel", HandleFunction),
        ("release", HandleFunction),
        ("parse_tool_calls", ParseFunction),
        ("close", HandleFunction),
        ("free", HandleFunction),
        ("free_bytes", FreeBytesFunction),
    ]


EntryFunction = CFUNCTYPE(POINTER(ProviderPlugin), c_uint32)
