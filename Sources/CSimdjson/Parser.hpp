// The memory for reading documents one after the other, and the two steps of reading one.
//
// The first step is simdjson's first stage: it checks UTF-8 and strings and finds where every token starts, many bytes at a time.
// The second is our own walk over the tokens: simdjson's walk on demand takes twice the time of this one when all of a
// text is read, accepts `["a":1]` unless watched, and its document model loses how numbers were spelled. What the walk needs of the
// first stage is not among what simdjson documents for its users; it is the same from 3.0 to 4.6.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>

// Only functions that return error codes are used: nothing throws.
#define SIMDJSON_EXCEPTIONS 0
#include <simdjson.h>

#include "CSimdjson.h"
#include "Walk.hpp"

struct csimdjson_parser {
    csimdjson_document document{};

    ~csimdjson_parser() { free_buffers(); }

    int parse(const uint8_t *text, size_t text_length) {
        document.generation += 1;
        if (text_length == 0) return CSIMDJSON_INVALID;
        if (text_length > simdjson::SIMDJSON_MAXSIZE_BYTES - padding) return CSIMDJSON_TOO_LARGE;
        if (byte_capacity < text_length + padding && !grow(text_length + padding)) return CSIMDJSON_OUT_OF_MEMORY;
        std::memcpy(bytes, text, text_length);
        std::memset(bytes + text_length, 0, padding);

        used_bytes = std::max(used_bytes, text_length);
        if (stage->stage1(bytes, text_length, simdjson::stage1_mode::regular)) {
            // It does not tell how far it came.
            used_tokens = std::max(used_tokens, text_length);
            return CSIMDJSON_INVALID;
        }
        uint32_t *tokens = stage->structural_indexes.get();
        const size_t token_count = stage->n_structural_indexes;
        tokens[token_count] = uint32_t(text_length);

        used_tokens = std::max(used_tokens, token_count);

        if (node_capacity < token_count && !grow_nodes(token_count)) return CSIMDJSON_OUT_OF_MEMORY;
        Walk walk(bytes, text_length, tokens, token_count, nodes, levels);
        if (!walk.run()) return CSIMDJSON_INVALID;
        document.bytes = bytes;
        document.nodes = nodes;
        return CSIMDJSON_OK;
    }

    /// Ends the life of the document, and frees the memory if a large one has left much of it.
    void rest() {
        document.generation += 1;
        // Memory that was never written to is none. The first stage keeps an index of 4 bytes for every token.
        if (used_bytes + used_tokens * (4 + sizeof(csimdjson_node)) > kept_bytes) free_buffers();
    }

private:
    static constexpr size_t kept_bytes = 4 << 20;
    static constexpr size_t padding = simdjson::SIMDJSON_PADDING;

    std::unique_ptr<simdjson::internal::dom_parser_implementation> stage;
    uint8_t *bytes = nullptr;
    size_t byte_capacity = 0;
    csimdjson_node *nodes = nullptr;
    size_t node_capacity = 0;
    /// How much of the memory has been written to: the longest text and the most tokens since it was allocated.
    size_t used_bytes = 0;
    size_t used_tokens = 0;
    Level levels[CSIMDJSON_MAX_DEPTH];

    void free_buffers() {
        std::free(bytes);
        std::free(nodes);
        stage.reset();
        bytes = nullptr;
        nodes = nullptr;
        byte_capacity = node_capacity = 0;
        used_bytes = used_tokens = 0;
    }

    static size_t grown(size_t needed, size_t least) {
        while (least < needed) least *= 2;
        return least;
    }

    bool grow(size_t needed) {
        const size_t most = simdjson::SIMDJSON_MAXSIZE_BYTES;
        const size_t doubled = grown(needed, 4096);
        const size_t capacity = doubled < most ? doubled : most;
        free_buffers();
        bytes = static_cast<uint8_t *>(std::malloc(capacity));
        if (!bytes) return false;
        const auto &simd = simdjson::get_active_implementation();
        if (simd->create_dom_parser_implementation(capacity, CSIMDJSON_MAX_DEPTH, stage)) return false;
        byte_capacity = capacity;
        return true;
    }

    bool grow_nodes(size_t needed) {
        const size_t capacity = grown(needed, 256);
        std::free(nodes);
        nodes = static_cast<csimdjson_node *>(std::malloc(capacity * sizeof(csimdjson_node)));
        node_capacity = nodes ? capacity : 0;
        return nodes != nullptr;
    }
};
