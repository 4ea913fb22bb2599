// What simdjson leaves to us: the grammar of numbers, and unescaping in place with no mercy for lone surrogates.
#pragma once

#include <cstdint>
#include <cstring>

namespace text {

inline bool is_space(uint8_t byte) { return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t'; }

inline bool is_digit(uint8_t byte) { return uint8_t(byte - '0') < 10; }

/// Moves `end` back over white space.
inline const uint8_t *trim_end(const uint8_t *start, const uint8_t *end) {
    // The first comparison settles it for compact texts.
    while (end > start && end[-1] <= ' ' && is_space(end[-1])) --end;
    return end;
}

/// Which of eight bytes read from memory is the first with a bit set; one has.
inline int first_byte_set(uint64_t eight) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    return __builtin_ctzll(eight) / 8;
#else
    return __builtin_clzll(eight) / 8;
#endif
}

/// Where the digits that start at `at` end. Looks at eight bytes at a time, so that as many behind the end may be read.
inline const uint8_t *skip_digits(const uint8_t *at) {
    const uint64_t ones = 0x0101010101010101;
    for (;; at += 8) {
        uint64_t eight;
        std::memcpy(&eight, at, 8);
        // Less '0' a digit is below 10, and what is not gets its highest bit set here, without carrying into its neighbour.
        eight ^= ones * '0';
        const uint64_t others = (((eight & ones * 0x7F) + ones * (0x80 - 10)) | eight) & ones * 0x80;
        if (others) return at + first_byte_set(others);
    }
}

/// Whether `[at, end)` is one number in JSON's grammar. Bytes behind `end` may be read: the buffer is padded.
inline bool is_number(const uint8_t *at, const uint8_t *end) {
    if (*at == '-') ++at;
    if (!is_digit(*at)) return false;
    if (*at++ != '0') {
        while (is_digit(*at)) ++at;
    }
    if (*at == '.') {
        ++at;
        if (!is_digit(*at)) return false;
        at = skip_digits(at);
    }
    if (*at == 'e' || *at == 'E') {
        ++at;
        if (*at == '+' || *at == '-') ++at;
        if (!is_digit(*at)) return false;
        while (is_digit(*at)) ++at;
    }
    return at == end;
}

/// The value of four hexadecimal digits, or a negative number.
inline int32_t hex4(const uint8_t *at) {
    int32_t value = 0;
    for (int i = 0; i < 4; ++i) {
        const uint8_t byte = at[i];
        const uint8_t letter = byte | 0x20;
        int32_t digit = -1;
        if (is_digit(byte)) digit = byte - '0';
        else if (letter >= 'a' && letter <= 'f') digit = letter - 'a' + 10;
        if (digit < 0) return -1;
        value = value << 4 | digit;
    }
    return value;
}

/// Writes a code point as UTF-8 and returns where the next byte goes.
inline uint8_t *put_utf8(uint8_t *to, uint32_t point) {
    if (point < 0x80) {
        *to++ = uint8_t(point);
        return to;
    }
    if (point < 0x800) {
        *to++ = uint8_t(0xC0 | point >> 6);
    } else {
        if (point < 0x10000) {
            *to++ = uint8_t(0xE0 | point >> 12);
        } else {
            *to++ = uint8_t(0xF0 | point >> 18);
            *to++ = uint8_t(0x80 | (point >> 12 & 0x3F));
        }
        *to++ = uint8_t(0x80 | (point >> 6 & 0x3F));
    }
    *to++ = uint8_t(0x80 | (point & 0x3F));
    return to;
}

/// Reads the `\uXXXX` (or the pair of them) whose first digit is at `at`, and moves `at` behind it. False for a lone surrogate.
inline bool take_unicode(const uint8_t *&at, const uint8_t *end, uint32_t &point) {
    if (end - at < 4) return false;
    const int32_t first = hex4(at);
    if (first < 0) return false;
    at += 4;
    point = uint32_t(first);
    if (point < 0xD800 || point > 0xDFFF) return true;
    if (point > 0xDBFF || end - at < 6 || at[0] != '\\' || at[1] != 'u') return false;
    const int32_t second = hex4(at + 2);
    if (second < 0xDC00 || second > 0xDFFF) return false;
    at += 6;
    point = 0x10000 + ((point - 0xD800) << 10) + (uint32_t(second) - 0xDC00);
    return true;
}

/// Unescapes a string's content where it stands, from its first backslash on: what an escape says is never longer than the
/// escape. Returns the new end, or null for a bad escape.
inline uint8_t *unescape(uint8_t *backslash, const uint8_t *end) {
    uint8_t *to = backslash;
    const uint8_t *at = backslash;
    while (at < end) {
        if (*at != '\\') {
            *to++ = *at++;
            continue;
        }
        if (end - at < 2) return nullptr;
        const uint8_t letter = at[1];
        at += 2;
        uint32_t point;
        switch (letter) {
        case '"': case '\\': case '/': *to++ = letter; break;
        case 'b': *to++ = '\b'; break;
        case 'f': *to++ = '\f'; break;
        case 'n': *to++ = '\n'; break;
        case 'r': *to++ = '\r'; break;
        case 't': *to++ = '\t'; break;
        case 'u':
            if (!take_unicode(at, end, point)) return nullptr;
            to = put_utf8(to, point);
            break;
        default: return nullptr;
        }
    }
    return to;
}

}  // namespace text
