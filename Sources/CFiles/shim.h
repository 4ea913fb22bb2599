#pragma once

/// Which file it is, and how large.
struct cfiles_identity {
    unsigned long long device;
    unsigned long long inode;
    unsigned long long size;
};

#ifdef __linux__
// Of the kernel's headers alone: those of the C library belong to Swift's Glibc module, which leaves statx(2) out.
#include <asm/unistd.h>
#include <linux/stat.h>

extern long syscall(long number, ...);

/// Asks for these by statx(2), and for no times, of the file at `path`, or of the open file `descriptor` where `path` is empty.
/// Returns 0, or -1 with `errno` set.
static inline int cfiles_identify(int descriptor, const char *path, struct cfiles_identity *identity) {
    // AT_EMPTY_PATH
    int flags = *path ? 0 : 0x1000;
    struct statx status;
    if (syscall(__NR_statx, descriptor, path, flags, STATX_INO | STATX_SIZE, &status) != 0) return -1;
    identity->device = (unsigned long long)status.stx_dev_major << 32 | status.stx_dev_minor;
    identity->inode = status.stx_ino;
    identity->size = status.stx_size;
    return 0;
}
#endif
