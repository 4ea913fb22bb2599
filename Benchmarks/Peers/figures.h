// What the C programs of the benchmark share: settings given as name=value, clocks, memory, and the line of JSON at the end.
#ifndef FIGURES_H
#define FIGURES_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

static int setting_count;
static char **setting_list;

static void stop(const char *what, const char *detail) {
    fprintf(stderr, "error: %s%s%s\n", what, detail ? ": " : "", detail ? detail : "");
    exit(64);
}

static const char *text_setting(const char *name, const char *usual) {
    size_t length = strlen(name);
    for (int i = 0; i < setting_count; i++)
        if (!strncmp(setting_list[i], name, length) && setting_list[i][length] == '=') return setting_list[i] + length + 1;
    return usual;
}

static long count_setting(const char *name, long usual) {
    const char *text = text_setting(name, NULL);
    if (!text) return usual;
    char *end;
    long count = strtol(text, &end, 10);
    if (end == text || *end || count < 0) stop("no number", text);
    return count;
}

static long long now_ns(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static double cpu_us(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 + usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
}

// A figure of /proc/self/status ("VmRSS:", "VmHWM:") in KiB; 0 where the system does not tell.
static inline long status_kib(const char *name) {
    FILE *file = fopen("/proc/self/status", "r");
    char line[256];
    long kib = 0;
    if (!file) return 0;
    while (fgets(line, sizeof line, file))
        if (!strncmp(line, name, strlen(name))) kib = strtol(line + strlen(name), NULL, 10);
    fclose(file);
    return kib;
}

static inline int compare(const void *a, const void *b) {
    long long x = *(const long long *)a, y = *(const long long *)b;
    return (x > y) - (x < y);
}

typedef struct {
    long long *values;
    size_t count, room;
} Sample;

static inline void add_sample(Sample *sample, long long value) {
    if (sample->count == sample->room) {
        sample->room = sample->room ? sample->room * 2 : 1024;
        sample->values = realloc(sample->values, sample->room * sizeof *sample->values);
        if (!sample->values) stop("no memory", NULL);
    }
    sample->values[sample->count++] = value;
}

// The value that `share` of the sample is below, in microseconds.
static inline double share_us(Sample *sample, double share) {
    if (!sample->count) return 0;
    qsort(sample->values, sample->count, sizeof *sample->values, compare);
    return sample->values[(size_t)((sample->count - 1) * share)] / 1e3;
}

#endif
