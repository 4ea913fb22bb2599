// The grammar of JSON, checked in one pass over the tokens that simdjson's first stage found.
#pragma once

#include <cstddef>

#include "CSimdjson.h"
#include "Text.hpp"

/// An array or object whose end has not been reached.
struct Level {
    uint32_t node;
    uint32_t count;
    bool is_object;
};

/// Writes the nodes of a text. It loops and does not recurse, so that nesting cannot exhaust a thread's stack. Its functions are
/// inlined into one so that the state stays in registers, which halves the time.
class Walk {
public:
    /// `tokens` are the places where tokens start, and behind them the length of the text. `nodes` has room for one a token. The
    /// text is followed by zeros.
    Walk(uint8_t *bytes, size_t length, const uint32_t *tokens, size_t token_count, csimdjson_node *nodes, Level *levels)
        : bytes(bytes), text_end(bytes + length), token(tokens), token_end(tokens + token_count), nodes(nodes), levels(levels) {
        find_backslash(bytes);
    }

    /// Whether the tokens are one JSON value.
    bool run() {
        bool awaits_value = true;
        do {
            if (!(awaits_value ? read_value(awaits_value) : read_on(awaits_value))) return false;
        } while (awaits_value || depth > 0);
        return token == token_end;
    }

private:
    uint8_t *const bytes;
    const uint8_t *const text_end;
    const uint32_t *token;
    const uint32_t *const token_end;
    csimdjson_node *const nodes;
    uint32_t node_count = 0;
    const uint8_t *backslash;  // the first one that no string has dealt with yet, or the end
    Level *const levels;
    uint32_t depth = 0;

#define WALK_INLINE inline __attribute__((always_inline))

    void find_backslash(const uint8_t *from) {
        const void *next = std::memchr(from, '\\', size_t(text_end - from));
        backslash = next ? static_cast<const uint8_t *>(next) : text_end;
    }

    /// The first byte of the token at hand, or 0 behind the last.
    WALK_INLINE uint8_t first_byte() const { return bytes[*token]; }

    /// Where the token at hand ends: before the next one and the white space before that.
    WALK_INLINE const uint8_t *end_of_token() const { return text::trim_end(bytes + token[0], bytes + token[1]); }

    /// Reads a value, or the beginning of an array or object. Then `awaits_value` says whether an element or member value is next.
    WALK_INLINE bool read_value(bool &awaits_value) {
        awaits_value = false;
        if (token == token_end) return false;
        switch (first_byte()) {
        case '{':
            if (!open(true)) return false;
            if (first_byte() == '}') return close();
            awaits_value = true;
            return read_key();
        case '[':
            if (!open(false)) return false;
            if (first_byte() == ']') return close();
            awaits_value = true;
            return true;
        case '"': return read_string();
        case 't': return read_word("true", CSIMDJSON_TRUE);
        case 'f': return read_word("false", CSIMDJSON_FALSE);
        case 'n': return read_word("null", CSIMDJSON_NULL);
        default: return read_number();
        }
    }

    /// Reads what comes behind an element or member.
    WALK_INLINE bool read_on(bool &awaits_value) {
        Level &level = levels[depth - 1];
        level.count += 1;
        const uint8_t byte = first_byte();
        if (byte == ',') {
            ++token;
            awaits_value = true;
            return !level.is_object || read_key();
        }
        return byte == (level.is_object ? '}' : ']') && close();
    }

    WALK_INLINE bool open(bool is_object) {
        if (depth == CSIMDJSON_MAX_DEPTH) return false;
        levels[depth++] = {node_count, 0, is_object};
        add(is_object ? CSIMDJSON_OBJECT : CSIMDJSON_ARRAY, bytes + *token++, 0);
        return true;
    }

    WALK_INLINE bool close() {
        ++token;
        const Level &level = levels[--depth];
        nodes[level.node].length = level.count;
        nodes[level.node].next = node_count;
        return true;
    }

    WALK_INLINE bool read_key() {
        if (first_byte() != '"' || !read_string() || first_byte() != ':') return false;
        ++token;
        return true;
    }

    WALK_INLINE bool read_string() {
        const uint8_t *start = bytes + *token + 1;
        const uint8_t *end = end_of_token() - 1;
        ++token;
        if (end < start || *end != '"') return false;
        const uint8_t *content_end = end;
        if (backslash < end) {
            content_end = text::unescape(bytes + (backslash - bytes), end);
            if (!content_end) return false;
            find_backslash(end);
        }
        add(CSIMDJSON_STRING, start, size_t(content_end - start));
        return true;
    }

    template <size_t size> WALK_INLINE bool read_word(const char (&word)[size], uint32_t kind) {
        const uint8_t *start = bytes + *token;
        if (end_of_token() - start != ptrdiff_t(size - 1) || std::memcmp(start, word, size - 1) != 0) return false;
        ++token;
        add(kind, start, 0);
        return true;
    }

    WALK_INLINE bool read_number() {
        const uint8_t *start = bytes + *token;
        const uint8_t *end = end_of_token();
        if (!text::is_number(start, end)) return false;
        ++token;
        add(CSIMDJSON_NUMBER, start, size_t(end - start));
        return true;
    }

    WALK_INLINE void add(uint32_t kind, const uint8_t *start, size_t count) {
        nodes[node_count] = {uint32_t(start - bytes), uint32_t(count), node_count + 1, kind};
        node_count += 1;
    }

#undef WALK_INLINE
};
