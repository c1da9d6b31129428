#ifndef CONTREE_NURSERY_CALLS_H
#define CONTREE_NURSERY_CALLS_H

/* System calls and constants for which musl has no declaration, and Debian's musl no kernel headers: of <linux/mount.h>,
 * <linux/openat2.h>, <linux/prctl.h> and <linux/keyctl.h>. From 424 on all architectures share one number. */

#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#define CALL_MOVE_MOUNT 429
#define CALL_CLOSE_RANGE 436
#define CALL_OPENAT2 437
#define CALL_MOUNT_SETATTR 442

#define MOVE_MOUNT_FROM_EMPTY 0x04u
#define MOVE_MOUNT_TO_EMPTY 0x40u
#define ATTRIBUTE_READ_ONLY 0x1u
#define RESOLVE_NO_MAGIC_LINKS 0x02u
#define RESOLVE_IN_ROOT 0x10u
#define EMPTY_PATH 0x1000u
#define RECURSIVE 0x8000u
#define JOIN_SESSION_KEYRING 1

struct mount_attributes {
    uint64_t set;
    uint64_t clear;
    uint64_t propagation;
    uint64_t user_namespace;
};

struct open_how {
    uint64_t flags;
    uint64_t mode;
    uint64_t resolve;
};

static inline int move_mount_to(int from_directory, const char *from, int to)
{
    unsigned flags = MOVE_MOUNT_TO_EMPTY | (*from == 0 ? MOVE_MOUNT_FROM_EMPTY : 0);
    return (int)syscall(CALL_MOVE_MOUNT, from_directory, from, to, "", flags);
}

/* A mount point, and with RECURSIVE what is mounted below it. */
static inline int make_read_only(const char *path, unsigned flags)
{
    struct mount_attributes attributes = {.set = ATTRIBUTE_READ_ONLY};
    return (int)syscall(CALL_MOUNT_SETATTR, -100, path, flags, &attributes, sizeof attributes);
}

/* Links are followed as they would be from inside a root. */
static inline int open_inside(int root, const char *path, uint64_t flags)
{
    struct open_how how = {.flags = flags, .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGIC_LINKS};
    return (int)syscall(CALL_OPENAT2, root, path, &how, sizeof how);
}

static inline int close_from(int first)
{
    return (int)syscall(CALL_CLOSE_RANGE, first, ~0u, 0);
}

#endif
