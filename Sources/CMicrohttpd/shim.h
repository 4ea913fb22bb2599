#pragma once
#include <microhttpd.h>
#include <sys/socket.h>

// MHD_start_daemon and MHD_get_connection_info are variadic, which Swift cannot call.

// Starts a daemon that gives every connection a thread of its own and listens at `address`; NULL when it cannot.
static inline struct MHD_Daemon *cmicrohttpd_start(
    const struct sockaddr *address, MHD_AccessHandlerCallback access, MHD_RequestCompletedCallback completed, void *context)
{
    unsigned int flags = MHD_USE_POLL_INTERNAL_THREAD | MHD_USE_THREAD_PER_CONNECTION | MHD_USE_ITC | MHD_USE_SUPPRESS_DATE_NO_CLOCK;
    if (address->sa_family == AF_INET6)
        flags |= MHD_USE_IPv6;
    return MHD_start_daemon(
        flags, 0, NULL, NULL, access, context, MHD_OPTION_SOCK_ADDR, address, MHD_OPTION_NOTIFY_COMPLETED, completed, context,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)(256 * 1024), MHD_OPTION_LISTEN_BACKLOG_SIZE, (unsigned int)1024,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned int)4096, MHD_OPTION_END);
}

// The port that a daemon listens on, or 0.
static inline uint16_t cmicrohttpd_port(struct MHD_Daemon *daemon)
{
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT);
    return info ? info->port : 0;
}

// The socket of a connection, or -1.
static inline int cmicrohttpd_socket(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info ? info->connect_fd : -1;
}
