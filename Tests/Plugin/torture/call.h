/* One call, and what its callback does. */
#ifndef TORTURE_CALL_H
#define TORTURE_CALL_H

#include "state.h"

#include <pthread.h>

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

/* Counted with `count`. */
typedef struct Ends {
    long ok, cancelled, error;
} Ends;

struct Round {
    ProviderInstance *instance;
    char name[32];        /* the instance's, which stands in its events */
    bool is_named;        /* whether it has that name */
    bool has_events;      /* whether its host takes events */
    long requests;            /* llm:request events */
    Ends told, ended;         /* how calls of `start` ended: by the llm:response events, and by their last steps */
    bool closing, closed; /* flags */
    unsigned seed;        /* of the next thread */
    pthread_mutex_t lock;
    Call *calls; /* whose handles are not released yet: that is done when the instance is gone */
};

Call *new_call(Round *round, unsigned *seed);
void free_call(Call *call);

/* Starts a call; one that a closed instance has refused is freed, and then it is false. */
bool start(Call *call, ProviderCall **handle);

/* Waits until a call has ended, and does what its pauses need. */
void wait_for(Call *call, unsigned *seed);

#endif
