/*
 * What instances and calls are in any plugin: their threads, waiting, cancelling, closing. Each call has a thread, and one lock guards
 * everything; it is never held while a function of the host runs.
 */
#ifndef ECHO_CALLS_H
#define ECHO_CALLS_H

#include "provider_plugin.h"
#include "text.h"

#include <pthread.h>
#include <stdbool.h>

struct ProviderInstance {
    ProviderHost host;
    Text instance_id;    /* for the events: `, "instance_id": "…"`, or nothing */
    long priority, delay_ms;
    /* What follows is the matter of calls.c. */
    size_t calls;        /* that have not ended */
    size_t closers;      /* threads within `close` */
    bool closed, has_last;
    pthread_t last;      /* the thread of the call that ended last; that of the next one joins it */
};

struct ProviderCall {
    ProviderInstance *instance;       /* gone when the call has ended */
    void (*work)(ProviderCall *call); /* calls the callback with the last step, and nothing of the host after it */
    ProviderCallback callback;
    void *context;
    uint32_t wants;
    bool asked;                       /* whether the request has a message of the user */
    Text words;                       /* its text, written as inside of a JSON string */
    unsigned long messages;
    /* What follows is the matter of calls.c. */
    int owners;                       /* its thread, and the host until `release` */
    bool cancelled, resumed;
};

/* A new instance, all of it 0; NULL where memory has ended. `instance_free` frees it. */
ProviderInstance *instance_new(void);

bool instance_is_closed(ProviderInstance *instance);

/*
 * Begins a call that is like `plan`, on a thread of its own; what the plan holds becomes the call's or is freed. PROVIDER_CLOSED and
 * PROVIDER_FAILED where that cannot be.
 */
ProviderStatus call_begin(ProviderCall plan, ProviderCall **handle);

/*
 * Within `work`: hands events over, if they are wanted, and waits while the host wants no more. False where nothing was handed over,
 * since the call is to end.
 */
bool call_events(ProviderCall *call, const char *events, size_t size);

/* Within `work`: waits; false where the call is to end. */
bool call_wait(ProviderCall *call, long milliseconds);

/* Functions of the table. */
ProviderStatus call_resume(ProviderCall *call);
ProviderStatus call_cancel(ProviderCall *call);
ProviderStatus call_release(ProviderCall *call);
ProviderStatus instance_close(ProviderInstance *instance);
ProviderStatus instance_free(ProviderInstance *instance);

#endif
