#include "CSimdjson.h"

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string_view>

// Only the error-code API is used: nothing throws.
#define SIMDJSON_EXCEPTIONS 0
#include <simdjson.h>

#include "Text.hpp"

namespace ondemand = simdjson::ondemand;

namespace {

// An array or object whose end has not been reached. The iterators of all levels share simdjson's one position in the text.
struct Level {
    ondemand::object_iterator members;
    ondemand::array_iterator elements;
    uint32_t node;
    uint32_t count;
    bool is_object;
};

// What a parser may keep between documents; reading takes up to about 20 times the size of a text.
constexpr size_t kept_bytes = 4 << 20;

}  // namespace

struct csimdjson_parser {
    csimdjson_document document{};
    ondemand::parser simd;
    uint8_t *bytes = nullptr;
    size_t length = 0;
    size_t byte_capacity = 0;
    csimdjson_node *nodes = nullptr;
    size_t node_count = 0;
    size_t node_capacity = 0;
    const uint8_t *backslash = nullptr;  // the first one that no string has dealt with yet, or the end
    int status = CSIMDJSON_OK;
    size_t depth = 0;
    Level levels[CSIMDJSON_MAX_DEPTH];

    ~csimdjson_parser() {
        std::free(bytes);
        std::free(nodes);
    }

    int parse(const uint8_t *text, size_t text_length);
    void trim();

private:
    bool load(const uint8_t *text, size_t text_length);
    bool reserve_nodes();
    bool fail(int reason = CSIMDJSON_INVALID) {
        status = reason;
        return false;
    }
    bool read();
    bool read_scalar_root(std::string_view token);
    bool read_levels();
    bool read_value(ondemand::value &value);
    bool read_key(ondemand::field &field, const uint8_t *value);
    bool add(uint32_t kind, const uint8_t *start, size_t count);
    bool add_scalar(std::string_view token);
    bool add_string(const uint8_t *start, const uint8_t *end);
    template <typename Source> bool open(Source &source, const char *bracket);
    void close();
    void advance();
};

namespace {

size_t grown(size_t needed, size_t least) {
    size_t size = least;
    while (size < needed) size *= 2;
    return size;
}

}  // namespace

bool csimdjson_parser::load(const uint8_t *text, size_t text_length) {
    if (text_length >= simdjson::SIMDJSON_MAXSIZE_BYTES - simdjson::SIMDJSON_PADDING) return fail(CSIMDJSON_TOO_LARGE);
    const size_t needed = text_length + simdjson::SIMDJSON_PADDING;
    if (byte_capacity < needed) {
        const size_t capacity = grown(needed, 4096);
        std::free(bytes);
        bytes = static_cast<uint8_t *>(std::malloc(capacity));
        byte_capacity = bytes ? capacity : 0;
        if (!bytes) return fail(CSIMDJSON_OUT_OF_MEMORY);
    }
    if (simd.capacity() < text_length) {
        const size_t most = simdjson::SIMDJSON_MAXSIZE_BYTES;
        const size_t capacity = grown(text_length, 4096);
        if (simd.allocate(capacity < most ? capacity : most, CSIMDJSON_MAX_DEPTH + 2)) return fail(CSIMDJSON_OUT_OF_MEMORY);
    }
    if (text_length > 0) std::memcpy(bytes, text, text_length);
    std::memset(bytes + text_length, 0, simdjson::SIMDJSON_PADDING);
    length = text_length;
    return true;
}

int csimdjson_parser::parse(const uint8_t *text, size_t text_length) {
    status = CSIMDJSON_OK;
    node_count = 0;
    depth = 0;
    document.generation += 1;
    if (load(text, text_length) && read()) {
        document.bytes = bytes;
        document.nodes = nodes;
    }
    return status;
}

bool csimdjson_parser::read() {
    if (length == 0) return fail();
    ondemand::document source;
    if (simd.iterate(bytes, length, byte_capacity).get(source)) return fail();
    std::string_view token;
    if (source.raw_json_token().get(token) || token.empty()) return fail();
    const void *first = std::memchr(bytes, '\\', length);
    backslash = first ? static_cast<const uint8_t *>(first) : bytes + length;
    if (token[0] != '[' && token[0] != '{') return read_scalar_root(token);
    const char *behind;
    // Behind the last token simdjson has no location to give.
    return open(source, token.data()) && read_levels()
        && (source.current_location().get(behind) == simdjson::OUT_OF_BOUNDS || fail());
}

// A document that is one string, number or word is one token, which reaches up to the end.
bool csimdjson_parser::read_scalar_root(std::string_view token) {
    const uint8_t *end = reinterpret_cast<const uint8_t *>(token.data()) + token.size();
    return end == bytes + length ? add_scalar(token) : fail();
}

// Walks without recursion, so that the depth of a text cannot exhaust a thread's stack.
bool csimdjson_parser::read_levels() {
    while (depth > 0) {
        Level &level = levels[depth - 1];
        ondemand::value value;
        if (level.is_object) {
            if (!(level.members != level.members)) {
                close();
                continue;
            }
            ondemand::field field;
            if ((*level.members).get(field)) return fail();
            value = field.value();
            std::string_view token = value.raw_json_token();
            if (!read_key(field, reinterpret_cast<const uint8_t *>(token.data()))) return false;
        } else {
            if (!(level.elements != level.elements)) {
                close();
                continue;
            }
            if ((*level.elements).get(value)) return fail();
        }
        level.count += 1;
        if (!read_value(value)) return false;
    }
    return true;
}

bool csimdjson_parser::read_value(ondemand::value &value) {
    const std::string_view token = value.raw_json_token();
    switch (token.empty() ? 0 : token[0]) {
    case '[': case '{':
        return open(value, token.data());
    case '"': {
        // Steps over the string. Left to itself, simdjson would take `"a":1` in an array for something to skip.
        ondemand::raw_json_string raw;
        if (value.get_raw_json_string().get(raw)) return fail();
        break;
    }
    default:
        break;
    }
    if (!add_scalar(token)) return false;
    advance();
    return true;
}

// simdjson gives no length of a key. Its closing quotation mark is the last thing before the colon before the value.
bool csimdjson_parser::read_key(ondemand::field &field, const uint8_t *value) {
    const uint8_t *start = reinterpret_cast<const uint8_t *>(field.key().raw());
    const uint8_t *end = text::trim_end(start, value);
    if (end == start || end[-1] != ':') return fail();
    end = text::trim_end(start, end - 1);
    if (end == start || end[-1] != '"') return fail();
    return add_string(start, end - 1);
}

bool csimdjson_parser::add_scalar(std::string_view token) {
    const uint8_t *start = reinterpret_cast<const uint8_t *>(token.data());
    const uint8_t *end = text::trim_end(start, start + token.size());
    const size_t size = size_t(end - start);
    switch (size == 0 ? 0 : *start) {
    case '"':
        if (size < 2 || end[-1] != '"') return fail();
        return add_string(start + 1, end - 1);
    case 't':
        if (size != 4 || std::memcmp(start, "true", 4) != 0) return fail();
        return add(CSIMDJSON_TRUE, start, 0);
    case 'f':
        if (size != 5 || std::memcmp(start, "false", 5) != 0) return fail();
        return add(CSIMDJSON_FALSE, start, 0);
    case 'n':
        if (size != 4 || std::memcmp(start, "null", 4) != 0) return fail();
        return add(CSIMDJSON_NULL, start, 0);
    default:
        if (size == 0 || !text::is_number(start, end)) return fail();
        return add(CSIMDJSON_NUMBER, start, size);
    }
}

bool csimdjson_parser::add_string(const uint8_t *start, const uint8_t *end) {
    const uint8_t *const limit = bytes + length;
    const uint8_t *content_end = end;
    if (backslash < end) {
        uint8_t *first = bytes + (backslash - bytes);
        content_end = text::unescape(first, end);
        if (!content_end) return fail();
        const void *next = std::memchr(end, '\\', size_t(limit - end));
        backslash = next ? static_cast<const uint8_t *>(next) : limit;
    }
    return add(CSIMDJSON_STRING, start, size_t(content_end - start));
}

bool csimdjson_parser::reserve_nodes() {
    const size_t capacity = node_capacity == 0 ? 256 : node_capacity * 2;
    void *grown_nodes = std::realloc(nodes, capacity * sizeof(csimdjson_node));
    if (!grown_nodes) return fail(CSIMDJSON_OUT_OF_MEMORY);
    nodes = static_cast<csimdjson_node *>(grown_nodes);
    node_capacity = capacity;
    return true;
}

bool csimdjson_parser::add(uint32_t kind, const uint8_t *start, size_t count) {
    if (node_count == node_capacity && !reserve_nodes()) return false;
    const uint32_t index = uint32_t(node_count++);
    nodes[index] = {uint32_t(start - bytes), uint32_t(count), index + 1, kind};
    return true;
}

template <typename Source> bool csimdjson_parser::open(Source &source, const char *bracket) {
    if (depth == CSIMDJSON_MAX_DEPTH) return fail();
    Level &level = levels[depth];
    level.is_object = *bracket == '{';
    level.node = uint32_t(node_count);
    level.count = 0;
    if (level.is_object) {
        ondemand::object object;
        if (source.get_object().get(object) || object.begin().get(level.members)) return fail();
    } else {
        ondemand::array array;
        if (source.get_array().get(array) || array.begin().get(level.elements)) return fail();
    }
    if (!add(level.is_object ? CSIMDJSON_OBJECT : CSIMDJSON_ARRAY, reinterpret_cast<const uint8_t *>(bracket), 0)) return false;
    depth += 1;
    return true;
}

void csimdjson_parser::close() {
    const Level &level = levels[--depth];
    nodes[level.node].length = level.count;
    nodes[level.node].next = uint32_t(node_count);
    if (depth > 0) advance();
}

// What is wrong with the next element or member shows when it is asked for.
void csimdjson_parser::advance() {
    Level &level = levels[depth - 1];
    if (level.is_object) ++level.members;
    else ++level.elements;
}

void csimdjson_parser::trim() {
    document.generation += 1;
    // simdjson keeps an index of 4 bytes and a string buffer of 5/3 bytes for every byte of text.
    if (byte_capacity + simd.capacity() * 6 + node_capacity * sizeof(csimdjson_node) <= kept_bytes) return;
    std::free(bytes);
    std::free(nodes);
    bytes = nullptr;
    nodes = nullptr;
    byte_capacity = node_capacity = 0;
    simd = ondemand::parser();
}

namespace {

// Parsers at rest. A parser taken out of its slot belongs to one thread until it is put into a slot again.
std::atomic<csimdjson_parser *> at_rest[8];

}  // namespace

csimdjson_parser *csimdjson_borrow(void) {
    for (auto &slot : at_rest) {
        if (!slot.load(std::memory_order_relaxed)) continue;
        if (csimdjson_parser *parser = slot.exchange(nullptr, std::memory_order_acquire)) return parser;
    }
    return new (std::nothrow) csimdjson_parser;
}

void csimdjson_give_back(csimdjson_parser *parser) {
    parser->trim();
    for (auto &slot : at_rest) {
        csimdjson_parser *empty = nullptr;
        if (slot.load(std::memory_order_relaxed)) continue;
        if (slot.compare_exchange_strong(empty, parser, std::memory_order_release, std::memory_order_relaxed)) return;
    }
    delete parser;
}

int csimdjson_parse(csimdjson_parser *parser, const uint8_t *bytes, size_t length) {
    return parser->parse(bytes, length);
}

const csimdjson_document *csimdjson_document_of(const csimdjson_parser *parser) {
    return &parser->document;
}
