#pragma once
#include <microhttpd.h>
#include <sys/socket.h>

// MHD_start_daemon, MHD_get_connection_info and MHD_set_connection_option are variadic, which Swift cannot call.

// Starts a daemon that gives every connection of a listening socket a thread of its own; NULL when it cannot. With a certificate and
// its key in PEM, which must live as long as the daemon, it speaks TLS.
static inline struct MHD_Daemon *cmicrohttpd_start(
    int listener, const char *certificate, const char *key, MHD_AccessHandlerCallback access, MHD_RequestCompletedCallback completed,
    void *context)
{
    unsigned int flags = MHD_USE_POLL_INTERNAL_THREAD | MHD_USE_THREAD_PER_CONNECTION | MHD_USE_ITC | MHD_USE_SUPPRESS_DATE_NO_CLOCK;
    struct MHD_OptionItem tls[] = {
        {MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)certificate}, {MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)key}, {MHD_OPTION_END, 0, NULL}};
    struct MHD_OptionItem plain[] = {{MHD_OPTION_END, 0, NULL}};
    if (certificate)
        flags |= MHD_USE_TLS;
    return MHD_start_daemon(
        flags, 0, NULL, NULL, access, context, MHD_OPTION_LISTEN_SOCKET, listener, MHD_OPTION_NOTIFY_COMPLETED, completed, context,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)(256 * 1024), MHD_OPTION_CONNECTION_LIMIT, (unsigned int)4096,
        MHD_OPTION_ARRAY, certificate ? tls : plain, MHD_OPTION_END);
}

// The socket of a connection, or -1.
static inline int cmicrohttpd_socket(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info ? info->connect_fd : -1;
}

// The gnutls_session_t of a connection; NULL where it speaks no TLS.
static inline void *cmicrohttpd_tls_session(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
    return info ? info->tls_session : NULL;
}

// Closes a connection on which nothing happens for so many seconds; 0 never does.
static inline void cmicrohttpd_set_timeout(struct MHD_Connection *connection, unsigned int seconds)
{
    MHD_set_connection_option(connection, MHD_CONNECTION_OPTION_TIMEOUT, seconds);
}
