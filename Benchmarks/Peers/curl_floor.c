// libcurl by itself: its multi interface over epoll (curl_multi_socket_action), the bytes are counted and thrown away. What a client over
// libcurl cannot go below. Settings as those of floor.c.
#define _GNU_SOURCE
#include <curl/curl.h>
#include <errno.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "exchange.h"

typedef struct {
    CURL *handle;
    long long started;
    int has_first;
} Transfer;

static Plan plan;
static int queue;
static CURLM *multi;
static long timer = -1;
static unsigned long long received;
static Sample firsts, delays;
static long resident;

static size_t take(char *bytes, size_t size, size_t count, void *context) {
    Transfer *transfer = context;
    count *= size;
    received += count;
    if (!transfer->has_first) {
        transfer->has_first = 1;
        if (plan.measure == STREAM) add_sample(&firsts, now_ns() - transfer->started);
    }
    if (plan.stamped) take_stamps(&delays, bytes, count);
    return count;
}

static int watch(CURL *handle, curl_socket_t socket, int what, void *context, void *known) {
    (void)handle;
    (void)context;
    struct epoll_event event = {.events = (what & CURL_POLL_IN ? EPOLLIN : 0) | (what & CURL_POLL_OUT ? EPOLLOUT : 0), .data.fd = socket};
    if (what == CURL_POLL_REMOVE) epoll_ctl(queue, EPOLL_CTL_DEL, socket, NULL);
    else if (epoll_ctl(queue, known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, socket, &event)) stop("epoll_ctl", strerror(errno));
    curl_multi_assign(multi, socket, what == CURL_POLL_REMOVE ? NULL : &queue);
    return 0;
}

static int set_timer(CURLM *handle, long milliseconds, void *context) {
    (void)handle;
    (void)context;
    timer = milliseconds;
    return 0;
}

static void begin(Transfer *transfer) {
    transfer->started = now_ns();
    transfer->has_first = 0;
    curl_multi_add_handle(multi, transfer->handle);
}

static void run(Transfer *transfers, long side, long count, long tokens) {
    char *body = body_of(plan, tokens);
    for (long i = 0; i < side; i++) curl_easy_setopt(transfers[i].handle, CURLOPT_POSTFIELDS, body);
    long begun = 0, ended = 0;
    for (; begun < side && begun < count; begun++) begin(&transfers[begun]);
    struct epoll_event events[512];
    int running;
    while (ended < count) {
        int ready = epoll_wait(queue, events, 512, timer > 1000 || timer < 0 ? 1000 : (int)timer);
        if (!ready) {
            timer = -1;
            curl_multi_socket_action(multi, CURL_SOCKET_TIMEOUT, 0, &running);
        }
        for (int i = 0; i < ready; i++) {
            int flags = (events[i].events & EPOLLIN ? CURL_CSELECT_IN : 0) | (events[i].events & EPOLLOUT ? CURL_CSELECT_OUT : 0) |
                        (events[i].events & (EPOLLERR | EPOLLHUP) ? CURL_CSELECT_ERR : 0);
            curl_multi_socket_action(multi, events[i].data.fd, flags, &running);
        }
        int left;
        for (CURLMsg *message; (message = curl_multi_info_read(multi, &left));) {
            if (message->msg != CURLMSG_DONE) continue;
            if (message->data.result) stop("a transfer", curl_easy_strerror(message->data.result));
            CURL *handle = message->easy_handle;
            Transfer *transfer;
            curl_easy_getinfo(handle, CURLINFO_PRIVATE, (char **)&transfer);
            if (plan.measure != STREAM) add_sample(&firsts, now_ns() - transfer->started);
            if (++ended == 1) resident = status_kib("VmRSS:");
            curl_multi_remove_handle(multi, handle);
            if (begun < count) {
                begin(transfer);
                begun++;
            }
        }
    }
    free(body);
}

int main(int argc, char **argv) {
    plan = plan_of(argc, argv);
    long tokens = count_setting("tokens", 100000), warmup = count_setting("warmup", plan.measure == STREAM ? 100 : plan.side);
    char url[256];
    snprintf(url, sizeof url, "http://%s:%d%s", plan.host, plan.port, plan.path);
    queue = epoll_create1(0);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    multi = curl_multi_init();
    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, watch);
    curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, set_timer);
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, plan.side);
    struct curl_slist *fields = curl_slist_append(curl_slist_append(NULL, "Content-Type: application/json"), "Expect:");
    Transfer *transfers = calloc(plan.side, sizeof *transfers);
    if (queue < 0 || !multi || !transfers) stop("cannot begin", NULL);
    for (long i = 0; i < plan.side; i++) {
        CURL *handle = transfers[i].handle = curl_easy_init();
        curl_easy_setopt(handle, CURLOPT_URL, url);
        curl_easy_setopt(handle, CURLOPT_HTTPHEADER, fields);
        curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, take);
        curl_easy_setopt(handle, CURLOPT_WRITEDATA, &transfers[i]);
        curl_easy_setopt(handle, CURLOPT_PRIVATE, &transfers[i]);
        curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(handle, CURLOPT_PROXY, "");
    }
    if (warmup > 0) run(transfers, plan.side, plan.measure == STREAM ? plan.side : warmup, warmup);
    long idle = status_kib("VmRSS:");
    received = firsts.count = delays.count = 0;
    double cpu = cpu_us();
    long long start = now_ns();
    run(transfers, plan.side, plan.count, tokens);
    cpu = cpu_us() - cpu;
    print_report(plan, tokens, received, cpu, now_ns() - start, &firsts, &delays, idle, resident);
    return 0;
}
