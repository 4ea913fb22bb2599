#include "json.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { DEEPEST = 200 };

/* The functions named skip_… are given where something begins, and return what is behind it; NULL where it is not valid. */

static const char *skip_space(const char *at, const char *end) {
    while (at < end && (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r')) at++;
    return at;
}

static const char *skip_digits(const char *at, const char *end) {
    const char *first = at;
    while (at < end && *at >= '0' && *at <= '9') at++;
    return at > first ? at : NULL;
}

static const char *skip_number(const char *at, const char *end) {
    if (at < end && *at == '-') at++;
    at = at < end && *at == '0' ? at + 1 : skip_digits(at, end);
    if (at && at < end && *at == '.') at = skip_digits(at + 1, end);
    if (at && at < end && (*at == 'e' || *at == 'E')) {
        at++;
        if (at < end && (*at == '+' || *at == '-')) at++;
        at = skip_digits(at, end);
    }
    return at;
}

/* The number that four hexadecimal digits are, -1 where they are not. */
static int hexadecimal(const char *at, const char *end) {
    int number = 0;
    if (end - at < 4) return -1;
    for (int i = 0; i < 4; i++) {
        const char *digits = "0123456789abcdefABCDEF", *digit = at[i] ? strchr(digits, at[i]) : NULL;
        if (!digit) return -1;
        number = number * 16 + (int)(digit - digits) - (digit - digits > 15 ? 6 : 0);
    }
    return number;
}

static const char *skip_escape(const char *at, const char *end) {
    if (end - at < 2) return NULL;
    if (at[1] != 'u') return at[1] && strchr("\"\\/bfnrt", at[1]) ? at + 2 : NULL;
    int unit = hexadecimal(at + 2, end);
    if (unit < 0 || (unit >= 0xDC00 && unit <= 0xDFFF)) return NULL;
    if (unit < 0xD800 || unit > 0xDFFF) return at + 6;
    /* The first half of a pair: the second must follow. */
    if (end - at < 8 || at[6] != '\\' || at[7] != 'u') return NULL;
    int second = hexadecimal(at + 8, end);
    return second >= 0xDC00 && second <= 0xDFFF ? at + 12 : NULL;
}

static const char *skip_character(const char *at, const char *end) {
    const unsigned char *bytes = (const unsigned char *)at;
    unsigned char lead = bytes[0];
    if (lead < 0x20) return NULL;
    if (lead < 0x80) return at + 1;
    int length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || end - at < length) return NULL;
    for (int i = 1; i < length; i++)
        if ((bytes[i] & 0xC0) != 0x80) return NULL;
    /* Longer than it need be, half of a pair, or beyond Unicode. */
    if ((lead == 0xE0 && bytes[1] < 0xA0) || (lead == 0xED && bytes[1] > 0x9F)) return NULL;
    if ((lead == 0xF0 && bytes[1] < 0x90) || (lead == 0xF4 && bytes[1] > 0x8F)) return NULL;
    return at + length;
}

static const char *skip_string(const char *at, const char *end) {
    if (at >= end || *at != '"') return NULL;
    for (at++; at && at < end && *at != '"';) at = *at == '\\' ? skip_escape(at, end) : skip_character(at, end);
    return at && at < end ? at + 1 : NULL;
}

static const char *skip_word(const char *at, const char *end, const char *word) {
    size_t size = strlen(word);
    return (size_t)(end - at) >= size && memcmp(at, word, size) == 0 ? at + size : NULL;
}

static const char *skip_value(const char *at, const char *end, int depth) {
    if (at >= end || depth > DEEPEST) return NULL;
    switch (*at) {
    case '"': return skip_string(at, end);
    case 't': return skip_word(at, end, "true");
    case 'f': return skip_word(at, end, "false");
    case 'n': return skip_word(at, end, "null");
    case '[':
    case '{': break;
    default: return skip_number(at, end);
    }
    bool named = *at == '{';
    char close = named ? '}' : ']';
    at = skip_space(at + 1, end);
    if (at < end && *at == close) return at + 1;
    while (at < end) {
        if (named) {
            if (!(at = skip_string(at, end))) return NULL;
            at = skip_space(at, end);
            if (at >= end || *at != ':') return NULL;
            at = skip_space(at + 1, end);
        }
        if (!(at = skip_value(at, end, depth + 1))) return NULL;
        at = skip_space(at, end);
        if (at < end && *at == close) return at + 1;
        if (at >= end || *at != ',') return NULL;
        at = skip_space(at + 1, end);
    }
    return NULL;
}

bool json_parse(const char *text, size_t size, Json *value) {
    const char *end = text + size, *first = skip_space(text, end), *behind = skip_value(first, end, 0);
    if (!behind || skip_space(behind, end) != end) return false;
    *value = (Json){first, (size_t)(behind - first)};
    return true;
}

bool json_is(Json value, char type) {
    if (!value.at) return false;
    return type ? *value.at == type : *value.at == '-' || (*value.at >= '0' && *value.at <= '9');
}

JsonItems json_items(Json container) {
    if (!json_is(container, '{') && !json_is(container, '[')) return (JsonItems){NULL, NULL};
    return (JsonItems){container.at + 1, container.at + container.size - 1};
}

bool json_next(JsonItems *items, Json *name, Json *value) {
    /* Behind json_parse everything is valid and has its end. */
    const char *at = skip_space(items->at, items->end), *end = items->end;
    if (at < end && *at == ',') at = skip_space(at + 1, end);
    if (at >= end) return false;
    const char *behind = skip_value(at, end, 0), *colon = skip_space(behind, end);
    if (name) *name = (Json){NULL, 0};
    if (colon < end && *colon == ':') {
        if (name) *name = (Json){at, (size_t)(behind - at)};
        at = skip_space(colon + 1, end);
        behind = skip_value(at, end, 0);
    }
    *value = (Json){at, (size_t)(behind - at)};
    items->at = behind;
    return true;
}

Json json_member(Json object, const char *name) {
    Json found = {NULL, 0}, key, value;
    JsonItems items = json_items(object);
    while (json_next(&items, &key, &value))
        if (json_equals(key, name)) found = json_is(value, 'n') ? (Json){NULL, 0} : value;
    return found;
}

bool json_equals(Json string, const char *text) {
    if (!json_is(string, '"')) return false;
    const char *at = string.at + 1, *end = string.at + string.size - 1;
    for (; at < end && *text; text++) {
        int character = (unsigned char)*at++;
        if (character == '\\') {
            static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
            const char *letter = strchr(from, *at);
            character = *at == 'u' ? hexadecimal(at + 1, end) : letter ? to[letter - from] : *at;
            at += *at == 'u' ? 5 : 1;
        }
        if (character != (unsigned char)*text) return false;
    }
    return at == end && !*text;
}

Json json_inside(Json string) {
    return json_is(string, '"') ? (Json){string.at + 1, string.size - 2} : (Json){NULL, 0};
}

bool json_integer(Json value, long least, long most, long *number) {
    if (!json_is(value, 0)) return false;
    char *behind;
    errno = 0;
    long read = strtol(value.at, &behind, 10);
    if (errno || behind != value.at + value.size || read < least || read > most) return false;
    *number = read;
    return true;
}
