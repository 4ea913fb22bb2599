// mockserver.c - single-threaded epoll mock of a vLLM OpenAI server (127.0.0.1 only).
//
//   ./mockserver [-p PORT] [-x IDLE_EXIT_SECONDS]
//
// The request body selects the behaviour (no custom headers needed, so that every client can drive it):
//   POST /v1/chat/completions, "stream":true, "max_tokens":N  -> role chunk + N content chunks + usage + [DONE]
//     "model":"mock-each"     one send() per SSE event, as uvicorn does, as fast as the socket takes it
//     "model":"mock-coal"     many events (each its own HTTP chunk) coalesced into writes of up to 64 KiB
//     "model":"mock-tickN"    one event per stream every N microseconds, all streams on a common tick (like vLLM's
//                             engine steps); content is "t<CLOCK_MONOTONIC ns>" for delivery-delay measurement
//     "logprobs":true         chunks carry logprobs with 5 top_logprobs (~600 B)
//   non-stream                -> the real ~717 B body
//   POST /v1/completions      -> the same in its shapes ("logprobs":5 for the log-probabilities); no role chunk
//   POST /v1/embeddings, "model":"emb-B", optional "encoding_format":"base64" -> B vectors of 1024 floats
//   GET  /stats               -> counters; GET /v1/models -> the two that programs ask for by default
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { EACH, COAL, TICK };
typedef struct Conn {
  int fd, active, mode, lp, completions, next_i; // next_i: next token index
  long n, tick_us; uint64_t due;
  char *in; size_t inlen, incap;
  char *out; size_t outlen, outoff, outcap;   // dynamic pending output
  const char *bout; size_t blen, boff;         // borrowed big output (embeddings)
  int want_out, in_active, dead;
  struct Conn *anext, *aprev;                  // active (streaming) list; anext: list of the dead
} Conn;

static int ep; static Conn active = {.anext = &active, .aprev = &active};
static uint64_t tokens_sent, reqs; static int streaming_now;

static uint64_t now_ns(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec * 1000000000ull + t.tv_nsec; }
static void die(const char *m) { perror(m); exit(1); }

#define COMPLETION_ID "\"id\":\"cmpl-a1aa1a348a193cba\",\"object\":\"text_completion\",\"created\":1795249210,\"model\":\"Qwen/Qwen2.5-7B-Instruct\""
#define ID "\"id\":\"chatcmpl-a1aa1a348a193cba\",\"object\":\"chat.completion.chunk\",\"created\":1795249210,\"model\":\"Qwen/Qwen2.5-7B-Instruct\""
static const char *toks[16] = { " the", "ontent", " a", ",", " model", "\\n", " stream", "ing", " \\\"", " caf\xc3\xa9", " 42", ".", " andle", "           ", " is", " \xe4\xbd\xa0\xe5\xa5\xbd" };
// Pre-framed HTTP chunks.
typedef struct { char *p; size_t n; } Buf;
typedef struct { Buf tok[16], lp[16], last; char tick[512]; size_t tick_len, tick_ts_off; } Frames; // the tick frame gets its time per send
static Frames chat, completions; static Buf ev_role, ev_usage, ev_done;
static Buf frame(const char *json) { // "data: json\n\n" as one HTTP chunk
  size_t pl = strlen(json) + 8; char *b = malloc(pl + 32);
  int h = sprintf(b, "%zx\r\n", pl); memcpy(b + h, "data: ", 6); memcpy(b + h + 6, json, pl - 8);
  memcpy(b + h + pl - 2, "\n\n\r\n", 4); return (Buf){b, h + pl + 2};
}
static void stamp(Frames *f, Buf t) {
  memcpy(f->tick, t.p, t.n); f->tick_len = t.n; f->tick_ts_off = (char *)memmem(f->tick, t.n, "t0000", 5) - f->tick + 1; free(t.p);
}
static void build_frames(void) {
  char j[4096];
  for (int i = 0; i < 16; i++) {
    sprintf(j, "{" ID ",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%s\"},\"logprobs\":null,\"finish_reason\":null,\"token_ids\":null}]}", toks[i]);
    chat.tok[i] = frame(j);
    // Candidates and numbers change from token to token, as a model's do: nothing to gain by reading one like the one before.
    static const char *other[5] = {" document", "ron", "\\n", "fine", " \xe2\x94\x9c\xe2\x94\x80"}, *bytes[5] = {"32,100,111,99,117,109,101,110,116", "114,111,110", "10", "102,105,110,101", "32,226,148,156,226,148,128"};
    char l[2048], *p = l;
    for (int k = 0, o; k < 5; k++) { o = (i + k) % 5; p += sprintf(p, "%s{\"token\":\"%s\",\"logprob\":-%d.7%02d%d489349365,\"bytes\":[%s]}", k ? "," : "", other[o], 6 + k / 3, i * 6 + k, 100 + i * 37, bytes[o]); }
    sprintf(j, "{" ID ",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%s\"},\"logprobs\":{\"content\":[{\"token\":\"%s\",\"logprob\":-7.696446%d599365,\"bytes\":[32,100,111,99,117],\"top_logprobs\":[%s]}]},\"finish_reason\":null,\"token_ids\":null}]}", toks[i], toks[i], 100 + i * 53, l);
    chat.lp[i] = frame(j);
    sprintf(j, "{" COMPLETION_ID ",\"choices\":[{\"index\":0,\"text\":\"%s\",\"logprobs\":null,\"finish_reason\":null,\"stop_reason\":null,\"prompt_token_ids\":null,\"token_ids\":null}]}", toks[i]);
    completions.tok[i] = frame(j);
    sprintf(j, "{" COMPLETION_ID ",\"choices\":[{\"index\":0,\"text\":\"%s\",\"logprobs\":{\"text_offset\":[%d],\"token_logprobs\":[-7.696446895599365],\"tokens\":[\"%s\"],\"top_logprobs\":["
      "{\" document\":-7.696446895599365,\"ron\":-6.709630489349365,\"\\n\":-6.756505489349365,\"fine\":-6.838536739349365,\" \xe2\x94\x9c\xe2\x94\x80\":-6.932286739349365}]},"
      "\"finish_reason\":null,\"stop_reason\":null,\"prompt_token_ids\":null,\"token_ids\":null}]}", toks[i], 7 * i, toks[i]);
    completions.lp[i] = frame(j);
  }
  ev_role = frame("{" ID ",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"logprobs\":null,\"finish_reason\":null}],\"prompt_token_ids\":null,\"prompt_text\":null}");
  completions.last = frame("{" COMPLETION_ID ",\"choices\":[{\"index\":0,\"text\":\"!\",\"logprobs\":null,\"finish_reason\":\"stop\",\"stop_reason\":null,\"prompt_token_ids\":null,\"token_ids\":null}]}");
  chat.last = frame("{" ID ",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"!\"},\"logprobs\":null,\"finish_reason\":\"stop\",\"stop_reason\":null,\"token_ids\":null}]}");
  ev_done = frame("[DONE]"); ev_done.p = realloc(ev_done.p, 64); memcpy(ev_done.p + ev_done.n, "0\r\n\r\n", 5); ev_done.n += 5;
  stamp(&chat, frame("{" ID ",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"t0000000000000000\"},\"logprobs\":null,\"finish_reason\":null,\"token_ids\":null}]}"));
  stamp(&completions, frame("{" COMPLETION_ID ",\"choices\":[{\"index\":0,\"text\":\"t0000000000000000\",\"logprobs\":null,\"finish_reason\":null,\"stop_reason\":null,\"prompt_token_ids\":null,\"token_ids\":null}]}"));
}
// Embedding bodies are generated once per (B, fmt) and cached.
static struct { int b, f64; Buf v; } embs[64]; static int nembs;
static uint64_t rs = 88172645463325252ull;
static double rnd(void) { rs ^= rs << 13; rs ^= rs >> 7; rs ^= rs << 17; return (rs >> 11) * (1.0 / 9007199254740992.0); }
static Buf emb_body(int B, int b64) {
  for (int i = 0; i < nembs; i++) if (embs[i].b == B && embs[i].f64 == b64) return embs[i].v;
  size_t cap = (size_t)B * (b64 ? 5600 : 24000) + 4096; char *body = malloc(cap), *p = body;
  static const char T[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  p += sprintf(p, "{\"id\":\"embd-9bad8cb538845c2e\",\"object\":\"list\",\"created\":1795249210,\"model\":\"BAAI/bge-large-en-v1.5\",\"data\":[");
  for (int i = 0; i < B; i++) {
    p += sprintf(p, "%s{\"index\":%d,\"object\":\"embedding\",\"embedding\":", i ? "," : "", i);
    float v[1024]; for (int k = 0; k < 1024; k++) v[k] = (float)((rnd() - 0.5) * 0.12);
    if (b64) {
      *p++ = '"'; const unsigned char *s = (void *)v; size_t L = sizeof v, k = 0;
      for (; k + 3 <= L; k += 3) { unsigned x = s[k] << 16 | s[k + 1] << 8 | s[k + 2]; *p++ = T[x >> 18]; *p++ = T[x >> 12 & 63]; *p++ = T[x >> 6 & 63]; *p++ = T[x & 63]; }
      if (L - k == 1) { unsigned x = s[k] << 16; *p++ = T[x >> 18]; *p++ = T[x >> 12 & 63]; *p++ = '='; *p++ = '='; }
      else if (L - k == 2) { unsigned x = s[k] << 16 | s[k + 1] << 8; *p++ = T[x >> 18]; *p++ = T[x >> 12 & 63]; *p++ = T[x >> 6 & 63]; *p++ = '='; }
      *p++ = '"';
    } else { *p++ = '['; for (int k = 0; k < 1024; k++) { if (k) *p++ = ','; char s[40]; for (int pr = 15; pr <= 17; pr++) { sprintf(s, "%.*g", pr, (double)v[k]); if (strtod(s, 0) == (double)v[k]) break; } p += sprintf(p, "%s", s); } *p++ = ']'; }
    *p++ = '}';
  }
  p += sprintf(p, "],\"usage\":{\"prompt_tokens\":%d,\"total_tokens\":%d,\"completion_tokens\":0,\"prompt_tokens_details\":null}}", 7 * B, 7 * B);
  size_t L = p - body; char *r = malloc(L + 256); int h = sprintf(r, "HTTP/1.1 200 OK\r\ndate: Sat, 21 Nov 2026 08:20:10 GMT\r\nserver: uvicorn\r\ncontent-length: %zu\r\ncontent-type: application/json\r\n\r\n", L);
  memcpy(r + h, body, L); free(body); Buf v = {r, L + h};
  if (nembs < 64) { embs[nembs].b = B; embs[nembs].f64 = b64; embs[nembs++].v = v; } return v;
}
static void out_add(Conn *c, const char *p, size_t n) {
  if (c->outlen + n > c->outcap) { c->outcap = (c->outlen + n) * 2; c->out = realloc(c->out, c->outcap); }
  memcpy(c->out + c->outlen, p, n); c->outlen += n;
}
static void arm(Conn *c, int want) {
  if (c->want_out == want) return; c->want_out = want;
  struct epoll_event e = {.events = EPOLLIN | (want ? EPOLLOUT : 0), .data.ptr = c}; epoll_ctl(ep, EPOLL_CTL_MOD, c->fd, &e);
}
static void act(Conn *c, int on) {
  if (on == c->in_active) return; c->in_active = on;
  if (on) { c->anext = &active; c->aprev = active.aprev; active.aprev->anext = c; active.aprev = c; streaming_now++; }
  else { c->anext->aprev = c->aprev; c->aprev->anext = c->anext; streaming_now--; }
}
static void kill_conn(Conn *c) { act(c, 0); close(c->fd); free(c->in); free(c->out); c->in = c->out = 0; c->dead = 1; }
static Conn *dead; // freed when no event of this turn can name them any more
static void drop(Conn *c) { if (!c->dead) { kill_conn(c); c->anext = dead; dead = c; } }
// flush: 1 = all gone, 0 = blocked, -1 = error
static int flush_out(Conn *c) {
  while (c->outoff < c->outlen) {
    ssize_t w = send(c->fd, c->out + c->outoff, c->outlen - c->outoff, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (w < 0) { if (errno == EAGAIN) { arm(c, 1); return 0; } drop(c); return -1; }
    c->outoff += w;
  }
  c->outoff = c->outlen = 0;
  while (c->bout && c->boff < c->blen) {
    ssize_t w = send(c->fd, c->bout + c->boff, c->blen - c->boff, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (w < 0) { if (errno == EAGAIN) { arm(c, 1); return 0; } drop(c); return -1; }
    c->boff += w;
  }
  c->bout = 0; arm(c, 0); return 1;
}
static const Buf *event_at(Conn *c, int i, Buf *tmp) { // i: 0 role, 1..n tokens, n+1 usage, n+2 done
  Frames *f = c->completions ? &completions : &chat;
  if (i == 0) return &ev_role;
  if (i <= c->n) { tokens_sent++;
    if (i == c->n) return &f->last;
    if (c->mode == TICK && !c->lp) { char s[20]; sprintf(s, "%016llu", (unsigned long long)now_ns()); memcpy(f->tick + f->tick_ts_off, s, 16); *tmp = (Buf){f->tick, f->tick_len}; return tmp; }
    return c->lp ? &f->lp[i & 15] : &f->tok[i & 15]; }
  if (i == c->n + 1) { static char j[700]; sprintf(j, "{%s,\"choices\":[],\"usage\":{\"prompt_tokens\":10,\"total_tokens\":%ld,\"completion_tokens\":%ld,\"completion_tokens_details\":{\"reasoning_tokens\":0}},\"system_fingerprint\":\"vllm-0.32.0-297ee2ef\"}", c->completions ? COMPLETION_ID : ID, c->n + 10, c->n);
    free(ev_usage.p); ev_usage = frame(j); return &ev_usage; }
  return &ev_done;
}
static int handle_input(Conn *c);
static void finish_stream(Conn *c) { act(c, 0); c->active = 0; if (c->inlen) handle_input(c); }
// produce up to `max` events; returns when blocked, finished or budget is used
static void pump(Conn *c, int max) {
  Buf tmp;
  if (c->outlen && flush_out(c) != 1) return;
  if (c->mode == COAL) {
    while (c->next_i <= c->n + 2 && c->outlen < 65536) { const Buf *b = event_at(c, c->next_i++, &tmp); out_add(c, b->p, b->n); }
    int r = flush_out(c); if (r < 0) return; if (c->next_i > c->n + 2 && r == 1) finish_stream(c); return;
  }
  while (max-- > 0 && c->next_i <= c->n + 2) {
    const Buf *b = event_at(c, c->next_i++, &tmp);
    ssize_t w = send(c->fd, b->p, b->n, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (w < 0 && errno != EAGAIN) { drop(c); return; }
    if (w < 0) w = 0;
    if ((size_t)w < b->n) { out_add(c, b->p + w, b->n - w); arm(c, 1); return; }
  }
  if (c->next_i > c->n + 2 && !c->outlen) finish_stream(c);
}
static const char *RBODY = "{\"id\":\"chatcmpl-8ac85db92840729c\",\"object\":\"chat.completion\",\"created\":1795249210,\"model\":\"tiny\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"inte sendarymatlf Chat\",\"refusal\":null,\"annotations\":null,\"audio\":null,\"function_call\":null,\"reasoning\":null},\"logprobs\":null,\"finish_reason\":\"length\",\"stop_reason\":null,\"token_ids\":null,\"routed_experts\":null}],\"service_tier\":null,\"system_fingerprint\":\"vllm-0.32.0-297ee2ef\",\"usage\":{\"prompt_tokens\":10,\"total_tokens\":16,\"completion_tokens\":6,\"prompt_tokens_details\":null,\"completion_tokens_details\":{\"reasoning_tokens\":0}},\"prompt_logprobs\":null,\"prompt_token_ids\":null,\"prompt_text\":null,\"kv_transfer_params\":null,\"ec_transfer_params\":null,\"metrics\":null}";
static const char *CBODY = "{\"id\":\"cmpl-8ac85db92840729c\",\"object\":\"text_completion\",\"created\":1795249210,\"model\":\"tiny\",\"choices\":[{\"index\":0,\"text\":\"inte sendarymatlf Chat\",\"logprobs\":null,\"finish_reason\":\"length\",\"stop_reason\":null,\"token_ids\":null,\"prompt_logprobs\":null,\"prompt_token_ids\":null}],\"service_tier\":null,\"system_fingerprint\":\"vllm-0.32.0-297ee2ef\",\"usage\":{\"prompt_tokens\":10,\"total_tokens\":16,\"completion_tokens\":6,\"prompt_tokens_details\":null},\"kv_transfer_params\":null}";
static Buf nonstream, nonstream_completion;
static Buf whole_answer(const char *body) {
  Buf b = {malloc(2048), 0};
  b.n = sprintf(b.p, "HTTP/1.1 200 OK\r\ndate: Sat, 21 Nov 2026 08:20:10 GMT\r\nserver: uvicorn\r\ncontent-length: %zu\r\ncontent-type: application/json\r\nvary: Origin\r\n\r\n%s", strlen(body), body);
  return b;
}
static char *find(char *b, size_t n, const char *key) { char *p = memmem(b, n, key, strlen(key)); if (!p) return 0; p += strlen(key); while (p < b + n && (*p == ' ' || *p == ':')) p++; return p; }
static void serve(Conn *c, const char *line, char *body, size_t n) {
  reqs++;
  int is_completion = !strncmp(line, "POST /v1/completions", 20);
  if (is_completion || !strncmp(line, "POST /v1/chat/completions", 25)) {
    char *s = find(body, n, "\"stream\""), *m = find(body, n, "\"model\""), *k = find(body, n, "\"max_tokens\""), *l = find(body, n, "\"logprobs\"");
    if (!k) k = find(body, n, "\"max_completion_tokens\"");
    if (s && !strncmp(s, "true", 4)) {
      c->n = k ? strtol(k, 0, 10) : 128; c->completions = is_completion; c->next_i = is_completion; c->lp = l && (is_completion ? *l >= '0' && *l <= '9' : !strncmp(l, "true", 4)); c->mode = EACH; c->tick_us = 0;
      if (m) { if (!strncmp(m, "\"mock-coal", 10)) c->mode = COAL; else if (!strncmp(m, "\"mock-tick", 10)) { c->mode = TICK; c->tick_us = strtol(m + 10, 0, 10); } }
      static const char H[] = "HTTP/1.1 200 OK\r\ndate: Sat, 21 Nov 2026 08:20:10 GMT\r\nserver: uvicorn\r\ncontent-type: text/event-stream; charset=utf-8\r\nvary: Origin\r\ntransfer-encoding: chunked\r\n\r\n";
      out_add(c, H, sizeof H - 1); if (flush_out(c) < 0) return; c->active = 1; act(c, 1);
      if (c->mode == TICK) { uint64_t t = (uint64_t)c->tick_us * 1000; c->due = (now_ns() / t + 1) * t; }
      return;
    }
    Buf whole = is_completion ? nonstream_completion : nonstream; out_add(c, whole.p, whole.n); flush_out(c); return;
  }
  if (!strncmp(line, "POST /v1/embeddings", 19)) {
    char *m = find(body, n, "\"emb-"), *f = find(body, n, "\"base64\""); if (!m) { char *q = find(body, n, "\"model\""); m = q ? strstr(q, "emb-") : 0; if (m) m += 4; }
    Buf b = emb_body(m ? atoi(m) : 1, f != 0); c->bout = b.p; c->blen = b.n; c->boff = 0; flush_out(c); return;
  }
  char t[512]; const char *b = "{\"object\":\"list\",\"data\":[{\"id\":\"mock-coal\",\"object\":\"model\"},{\"id\":\"mock-each\",\"object\":\"model\"}]}"; char sb[200];
  if (!strncmp(line, "GET /stats", 10)) { sprintf(sb, "{\"reqs\":%llu,\"tokens\":%llu,\"streaming\":%d}\n", (unsigned long long)reqs, (unsigned long long)tokens_sent, streaming_now); b = sb; }
  int L = sprintf(t, "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %zu\r\n\r\n%s", strlen(b), b);
  out_add(c, t, L); flush_out(c);
}
static int handle_input(Conn *c) { // serve complete requests; a streaming response blocks the pipeline until done
  while (!c->active && !c->dead && c->inlen) {
    char *e = memmem(c->in, c->inlen, "\r\n\r\n", 4); if (!e) return 0;
    size_t hl = e + 4 - c->in, cl = 0; char save = *e; *e = 0; int chunked = 0;
    for (char *p = c->in; p < e;) { char *nl = strstr(p, "\r\n"); if (!strncasecmp(p, "content-length:", 15)) cl = strtoul(p + 15, 0, 10); else if (!strncasecmp(p, "transfer-encoding: chunked", 26)) chunked = 1;
      else if (!strncasecmp(p, "expect:", 7)) send(c->fd, "HTTP/1.1 100 Continue\r\n\r\n", 25, MSG_NOSIGNAL); if (!nl || nl > e) break; p = nl + 2; }
    *e = save; size_t need;
    if (chunked) { char *t = memmem(c->in + hl, c->inlen - hl, "0\r\n\r\n", 5); if (!t) return 0; need = t + 5 - c->in; cl = need - hl; }
    else need = hl + cl;
    if (c->inlen < need) return 0;
    char line[64]; size_t ll = hl < 63 ? hl : 63; memcpy(line, c->in, ll); line[ll] = 0;
    serve(c, line, c->in + hl, cl); if (c->dead) return -1;
    memmove(c->in, c->in + need, c->inlen - need); c->inlen -= need;
  }
  return 0;
}
int main(int argc, char **argv) {
  int port = 8900, o, idle = 0; while ((o = getopt(argc, argv, "p:x:")) != -1) { if (o == 'p') port = atoi(optarg); if (o == 'x') idle = atoi(optarg); }
  signal(SIGPIPE, SIG_IGN); build_frames();
  nonstream = whole_answer(RBODY); nonstream_completion = whole_answer(CBODY);
  // A connection for each of thousands of streams.
  struct rlimit files; getrlimit(RLIMIT_NOFILE, &files); files.rlim_cur = files.rlim_max; setrlimit(RLIMIT_NOFILE, &files);
  int ls = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1; setsockopt(ls, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  if (bind(ls, (void *)&a, sizeof a) || listen(ls, 4096)) die("bind");
  ep = epoll_create1(0); struct epoll_event e = {.events = EPOLLIN, .data.ptr = 0}; epoll_ctl(ep, EPOLL_CTL_ADD, ls, &e);
  fprintf(stderr, "mockserver on 127.0.0.1:%d, token chunk %zu B framed, logprobs chunk %zu B, tick chunk %zu B, non-stream body %zu B\n", port, chat.tok[1].n, chat.lp[1].n, chat.tick_len, strlen(RBODY));
  struct epoll_event ev[1024]; uint64_t last = now_ns();
  for (;;) {
    // timeout: 0 if any saturating stream can write; else until the next tick; else 1 s
    int64_t to = 1000000000; uint64_t now = now_ns();
    for (Conn *c = active.anext; c != &active; c = c->anext) { if (c->mode != TICK) { if (!c->want_out) { to = 0; break; } } else { int64_t d = (int64_t)(c->due - now); if (d < 0) d = 0; if (d < to) to = d; } }
    struct timespec ts = {to / 1000000000, to % 1000000000};
    int n = epoll_pwait2(ep, ev, 1024, &ts, 0);
    for (int i = 0; i < n; i++) {
      Conn *c = ev[i].data.ptr;
      if (!c) { int fd; while ((fd = accept4(ls, 0, 0, SOCK_NONBLOCK)) >= 0) { setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one); c = calloc(1, sizeof *c); c->fd = fd; struct epoll_event x = {.events = EPOLLIN, .data.ptr = c}; epoll_ctl(ep, EPOLL_CTL_ADD, fd, &x); } last = now_ns(); continue; }
      if (c->dead) continue;
      if (ev[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) {
        if (c->inlen + 65536 > c->incap) { c->incap = c->inlen + 131072; c->in = realloc(c->in, c->incap); }
        ssize_t r = recv(c->fd, c->in + c->inlen, 65536, 0); if (r == 0 || (r < 0 && errno != EAGAIN)) { drop(c); continue; }
        if (r > 0) { c->inlen += r; last = now_ns(); handle_input(c); if (c->dead) continue; }
      }
      if (ev[i].events & EPOLLOUT) { if (flush_out(c) == 1 && c->active && c->next_i > c->n + 2) finish_stream(c); }
    }
    now = now_ns();
    for (Conn *c = active.anext, *nx; c != &active; c = nx) {
      nx = c->anext;
      if (c->mode == TICK) { if (now >= c->due) { c->due += (uint64_t)c->tick_us * 1000; if (c->next_i == 0) pump(c, 1); pump(c, c->next_i > c->n ? 3 : 1); if (!c->dead && c->in_active && c->next_i == c->n + 1) pump(c, 3); } }
      else if (!c->want_out) pump(c, 32);
    }
    while (dead) { Conn *c = dead; dead = c->anext; free(c); }
    if (idle && now_ns() - last > idle * 1000000000ull && !streaming_now) return 0;
  }
}
