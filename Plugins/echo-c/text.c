#include "text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void text_add_bytes(Text *text, const char *bytes, size_t size) {
    if (text->failed) return;
    if (text->capacity - text->size <= size) {
        size_t capacity = (text->size + size + 1) * 2;
        char *grown = capacity / 2 > text->size ? realloc(text->bytes, capacity) : NULL;
        if (!grown) {
            text->failed = true;
            return;
        }
        text->bytes = grown;
        text->capacity = capacity;
    }
    if (size > 0) memcpy(text->bytes + text->size, bytes, size);
    text->size += size;
    text->bytes[text->size] = 0;
}

void text_add(Text *text, const char *form, ...) {
    va_list arguments;
    va_start(arguments, form);
    /* So that there is a text, even an empty one. */
    text_add_bytes(text, NULL, 0);
    while (*form) {
        size_t plain = strcspn(form, "%#");
        text_add_bytes(text, form, plain);
        form += plain;
        if (*form == '%') {
            const char *piece = va_arg(arguments, const char *);
            text_add_bytes(text, piece, strlen(piece));
        } else if (*form == '#') {
            char digits[32];
            int size = snprintf(digits, sizeof digits, "%lu", va_arg(arguments, unsigned long));
            text_add_bytes(text, digits, (size_t)size);
        }
        if (*form) form++;
    }
    va_end(arguments);
}

void text_free(Text *text) {
    free(text->bytes);
    *text = (Text){0};
}

bool text_give(Text *text, ProviderBytes *bytes) {
    bool whole = !text->failed;
    if (bytes && whole) {
        *bytes = (ProviderBytes){text->bytes, text->size};
        *text = (Text){0};
    }
    text_free(text);
    return whole;
}
