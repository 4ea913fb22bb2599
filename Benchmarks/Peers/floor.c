// The floor of the benchmark: receives what the load server sends, with epoll and plain sockets, and looks at nothing but where an
// answer ends. No client can be cheaper. (`mock-tick…` stamps are read, for the delay of the server and the system by themselves.)
//
//   floor stream url=… model=… streams=S tokens=N logprobs=0|1 warmup=W
//   floor requests url=… concurrency=C count=N warmup=W
//   floor embeddings url=… batch=B count=N format=float|base64 warmup=W
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "exchange.h"

typedef struct {
    int socket;
    long long sent;   // when the request went out
    long left;        // of the body of a plain answer; -1 while the head is awaited
    size_t head;      // how much of the head has come
    char tail[8];     // the last bytes of a streamed answer
    int has_first;
    char start[4096]; // the head
} Connection;

static Plan plan;
static int queue;
static char buffer[1 << 18];
static unsigned long long received;
static Sample firsts, delays;
static long resident;

static void send_request(Connection *c, const char *request, size_t length) {
    c->sent = now_ns();
    c->left = -1;
    c->head = 0;
    c->has_first = 0;
    memset(c->tail, 0, sizeof c->tail);
    for (size_t done = 0; done < length;) {
        ssize_t count = send(c->socket, request + done, length - done, MSG_NOSIGNAL);
        if (count < 0) stop("send", strerror(errno));
        done += count;
    }
}

// Whether the answer has ended with these bytes.
static int take(Connection *c, size_t count) {
    received += count;
    if (plan.measure == STREAM) {
        if (!c->has_first) {
            c->has_first = 1;
            add_sample(&firsts, now_ns() - c->sent);
        }
        if (plan.stamped) take_stamps(&delays, buffer, count);
        const size_t size = 5;
        if (count >= size) memcpy(c->tail, buffer + count - size, size);
        else {
            memmove(c->tail, c->tail + count, size - count);
            memcpy(c->tail + size - count, buffer, count);
        }
        return !memcmp(c->tail, "0\r\n\r\n", size);
    }
    if (c->left < 0) {
        size_t part = count < sizeof c->start - 1 - c->head ? count : sizeof c->start - 1 - c->head;
        memcpy(c->start + c->head, buffer, part);
        c->head += part;
        c->start[c->head] = 0;
        char *end = strstr(c->start, "\r\n\r\n"), *field = strcasestr(c->start, "content-length:");
        if (!end) return 0;
        if (!field) stop("an answer without content-length", NULL);
        c->left = strtol(field + 15, NULL, 10) - (long)(c->head - part + count - (end + 4 - c->start));
    } else
        c->left -= count;
    return c->left <= 0;
}

static void run(Connection *connections, long side, long count, long tokens) {
    char head[256];
    char *body = body_of(plan, tokens);
    int length = snprintf(head, sizeof head, "POST %s HTTP/1.1\r\nhost: %s:%d\r\ncontent-type: application/json\r\ncontent-length: %zu\r\n\r\n", plan.path, plan.host,
                          plan.port, strlen(body));
    char *request = malloc(length + strlen(body) + 1);
    if (!request) stop("no memory", NULL);
    sprintf(request, "%s%s", head, body);
    size_t whole = strlen(request);
    long started = 0, ended = 0;
    for (; started < side && started < count; started++) send_request(&connections[started], request, whole);
    struct epoll_event events[512];
    while (ended < count) {
        int ready = epoll_wait(queue, events, 512, -1);
        for (int i = 0; i < ready; i++) {
            Connection *c = events[i].data.ptr;
            ssize_t got = recv(c->socket, buffer, sizeof buffer, 0);
            if (got == 0) stop("the server closed a connection", NULL);
            if (got < 0 && errno != EAGAIN) stop("recv", strerror(errno));
            if (got <= 0 || !take(c, got)) continue;
            if (plan.measure != STREAM) add_sample(&firsts, now_ns() - c->sent);
            if (++ended == 1) resident = status_kib("VmRSS:");
            if (started < count) {
                send_request(c, request, whole);
                started++;
            }
        }
    }
    free(request);
    free(body);
}

int main(int argc, char **argv) {
    plan = plan_of(argc, argv);
    long tokens = count_setting("tokens", 100000), warmup = count_setting("warmup", plan.measure == STREAM ? 100 : plan.side);
    queue = epoll_create1(0);
    Connection *connections = calloc(plan.side, sizeof *connections);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(plan.port)};
    if (queue < 0 || !connections || inet_pton(AF_INET, plan.host, &address.sin_addr) != 1) stop("cannot begin", plan.host);
    for (long i = 0; i < plan.side; i++) {
        int one = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
        if (fd < 0 || connect(fd, (void *)&address, sizeof address)) stop("cannot connect", strerror(errno));
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        connections[i].socket = fd;
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &connections[i]};
        epoll_ctl(queue, EPOLL_CTL_ADD, fd, &event);
    }
    if (warmup > 0) run(connections, plan.side, plan.measure == STREAM ? plan.side : warmup, warmup);
    long idle = status_kib("VmRSS:");
    received = firsts.count = delays.count = 0;
    double cpu = cpu_us();
    long long start = now_ns();
    run(connections, plan.side, plan.count, tokens);
    cpu = cpu_us() - cpu;
    print_report(plan, tokens, received, cpu, now_ns() - start, &firsts, &delays, idle, resident);
    return 0;
}
