#define _POSIX_C_SOURCE 200809L

#include "call.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

void free_call(Call *call) {
    follow_free(&call->follow);
    pthread_mutex_destroy(&call->lock);
    pthread_cond_destroy(&call->changed);
    free(call);
}

static bool is_same(const Answer *one, const Answer *other) { return begins_with(one, other) && begins_with(other, one); }

static void last_step(Call *call, ProviderStep step, const char *json, size_t size) {
    Answer answer = {{0}, {0}}, streamed = {{0}, {0}};
    Ends *ended = call->kind == ANSWER ? &call->round->ended : NULL;
    follow_answer(&call->follow, &streamed);
    if (step == PROVIDER_STEP_ERROR) {
        bool is_abort = false;
        check_none(error_answer(json, size, &is_abort, &answer), json);
        count(is_abort ? &counts.aborts : &counts.failures);
        if (ended) count(is_abort ? &ended->cancelled : &ended->error);
        bool may = is_abort ? is_set(&call->may_abort) || is_set(&call->round->closing) : call->may_fail || settings.scarce;
        check(may, "a call failed that nobody stopped", json);
        /* More may have arrived than was handed over. */
        if (is_abort || !settings.scarce) check(begins_with(&answer, &streamed), "the error lacks what had arrived", json);
        if (reference.text.bytes) check(begins_with(&reference, &answer), "a part of another answer", json);
    } else if (call->kind == MODELS) {
        Json models;
        check(json_parse(json, size, &models) && json_is(models, '['), "the models are no JSON array", json);
        count(&counts.lists);
    } else if (call->kind == READY) {
        check(size == 0, "getting ready has nothing to say", json);
    } else if (ended) {
        count(&counts.responses);
        count(&ended->ok);
        bool has_events = call->wants & PROVIDER_WANT_EVENTS, has_response = call->wants & PROVIDER_WANT_RESPONSE;
        if (has_response)
            check_none(response_answer(json, size, &answer), json);
        else
            check(size == 0, "a response that nobody asked for", json);
        if (has_events) check_none(follow_end(&call->follow), NULL);
        if (has_events && has_response) check(is_same(&answer, &streamed), "response and events differ", json);
        const Answer *told = has_response ? &answer : &streamed;
        if ((has_events || has_response) && reference.text.bytes) check(is_same(told, &reference), "another answer", told->text.bytes);
        /* The very first call, when nothing else runs. */
        if (!reference.text.bytes) {
            text_add(&reference.text, "%", told->text.bytes);
            text_add(&reference.thinking, "%", told->thinking.bytes);
        }
    }
    answer_free(&answer);
    answer_free(&streamed);
}

/* Whether a signal to the process might come to this thread, and not to one of the host. */
static bool takes_signals(void) {
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGCHLD, SIGALRM};
    sigset_t mask;
    pthread_sigmask(SIG_BLOCK, NULL, &mask);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        if (!sigismember(&mask, signals[i])) return true;
    return false;
}

static ProviderFlow on_step(void *context, ProviderStep step, const char *json, size_t size) {
    Call *call = context;
    check(__atomic_add_fetch(&call->inside, 1, __ATOMIC_SEQ_CST) == 1, "two callbacks of one call at once", NULL);
    check(!is_set(&call->round->closed), "a callback after `close`", NULL);
    check(json != NULL, "json is NULL", NULL);
    check(!takes_signals(), "a thread of the plugin takes the host's signals", NULL);
    check(!call->has_ended, "a step behind the last one", NULL);
    int number = call->steps++;
    bool pauses_now = false;
    if (any(&call->seed, 32) == 0) {
        check(plugin->close(call->round->instance) == PROVIDER_WRONG_THREAD, "`close` worked inside a callback", NULL);
        check(plugin->free(call->round->instance) == PROVIDER_WRONG_THREAD, "`free` worked inside a callback", NULL);
        count(&counts.refused_inside);
    }
    if (step == PROVIDER_STEP_EVENTS) {
        check(call->kind == ANSWER && (call->wants & PROVIDER_WANT_EVENTS), "events that nobody asked for", json);
        check_none(follow_events(&call->follow, json, size), json);
        if (number == call->cancel_at) {
            set(&call->may_abort);
            check(plugin->cancel(call->handle) == PROVIDER_OK, "`cancel` inside a callback", NULL);
            count(&counts.cancels);
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
        count(&counts.ended);
        return PROVIDER_PAUSE; /* means nothing of the last step */
    }
    if (!pauses_now) return PROVIDER_CONTINUE;
    count(&counts.pauses);
    if (call->frees_itself) return PROVIDER_PAUSE; /* until it is released */
    if (any(&call->seed, 4) == 0) {
        /* Before the pause has begun, which undoes it. */
        plugin->resume(call->handle);
        count(&counts.resumes);
        return PROVIDER_PAUSE;
    }
    pthread_mutex_lock(&call->lock);
    call->paused = true;
    pthread_cond_broadcast(&call->changed);
    pthread_mutex_unlock(&call->lock);
    return PROVIDER_PAUSE;
}

void wait_for(Call *call, unsigned *seed) {
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
                count(&counts.cancels);
            } else {
                plugin->resume(call->handle);
                count(&counts.resumes);
            }
            pthread_mutex_lock(&call->lock);
        } else if (pthread_cond_timedwait(&call->changed, &call->lock, &until) == ETIMEDOUT) {
            check(false, "a call has not ended after 300 s", NULL);
            _exit(1);
        }
    }
    pthread_mutex_unlock(&call->lock);
}

Call *new_call(Round *round, unsigned *seed) {
    Call *call = calloc(1, sizeof *call);
    *call = (Call){.round = round, .kind = ANSWER, .seed = any(seed, 1u << 24), .cancel_at = -1};
    call->wants = PROVIDER_WANT_EVENTS | PROVIDER_WANT_RESPONSE;
    pthread_mutex_init(&call->lock, NULL);
    pthread_cond_init(&call->changed, NULL);
    return call;
}

bool start(Call *call, ProviderCall **handle) {
    ProviderBytes error = {NULL, 0};
    *handle = (ProviderCall *)&error;
    /* Before `start`, so that a call that ends at once is not counted as one too many. */
    count(&counts.started);
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
        __atomic_sub_fetch(&counts.started, 1, __ATOMIC_SEQ_CST);
        check((status == PROVIDER_CLOSED && is_set(&call->round->closing)) || may_fail(status), "a call could not be started", error.bytes);
        check(*handle == NULL, "a handle without a call", NULL);
        if (status == PROVIDER_CLOSED) count(&counts.refused);
        free_call(call);
    }
    plugin->free_bytes(&error);
    check(error.bytes == NULL && error.size == 0, "`free_bytes` does not empty", NULL);
    return status == PROVIDER_OK;
}
