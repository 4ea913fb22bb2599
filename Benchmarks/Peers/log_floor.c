// The floor of an event log: formats a line of about 400 bytes and writes it to a file, as cheaply as C does.
//
//   log_floor write path=FILE count=N durability=none|flush|fsync
//
// none: in pieces of 64 KiB; flush: one write(2) a line; fsync: and fdatasync(2) after each.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "figures.h"

static void put(int file, const char *bytes, size_t count) {
    for (size_t done = 0; done < count;) {
        ssize_t written = write(file, bytes + done, count - done);
        if (written < 0) stop("write", strerror(errno));
        done += written;
    }
}

int main(int argc, char **argv) {
    if (argc < 2 || strcmp(argv[1], "write")) stop("usage: write path=FILE count=N durability=none|flush|fsync", NULL);
    setting_count = argc - 2;
    setting_list = argv + 2;
    const char *path = text_setting("path", NULL), *durability = text_setting("durability", "flush");
    long count = count_setting("count", 100000);
    if (!path) stop("path is missing", NULL);
    int gathers = !strcmp(durability, "none"), synchronises = !strcmp(durability, "fsync");
    int file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (file < 0) stop(path, strerror(errno));
    static char buffer[65536 + 1024];
    size_t used = 0;
    unsigned long long bytes = 0;
    double cpu = cpu_us();
    long long start = now_ns();
    for (long i = 0; i < count; i++) {
        struct timespec time;
        struct tm date;
        clock_gettime(CLOCK_REALTIME, &time);
        gmtime_r(&time.tv_sec, &date);
        int length = sprintf(buffer + used,
            "{\"ts\":\"%04d-%02d-%02dT%02d:%02d:%02d.%06ld+00:00\",\"lvl\":\"INFO\",\"schema\":{\"name\":\"amplifier.log\",\"ver\":\"1.0.0\"},"
            "\"session_id\":\"5e2f7c1a-93bd-4c0e-8f47-d0a1b2c3d4e5\",\"event\":\"content_block:end\",\"data\":{\"block_index\":%ld,\"total_blocks\":1,"
            "\"block\":{\"type\":\"text\",\"text\":\"The answer is a sentence of a usual length, and there is \\\"no number\\\" in it.\"},"
            "\"usage\":{\"input_tokens\":%ld,\"output_tokens\":%ld}}}\n",
            date.tm_year + 1900, date.tm_mon + 1, date.tm_mday, date.tm_hour, date.tm_min, date.tm_sec, time.tv_nsec / 1000, i & 7, i + 10, i & 1023);
        bytes += length;
        used += length;
        if (gathers && used < 65536) continue;
        put(file, buffer, used);
        used = 0;
        if (synchronises && fdatasync(file)) stop("fdatasync", strerror(errno));
    }
    put(file, buffer, used);
    cpu = cpu_us() - cpu;
    printf("{\"lines\": %ld, \"bytes\": %llu, \"cpu_us\": %.0f, \"wall_us\": %.1f}\n", count, bytes, cpu, (now_ns() - start) / 1e3);
    close(file);
    return 0;
}
