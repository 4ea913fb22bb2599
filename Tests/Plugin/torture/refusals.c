#define _POSIX_C_SOURCE 200809L

#include "refusals.h"

#include <string.h>

static void refuses_setups(void) {
    static const char *const setups[] = {"", "{", "[]", "7", "{\"config\": 5}", "{\"config\": {}, \"path\"", "\xff"};
    ProviderBytes error;
    for (size_t i = 0; i < sizeof setups / sizeof *setups; i++) {
        ProviderInstance *instance = (ProviderInstance *)&error;
        ProviderStatus status = plugin->create(NULL, setups[i], strlen(setups[i]), &instance, &error);
        check(status == PROVIDER_INVALID_JSON && !instance && error.bytes, "a set-up that is none", setups[i]);
        plugin->free_bytes(&error);
    }
    ProviderInstance *instance;
    check(plugin->create(NULL, NULL, 5, &instance, &error) == PROVIDER_INVALID_ARGUMENT, "NULL", "setup");
    plugin->free_bytes(&error);
    check(plugin->create(NULL, "{}", 2, NULL, NULL) == PROVIDER_INVALID_ARGUMENT, "NULL", "instance");
}

static void refuses_configuration(void) {
    static const char unknown[] = "{\"path\": \"providers[0].config\", \"config\": {\"no_such_key\": 1}}";
    ProviderBytes error;
    ProviderInstance *instance;
    check(plugin->create(NULL, unknown, sizeof unknown - 1, &instance, &error) == PROVIDER_FAILED && !instance, "an unknown key", NULL);
    Json json = {NULL, 0}, issue = {NULL, 0};
    if (error.bytes) json_parse(error.bytes, error.size, &json);
    check(json_equals(json_member(json, "type"), "ConfigurationError"), "another error", error.bytes);
    JsonItems issues = json_items(json_member(json_member(json, "details"), "issues"));
    bool is_named = false;
    while (json_next(&issues, NULL, &issue)) {
        static const char *const members[] = {"severity", "code", "message", "key_path"};
        for (size_t i = 0; i < sizeof members / sizeof *members; i++)
            check(json_is(json_member(issue, members[i]), '"'), "an issue lacks a member", members[i]);
        Json hint = json_member(issue, "hint");
        check(!hint.at || json_is(hint, '"'), "an issue with a hint that is no text", error.bytes);
        is_named = is_named || json_equals(json_member(issue, "key_path"), "providers[0].config.no_such_key");
    }
    check(is_named, "the issues do not name the key", error.bytes);
    plugin->free_bytes(&error);
}

static void refuses_hosts(void) {
    struct {
        ProviderHost host;
        void *later;
    } table = {.later = NULL};
    const uint32_t version = PROVIDER_PLUGIN_ABI_VERSION, size = sizeof(ProviderHost);
    const struct {
        uint32_t version, size;
        ProviderStatus status;
    } hosts[] = {
        {0, size, PROVIDER_INVALID_ARGUMENT}, {version + 1, size, PROVIDER_INVALID_ARGUMENT}, {UINT32_MAX, size, PROVIDER_INVALID_ARGUMENT},
        {version, 0, PROVIDER_INVALID_ARGUMENT}, {version, 8, PROVIDER_INVALID_ARGUMENT}, {version, size - 1, PROVIDER_INVALID_ARGUMENT},
        /* Tables grow at their end. */
        {version, sizeof table, PROVIDER_OK},
    };
    Text setup = {0};
    text_add(&setup, "{\"config\": %}", settings.config);
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        ProviderBytes error;
        ProviderInstance *instance = (ProviderInstance *)&error;
        memset(&table, 0, sizeof table);
        table.host.abi_version = hosts[i].version;
        table.host.size = hosts[i].size;
        ProviderStatus status = plugin->create(&table.host, setup.bytes, setup.size, &instance, &error);
        check(status == hosts[i].status && (status == PROVIDER_OK) == (instance != NULL) && (status == PROVIDER_OK) == !error.bytes,
            "a host of another version or size", (char[]){(char)('a' + i), 0});
        plugin->free_bytes(&error);
        if (status == PROVIDER_OK) check(plugin->free(instance) == PROVIDER_OK, "`free` of what was never asked", NULL);
    }
    text_free(&setup);
}

void check_create(void) {
    refuses_setups();
    refuses_configuration();
    refuses_hosts();
}

ProviderFlow never(void *context, ProviderStep step, const char *json, size_t size) {
    (void)context, (void)step, (void)size;
    check(false, "a callback of a call that was never started", json);
    return PROVIDER_CONTINUE;
}

/* Whether it is the right refusal: PROVIDER_CLOSED takes the place of `status` when the instance is closed, and not before. */
static bool is_refusal(const Round *round, bool was_closed, ProviderStatus given, ProviderStatus status) {
    if (given == PROVIDER_CLOSED) return is_set(&round->closing);
    return given == status && !was_closed;
}

/* One that is refused with an error which says why. */
static void refuses_start(Round *round, const char *text, uint32_t wants, const char *options, ProviderStatus expected) {
    ProviderBytes error = {NULL, 0};
    ProviderCall *handle = (ProviderCall *)&error;
    bool was_closed = is_set(&round->closed);
    ProviderStatus status = plugin->start(
        round->instance, text, strlen(text), options, options ? strlen(options) : 0, wants, never, NULL, &handle, &error);
    check(is_refusal(round, was_closed, status, expected), "nonsense was taken, or refused as something else", text);
    check(handle == NULL, "a handle for nonsense", text);
    bool is_abort;
    Answer none = {{0}, {0}};
    check(error.bytes || settings.scarce, "no error for nonsense", text);
    if (error.bytes) check_none(error_answer(error.bytes, error.size, &is_abort, &none), error.bytes);
    answer_free(&none);
    plugin->free_bytes(&error);
    plugin->free_bytes(&error);
    plugin->free_bytes(NULL);
}

static void refuses_null(Round *round) {
    const char *good = request.bytes;
    const size_t size = request.size;
    ProviderInstance *instance = round->instance;
    ProviderCall *handle;
    const ProviderStatus given[] = {
        plugin->start(NULL, good, size, NULL, 0, 0, never, NULL, &handle, NULL),
        plugin->start(instance, NULL, size, NULL, 0, 0, never, NULL, &handle, NULL),
        plugin->start(instance, good, size, NULL, 0, 0, NULL, NULL, &handle, NULL),
        plugin->start(instance, good, size, NULL, 0, 0, never, NULL, NULL, NULL),
        plugin->list_models(NULL, never, NULL, &handle), plugin->list_models(instance, NULL, NULL, &handle),
        plugin->list_models(instance, never, NULL, NULL), plugin->prepare(NULL, never, NULL, &handle),
        plugin->prepare(instance, NULL, NULL, &handle), plugin->prepare(instance, never, NULL, NULL),
        plugin->parse_tool_calls(NULL, "{}", 2, NULL), plugin->parse_tool_calls(instance, NULL, 2, NULL), plugin->info(NULL, NULL),
        plugin->cancel(NULL), plugin->resume(NULL), plugin->release(NULL), plugin->close(NULL), plugin->free(NULL),
    };
    for (size_t i = 0; i < sizeof given / sizeof *given; i++)
        check(given[i] == PROVIDER_INVALID_ARGUMENT || (given[i] == PROVIDER_CLOSED && is_set(&round->closing)), "NULL was taken",
            (char[]){(char)('a' + i), 0});
}

void hand_over_nonsense(Round *round, unsigned *seed) {
    static const char *const requests[] = {
        "", " ", "{", "nul", "[]", "\"\"", "7", "{}", "{\"messages\": 5}", "{\"messages\": [5]}", "{\"messages\": [{\"role\": 5}]}",
        "{\"messages\": [{\"role\": \"user\", \"content\": \"\xff\"}]}", "{\"messages\": []} x", "\xef\xbb", "[[[[[[[[", "{\"messages\"",
        "{\"messages\": [{\"role\": \"user\"}]}", "{\"messages\": [{\"role\": \"user\", \"content\": 5}]}",
        "{\"messages\": [{\"role\": \"user\", \"content\": [5]}]}", "{\"messages\": [{\"role\": \"user\", \"content\": null}]}",
    };
    static const char *const options[] = {"", "{", "[]", "5", "null x"};
    static const char *const responses[] = {"", "{", "[]", "{}", "{\"content\": 1}", "{\"content\": [1]}",
        "{\"content\": [], \"tool_calls\": 5}", "{\"content\": [], \"tool_calls\": [5]}"};
    const uint32_t wants[] = {4, 64, 1u << 31, UINT32_MAX};
    refuses_start(round, requests[any(seed, sizeof requests / sizeof *requests)], PROVIDER_WANT_EVENTS, NULL, PROVIDER_INVALID_JSON);
    refuses_start(round, request.bytes, 0, options[any(seed, sizeof options / sizeof *options)], PROVIDER_INVALID_JSON);
    refuses_start(round, request.bytes, wants[any(seed, sizeof wants / sizeof *wants)], NULL, PROVIDER_INVALID_ARGUMENT);
    refuses_null(round);

    /* This function works on closed instances, too. */
    const char *response = responses[any(seed, sizeof responses / sizeof *responses)];
    ProviderBytes error = {NULL, 0};
    ProviderStatus status = plugin->parse_tool_calls(round->instance, response, strlen(response), &error);
    check(status == PROVIDER_INVALID_JSON && (error.bytes || settings.scarce), "a response that is none", response);
    plugin->free_bytes(&error);
}
