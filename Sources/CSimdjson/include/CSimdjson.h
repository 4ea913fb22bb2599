// The door to simdjson: one call reads a whole JSON document into a flat list of nodes.
// No C++ type and no exception passes through it.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma clang assume_nonnull begin

/// What a node is.
enum {
    CSIMDJSON_NULL,
    CSIMDJSON_FALSE,
    CSIMDJSON_TRUE,
    CSIMDJSON_NUMBER,
    CSIMDJSON_STRING,
    CSIMDJSON_ARRAY,
    CSIMDJSON_OBJECT,
};

/// How reading ended.
enum {
    CSIMDJSON_OK,
    CSIMDJSON_INVALID,        ///< not JSON, or nested too deeply: simdjson does not say where
    CSIMDJSON_TOO_LARGE,      ///< more bytes than a document may have
    CSIMDJSON_OUT_OF_MEMORY,
};

/// The deepest nesting of arrays and objects that is read.
enum { CSIMDJSON_MAX_DEPTH = 512 };

/// One value, or one key of an object. The nodes stand in the order of the document: an array is followed by its elements, an
/// object by a key (a string), its value, the next key, and so on.
typedef struct {
    uint32_t offset;  ///< the first byte: of a string's content, of a number's spelling, else of the value
    uint32_t length;  ///< bytes of a string (unescaped) or a number, elements of an array, members of an object, else 0
    uint32_t next;    ///< the index of the node behind this one and all that is in it
    uint32_t kind;
} csimdjson_node;

/// A document that was read. The bytes are a copy of the text in which strings have been unescaped in place.
typedef struct {
    const uint8_t *bytes;
    const csimdjson_node *nodes;
    uint32_t generation;  ///< changes when the document is gone, so that a view left over can be told
} csimdjson_document;

/// The memory for reading documents, used for one after the other.
typedef struct csimdjson_parser csimdjson_parser;

/// Takes a parser out of a pool that all threads share, or makes one. NULL when there is no memory for it.
csimdjson_parser *_Nullable csimdjson_borrow(void);

/// Hands a parser back and ends the life of its document. Memory left from a very large document is freed.
void csimdjson_give_back(csimdjson_parser *parser);

/// Reads one document. On success `csimdjson_document_of` holds it until the next document or the parser's return.
int csimdjson_parse(csimdjson_parser *parser, const uint8_t *_Nullable bytes, size_t length);

/// Unescapes the content of a string literal where it stands: what an escape says is never longer than the escape. Returns the new
/// length, or -1 where something is no escape of JSON. Does not look for quotes, control characters and UTF-8.
ptrdiff_t csimdjson_unescape(uint8_t *bytes, size_t length);

/// The document read last; the pointer stays the same for the life of the parser.
const csimdjson_document *csimdjson_document_of(const csimdjson_parser *parser);

#pragma clang assume_nonnull end

#ifdef __cplusplus
}
#endif
