/*
 * A host that does to a plugin whatever the header allows, from many threads at once, and counts what comes of it.
 *
 *     torture PLUGIN.so [--config JSON] [--prompt TEXT] [--answer TEXT] [--options JSON]
 *             [--calls 2000] [--threads 8] [--rounds 10] [--seed 1] [--growth BYTES]
 *
 * In each round a new instance is asked by all threads: calls run to their end, are cancelled from any thread at any moment, paused and
 * resumed, cancelled while they are paused, released early; models are listed; nonsense is handed over. In some rounds two threads close
 * the instance while it is asked. Every answer is compared with the first one (or with --answer), the steps of every call are followed,
 * and the last steps are counted. With --options a part of the calls is made with them, and may fail (a server's faults, say).
 * --growth: how much more memory may be in use at the end than after the second round.
 */
#define _POSIX_C_SOURCE 200809L
#define _DEFAULT_SOURCE

#include "follow.h"

#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static struct {
    const char *config, *prompt, *answer, *options;
    long calls, threads, rounds, seed, growth;
} settings = {"{}", "one two three four five six seven eight", NULL, NULL, 2000, 8, 10, 1, 0};

static const ProviderPlugin *plugin;
static Text request, reference;

/* Counted by many threads. */
static long started, responses, failures, aborts, lists, cancels, pauses, resumes, early_releases, refused, emitted, callbacks_refused;
static long ended, wrongs;

static void count(long *number) { __atomic_add_fetch(number, 1, __ATOMIC_SEQ_CST); }
static long read_count(const long *number) { return __atomic_load_n(number, __ATOMIC_SEQ_CST); }

static void check(bool good, const char *what, const char *detail) {
    if (good) return;
    fprintf(stderr, "WRONG: %s%s%.300s\n", what, detail ? ": " : "", detail ? detail : "");
    count(&wrongs);
    if (read_count(&wrongs) > 20) _exit(1);
}

static void check_none(const char *wrong, const char *detail) { check(!wrong, wrong, detail); }

/* A small generator: `rand` would be one lock for all threads. */
static unsigned any(unsigned *seed, unsigned below) {
    *seed = *seed * 1664525u + 1013904223u;
    return (unsigned)(((unsigned long long)(*seed >> 8) * below) >> 24);
}

/* ---- One call ---- */

typedef enum Kind { ANSWER, MODELS, READY } Kind;

typedef struct Round Round;

typedef struct Call {
    Round *round;
    Kind kind;
    unsigned wants, seed;
    int cancel_at, pause_one_in;  /* the step at which the callback cancels; how often it pauses, 0 for never */
    bool may_fail, frees_itself;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    ProviderCall *handle;
    Follow follow;
    int steps, inside;
    bool paused, has_ended, may_abort;
    struct Call *next;
} Call;

struct Round {
    ProviderInstance *instance;
    char name[32];
    bool closing, closed; /* read and written atomically */
    unsigned seed;
    pthread_mutex_t lock;
    Call *calls; /* whose handles are not released yet: that is done when the instance is gone */
};

static bool is_set(const bool *flag) { return __atomic_load_n(flag, __ATOMIC_SEQ_CST); }
static void set(bool *flag) { __atomic_store_n(flag, true, __ATOMIC_SEQ_CST); }

static void free_call(Call *call) {
    follow_free(&call->follow);
    pthread_mutex_destroy(&call->lock);
    pthread_cond_destroy(&call->changed);
    free(call);
}

static void last_step(Call *call, ProviderStep step, const char *json, size_t size) {
    Text answer = {0}, streamed = {0};
    if (step == PROVIDER_STEP_ERROR) {
        bool is_abort = false;
        check_none(error_answer(json, size, &is_abort, &answer), json);
        count(is_abort ? &aborts : &failures);
        bool may = is_abort ? is_set(&call->may_abort) || is_set(&call->round->closing) : call->may_fail;
        check(may, "a call failed that nobody stopped", json);
        if (reference.bytes && answer.bytes)
            check(strncmp(answer.bytes, reference.bytes, answer.size) == 0, "a part of another answer", answer.bytes);
    } else if (call->kind == MODELS) {
        Json models;
        check(json_parse(json, size, &models) && json_is(models, '['), "the models are no JSON array", json);
        count(&lists);
    } else if (call->kind == READY) {
        check(size == 0, "getting ready has nothing to say", json);
    } else {
        count(&responses);
        if (call->wants & PROVIDER_WANT_RESPONSE)
            check_none(response_answer(json, size, &answer), json);
        else
            check(size == 0, "a response that nobody asked for", json);
        if (call->wants & PROVIDER_WANT_EVENTS) {
            check_none(follow_end(&call->follow), NULL);
            follow_answer(&call->follow, &streamed);
        }
        if (answer.bytes && streamed.bytes) check(strcmp(answer.bytes, streamed.bytes) == 0, "response and events differ", answer.bytes);
        const char *told = answer.bytes ? answer.bytes : streamed.bytes;
        if (told && reference.bytes) check(strcmp(told, reference.bytes) == 0, "another answer", told);
        /* The very first call, when nothing else runs. */
        if (told && !reference.bytes) text_add(&reference, "%", told);
    }
    text_free(&answer);
    text_free(&streamed);
}

static ProviderFlow on_step(void *context, ProviderStep step, const char *json, size_t size) {
    Call *call = context;
    check(__atomic_add_fetch(&call->inside, 1, __ATOMIC_SEQ_CST) == 1, "two callbacks of one call at once", NULL);
    check(!is_set(&call->round->closed), "a callback after `close`", NULL);
    check(json != NULL, "json is NULL", NULL);
    check(!call->has_ended, "a step behind the last one", NULL);
    int number = call->steps++;
    bool pauses_now = false;
    if (any(&call->seed, 32) == 0) {
        check(plugin->close(call->round->instance) == PROVIDER_WRONG_THREAD, "`close` worked inside a callback", NULL);
        check(plugin->free(call->round->instance) == PROVIDER_WRONG_THREAD, "`free` worked inside a callback", NULL);
        count(&callbacks_refused);
    }
    if (step == PROVIDER_STEP_EVENTS) {
        check(call->kind == ANSWER && (call->wants & PROVIDER_WANT_EVENTS), "events that nobody asked for", json);
        check_none(follow_events(&call->follow, json, size), json);
        if (number == call->cancel_at) {
            set(&call->may_abort);
            check(plugin->cancel(call->handle) == PROVIDER_OK, "`cancel` inside a callback", NULL);
            count(&cancels);
        }
        pauses_now = call->pause_one_in && any(&call->seed, (unsigned)call->pause_one_in) == 0;
    } else {
        check(step == PROVIDER_STEP_RESPONSE || step == PROVIDER_STEP_ERROR, "an unknown step", json);
        last_step(call, step, json, size);
    }
    __atomic_sub_fetch(&call->inside, 1, __ATOMIC_SEQ_CST);
    if (step != PROVIDER_STEP_EVENTS) {
        /* From here on the context is the host's alone: it may be freed at once. */
        bool frees = call->frees_itself;
        pthread_mutex_lock(&call->lock);
        call->has_ended = true;
        pthread_cond_broadcast(&call->changed);
        pthread_mutex_unlock(&call->lock);
        if (frees) free_call(call);
        count(&ended);
        return PROVIDER_PAUSE; /* means nothing of the last step */
    }
    if (!pauses_now) return PROVIDER_CONTINUE;
    count(&pauses);
    if (call->frees_itself) return PROVIDER_PAUSE; /* until it is released */
    if (any(&call->seed, 4) == 0) {
        /* Before the pause has begun, which undoes it. */
        plugin->resume(call->handle);
        count(&resumes);
        return PROVIDER_PAUSE;
    }
    pthread_mutex_lock(&call->lock);
    call->paused = true;
    pthread_cond_broadcast(&call->changed);
    pthread_mutex_unlock(&call->lock);
    return PROVIDER_PAUSE;
}

/* Waits until a call has ended, and does what its pauses need. */
static void wait_for(Call *call, unsigned *seed) {
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 300;
    pthread_mutex_lock(&call->lock);
    while (!call->has_ended) {
        if (call->paused) {
            call->paused = false;
            pthread_mutex_unlock(&call->lock);
            if (any(seed, 8) == 0) {
                set(&call->may_abort);
                plugin->cancel(call->handle);
                count(&cancels);
            } else {
                plugin->resume(call->handle);
                count(&resumes);
            }
            pthread_mutex_lock(&call->lock);
        } else if (pthread_cond_timedwait(&call->changed, &call->lock, &until) == ETIMEDOUT) {
            check(false, "a call has not ended after 300 s", NULL);
            _exit(1);
        }
    }
    pthread_mutex_unlock(&call->lock);
}

static Call *new_call(Round *round, unsigned *seed) {
    Call *call = calloc(1, sizeof *call);
    *call = (Call){.round = round, .kind = ANSWER, .seed = any(seed, 1u << 24), .cancel_at = -1};
    call->wants = PROVIDER_WANT_EVENTS | PROVIDER_WANT_RESPONSE;
    pthread_mutex_init(&call->lock, NULL);
    pthread_cond_init(&call->changed, NULL);
    return call;
}

/* Starts a call; one that a closed instance has refused is freed, and then it is false. */
static bool start(Call *call, ProviderCall **handle) {
    ProviderBytes error = {NULL, 0};
    *handle = (ProviderCall *)&error;
    /* Before `start`, so that a call that ends at once is not counted as one too many. */
    count(&started);
    ProviderInstance *instance = call->round->instance;
    ProviderStatus status;
    if (call->kind == MODELS)
        status = plugin->list_models(instance, on_step, call, handle);
    else if (call->kind == READY)
        status = plugin->prepare(instance, on_step, call, handle);
    else
        status = plugin->start(instance, request.bytes, request.size, call->may_fail ? settings.options : NULL,
            call->may_fail ? strlen(settings.options) : 0, call->wants, on_step, call, handle, &error);
    if (status != PROVIDER_OK) {
        __atomic_sub_fetch(&started, 1, __ATOMIC_SEQ_CST);
        check(status == PROVIDER_CLOSED && is_set(&call->round->closing), "a call could not be started", error.bytes);
        check(*handle == NULL, "a handle without a call", NULL);
        count(&refused);
        free_call(call);
    }
    plugin->free_bytes(&error);
    check(error.bytes == NULL && error.size == 0, "`free_bytes` does not empty", NULL);
    return status == PROVIDER_OK;
}

/* ---- What the threads do ---- */

/* Waits for none to two milliseconds, to be at another place of the answer each time. */
static void any_moment(unsigned *seed) {
    struct timespec time = {0, (long)any(seed, 2000) * 1000};
    if (any(seed, 4)) nanosleep(&time, NULL);
}

static void finish(Call *call, unsigned *seed) {
    wait_for(call, seed);
    if (any(seed, 4) == 0) {
        /* After the end these do nothing. */
        check(plugin->cancel(call->handle) == PROVIDER_OK, "`cancel` after the end", NULL);
        check(plugin->resume(call->handle) == PROVIDER_OK, "`resume` after the end", NULL);
    }
    if (any(seed, 4) == 0) {
        pthread_mutex_lock(&call->round->lock);
        call->next = call->round->calls;
        call->round->calls = call;
        pthread_mutex_unlock(&call->round->lock);
        return;
    }
    check(plugin->release(call->handle) == PROVIDER_OK, "`release`", NULL);
    free_call(call);
}

static void one_call(Round *round, unsigned *seed) {
    Call *call = new_call(round, seed);
    call->may_fail = settings.options && any(seed, 8) == 0;
    if (any(seed, 4) == 0) call->wants = any(seed, 4);
    switch (any(seed, 8)) {
    case 0: call->cancel_at = (int)any(seed, 12); break;
    case 1: call->pause_one_in = 2 + (int)any(seed, 6); break;
    case 2: call->kind = any(seed, 2) ? MODELS : READY; break;
    case 3: {
        /* Released early, and nobody waits: the context is freed with the last step, so that the handle cannot stand in it. */
        ProviderCall *handle;
        call->frees_itself = true;
        call->pause_one_in = any(seed, 2) ? 4 : 0;
        set(&call->may_abort);
        if (!start(call, &handle)) return;
        any_moment(seed);
        check(plugin->release(handle) == PROVIDER_OK, "`release` of a call under way", NULL);
        count(&early_releases);
        return;
    }
    case 4:
        /* Before it starts, since the call may end before this thread goes on. */
        set(&call->may_abort);
        if (!start(call, &call->handle)) return;
        any_moment(seed);
        check(plugin->cancel(call->handle) == PROVIDER_OK, "`cancel`", NULL);
        count(&cancels);
        if (any(seed, 2)) plugin->cancel(call->handle);
        finish(call, seed);
        return;
    default: break;
    }
    if (start(call, &call->handle)) finish(call, seed);
}

static ProviderFlow never(void *context, ProviderStep step, const char *json, size_t size) {
    (void)context, (void)step, (void)size;
    check(false, "a callback of a call that was never started", json);
    return PROVIDER_CONTINUE;
}

/* What is no request is refused and changes nothing. */
static void nonsense(Round *round, unsigned *seed) {
    static const char *const requests[] = {
        "", " ", "{", "nul", "[]", "\"\"", "7", "{}", "{\"messages\": 5}", "{\"messages\": [5]}", "{\"messages\": [{\"role\": 5}]}",
        "{\"messages\": [{\"role\": \"user\", \"content\": \"\xff\"}]}", "{\"messages\": []} x", "\xef\xbb", "[[[[[[[[", "{\"messages\"",
    };
    const char *text = requests[any(seed, sizeof requests / sizeof *requests)];
    ProviderBytes error = {NULL, 0};
    ProviderCall *handle = (ProviderCall *)&error;
    ProviderInstance *instance = round->instance;
    ProviderStatus status = plugin->start(instance, text, strlen(text), NULL, 0, PROVIDER_WANT_EVENTS, never, NULL, &handle, &error);
    check(status == PROVIDER_INVALID_JSON || (status == PROVIDER_CLOSED && is_set(&round->closing)), "nonsense was taken", text);
    check(handle == NULL, "a handle for nonsense", text);
    bool is_abort;
    Text none = {0};
    if (status == PROVIDER_INVALID_JSON) {
        check(error.bytes != NULL, "no error for nonsense", text);
        if (error.bytes) check_none(error_answer(error.bytes, error.size, &is_abort, &none), error.bytes);
    }
    text_free(&none);
    plugin->free_bytes(&error);
    plugin->free_bytes(&error);
    plugin->free_bytes(NULL);

    const char *good = request.bytes;
    const size_t size = request.size;
    const ProviderStatus none_given[] = {
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
    for (size_t i = 0; i < sizeof none_given / sizeof *none_given; i++)
        check(none_given[i] == PROVIDER_INVALID_ARGUMENT || (none_given[i] == PROVIDER_CLOSED && is_set(&round->closing)),
            "NULL was taken", (char[]){(char)('a' + i), 0});
}

/* Functions that answer at once, also of an instance that is closed. */
static void questions(Round *round) {
    static const char calls[] = "{\"content\": [{\"type\": \"tool_call\", \"id\": \"a\", \"name\": \"f\", \"input\": {}}], "
                                "\"tool_calls\": [{\"id\": \"a\", \"name\": \"f\", \"arguments\": {}}]}";
    Json json = {NULL, 0}, first;
    ProviderBytes bytes = {NULL, 0};
    check(plugin->info(round->instance, &bytes) == PROVIDER_OK && json_parse(bytes.bytes, bytes.size, &json), "`info`", bytes.bytes);
    check(json_is(json_member(json, "name"), '"') && json_is(json_member(json, "priority"), 0) && json_is(json_member(json, "info"), '{'),
        "`info` lacks members", bytes.bytes);
    plugin->free_bytes(&bytes);
    check(plugin->parse_tool_calls(round->instance, calls, sizeof calls - 1, &bytes) == PROVIDER_OK &&
              json_parse(bytes.bytes, bytes.size, &json), "`parse_tool_calls`", bytes.bytes);
    JsonItems items = json_items(json);
    check(json_next(&items, NULL, &first) && json_equals(json_member(first, "name"), "f"), "another tool call", bytes.bytes);
    plugin->free_bytes(&bytes);
    check(plugin->parse_tool_calls(round->instance, "{", 1, &bytes) == PROVIDER_INVALID_JSON, "half a response", NULL);
    plugin->free_bytes(&bytes);
}

static void *work(void *argument) {
    Round *round = argument;
    unsigned seed = __atomic_add_fetch(&round->seed, 7919, __ATOMIC_SEQ_CST);
    long calls = settings.calls / (settings.rounds * settings.threads);
    for (long i = 0; i < (calls ? calls : 1); i++) {
        one_call(round, &seed);
        if (any(&seed, 8) == 0) nonsense(round, &seed);
        if (any(&seed, 16) == 0) questions(round);
    }
    return NULL;
}

static void *close_it(void *argument) {
    Round *round = argument;
    check(plugin->close(round->instance) == PROVIDER_OK, "`close`", NULL);
    set(&round->closed);
    return NULL;
}

/* ---- The host table ---- */

static int32_t wants(void *context, const char *event) {
    check(!is_set(&((Round *)context)->closed), "the host was asked after `close`", event);
    return strcmp(event, "llm:request") == 0 || strcmp(event, "llm:response") == 0;
}

static void emit(void *context, const char *event, const char *data, size_t size) {
    Round *round = context;
    Json json;
    check(!is_set(&round->closed), "an event after `close`", event);
    check(json_parse(data, size, &json) && json_is(json, '{'), "an event's data are no JSON object", data);
    check(json_equals(json_member(json, "instance_id"), round->name), "an event of another instance", data);
    if (read_count(&emitted) % 64 == 0)
        check(plugin->close(round->instance) == PROVIDER_WRONG_THREAD, "`close` worked inside of `emit`", NULL);
    count(&emitted);
}

static void take_log(void *context, int32_t level, const char *message, size_t size) {
    (void)level, (void)size;
    check(!is_set(&((Round *)context)->closed), "a message after `close`", message);
}

static void take_secret(void *context, const char *secret, size_t size) {
    (void)secret, (void)size;
    check(!is_set(&((Round *)context)->closed), "a secret after `close`", NULL);
}

/* ---- Rounds ---- */

static Round *open_round(long number) {
    Round *round = calloc(1, sizeof *round);
    round->seed = (unsigned)(settings.seed * 1000003 + number * 7907);
    snprintf(round->name, sizeof round->name, "round-%ld", number);
    pthread_mutex_init(&round->lock, NULL);
    ProviderHost *host = calloc(1, sizeof *host);
    *host = (ProviderHost){PROVIDER_PLUGIN_ABI_VERSION, sizeof *host, round, wants, emit, take_log, take_secret};
    Text setup = {0};
    text_add(&setup, "{\"config\": %, \"path\": \"providers[0].config\", \"instance_id\": \"%\", \"session_id\": \"torture\"}",
        settings.config, round->name);
    ProviderBytes error;
    ProviderStatus status = plugin->create(host, setup.bytes, setup.size, &round->instance, &error);
    check(status == PROVIDER_OK && round->instance, "`create`", error.bytes);
    if (!round->instance) exit(1);
    plugin->free_bytes(&error);
    /* The plugin has copied what it needs. */
    memset(host, 0xA5, sizeof *host);
    free(host);
    text_free(&setup);
    return round;
}

static void close_round(Round *round) {
    set(&round->closing);
    check(plugin->close(round->instance) == PROVIDER_OK, "`close`", NULL);
    set(&round->closed);
    check(read_count(&ended) == read_count(&started), "calls that have not ended when `close` returns", round->name);
    ProviderCall *handle;
    check(plugin->list_models(round->instance, never, NULL, &handle) == PROVIDER_CLOSED && handle == NULL, "a closed instance works", NULL);
    check(plugin->prepare(round->instance, never, NULL, &handle) == PROVIDER_CLOSED && handle == NULL, "a closed instance works", NULL);
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

static void run_round(long number) {
    Round *round = open_round(number);
    pthread_t threads[64], closers[2];
    bool closes = number % 3 == 2;
    unsigned seed = (unsigned)(settings.seed * 31 + number) * 2654435761u;
    long before = read_count(&ended);
    for (long i = 0; i < settings.threads; i++) pthread_create(&threads[i], NULL, work, round);
    if (closes) {
        /* Somewhere on the way. */
        long target = before + (long)any(&seed, (unsigned)(settings.calls / settings.rounds));
        struct timespec time = {0, 500000};
        for (int i = 0; i < 20000 && read_count(&ended) < target; i++) nanosleep(&time, NULL);
        set(&round->closing);
        for (int i = 0; i < 2; i++) pthread_create(&closers[i], NULL, close_it, round);
    }
    for (long i = 0; i < settings.threads; i++) pthread_join(threads[i], NULL);
    for (int i = 0; closes && i < 2; i++) pthread_join(closers[i], NULL);
    close_round(round);
}

/* What `create` and the entry refuse. */
static void check_entrances(void) {
    static const char *const setups[] = {"", "{", "[]", "7", "{\"config\": 5}", "{\"config\": {}, \"path\"", "\xff"};
    ProviderBytes error;
    ProviderInstance *instance;
    for (size_t i = 0; i < sizeof setups / sizeof *setups; i++) {
        instance = (ProviderInstance *)&error;
        ProviderStatus status = plugin->create(NULL, setups[i], strlen(setups[i]), &instance, &error);
        check(status == PROVIDER_INVALID_JSON && !instance && error.bytes, "a set-up that is none", setups[i]);
        plugin->free_bytes(&error);
    }
    static const char unknown[] = "{\"path\": \"providers[0].config\", \"config\": {\"no_such_key\": 1}}";
    check(plugin->create(NULL, unknown, sizeof unknown - 1, &instance, &error) == PROVIDER_FAILED && !instance, "an unknown key", NULL);
    Json json = {NULL, 0}, issue = {NULL, 0};
    if (error.bytes) json_parse(error.bytes, error.size, &json);
    check(json_equals(json_member(json, "type"), "ConfigurationError"), "another error", error.bytes);
    JsonItems issues = json_items(json_member(json_member(json, "details"), "issues"));
    bool named = false;
    while (json_next(&issues, NULL, &issue))
        named = named || json_equals(json_member(issue, "key_path"), "providers[0].config.no_such_key");
    check(named, "the issues do not name the key", error.bytes);
    plugin->free_bytes(&error);
    check(plugin->create(NULL, NULL, 5, &instance, &error) == PROVIDER_INVALID_ARGUMENT, "NULL", "setup");
    plugin->free_bytes(&error);
    check(plugin->create(NULL, "{}", 2, NULL, NULL) == PROVIDER_INVALID_ARGUMENT, "NULL", "instance");
}

/* The first answer, with which the others are compared. */
static void ask_once(void) {
    Round *round = open_round(0);
    unsigned seed = 0;
    Call *call = new_call(round, &seed);
    if (start(call, &call->handle)) finish(call, &seed);
    close_round(round);
    check(reference.size > 0, "there is no first answer", NULL);
    if (settings.answer && reference.size)
        check(strcmp(reference.bytes, settings.answer) == 0, "the first answer is another one", reference.bytes);
}

static size_t memory_in_use(void) {
#ifdef __GLIBC__
    return mallinfo2().uordblks;
#else
    return 0;
#endif
}

static void read_arguments(int count, char **arguments) {
    static const struct {
        const char *name;
        const char **text;
        long *number;
    } options[] = {
        {"--config", &settings.config, NULL}, {"--prompt", &settings.prompt, NULL}, {"--answer", &settings.answer, NULL},
        {"--options", &settings.options, NULL}, {"--calls", NULL, &settings.calls}, {"--threads", NULL, &settings.threads},
        {"--rounds", NULL, &settings.rounds}, {"--seed", NULL, &settings.seed}, {"--growth", NULL, &settings.growth},
    };
    for (int i = 2; i < count; i += 2) {
        size_t option = 0, last = sizeof options / sizeof *options;
        while (option < last && strcmp(options[option].name, arguments[i]) != 0) option++;
        if (option == last || i + 1 == count) {
            fprintf(stderr, "torture: %s: there is no such option, or its value is missing\n", arguments[i]);
            exit(64);
        }
        if (options[option].text)
            *options[option].text = arguments[i + 1];
        else
            *options[option].number = strtol(arguments[i + 1], NULL, 10);
    }
    if (settings.threads < 1 || settings.threads > 64 || settings.rounds < 1 || settings.calls < settings.rounds) {
        fprintf(stderr, "torture: --threads is 1 to 64, --rounds at least 1, --calls at least --rounds\n");
        exit(64);
    }
}

int main(int count, char **arguments) {
    if (count < 2) {
        fprintf(stderr, "usage: torture PLUGIN.so [--config JSON] [--prompt TEXT] [--answer TEXT] [--calls N] …\n");
        return 64;
    }
    read_arguments(count, arguments);
    plugin = load_plugin(arguments[1]);
    text_add(&request, "{\"messages\": [{\"role\": \"user\", \"content\": ");
    add_quoted(&request, settings.prompt);
    text_add(&request, "}]}");
    check_entrances();
    ask_once();
    size_t before = 0;
    for (long number = 1; number <= settings.rounds; number++) {
        run_round(number);
        if (number == 2) before = memory_in_use();
    }
    long growth = settings.rounds > 2 ? (long)memory_in_use() - (long)before : 0;
    if (settings.growth) check(growth <= settings.growth, "more memory is in use after every round", NULL);
    printf("%ld calls, %ld last steps: %ld answers, %ld lists of models, %ld cancelled, %ld failed\n", started, ended, responses, lists,
        aborts, failures);
    printf("%ld cancels, %ld pauses, %ld resumes, %ld released early, %ld refused when closed, %ld events, %ld closes inside callbacks\n",
        cancels, pauses, resumes, early_releases, refused, emitted, callbacks_refused);
    printf("%ld rounds; memory in use has grown by %ld bytes since the second; %ld wrong\n", settings.rounds, growth, wrongs);
    check(started == ended, "calls and last steps are not as many", NULL);
    text_free(&request);
    text_free(&reference);
    return wrongs ? 1 : 0;
}
