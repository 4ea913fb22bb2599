// The requests of the benchmark, as the C programs send them, and the moments that `mock-tick…` stamps into its tokens.
#ifndef EXCHANGE_H
#define EXCHANGE_H

#include "figures.h"

enum measure { STREAM, REQUESTS, EMBEDDINGS };

typedef struct {
    enum measure measure;
    char host[64], path[64];
    int port, stamped;
    long side, count; // how many at a time, and how many in all
} Plan;

static Plan plan_of(int argc, char **argv) {
    Plan plan = {0};
    const char *name = argc > 1 ? argv[1] : "";
    setting_count = argc - 2;
    setting_list = argv + 2;
    if (!strcmp(name, "stream")) plan.measure = STREAM;
    else if (!strcmp(name, "requests")) plan.measure = REQUESTS;
    else if (!strcmp(name, "embeddings")) plan.measure = EMBEDDINGS;
    else stop("usage: stream|requests|embeddings name=value…", NULL);
    const char *url = text_setting("url", "http://127.0.0.1:8900");
    if (sscanf(url, "http://%63[^:/]:%d", plan.host, &plan.port) != 2) stop("url is not http://ADDRESS:PORT", url);
    strcpy(plan.path, plan.measure == EMBEDDINGS ? "/v1/embeddings" : "/v1/chat/completions");
    plan.stamped = !strncmp(text_setting("model", ""), "mock-tick", 9);
    plan.side = plan.measure == STREAM ? count_setting("streams", 1) : plan.measure == REQUESTS ? count_setting("concurrency", 1) : 1;
    long batch = count_setting("batch", 64), vectors = count_setting("count", 6400);
    plan.count = plan.measure == STREAM ? plan.side : plan.measure == REQUESTS ? count_setting("count", 10000) : (vectors + batch - 1) / batch;
    return plan;
}

// The body of a request, which is to be freed.
static char *body_of(Plan plan, long tokens) {
    long batch = count_setting("batch", 64);
    size_t room = 512 + (plan.measure == EMBEDDINGS ? batch * 32 : 0), used;
    char *body = malloc(room);
    if (!body) stop("no memory", NULL);
    static const char *messages = "\"messages\":[{\"role\":\"user\",\"content\":\"Go.\"}]";
    if (plan.measure == STREAM)
        snprintf(body, room, "{\"model\":\"%s\",%s,\"max_tokens\":%ld,\"stream\":true%s}", text_setting("model", "mock-coal"), messages, tokens,
                 count_setting("logprobs", 0) ? ",\"logprobs\":true,\"top_logprobs\":5" : "");
    else if (plan.measure == REQUESTS)
        snprintf(body, room, "{\"model\":\"mock-coal\",%s,\"max_tokens\":6}", messages);
    else {
        used = snprintf(body, room, "{\"model\":\"emb-%ld\",\"encoding_format\":\"%s\",\"input\":[", batch, text_setting("format", "base64"));
        for (long i = 0; i < batch; i++) used += snprintf(body + used, room - used, "%s\"A sentence to embed.\"", i ? "," : "");
        snprintf(body + used, room - used, "]}");
    }
    return body;
}

// Takes the stamps out of received bytes: how long each was under way. A stamp that is split over two reads is left out.
static void take_stamps(Sample *delays, const char *bytes, size_t count) {
    static const char mark[] = "\"content\":\"t";
    const size_t length = sizeof mark - 1;
    long long now = now_ns();
    const char *end = bytes + count, *at = bytes;
    while ((at = memmem(at, end - at, mark, length)) && end - at >= (long)length + 17) {
        if (at[length + 16] == '"') add_sample(delays, now - strtoll(at + length, NULL, 10));
        at += length + 17;
    }
}

static void print_report(Plan plan, long tokens, unsigned long long bytes, double cpu, long long wall, Sample *firsts, Sample *delays, long idle,
                         long resident) {
    long batch = count_setting("batch", 64);
    if (plan.measure == STREAM)
        printf("{\"tokens\": %ld, \"first_us\": %.1f, \"delay_p50_us\": %.1f, \"delay_p99_us\": %.1f, \"delay_max_us\": %.1f, ",
               plan.side * tokens, share_us(firsts, 0.5), share_us(delays, 0.5), share_us(delays, 0.99), share_us(delays, 1));
    else if (plan.measure == REQUESTS)
        printf("{\"requests\": %ld, \"p50_us\": %.1f, \"p99_us\": %.1f, ", plan.count, share_us(firsts, 0.5), share_us(firsts, 0.99));
    else
        printf("{\"vectors\": %ld, ", plan.count * batch);
    printf("\"bytes\": 0, \"wire_bytes\": %llu, \"cpu_us\": %.0f, \"wall_us\": %.1f, \"rss_kib\": %ld, \"rss_idle_kib\": %ld, \"rss_peak_kib\": %ld}\n", bytes,
           cpu, wall / 1e3, resident, idle, status_kib("VmHWM:"));
}

#endif
