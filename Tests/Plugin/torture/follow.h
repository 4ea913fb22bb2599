/* Follows the steps of one answer and says what is wrong with their order or with what they hold. */
#ifndef TEST_FOLLOW_H
#define TEST_FOLLOW_H

#include "host.h"

enum { MOST_BLOCKS = 16 };

/* What a model has said and thought. */
typedef struct Answer {
    Text text, thinking;
} Answer;

typedef enum BlockKind { OTHER_BLOCK, TEXT_BLOCK, THINKING_BLOCK } BlockKind;

typedef struct Follow {
    bool started, finished;
    size_t count; /* of blocks */
    struct {
        bool open;
        BlockKind kind;
        Text text;
    } blocks[MOST_BLOCKS];
} Follow;

/* The functions return NULL, or what is wrong. */

/* PROVIDER_STEP_EVENTS. */
const char *follow_events(Follow *follow, const char *json, size_t size);

/* PROVIDER_STEP_RESPONSE after events: whether they had their end. */
const char *follow_end(const Follow *follow);

/* Adds what the deltas have said so far. */
void follow_answer(const Follow *follow, Answer *answer);

void follow_free(Follow *follow);

/* Adds what a ChatResponse says. */
const char *response_answer(const char *json, size_t size, Answer *answer);

/* Looks at an error; where it has an answer in part, that is added. */
const char *error_answer(const char *json, size_t size, bool *is_abort, Answer *answer);

/* Whether the one is where the other begins. */
bool begins_with(const Answer *whole, const Answer *part);

void answer_free(Answer *answer);

#endif
