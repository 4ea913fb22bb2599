#define _POSIX_C_SOURCE 200809L

#include "round.h"
#include "refusals.h"
#include "work.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static int32_t wants(void *context, const char *event) {
    check(!is_set(&((Round *)context)->closed), "the host was asked after `close`", event);
    return strcmp(event, "llm:request") == 0 || strcmp(event, "llm:response") == 0;
}

static void emit(void *context, const char *event, const char *data, size_t size) {
    Round *round = context;
    Json json;
    check(!is_set(&round->closed), "an event after `close`", event);
    check(json_parse(data, size, &json) && json_is(json, '{') && !data[size], "an event's data are no JSON object", data);
    Json instance = json_member(json, "instance_id");
    check(round->is_named ? json_equals(instance, round->name) : !instance.at, "an event of another instance", data);
    if (read_count(&counts.emitted) % 64 == 0)
        check(plugin->close(round->instance) == PROVIDER_WRONG_THREAD, "`close` worked inside of `emit`", NULL);
    count(&counts.emitted);
    if (strcmp(event, "llm:request") == 0) count(&round->requests);
    if (strcmp(event, "llm:response") == 0) {
        Json status = json_member(json, "status");
        if (json_equals(status, "ok")) count(&round->told.ok);
        else if (json_equals(status, "cancelled")) count(&round->told.cancelled);
        else if (json_equals(status, "error")) count(&round->told.error);
        else check(false, "an llm:response without its status", data);
    }
}

static void take_log(void *context, int32_t level, const char *message, size_t size) {
    (void)level, (void)size;
    check(!is_set(&((Round *)context)->closed), "a message after `close`", message);
}

static void take_secret(void *context, const char *secret, size_t size) {
    (void)secret, (void)size;
    check(!is_set(&((Round *)context)->closed), "a secret after `close`", NULL);
}

/* What the host of a round has: all functions, no `wants`, no functions. Every eighth has no table; its round is told by false. */
static bool fill_host(ProviderHost *host, long number, Round *round) {
    *host = (ProviderHost){PROVIDER_PLUGIN_ABI_VERSION, sizeof *host, round, wants, emit, take_log, take_secret};
    if (number % 4 == 2) host->wants = NULL;
    if (number % 4 == 3) {
        host->emit = NULL;
        host->log = NULL;
        host->keep_secret = NULL;
    }
    round->has_events = host->emit != NULL;
    return number % 8 != 7;
}

Round *open_round(long number) {
    Round *round = calloc(1, sizeof *round);
    round->seed = (unsigned)(settings.seed * 1000003 + number * 7907);
    snprintf(round->name, sizeof round->name, "round-%ld", number);
    pthread_mutex_init(&round->lock, NULL);
    ProviderHost *host = calloc(1, sizeof *host);
    bool has_table = fill_host(host, number, round);
    Text setup = {0};
    /* By turns with all members, and with the configuration alone. */
    round->is_named = number % 2 == 0;
    text_add(&setup, "{\"config\": %", settings.config);
    if (round->is_named)
        text_add(&setup, ", \"path\": \"providers[0].config\", \"instance_id\": \"%\", \"session_id\": \"torture\"", round->name);
    text_add(&setup, "}");
    ProviderBytes error;
    ProviderStatus status = plugin->create(has_table ? host : NULL, setup.bytes, setup.size, &round->instance, &error);
    for (int attempts = 100; attempts > 0 && may_fail(status); attempts--) {
        plugin->free_bytes(&error);
        status = plugin->create(has_table ? host : NULL, setup.bytes, setup.size, &round->instance, &error);
    }
    check(status == PROVIDER_OK && round->instance, "`create`", error.bytes);
    if (!round->instance) exit(1);
    plugin->free_bytes(&error);
    /* The plugin has copied what it needs. */
    memset(host, 0xA5, sizeof *host);
    free(host);
    text_free(&setup);
    return round;
}

void close_round(Round *round) {
    set(&round->closing);
    check(plugin->close(round->instance) == PROVIDER_OK, "`close`", NULL);
    set(&round->closed);
    check(read_count(&counts.ended) == read_count(&counts.started), "calls that have not ended when `close` returns", round->name);
    if (round->has_events && !settings.scarce) {
        const Ends *told = &round->told, *ended = &round->ended;
        check(round->requests == told->ok + told->cancelled + told->error, "not one llm:response for each llm:request", round->name);
        /* A call may have ended before it was told of. */
        check(told->ok == ended->ok && told->cancelled <= ended->cancelled && told->error <= ended->error,
            "the llm:response events tell other ends than the last steps", round->name);
    }
    ProviderCall *handle;
    check(plugin->list_models(round->instance, never, NULL, &handle) == PROVIDER_CLOSED && handle == NULL, "a closed instance works", NULL);
    check(plugin->prepare(round->instance, never, NULL, &handle) == PROVIDER_CLOSED && handle == NULL, "a closed instance works", NULL);
    unsigned seed = 0;
    for (int i = 0; i < 32; i++) hand_over_nonsense(round, &seed);
    questions(round);
    check(plugin->close(round->instance) == PROVIDER_OK, "`close` again", NULL);
    check(plugin->free(round->instance) == PROVIDER_OK, "`free`", NULL);
    /* Handles stay valid when the instance is gone. */
    for (Call *call = round->calls, *next; call; call = next) {
        next = call->next;
        check(plugin->cancel(call->handle) == PROVIDER_OK && plugin->resume(call->handle) == PROVIDER_OK, "a handle after `free`", NULL);
        check(plugin->release(call->handle) == PROVIDER_OK, "`release` after `free`", NULL);
        free_call(call);
    }
    pthread_mutex_destroy(&round->lock);
    free(round);
}

static void *close_it(void *argument) {
    Round *round = argument;
    check(plugin->close(round->instance) == PROVIDER_OK, "`close`", NULL);
    set(&round->closed);
    return NULL;
}

void run_round(long number) {
    Round *round = open_round(number);
    pthread_t threads[64], closers[2];
    bool closes = number % 3 == 2;
    unsigned seed = (unsigned)(settings.seed * 31 + number) * 2654435761u;
    long before = read_count(&counts.ended);
    for (long i = 0; i < settings.threads; i++) pthread_create(&threads[i], NULL, work, round);
    if (closes) {
        /* Somewhere on the way. */
        long target = before + (long)any(&seed, (unsigned)(settings.calls / settings.rounds));
        struct timespec time = {0, 500000};
        for (int i = 0; i < 20000 && read_count(&counts.ended) < target; i++) nanosleep(&time, NULL);
        set(&round->closing);
        for (int i = 0; i < 2; i++) pthread_create(&closers[i], NULL, close_it, round);
    }
    for (long i = 0; i < settings.threads; i++) pthread_join(threads[i], NULL);
    for (int i = 0; closes && i < 2; i++) pthread_join(closers[i], NULL);
    close_round(round);
}
