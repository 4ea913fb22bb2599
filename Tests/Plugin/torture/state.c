#include "state.h"

#include <stdio.h>
#include <unistd.h>

Settings settings = {"{}", "one two three four five six seven eight", NULL, NULL, 2000, 8, 10, 1, 0, 0};
Counts counts;
const ProviderPlugin *plugin;
Text request;
Answer reference;

void count(long *number) { __atomic_add_fetch(number, 1, __ATOMIC_SEQ_CST); }

long read_count(const long *number) { return __atomic_load_n(number, __ATOMIC_SEQ_CST); }

void check(bool good, const char *what, const char *detail) {
    if (good) return;
    fprintf(stderr, "WRONG: %s%s%.300s\n", what, detail ? ": " : "", detail ? detail : "");
    count(&counts.wrong);
    if (read_count(&counts.wrong) > 20) _exit(1);
}

bool may_fail(ProviderStatus status) { return settings.scarce && status == PROVIDER_FAILED; }

void check_none(const char *wrong, const char *detail) { check(!wrong, wrong, detail); }

unsigned any(unsigned *seed, unsigned below) {
    *seed = *seed * 1664525u + 1013904223u;
    return (unsigned)(((unsigned long long)(*seed >> 8) * below) >> 24);
}

bool is_set(const bool *flag) { return __atomic_load_n(flag, __ATOMIC_SEQ_CST); }
void set(bool *flag) { __atomic_store_n(flag, true, __ATOMIC_SEQ_CST); }
