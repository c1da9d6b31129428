#include "netlink.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define FAMILY_ROUTE 0
#define FLAG_REQUEST 1u
#define FLAG_ACKNOWLEDGE 4u
#define MESSAGE_ERROR 2
#define ALIGNED(size) (((size) + 3) & ~(size_t)3)

struct message_header {
    uint32_t length;
    uint16_t type;
    uint16_t flags;
    uint32_t sequence;
    uint32_t port;
};

struct attribute_header {
    uint16_t length;
    uint16_t type;
};

struct acknowledgement {
    struct message_header header;
    int32_t error;
};

/* What does not fit is left out, and the request is then too long to be sent. */
static void append(struct netlink_request *request, const void *data, size_t size)
{
    if (request->size + ALIGNED(size) <= sizeof request->bytes) {
        memset(request->bytes + request->size, 0, ALIGNED(size));
        if (size > 0) {
            memcpy(request->bytes + request->size, data, size);
        }
    }
    request->size += ALIGNED(size);
}

void netlink_begin(struct netlink_request *request, uint16_t type, uint16_t flags, const void *header, size_t size)
{
    struct message_header message = {
        .type = type, .flags = (uint16_t)(flags | FLAG_REQUEST | FLAG_ACKNOWLEDGE), .sequence = 1};
    request->size = 0;
    append(request, &message, sizeof message);
    append(request, header, size);
}

void netlink_add(struct netlink_request *request, uint16_t type, const void *data, size_t size)
{
    struct attribute_header attribute = {(uint16_t)(sizeof attribute + size), type};
    append(request, &attribute, sizeof attribute);
    append(request, data, size);
}

size_t netlink_open(struct netlink_request *request, uint16_t type, const void *header, size_t size)
{
    size_t opened = request->size;
    netlink_add(request, type, header, size);
    return opened;
}

void netlink_close(struct netlink_request *request, size_t opened)
{
    uint16_t length = (uint16_t)(request->size - opened);
    if (request->size <= sizeof request->bytes) {
        memcpy(request->bytes + opened, &length, sizeof length);
    }
}

int netlink_socket(void)
{
    return socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, FAMILY_ROUTE);
}

int netlink_do(int socket, struct netlink_request *request)
{
    uint32_t length = (uint32_t)request->size;
    if (request->size > sizeof request->bytes) {
        errno = EMSGSIZE;
        return -1;
    }
    memcpy(request->bytes, &length, sizeof length);
    if (send(socket, request->bytes, request->size, 0) < 0) {
        return -1;
    }
    union {
        struct acknowledgement acknowledgement;
        uint8_t bytes[1024];
    } answer;
    ssize_t size = recv(socket, &answer, sizeof answer, 0);
    if (size < (ssize_t)sizeof answer.acknowledgement || answer.acknowledgement.header.type != MESSAGE_ERROR) {
        errno = size < 0 ? errno : EPROTO;
        return -1;
    }
    errno = -answer.acknowledgement.error;
    return errno == 0 ? 0 : -1;
}
