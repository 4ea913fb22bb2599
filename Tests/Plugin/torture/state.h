/* What the parts of the torture share. */
#ifndef TORTURE_STATE_H
#define TORTURE_STATE_H

#include "follow.h"

/* From the command line. */
typedef struct Settings {
    const char *config, *prompt, *answer, *options;
    long calls, threads, rounds, seed, growth, scarce;
} Settings;

/* Counted by many threads, with `count`. */
typedef struct Counts {
    long started, ended, responses, lists, aborts, failures;
    long cancels, pauses, resumes, early_releases, refused, emitted, refused_inside, wrong;
} Counts;

extern Settings settings;
extern Counts counts;
extern const ProviderPlugin *plugin;
/* The request of all calls, and the answer that all must have; empty until the first one. */
extern Text request;
extern Answer reference;

void count(long *number);
long read_count(const long *number);

/* Tells what is wrong, where it is not good; the program ends after twenty times. */
void check(bool good, const char *what, const char *detail);
/* The same, where NULL is good. */
void check_none(const char *wrong, const char *detail);

/* Whether a plugin may say that it has failed, since memory is scarce. */
bool may_fail(ProviderStatus status);

/* A number below this one. `rand` would be one lock for all threads. */
unsigned any(unsigned *seed, unsigned below);

/* Flags that several threads look at. */
bool is_set(const bool *flag);
void set(bool *flag);

#endif
