/* Follows the steps of one answer and says what is wrong with their order or with what they hold. */
#ifndef TEST_FOLLOW_H
#define TEST_FOLLOW_H

#include "host.h"

enum { MOST_BLOCKS = 16 };

typedef struct Follow {
    bool started, finished;
    size_t count; /* of blocks */
    struct {
        bool open, is_text;
        Text text;
    } blocks[MOST_BLOCKS];
} Follow;

/* The functions return NULL, or what is wrong. */

/* PROVIDER_STEP_EVENTS. */
const char *follow_events(Follow *follow, const char *json, size_t size);

/* PROVIDER_STEP_RESPONSE after events: whether they had their end. */
const char *follow_end(const Follow *follow);

/* Adds the text of the events' text blocks. */
void follow_answer(const Follow *follow, Text *answer);

void follow_free(Follow *follow);

/* Adds the text of a ChatResponse's text blocks. */
const char *response_answer(const char *json, size_t size, Text *answer);

/* Looks at an error; where it has an answer in part, that is added. */
const char *error_answer(const char *json, size_t size, bool *is_abort, Text *answer);

#endif
