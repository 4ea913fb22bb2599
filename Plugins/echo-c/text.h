/* Writing text that grows. */
#ifndef ECHO_TEXT_H
#define ECHO_TEXT_H

#include "provider_plugin.h"

#include <stdbool.h>

/* {0} is an empty one. Where memory ends, it is marked as failed, and that is looked at once, when it is used. */
typedef struct Text {
    char *bytes;
    size_t size, capacity;
    bool failed;
} Text;

/* Adds bytes, with a NUL behind the last one; `bytes` may be NULL where there are none. */
void text_add_bytes(Text *text, const char *bytes, size_t size);

/* Adds pieces: in `form` a % takes the next argument, a `const char *` that ends with NUL, and a # the next one as `unsigned long`. */
void text_add(Text *text, const char *form, ...);

/* Frees what it holds, and empties it. */
void text_free(Text *text);

/* Gives the bytes to a host, which may not want them (NULL), and empties the text; false where it has failed. */
bool text_give(Text *text, ProviderBytes *bytes);

#endif
