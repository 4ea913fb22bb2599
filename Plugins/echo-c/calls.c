#define _POSIX_C_SOURCE 200809L

#include "calls.h"

#include <stdlib.h>
#include <time.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

/* Whether this thread is a call's, which is where all callbacks are. */
static __thread bool within_call;

/* These two are called with the lock held. */

static bool is_to_end(const ProviderCall *call) { return call->cancelled || call->instance->closed; }

static void disown(ProviderCall *call) {
    if (--call->owners > 0) return;
    text_free(&call->words);
    free(call);
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
    else if (pthread_create(&thread, NULL, run, call) != 0)
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
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += milliseconds / 1000;
    until.tv_nsec += milliseconds % 1000 * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    pthread_mutex_lock(&lock);
    while (milliseconds > 0 && !is_to_end(call) && pthread_cond_timedwait(&changed, &lock, &until) == 0) {}
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
