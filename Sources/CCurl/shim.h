#pragma once
#if defined(__linux__) && __has_feature(modules)
// Without it, the types of the C library that curl.h brings along (sockets, threads) would count as this module's, and everybody
// who sees it, however indirectly, would have to import it to use them.
#pragma clang module import SwiftGlibc
#endif
#include <curl/curl.h>
#ifdef __APPLE__
#include <fcntl.h>
#endif
#include <sys/socket.h>
#ifdef __linux__
// What the engine waits with; Swift's Glibc module leaves them out.
#include <sys/epoll.h>
#include <sys/eventfd.h>
#endif

// libcurl's setters and getters are variadic, which Swift cannot call, and their constants are macros with casts: typed functions stand
// in for them. The prefix keeps the names apart from libcurl's own.

static inline CURLcode ccurl_set_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode ccurl_set_size(CURL *handle, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode ccurl_set_string(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode ccurl_set_pointer(CURL *handle, CURLoption option, void *value) {
    return curl_easy_setopt(handle, option, value);
}

/// For CURLOPT_WRITEFUNCTION and CURLOPT_HEADERFUNCTION.
static inline CURLcode ccurl_set_receiver(
    CURL *handle, CURLoption option, size_t (*receiver)(char *bytes, size_t size, size_t count, void *context)) {
    return curl_easy_setopt(handle, option, receiver);
}

/// Opens a socket that child processes do not get, which libcurl 7.88 does not by itself: a program that is started during an exchange
/// would hold the connection open, and the server would not see that the exchange is cancelled before that program ends, too.
static inline curl_socket_t ccurl_open_socket(const struct curl_sockaddr *address) {
#ifdef __APPLE__
    curl_socket_t opened = socket(address->family, address->socktype, address->protocol);
    if (opened != CURL_SOCKET_BAD) fcntl(opened, F_SETFD, FD_CLOEXEC);
    return opened;
#else
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
#endif
}

/// Has the sockets of connections opened and closed by others. `context` has to live as long as the connections.
static inline CURLcode ccurl_set_socket_makers(
    CURL *handle, curl_socket_t (*open)(void *context, curlsocktype purpose, struct curl_sockaddr *address),
    int (*close)(void *context, curl_socket_t socket), void *context) {
    CURLcode code = curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, open);
    if (code == CURLE_OK) code = curl_easy_setopt(handle, CURLOPT_OPENSOCKETDATA, context);
    if (code == CURLE_OK) code = curl_easy_setopt(handle, CURLOPT_CLOSESOCKETFUNCTION, close);
    return code != CURLE_OK ? code : curl_easy_setopt(handle, CURLOPT_CLOSESOCKETDATA, context);
}

/// Has libcurl copy the body, whose size is set before. An empty one has no bytes to point to, and is one all the same.
static inline CURLcode ccurl_set_copied_body(CURL *handle, const void *bytes) {
    return curl_easy_setopt(handle, CURLOPT_COPYPOSTFIELDS, bytes ? bytes : "");
}

/// For bodies that are read bit by bit, and from the start again where an exchange is sent once more.
static inline CURLcode ccurl_set_sender(
    CURL *handle, size_t (*read)(char *bytes, size_t size, size_t count, void *context),
    int (*seek)(void *context, curl_off_t offset, int origin), void *context) {
    CURLcode code = curl_easy_setopt(handle, CURLOPT_READFUNCTION, read);
    if (code == CURLE_OK) code = curl_easy_setopt(handle, CURLOPT_READDATA, context);
    if (code == CURLE_OK) code = curl_easy_setopt(handle, CURLOPT_SEEKFUNCTION, seek);
    return code != CURLE_OK ? code : curl_easy_setopt(handle, CURLOPT_SEEKDATA, context);
}

static inline CURLcode ccurl_get_long(CURL *handle, CURLINFO info, long *value) {
    return curl_easy_getinfo(handle, info, value);
}

static inline CURLcode ccurl_get_time(CURL *handle, CURLINFO info, curl_off_t *microseconds) {
    return curl_easy_getinfo(handle, info, microseconds);
}

static inline CURLcode ccurl_get_pointer(CURL *handle, CURLINFO info, void **value) {
    return curl_easy_getinfo(handle, info, value);
}

static inline CURLMcode ccurl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}

static inline CURLMcode ccurl_multi_set_socket_callback(
    CURLM *multi, int (*callback)(CURL *easy, curl_socket_t socket, int interest, void *context, void *socketContext), void *context) {
    CURLMcode code = curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, context);
    return code != CURLM_OK ? code : curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, callback);
}

static inline CURLMcode ccurl_multi_set_timer_callback(
    CURLM *multi, int (*callback)(CURLM *multi, long milliseconds, void *context), void *context) {
    CURLMcode code = curl_multi_setopt(multi, CURLMOPT_TIMERDATA, context);
    return code != CURLM_OK ? code : curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, callback);
}

/// How the transfer of a CURLMSG_DONE message ended.
static inline CURLcode ccurl_message_result(const CURLMsg *message) {
    return message->data.result;
}

/// What a write callback returns to have the same bytes delivered again once the transfer is unpaused.
static inline size_t ccurl_pause(void) { return CURL_WRITEFUNC_PAUSE; }

/// CURL_GLOBAL_DEFAULT.
static inline long ccurl_global_default(void) { return CURL_GLOBAL_DEFAULT; }
