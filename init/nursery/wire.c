#include "wire.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define RECORD_HEADER 8u
#define ANSWER_MAX 1024u

struct header {
    uint32_t type;
    uint32_t id;
};

union ancillary {
    struct cmsghdr alignment;
    char bytes[CMSG_SPACE(MESSAGE_FDS_MAX * sizeof(int))];
};

static void take_fds(struct msghdr *packet, struct message *message)
{
    message->fd_count = 0;
    const struct cmsghdr *part = CMSG_FIRSTHDR(packet);
    if (part != NULL && part->cmsg_level == SOL_SOCKET && part->cmsg_type == SCM_RIGHTS) {
        size_t size = part->cmsg_len - CMSG_LEN(0);
        memcpy(message->fds, CMSG_DATA(part), size);
        message->fd_count = size / sizeof(int);
    }
}

void message_close_fds(struct message *message)
{
    for (size_t i = 0; i < message->fd_count; i++) {
        close(message->fds[i]);
    }
    message->fd_count = 0;
}

/* Every record lies within the message, and has a NUL behind it. */
static bool is_whole(const struct message *message)
{
    size_t place = 0;
    struct record record;
    while (record_next(message, &place, &record)) {
        if (place > message->size || record.data[record.size] != 0) {
            return false;
        }
    }
    return place == message->size;
}

int message_receive(int socket, struct message *message)
{
    struct header header;
    union ancillary ancillary;
    struct iovec parts[] = {
        {.iov_base = &header, .iov_len = sizeof header},
        {.iov_base = message->records, .iov_len = sizeof message->records},
    };
    struct msghdr packet = {
        .msg_iov = parts, .msg_iovlen = 2, .msg_control = &ancillary, .msg_controllen = sizeof ancillary};
    ssize_t size;
    do {
        size = recvmsg(socket, &packet, MSG_CMSG_CLOEXEC);
    } while (size < 0 && errno == EINTR);
    if (size <= 0) {
        message->fd_count = 0;
        return 0;
    }
    take_fds(&packet, message);
    message->size = (size_t)size < sizeof header ? 0 : (size_t)size - sizeof header;
    bool cut = (packet.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0;
    if (cut || (size_t)size < sizeof header || !is_whole(message)) {
        message_close_fds(message);
        return -1;
    }
    message->type = header.type;
    message->id = header.id;
    return 1;
}

bool record_next(const struct message *message, size_t *place, struct record *record)
{
    size_t left = message->size - *place;
    if (*place > message->size || left < RECORD_HEADER) {
        return false;
    }
    const uint8_t *start = message->records + *place;
    memcpy(&record->kind, start, sizeof record->kind);
    memcpy(&record->size, start + sizeof record->kind, sizeof record->size);
    record->data = (const char *)start + RECORD_HEADER;
    if (record->size >= left - RECORD_HEADER) {
        *place = message->size + 1; /* no room for it and its NUL: the message is not whole */
        return false;
    }
    *place += RECORD_HEADER + record->size + 1;
    return true;
}

bool record_find(const struct message *message, uint32_t kind, struct record *record)
{
    size_t place = 0;
    while (record_next(message, &place, record)) {
        if (record->kind == kind) {
            return true;
        }
    }
    return false;
}

static void attach_fd(struct msghdr *packet, union ancillary *ancillary, int fd)
{
    packet->msg_control = ancillary;
    packet->msg_controllen = CMSG_SPACE(sizeof fd);
    struct cmsghdr *part = CMSG_FIRSTHDR(packet);
    part->cmsg_level = SOL_SOCKET;
    part->cmsg_type = SCM_RIGHTS;
    part->cmsg_len = CMSG_LEN(sizeof fd);
    memcpy(CMSG_DATA(part), &fd, sizeof fd);
}

void message_send(int socket, uint32_t type, uint32_t id, const void *data, size_t size, int fd)
{
    struct header header = {type, id};
    union ancillary ancillary = {0};
    char copy[ANSWER_MAX];
    size = size < sizeof copy ? size : sizeof copy;
    memcpy(copy, data, size);
    struct iovec parts[] = {
        {.iov_base = &header, .iov_len = sizeof header},
        {.iov_base = copy, .iov_len = size},
    };
    struct msghdr packet = {.msg_iov = parts, .msg_iovlen = 2};
    if (fd >= 0) {
        attach_fd(&packet, &ancillary, fd);
    }
    while (sendmsg(socket, &packet, MSG_NOSIGNAL) < 0 && errno == EINTR) {
        continue;
    }
}
