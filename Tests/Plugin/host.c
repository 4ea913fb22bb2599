#define _POSIX_C_SOURCE 200809L

#include "host.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const ProviderPlugin *load_plugin(const char *path) {
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        fprintf(stderr, "error: %s\n", dlerror());
        exit(1);
    }
    ProviderPluginEntry entry;
    /* C has no conversion from `void *` to a function; POSIX does it this way. */
    *(void **)&entry = dlsym(library, PROVIDER_PLUGIN_SYMBOL);
    if (!entry) {
        fprintf(stderr, "error: %s has no %s: it is no provider plugin\n", path, PROVIDER_PLUGIN_SYMBOL);
        exit(1);
    }
    const ProviderPlugin *plugin = entry(PROVIDER_PLUGIN_ABI_VERSION);
    if (plugin->abi_version != PROVIDER_PLUGIN_ABI_VERSION || plugin->size < sizeof *plugin) {
        fprintf(stderr, "error: %s speaks version %u of the plugin ABI, this host version %u\n", path, (unsigned)plugin->abi_version,
            PROVIDER_PLUGIN_ABI_VERSION);
        exit(1);
    }
    return plugin;
}

void add_quoted(Text *json, const char *text) {
    static const char digits[] = "0123456789abcdef";
    text_add(json, "\"");
    for (; *text; text++) {
        unsigned char character = (unsigned char)*text;
        char escaped[] = {'\\', 'u', '0', '0', digits[character / 16], digits[character % 16]};
        if (character < 0x20)
            text_add_bytes(json, escaped, sizeof escaped);
        else if (character == '"' || character == '\\')
            text_add_bytes(json, (char[]){'\\', *text}, 2);
        else
            text_add_bytes(json, text, 1);
    }
    text_add(json, "\"");
}

static unsigned hexadecimal(const char *at) {
    char digits[5] = {0};
    memcpy(digits, at, 4);
    return (unsigned)strtoul(digits, NULL, 16);
}

static void add_character(Text *text, unsigned scalar) {
    unsigned char bytes[4];
    size_t size = scalar < 0x80 ? 1 : scalar < 0x800 ? 2 : scalar < 0x10000 ? 3 : 4;
    static const unsigned char leads[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t i = size; i-- > 1; scalar >>= 6) bytes[i] = (unsigned char)(0x80 | (scalar & 0x3F));
    bytes[0] = (unsigned char)(leads[size] | scalar);
    text_add_bytes(text, (char *)bytes, size);
}

void add_decoded(Text *text, Json string) {
    Json inside = json_inside(string);
    text_add_bytes(text, NULL, 0);
    for (const char *at = inside.at, *end = at + inside.size; at < end;) {
        static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
        const char *letter;
        if (*at != '\\') {
            text_add_bytes(text, at++, 1);
        } else if (at[1] != 'u') {
            letter = strchr(from, at[1]);
            text_add_bytes(text, letter ? &to[letter - from] : at + 1, 1);
            at += 2;
        } else {
            unsigned unit = hexadecimal(at + 2);
            at += 6;
            if (unit >= 0xD800 && unit <= 0xDBFF) {
                unit = 0x10000 + ((unit - 0xD800) << 10) + (hexadecimal(at + 2) - 0xDC00);
                at += 6;
            }
            add_character(text, unit);
        }
    }
}
