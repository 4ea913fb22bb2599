#include "CSimdjson.h"

#include <atomic>
#include <new>

#include "Parser.hpp"

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
    parser->rest();
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

ptrdiff_t csimdjson_unescape(uint8_t *bytes, size_t length) {
    const uint8_t *end = text::unescape(bytes, bytes + length);
    return end ? end - bytes : -1;
}
