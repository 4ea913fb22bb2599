#include "follow.h"

#include <string.h>

static BlockKind block_kind(Json name) {
    if (json_equals(name, "text")) return TEXT_BLOCK;
    return json_equals(name, "thinking") ? THINKING_BLOCK : OTHER_BLOCK;
}

/* Adds what a content block says, if it is one that says something. */
static void add_block(Json block, Answer *answer) {
    BlockKind kind = block_kind(json_member(block, "type"));
    if (kind == TEXT_BLOCK) add_decoded(&answer->text, json_member(block, "text"));
    if (kind == THINKING_BLOCK) add_decoded(&answer->thinking, json_member(block, "thinking"));
}

static void answer_begin(Answer *answer) {
    text_add(&answer->text, "");
    text_add(&answer->thinking, "");
}

static const char *block_event(Follow *follow, Json event, Json type) {
    long index;
    if (!json_integer(json_member(event, "index"), 0, MOST_BLOCKS - 1, &index)) return "a block without an index";
    if (json_equals(type, "block_start")) {
        if ((size_t)index != follow->count) return "blocks are not numbered one after another";
        Json kind = json_member(event, "block_type");
        if (!json_is(kind, '"')) return "a block without a type";
        follow->blocks[index].open = true;
        follow->blocks[index].kind = block_kind(kind);
        text_add(&follow->blocks[index].text, "");
        follow->count++;
        return NULL;
    }
    if ((size_t)index >= follow->count || !follow->blocks[index].open) return "an event of a block that is not open";
    if (json_equals(type, "block_delta")) {
        Json text = json_member(event, "text");
        if (!json_is(text, '"') || !json_inside(text).size) return "a delta without text";
        add_decoded(&follow->blocks[index].text, text);
        return NULL;
    }
    follow->blocks[index].open = false;
    Json block = json_member(event, "block");
    if (!json_is(block, '{')) return "the end of a block without the block";
    if (follow->blocks[index].kind != block_kind(json_member(block, "type"))) return "a block has become another kind of block";
    Answer whole = {{0}, {0}};
    answer_begin(&whole);
    add_block(block, &whole);
    const Text *said = follow->blocks[index].kind == THINKING_BLOCK ? &whole.thinking : &whole.text;
    bool same = follow->blocks[index].kind == OTHER_BLOCK || strcmp(said->bytes, follow->blocks[index].text.bytes) == 0;
    answer_free(&whole);
    return same ? NULL : "a block's text is not that of its deltas";
}

static const char *one_event(Follow *follow, Json event) {
    Json type = json_member(event, "type");
    if (!json_is(type, '"')) return "an event without a type";
    if (follow->finished) return "an event behind `finish`";
    if (json_equals(type, "started")) {
        if (follow->started || follow->count > 0) return "`started` is not the first event";
        follow->started = true;
    }
    if (json_equals(type, "finish")) follow->finished = true;
    if (json_equals(type, "block_start") || json_equals(type, "block_delta") || json_equals(type, "block_end"))
        return block_event(follow, event, type);
    return NULL;
}

const char *follow_events(Follow *follow, const char *json, size_t size) {
    Json events, event;
    if (!json_parse(json, size, &events) || !json_is(events, '[')) return "the events are no JSON array";
    if (json[size] != 0) return "no NUL behind the events";
    JsonItems items = json_items(events);
    size_t count = 0;
    for (; json_next(&items, NULL, &event); count++) {
        const char *wrong = one_event(follow, event);
        if (wrong) return wrong;
    }
    return count ? NULL : "a step without events";
}

const char *follow_end(const Follow *follow) {
    for (size_t index = 0; index < follow->count; index++)
        if (follow->blocks[index].open) return "a block has no end";
    return follow->finished ? NULL : "the end is well, and there was no `finish`";
}

void follow_answer(const Follow *follow, Answer *answer) {
    answer_begin(answer);
    for (size_t index = 0; index < follow->count; index++) {
        if (follow->blocks[index].kind == TEXT_BLOCK) text_add(&answer->text, "%", follow->blocks[index].text.bytes);
        if (follow->blocks[index].kind == THINKING_BLOCK) text_add(&answer->thinking, "%", follow->blocks[index].text.bytes);
    }
}

void follow_free(Follow *follow) {
    for (size_t index = 0; index < follow->count; index++) text_free(&follow->blocks[index].text);
    *follow = (Follow){0};
}

static const char *content_answer(Json response, Answer *answer) {
    Json content = json_member(response, "content"), block;
    if (!json_is(content, '[')) return "a response without content";
    JsonItems blocks = json_items(content);
    while (json_next(&blocks, NULL, &block)) add_block(block, answer);
    return NULL;
}

const char *response_answer(const char *json, size_t size, Answer *answer) {
    Json response;
    answer_begin(answer);
    if (!json_parse(json, size, &response) || !json_is(response, '{')) return "the response is no JSON object";
    return content_answer(response, answer);
}

const char *error_answer(const char *json, size_t size, bool *is_abort, Answer *answer) {
    Json error;
    answer_begin(answer);
    if (!json_parse(json, size, &error) || !json_is(error, '{')) return "the error is no JSON object";
    Json retryable = json_member(error, "retryable"), partial = json_member(error, "partial_response");
    if (!json_is(json_member(error, "type"), '"') || !json_is(json_member(error, "code"), '"') ||
        !json_is(json_member(error, "message"), '"') || !(json_is(retryable, 't') || json_is(retryable, 'f')))
        return "the error lacks type, code, message or retryable";
    *is_abort = json_equals(json_member(error, "type"), "AbortError");
    return partial.at ? content_answer(partial, answer) : NULL;
}

static bool text_begins_with(const Text *whole, const Text *part) {
    return part->size <= whole->size && memcmp(whole->bytes, part->bytes, part->size) == 0;
}

bool begins_with(const Answer *whole, const Answer *part) {
    return text_begins_with(&whole->text, &part->text) && text_begins_with(&whole->thinking, &part->thinking);
}

void answer_free(Answer *answer) {
    text_free(&answer->text);
    text_free(&answer->thinking);
}
