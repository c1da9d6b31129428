#ifndef CONTREE_NURSERY_NETLINK_H
#define CONTREE_NURSERY_NETLINK_H

/* Requests to the kernel's routing (rtnetlink(7)). Of <linux/rtnetlink.h>, <linux/if_link.h> and <linux/neighbour.h>, which
 * are not there for musl, this is what is needed. */

#include <stddef.h>
#include <stdint.h>

enum {
    NEW_LINK = 16, NEW_ADDRESS = 20, NEW_ROUTE = 24, NEW_NEIGHBOUR = 28,
    CREATE = 0x400, EXCLUSIVE = 0x200
};

enum {
    LINK_HARDWARE = 1, LINK_NAME = 3, LINK_INFO = 18, LINK_NAMESPACE_PID = 19, LINK_BY_FAMILY = 26,
    INFO_KIND = 1, INFO_DATA = 2, VETH_PEER = 1, INET6_ADDRESS_MODE = 8, ADDRESS_MODE_NONE = 1,
    ADDRESS_ADDRESS = 1, ADDRESS_LOCAL = 2,
    NEIGHBOUR_DESTINATION = 1, NEIGHBOUR_HARDWARE = 2, NEIGHBOUR_PERMANENT = 0x80,
    ROUTE_DESTINATION = 1, ROUTE_DEVICE = 4, ROUTE_GATEWAY = 5,
    ROUTE_TABLE_MAIN = 254, ROUTE_PROTOCOL_BOOT = 3, ROUTE_SCOPE_ALL = 0, ROUTE_SCOPE_LINK = 253, ROUTE_UNICAST = 1
};

struct link_header {
    uint8_t family;
    uint8_t padding;
    uint16_t type;
    int32_t index;
    uint32_t flags;
    uint32_t change;
};

struct address_header {
    uint8_t family;
    uint8_t prefix;
    uint8_t flags;
    uint8_t scope;
    uint32_t index;
};

struct neighbour_header {
    uint8_t family;
    uint8_t padding[3];
    int32_t index;
    uint16_t state;
    uint8_t flags;
    uint8_t type;
};

struct route_header {
    uint8_t family;
    uint8_t destination_prefix;
    uint8_t source_prefix;
    uint8_t service;
    uint8_t table;
    uint8_t protocol;
    uint8_t scope;
    uint8_t type;
    uint32_t flags;
};

struct netlink_request {
    size_t size;
    _Alignas(4) uint8_t bytes[512];
};

/* Begins a request with the header of its kind. */
void netlink_begin(struct netlink_request *request, uint16_t type, uint16_t flags, const void *header, size_t size);

/* Adds an attribute. */
void netlink_add(struct netlink_request *request, uint16_t type, const void *data, size_t size);

/* Begins an attribute that holds others, perhaps behind a header; netlink_close takes what this returns. */
size_t netlink_open(struct netlink_request *request, uint16_t type, const void *header, size_t size);
void netlink_close(struct netlink_request *request, size_t opened);

/* A socket into the routing of this process's network; -1 with errno. */
int netlink_socket(void);

/* Sends a request and waits for what the kernel says of it. Returns 0, or -1 with errno. */
int netlink_do(int socket, struct netlink_request *request);

#endif
