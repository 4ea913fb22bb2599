#define _POSIX_C_SOURCE 200809L
#define _DARWIN_C_SOURCE

#include "calls.h"

#include <signal.h>
#include <stdlib.h>
#include <time.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* It waits by a clock that nobody sets. */
static void make_changed(void) {
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
#ifndef __APPLE__
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
#endif
    pthread_cond_init(&changed, &attributes);
    pthread_condattr_destroy(&attributes);
}

/* Whether this thread is a call's, which is where all callbacks are. */
static __thread bool within_call;

ProviderInstance *instance_new(void) {
    pthread_once(&once, make_changed);
    return calloc(1, sizeof(ProviderInstance));
}

bool instance_is_closed(ProviderInstance *instance) {
    pthread_mutex_lock(&lock);
    bool closed = instance->closed;
    pthread_mutex_unlock(&lock);
    return closed;
}

/* These three are called with the lock held. */

static bool is_to_end(const ProviderCall *call) { return call->cancelled || call->instance->closed; }

static void disown(ProviderCall *call) {
    if (--call->owners > 0) return;
    text_free(&call->words);
    free(call);
}

/* Waits for a change until a moment of the monotonic clock; false where it has come. */
static bool wait_until(const struct timespec *until) {
#ifdef __APPLE__
    /* Its condition variables know the wall clock alone, and how long to wait. */
    struct timespec span;
    clock_gettime(CLOCK_MONOTONIC, &span);
    bool borrows = until->tv_nsec < span.tv_nsec;
    span.tv_sec = until->tv_sec - span.tv_sec - borrows;
    span.tv_nsec = until->tv_nsec - span.tv_nsec + (borrows ? 1000000000 : 0);
    return span.tv_sec >= 0 && pthread_cond_timedwait_relative_np(&changed, &lock, &span) == 0;
#else
    return pthread_cond_timedwait(&changed, &lock, until) == 0;
#endif
}

/* Makes a thread that takes no signals: those of the process are the host's. A crash of the thread's own it may see. */
static bool make_thread(pthread_t *thread, void *(*function)(void *), void *argument) {
    static const int own[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP};
    sigset_t blocked, before;
    sigfillset(&blocked);
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) sigdelset(&blocked, own[i]);
    /* A thread begins with the mask of the one that makes it. */
    pthread_sigmask(SIG_BLOCK, &blocked, &before);
    bool made = pthread_create(thread, NULL, function, argument) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return made;
}

static void *run(void *argument) {
    ProviderCall *call = argument;
    ProviderInstance *instance = call->instance;
    within_call = true;
    call->work(call);
    pthread_mutex_lock(&lock);
    bool joins = instance->has_last;
    pthread_t previous = instance->last;
    instance->has_last = true;
    instance->last = pthread_self();
    instance->calls--;
    disown(call);
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
    /* From here on the instance may be gone. */
    if (joins) pthread_join(previous, NULL);
    return NULL;
}

ProviderStatus call_begin(ProviderCall plan, ProviderCall **handle) {
    ProviderCall *call = malloc(sizeof *call);
    if (!call) {
        text_free(&plan.words);
        return PROVIDER_FAILED;
    }
    *call = plan;
    call->owners = 2;
    pthread_t thread;
    pthread_mutex_lock(&lock);
    /* Before there is a thread, which may call back at once. */
    *handle = call;
    ProviderStatus status = PROVIDER_OK;
    if (plan.instance->closed)
        status = PROVIDER_CLOSED;
    else if (!make_thread(&thread, run, call))
        status = PROVIDER_FAILED;
    if (status == PROVIDER_OK) {
        plan.instance->calls++;
    } else {
        *handle = NULL;
        call->owners = 1;
        disown(call);
    }
    pthread_mutex_unlock(&lock);
    return status;
}

bool call_events(ProviderCall *call, const char *events, size_t size) {
    pthread_mutex_lock(&lock);
    bool ends = is_to_end(call);
    call->resumed = false;
    pthread_mutex_unlock(&lock);
    if (ends || !(call->wants & PROVIDER_WANT_EVENTS)) return !ends;
    ProviderFlow flow = call->callback(call->context, PROVIDER_STEP_EVENTS, events, size);
    pthread_mutex_lock(&lock);
    while (flow == PROVIDER_PAUSE && !call->resumed && !is_to_end(call)) pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
    return true;
}

bool call_wait(ProviderCall *call, long milliseconds) {
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += milliseconds / 1000;
    until.tv_nsec += milliseconds % 1000 * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    pthread_mutex_lock(&lock);
    while (milliseconds > 0 && !is_to_end(call) && wait_until(&until)) {}
    bool goes_on = !is_to_end(call);
    pthread_mutex_unlock(&lock);
    return goes_on;
}

/* Makes it known to a call that something has changed for it. */
static ProviderStatus tell(ProviderCall *call, bool resumes, bool cancels, bool disowns) {
    if (!call) return PROVIDER_INVALID_ARGUMENT;
    pthread_mutex_lock(&lock);
    call->resumed = call->resumed || resumes;
    call->cancelled = call->cancelled || cancels;
    if (disowns) disown(call);
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
    return PROVIDER_OK;
}

ProviderStatus call_resume(ProviderCall *call) { return tell(call, true, false, false); }
ProviderStatus call_cancel(ProviderCall *call) { return tell(call, false, true, false); }
ProviderStatus call_release(ProviderCall *call) { return tell(call, false, true, true); }

ProviderStatus instance_close(ProviderInstance *instance) {
    if (!instance) return PROVIDER_INVALID_ARGUMENT;
    if (within_call) return PROVIDER_WRONG_THREAD;
    pthread_mutex_lock(&lock);
    instance->closed = true;
    instance->closers++;
    pthread_cond_broadcast(&changed);
    while (instance->calls > 0) pthread_cond_wait(&changed, &lock);
    bool joins = instance->has_last;
    instance->has_last = false;
    pthread_t last = instance->last;
    pthread_mutex_unlock(&lock);
    if (joins) pthread_join(last, NULL);
    pthread_mutex_lock(&lock);
    instance->closers--;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
    return PROVIDER_OK;
}

ProviderStatus instance_free(ProviderInstance *instance) {
    ProviderStatus status = instance_close(instance);
    if (status != PROVIDER_OK) return status;
    pthread_mutex_lock(&lock);
    /* Others may be about to leave `close`. */
    while (instance->closers > 0) pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
    text_free(&instance->instance_id);
    free(instance);
    return PROVIDER_OK;
}
