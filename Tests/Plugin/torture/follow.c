#include "follow.h"

#include <string.h>

static const char *block_event(Follow *follow, Json event, Json type) {
    long index;
    if (!json_integer(json_member(event, "index"), 0, MOST_BLOCKS - 1, &index)) return "a block without an index";
    if (json_equals(type, "block_start")) {
        if ((size_t)index != follow->count) return "blocks are not numbered one after another";
        Json kind = json_member(event, "block_type");
        if (!json_is(kind, '"')) return "a block without a type";
        follow->blocks[index].open = true;
        follow->blocks[index].is_text = json_equals(kind, "text");
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
    Text whole = {0};
    if (follow->blocks[index].is_text) add_decoded(&whole, json_member(block, "text"));
    bool same = !follow->blocks[index].is_text || strcmp(whole.bytes, follow->blocks[index].text.bytes) == 0;
    text_free(&whole);
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

void follow_answer(const Follow *follow, Text *answer) {
    text_add(answer, "");
    for (size_t index = 0; index < follow->count; index++)
        if (follow->blocks[index].is_text) text_add(answer, "%", follow->blocks[index].text.bytes);
}

void follow_free(Follow *follow) {
    for (size_t index = 0; index < follow->count; index++) text_free(&follow->blocks[index].text);
    *follow = (Follow){0};
}

static const char *content_answer(Json response, Text *answer) {
    text_add(answer, "");
    Json content = json_member(response, "content"), block;
    if (!json_is(content, '[')) return "a response without content";
    JsonItems blocks = json_items(content);
    while (json_next(&blocks, NULL, &block))
        if (json_equals(json_member(block, "type"), "text")) add_decoded(answer, json_member(block, "text"));
    return NULL;
}

const char *response_answer(const char *json, size_t size, Text *answer) {
    Json response;
    if (!json_parse(json, size, &response) || !json_is(response, '{')) return "the response is no JSON object";
    return content_answer(response, answer);
}

const char *error_answer(const char *json, size_t size, bool *is_abort, Text *answer) {
    Json error;
    if (!json_parse(json, size, &error) || !json_is(error, '{')) return "the error is no JSON object";
    Json retryable = json_member(error, "retryable"), partial = json_member(error, "partial_response");
    if (!json_is(json_member(error, "type"), '"') || !json_is(json_member(error, "code"), '"') ||
        !json_is(json_member(error, "message"), '"') || !(json_is(retryable, 't') || json_is(retryable, 'f')))
        return "the error lacks type, code, message or retryable";
    *is_abort = json_equals(json_member(error, "type"), "AbortError");
    text_add(answer, "");
    return partial.at ? content_answer(partial, answer) : NULL;
}
