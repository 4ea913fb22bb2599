/*
 * A provider of language models in plain C: it answers with the last message of the user, word by word. This file is what a provider has
 * of its own; calls.c is the life of calls, as the header of the ABI wants it. README.md tells how to make another provider of it.
 */
#define _POSIX_C_SOURCE 200809L

#include "calls.h"
#include "json.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define NAME "echo-c"
#define MODEL "echo"
#define MODEL_INFO \
    "{\"id\": \"" MODEL "\", \"display_name\": \"Echo\", \"context_window\": 100000, \"max_output_tokens\": 100000, " \
    "\"capabilities\": [\"streaming\"], \"defaults\": {}}"
#define USAGE "{\"input_tokens\": #, \"output_tokens\": #, \"total_tokens\": #}"

/* An error; `message` and `partial`, what had arrived, are written as inside of a JSON string. */
static void add_error(Text *text, const char *type, const char *code, const char *message, const char *partial) {
    text_add(text, "{\"type\": \"%\", \"code\": \"%\", \"message\": \"%\", ", type, code, message);
    text_add(text, "\"retryable\": false, \"provider\": \"" NAME "\"");
    if (partial) text_add(text, ", \"partial_response\": {\"content\": [{\"type\": \"text\", \"text\": \"%\"}]}", partial);
    text_add(text, "}");
}

/* What is told where no memory is left to make an error. */
static const char no_memory[] = "{\"type\": \"LLMError\", \"code\": \"other\", \"message\": \"out of memory\", "
                                "\"retryable\": false, \"provider\": \"" NAME "\"}";

/* Writes why a function could not do what it was asked to, and returns the status. */
static ProviderStatus fail(ProviderStatus status, ProviderBytes *error, const char *message) {
    Text text = {0};
    if (status == PROVIDER_FAILED)
        add_error(&text, "LLMError", "other", message, NULL);
    else if (status == PROVIDER_CLOSED)
        add_error(&text, "AbortError", "cancelled", message, NULL);
    else
        add_error(&text, "InvalidRequestError", "invalid_request", message, NULL);
    text_give(&text, error);
    return status;
}

static ProviderStatus fail_closed(ProviderBytes *error) { return fail(PROVIDER_CLOSED, error, "the provider was closed"); }

/* ---- The answer, on the thread of the call ---- */

/* A session event with these members and those that every event has, if the host wants it. Empties `members`. */
static void emit(const ProviderInstance *instance, const char *event, Text *members) {
    const ProviderHost *host = &instance->host;
    if (host->emit && (!host->wants || host->wants(host->context, event))) {
        Text data = {0};
        text_add(&data, "{\"provider\": \"" NAME "\", \"model\": \"" MODEL "\"%, ", instance->instance_id.bytes);
        text_add_bytes(&data, members->bytes, members->size);
        text_add(&data, "}");
        if (!data.failed && !members->failed) host->emit(host->context, event, data.bytes, data.size);
        text_free(&data);
    }
    text_free(members);
}

/* Hands events over and empties them; false where the call is to end. Memory that has ended is marked in `said`: it is no cancel. */
static bool hand_over(ProviderCall *call, Text *events, Text *said) {
    said->failed = said->failed || events->failed;
    bool goes_on = !events->failed && call_events(call, events->bytes, events->size);
    text_free(events);
    return goes_on;
}

/* Says the words one by one; false where the call is to end, and then `said` is what has been said. */
static bool say(ProviderCall *call, Text *said, unsigned long *count) {
    Text events = {0};
    text_add(&events, "[{\"type\": \"started\", \"id\": \"echo\", \"model\": \"" MODEL "\"}, ");
    text_add(&events, "{\"type\": \"block_start\", \"index\": 0, \"block_type\": \"text\"}]");
    if (!hand_over(call, &events, said)) return false;
    for (const char *word = call->words.bytes; *word; ++*count) {
        if (!call_wait(call, call->instance->delay_ms)) return false;
        /* No escape has a space in it, so that a word is as good a string as the whole. */
        size_t size = strcspn(word, " ");
        size += strspn(word + size, " ");
        text_add(&events, "[{\"type\": \"block_delta\", \"index\": 0, \"text\": \"");
        text_add_bytes(&events, word, size);
        text_add(&events, "\"}]");
        if (!hand_over(call, &events, said)) return false;
        text_add_bytes(said, word, size);
        word += size;
    }
    text_add(&events, "[{\"type\": \"block_end\", \"index\": 0, \"block\": {\"type\": \"text\", \"text\": \"%\"}}, ", call->words.bytes);
    text_add(&events, "{\"type\": \"usage\", \"usage\": " USAGE "}, ", *count, *count, *count * 2);
    text_add(&events, "{\"type\": \"finish\", \"reason\": \"stop\"}]");
    return hand_over(call, &events, said);
}

static void answer(ProviderCall *call) {
    struct timespec from, to;
    clock_gettime(CLOCK_MONOTONIC, &from);
    Text said = {0}, last = {0}, members = {0};
    text_add(&members, "\"message_count\": #", call->messages);
    emit(call->instance, "llm:request", &members);
    unsigned long count = 0;
    ProviderStep step = PROVIDER_STEP_ERROR;
    if (!call->asked) {
        add_error(&last, "InvalidRequestError", "invalid_request", "there is no message of the user to echo", NULL);
    } else if (!say(call, &said, &count)) {
        add_error(&last, "AbortError", "cancelled", "the call was cancelled", said.bytes);
    } else {
        step = PROVIDER_STEP_RESPONSE;
        if (call->wants & PROVIDER_WANT_RESPONSE) {
            text_add(&last, "{\"content\": [{\"type\": \"text\", \"text\": \"%\"}], ", call->words.bytes);
            text_add(&last, "\"usage\": " USAGE ", \"finish_reason\": \"stop\"}", count, count, count * 2);
        }
    }
    bool has_failed = last.failed || said.failed;
    if (has_failed) step = PROVIDER_STEP_ERROR;
    const char *status = step == PROVIDER_STEP_RESPONSE ? "ok" : has_failed || !call->asked ? "error" : "cancelled";
    clock_gettime(CLOCK_MONOTONIC, &to);
    unsigned long milliseconds = (unsigned long)((to.tv_sec - from.tv_sec) * 1000 + (to.tv_nsec - from.tv_nsec) / 1000000);
    if (step == PROVIDER_STEP_RESPONSE) text_add(&members, "\"usage\": " USAGE ", ", count, count, count * 2);
    text_add(&members, "\"status\": \"%\", \"duration_ms\": #", status, milliseconds);
    emit(call->instance, "llm:response", &members);
    if (has_failed)
        call->callback(call->context, step, no_memory, sizeof no_memory - 1);
    else
        call->callback(call->context, step, last.bytes ? last.bytes : "", last.size);
    text_free(&said);
    text_free(&last);
}

static void tell_models(ProviderCall *call) {
    static const char models[] = "[" MODEL_INFO "]";
    call->callback(call->context, PROVIDER_STEP_RESPONSE, models, sizeof models - 1);
}

static void get_ready(ProviderCall *call) { call->callback(call->context, PROVIDER_STEP_RESPONSE, "", 0); }

/* ---- The table ---- */

static void clear(ProviderBytes *bytes) {
    if (bytes) *bytes = (ProviderBytes){NULL, 0};
}

static bool is_array_of_objects(Json json) {
    Json element;
    if (!json_is(json, '[')) return false;
    JsonItems items = json_items(json);
    while (json_next(&items, NULL, &element))
        if (!json_is(element, '{')) return false;
    return true;
}

/* Puts the text of a message's content behind the words: it is one string, or content blocks, of which some hold text. */
static void add_content(Text *words, Json content) {
    Json block, inside = json_inside(content);
    text_add_bytes(words, inside.at, inside.size);
    JsonItems blocks = json_items(content);
    while (json_next(&blocks, NULL, &block)) {
        if (!json_equals(json_member(block, "type"), "text")) continue;
        inside = json_inside(json_member(block, "text"));
        text_add_bytes(words, inside.at, inside.size);
    }
}

static ProviderStatus start(ProviderInstance *instance, const char *request, size_t request_size, const char *options, size_t options_size,
    uint32_t wants, ProviderCallback callback, void *context, ProviderCall **handle, ProviderBytes *error) {
    clear(error);
    if (handle) *handle = NULL;
    if (!instance || !request || !callback || !handle) return fail(PROVIDER_INVALID_ARGUMENT, error, "a pointer is NULL");
    if (instance_is_closed(instance)) return fail_closed(error);
    if (wants & ~(PROVIDER_WANT_EVENTS | PROVIDER_WANT_RESPONSE))
        return fail(PROVIDER_INVALID_ARGUMENT, error, "wants: it has bits that are not known");
    Json whole, message, last = {NULL, 0}, settings;
    if (!json_parse(request, request_size, &whole)) return fail(PROVIDER_INVALID_JSON, error, "the request is not JSON");
    Json messages = json_member(whole, "messages");
    if (!json_is(messages, '[')) return fail(PROVIDER_INVALID_JSON, error, "messages: must be an array");
    if (options && (!json_parse(options, options_size, &settings) || !json_is(settings, '{')))
        return fail(PROVIDER_INVALID_JSON, error, "the options are not a JSON object");
    ProviderCall plan = {.instance = instance, .work = answer, .callback = callback, .context = context, .wants = wants};
    JsonItems items = json_items(messages);
    for (; json_next(&items, NULL, &message); plan.messages++) {
        Json role = json_member(message, "role");
        if (!json_is(role, '"')) return fail(PROVIDER_INVALID_JSON, error, "messages: each must be an object with a role");
        Json content = json_member(message, "content");
        if (!json_is(content, '"') && !is_array_of_objects(content))
            return fail(PROVIDER_INVALID_JSON, error, "messages: the content of each must be a string or an array of content blocks");
        if (json_equals(role, "user")) last = message;
    }
    plan.asked = last.at != NULL;
    add_content(&plan.words, json_member(last, "content"));
    if (plan.words.failed) {
        text_free(&plan.words);
        return fail(PROVIDER_FAILED, error, "out of memory");
    }
    ProviderStatus status = call_begin(plan, handle);
    if (status == PROVIDER_OK) return status;
    return status == PROVIDER_CLOSED ? fail_closed(error) : fail(status, error, "no memory or no thread is left for the call");
}

static ProviderStatus begin(
    ProviderInstance *instance, void (*work)(ProviderCall *), ProviderCallback callback, void *context, ProviderCall **handle) {
    if (handle) *handle = NULL;
    if (!instance || !callback || !handle) return PROVIDER_INVALID_ARGUMENT;
    if (instance_is_closed(instance)) return PROVIDER_CLOSED;
    return call_begin((ProviderCall){.instance = instance, .work = work, .callback = callback, .context = context}, handle);
}

static ProviderStatus list_models(ProviderInstance *instance, ProviderCallback callback, void *context, ProviderCall **handle) {
    return begin(instance, tell_models, callback, context, handle);
}

static ProviderStatus prepare(ProviderInstance *instance, ProviderCallback callback, void *context, ProviderCall **handle) {
    return begin(instance, get_ready, callback, context, handle);
}

static ProviderStatus info(ProviderInstance *instance, ProviderBytes *json) {
    clear(json);
    if (!instance) return PROVIDER_INVALID_ARGUMENT;
    Text text = {0};
    text_add(&text, "{\"name\": \"" NAME "\", \"priority\": #, \"info\": {\"id\": \"" NAME "\", \"display_name\": \"Echo\", ",
        (unsigned long)instance->priority);
    text_add(&text, "\"credential_env_vars\": [], \"capabilities\": [\"streaming\"], \"defaults\": {\"model\": \"" MODEL "\"}, ");
    text_add(&text, "\"config_fields\": []}, \"model_info\": " MODEL_INFO "}");
    return text_give(&text, json) ? PROVIDER_OK : PROVIDER_FAILED;
}

static ProviderStatus parse_tool_calls(ProviderInstance *instance, const char *response, size_t size, ProviderBytes *json) {
    clear(json);
    if (!instance || !response) return fail(PROVIDER_INVALID_ARGUMENT, json, "a pointer is NULL");
    Json whole;
    if (!json_parse(response, size, &whole) || !json_is(whole, '{'))
        return fail(PROVIDER_INVALID_JSON, json, "the response is not a JSON object");
    if (!is_array_of_objects(json_member(whole, "content")))
        return fail(PROVIDER_INVALID_JSON, json, "content: must be an array of content blocks");
    Json calls = json_member(whole, "tool_calls");
    if (calls.at && !is_array_of_objects(calls)) return fail(PROVIDER_INVALID_JSON, json, "tool_calls: must be an array of objects");
    Text text = {0};
    if (calls.at)
        text_add_bytes(&text, calls.at, calls.size);
    else
        text_add(&text, "[]");
    return text_give(&text, json) ? PROVIDER_OK : PROVIDER_FAILED;
}

/* Reads a key of the configuration, or adds what is wrong with it to the list. `path`: where the configuration stands. */
static void read_key(ProviderInstance *instance, Json key, Json value, Json path, Text *issues) {
    long *number = json_equals(key, "priority") ? &instance->priority : json_equals(key, "delay_ms") ? &instance->delay_ms : NULL;
    if (number && (json_is(value, 'n') || json_integer(value, 0, 1000000, number))) return;
    Json name = json_inside(key);
    text_add(issues, "%{\"severity\": \"error\", \"code\": \"%\", \"key_path\": \"", issues->size ? ", " : "",
        number ? "invalid_value" : "unknown_key");
    text_add_bytes(issues, path.at, path.size);
    text_add(issues, path.size ? "." : "");
    text_add_bytes(issues, name.at, name.size);
    text_add(issues, "\", \"message\": \"");
    text_add_bytes(issues, name.at, name.size);
    text_add(issues, " %\", \"hint\": \"%\"}", number ? "is no integer from 0 to 1000000" : "is not known",
        number ? "Give a whole number, or leave the key out." : "There are delay_ms and priority.");
}

static ProviderStatus create(
    const ProviderHost *host, const char *setup, size_t size, ProviderInstance **handle, ProviderBytes *error) {
    clear(error);
    if (handle) *handle = NULL;
    if (!setup || !handle) return fail(PROVIDER_INVALID_ARGUMENT, error, "a pointer is NULL");
    if (host && host->abi_version != PROVIDER_PLUGIN_ABI_VERSION)
        return fail(PROVIDER_INVALID_ARGUMENT, error, "host: it speaks another version of the plugin ABI");
    /* A host of another build may have a longer table, of which this is the beginning. */
    if (host && host->size < sizeof *host) return fail(PROVIDER_INVALID_ARGUMENT, error, "host: its table is too short");
    Json whole, key, value;
    if (!json_parse(setup, size, &whole) || !json_is(whole, '{'))
        return fail(PROVIDER_INVALID_JSON, error, "the set-up is not a JSON object");
    Json config = json_member(whole, "config"), instance_id = json_member(whole, "instance_id");
    if (config.at && !json_is(config, '{')) return fail(PROVIDER_INVALID_JSON, error, "config: must be an object");
    ProviderInstance *instance = instance_new();
    if (!instance) return fail(PROVIDER_FAILED, error, "out of memory");
    instance->priority = 100;
    if (host) instance->host = *host;
    /* Of every event; where there is none, a text all the same. */
    text_add_bytes(&instance->instance_id, "", 0);
    if (json_is(instance_id, '"')) {
        text_add(&instance->instance_id, ", \"instance_id\": ");
        text_add_bytes(&instance->instance_id, instance_id.at, instance_id.size);
    }

    Text issues = {0};
    JsonItems items = json_items(config);
    while (json_next(&items, &key, &value)) read_key(instance, key, value, json_inside(json_member(whole, "path")), &issues);
    if (!issues.size && !issues.failed && !instance->instance_id.failed) {
        *handle = instance;
        return PROVIDER_OK;
    }
    Text failure = {0};
    failure.failed = issues.failed || instance->instance_id.failed;
    text_add(&failure, "{\"type\": \"ConfigurationError\", \"code\": \"configuration\", \"message\": \"the configuration is wrong\", ");
    text_add(&failure, "\"retryable\": false, \"provider\": \"" NAME "\", \"details\": {\"issues\": [%]}}",
        issues.size ? issues.bytes : "");
    if (!text_give(&failure, error)) fail(PROVIDER_FAILED, error, "out of memory");
    text_free(&issues);
    text_free(&instance->instance_id);
    free(instance);
    return PROVIDER_FAILED;
}

static void free_bytes(ProviderBytes *bytes) {
    if (!bytes) return;
    free(bytes->bytes);
    clear(bytes);
}

static const ProviderPlugin plugin = {
    .abi_version = PROVIDER_PLUGIN_ABI_VERSION,
    .size = sizeof(ProviderPlugin),
    .name = NAME,
    .version = "1.0.0",
    .create = create,
    .info = info,
    .prepare = prepare,
    .list_models = list_models,
    .start = start,
    .resume = call_resume,
    .cancel = call_cancel,
    .release = call_release,
    .parse_tool_calls = parse_tool_calls,
    .close = instance_close,
    .free = instance_free,
    .free_bytes = free_bytes,
};

/* The only symbol of the library: all else is hidden by -fvisibility=hidden. */
__attribute__((visibility("default"))) const ProviderPlugin *provider_plugin(uint32_t abi_version);

/* Whatever version the host speaks, there is this one; the table says which it is. */
const ProviderPlugin *provider_plugin(uint32_t abi_version) {
    (void)abi_version;
    return &plugin;
}
