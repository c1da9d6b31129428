#ifndef CONTREE_NURSERY_WIRE_H
#define CONTREE_NURSERY_WIRE_H

/* Messages of the server and to it: one packet of a SOCK_SEQPACKET socket each, in the byte order of the machine. A message
 * is a type and the id of a sandbox, then records. What they mean is in docs/design/native-runtime.md. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MESSAGE_MAX (128u * 1024)
#define MESSAGE_FDS_MAX 32u

enum message_type {
    /* from the server */
    CONFIGURE = 'C',
    MAKE = 'M',
    LINK = 'L',
    KILL = 'K',
    /* from the server to a sandbox that waits */
    TAKE = 'T',
    /* to the server */
    MADE = 'W',
    LINKED = 'N',
    EXITED = 'X',
    FAILED = 'F'
};

enum record_kind {
    FILTER = 1,    /* compiled seccomp filter */
    MASKED,        /* path */
    READ_ONLY,     /* path */
    SETTING,       /* file below /proc/sys, NUL, value */
    HIERARCHY,     /* directory below /sys/fs/cgroup, NUL, mount options; cgroup v1 */
    OPEN_FILES,    /* two u64: soft and hard limit */
    HOSTNAME = 16, /* text */
    SHARED_MEMORY, /* u64: bytes of /dev/shm */
    COVER,         /* path; the next descriptor is a mount that covers it */
    CABLE          /* struct cable */
};

/* Both ends of a veth pair and the way through it. Addresses are in network byte order. */
struct cable {
    char device[16];
    uint8_t machine_hardware[8];
    uint8_t sandbox_hardware[8];
    uint32_t address;
    uint32_t gateway;
};

struct message {
    uint32_t type;
    uint32_t id;
    size_t size; /* of the records */
    size_t fd_count;
    int fds[MESSAGE_FDS_MAX];
    uint8_t records[MESSAGE_MAX];
};

struct record {
    uint32_t kind;
    uint32_t size;
    const char *data; /* text has a NUL behind it, which does not count */
};

/* Waits for a message. Returns 1, 0 at the end of the stream, or -1 for a message that is none, whose descriptors are
 * closed. */
int message_receive(int socket, struct message *message);

void message_close_fds(struct message *message);

/* Goes through the records: *place begins at 0. False at the end. */
bool record_next(const struct message *message, size_t *place, struct record *record);

/* The first record of a kind, if it is there. */
bool record_find(const struct message *message, uint32_t kind, struct record *record);

/* Sends a type, an id, and up to 1,024 bytes; with a descriptor unless it is negative. Whether somebody still listens is
 * seen elsewhere. */
void message_send(int socket, uint32_t type, uint32_t id, const void *data, size_t size, int fd);

#endif
