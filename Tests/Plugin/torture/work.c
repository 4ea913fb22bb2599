#define _POSIX_C_SOURCE 200809L

#include "work.h"
#include "refusals.h"

#include <time.h>

/* Waits for none to two milliseconds, to be at another place of the answer each time. */
static void any_moment(unsigned *seed) {
    struct timespec time = {0, (long)any(seed, 2000) * 1000};
    if (any(seed, 4)) nanosleep(&time, NULL);
}

void finish(Call *call, unsigned *seed) {
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
        count(&counts.early_releases);
        return;
    }
    case 4:
        /* Before it starts, since the call may end before this thread goes on. */
        set(&call->may_abort);
        if (!start(call, &call->handle)) return;
        any_moment(seed);
        check(plugin->cancel(call->handle) == PROVIDER_OK, "`cancel`", NULL);
        count(&counts.cancels);
        if (any(seed, 2)) plugin->cancel(call->handle);
        finish(call, seed);
        return;
    default: break;
    }
    if (start(call, &call->handle)) finish(call, seed);
}

void questions(Round *round) {
    static const char calls[] = "{\"content\": [{\"type\": \"tool_call\", \"id\": \"a\", \"name\": \"f\", \"input\": {}}], "
                                "\"tool_calls\": [{\"id\": \"a\", \"name\": \"f\", \"arguments\": {}}]}";
    Json json = {NULL, 0}, first;
    ProviderBytes bytes = {NULL, 0};
    ProviderStatus status = plugin->info(round->instance, &bytes);
    if (!may_fail(status)) {
        check(status == PROVIDER_OK && json_parse(bytes.bytes, bytes.size, &json), "`info`", bytes.bytes);
        check(json_is(json_member(json, "name"), '"') && json_is(json_member(json, "priority"), 0) &&
                  json_is(json_member(json, "info"), '{'), "`info` lacks members", bytes.bytes);
    }
    plugin->free_bytes(&bytes);
    status = plugin->parse_tool_calls(round->instance, calls, sizeof calls - 1, &bytes);
    if (!may_fail(status)) {
        check(status == PROVIDER_OK && json_parse(bytes.bytes, bytes.size, &json), "`parse_tool_calls`", bytes.bytes);
        JsonItems items = json_items(json);
        check(json_next(&items, NULL, &first) && json_equals(json_member(first, "name"), "f"), "another tool call", bytes.bytes);
    }
    plugin->free_bytes(&bytes);
}

void *work(void *argument) {
    Round *round = argument;
    unsigned seed = __atomic_add_fetch(&round->seed, 7919, __ATOMIC_SEQ_CST);
    long calls = settings.calls / (settings.rounds * settings.threads);
    for (long i = 0; i < (calls ? calls : 1); i++) {
        one_call(round, &seed);
        if (any(&seed, 8) == 0) hand_over_nonsense(round, &seed);
        if (any(&seed, 16) == 0) questions(round);
    }
    return NULL;
}
