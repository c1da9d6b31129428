#include "cable.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "give_up.h"
#include "netlink.h"

#define INSIDE "eth0"
#define HARDWARE 6u
#define IPV6 "/proc/sys/net/ipv6/conf/"

static int switch_on(int socket, int device)
{
    struct netlink_request request;
    struct link_header link = {.index = device, .flags = IFF_UP, .change = IFF_UP};
    netlink_begin(&request, NEW_LINK, 0, &link, sizeof link);
    return netlink_do(socket, &request);
}

static int add_pair(int socket, const struct cable *cable, pid_t sandbox)
{
    struct netlink_request request;
    struct link_header link = {0};
    netlink_begin(&request, NEW_LINK, CREATE | EXCLUSIVE, &link, sizeof link);
    netlink_add(&request, LINK_NAME, cable->device, strlen(cable->device) + 1);
    netlink_add(&request, LINK_HARDWARE, cable->machine_hardware, HARDWARE);
    size_t info = netlink_open(&request, LINK_INFO, NULL, 0);
    netlink_add(&request, INFO_KIND, "veth", sizeof "veth");
    size_t data = netlink_open(&request, INFO_DATA, NULL, 0);
    size_t peer = netlink_open(&request, VETH_PEER, &link, sizeof link);
    netlink_add(&request, LINK_NAME, INSIDE, sizeof INSIDE);
    netlink_add(&request, LINK_HARDWARE, cable->sandbox_hardware, HARDWARE);
    netlink_add(&request, LINK_NAMESPACE_PID, &sandbox, sizeof sandbox);
    netlink_close(&request, peer);
    netlink_close(&request, data);
    netlink_close(&request, info);
    return netlink_do(socket, &request);
}

/* Without it the machine would give its end an IPv6 address. */
static int switch_on_without_ipv6(int socket, int device)
{
    struct netlink_request request;
    struct link_header link = {.index = device, .flags = IFF_UP, .change = IFF_UP};
    uint8_t mode = ADDRESS_MODE_NONE;
    netlink_begin(&request, NEW_LINK, 0, &link, sizeof link);
    size_t families = netlink_open(&request, LINK_BY_FAMILY, NULL, 0);
    size_t family = netlink_open(&request, AF_INET6, NULL, 0);
    netlink_add(&request, INET6_ADDRESS_MODE, &mode, sizeof mode);
    netlink_close(&request, family);
    netlink_close(&request, families);
    if (netlink_do(socket, &request) == 0) {
        return 0;
    }
    return switch_on(socket, device); /* a kernel without IPv6 */
}

static int add_neighbour(int socket, int device, uint32_t address, const uint8_t *hardware)
{
    struct netlink_request request;
    struct neighbour_header neighbour = {.family = AF_INET, .index = device, .state = NEIGHBOUR_PERMANENT};
    netlink_begin(&request, NEW_NEIGHBOUR, CREATE, &neighbour, sizeof neighbour);
    netlink_add(&request, NEIGHBOUR_DESTINATION, &address, sizeof address);
    netlink_add(&request, NEIGHBOUR_HARDWARE, hardware, HARDWARE);
    return netlink_do(socket, &request);
}

static int add_route_to(int socket, int device, uint32_t address)
{
    struct netlink_request request;
    struct route_header route = {.family = AF_INET,
                                 .destination_prefix = 32,
                                 .table = ROUTE_TABLE_MAIN,
                                 .protocol = ROUTE_PROTOCOL_BOOT,
                                 .scope = ROUTE_SCOPE_LINK,
                                 .type = ROUTE_UNICAST};
    netlink_begin(&request, NEW_ROUTE, CREATE | EXCLUSIVE, &route, sizeof route);
    netlink_add(&request, ROUTE_DESTINATION, &address, sizeof address);
    netlink_add(&request, ROUTE_DEVICE, &device, sizeof device);
    return netlink_do(socket, &request);
}

static int add_default_route(int socket, uint32_t gateway)
{
    struct netlink_request request;
    struct route_header route = {.family = AF_INET,
                                 .table = ROUTE_TABLE_MAIN,
                                 .protocol = ROUTE_PROTOCOL_BOOT,
                                 .scope = ROUTE_SCOPE_ALL,
                                 .type = ROUTE_UNICAST};
    netlink_begin(&request, NEW_ROUTE, CREATE | EXCLUSIVE, &route, sizeof route);
    netlink_add(&request, ROUTE_GATEWAY, &gateway, sizeof gateway);
    return netlink_do(socket, &request);
}

static int add_address(int socket, int device, uint32_t address)
{
    struct netlink_request request;
    struct address_header header = {.family = AF_INET, .prefix = 32, .index = (uint32_t)device};
    netlink_begin(&request, NEW_ADDRESS, CREATE | EXCLUSIVE, &header, sizeof header);
    netlink_add(&request, ADDRESS_LOCAL, &address, sizeof address);
    netlink_add(&request, ADDRESS_ADDRESS, &address, sizeof address);
    return netlink_do(socket, &request);
}

static int lay(int socket, const struct cable *cable, pid_t sandbox)
{
    if (add_pair(socket, cable, sandbox) < 0) {
        return -1;
    }
    int device = (int)if_nametoindex(cable->device);
    if (device == 0 || switch_on_without_ipv6(socket, device) < 0
        || add_neighbour(socket, device, cable->address, cable->sandbox_hardware) < 0) {
        return -1;
    }
    return add_route_to(socket, device, cable->address);
}

int cable_outside(const struct cable *cable, pid_t sandbox)
{
    static int socket = -1;
    if (socket < 0) {
        socket = netlink_socket();
    }
    return socket < 0 ? -1 : lay(socket, cable, sandbox);
}

void cable_loopback(void)
{
    int socket = netlink_socket();
    if (socket < 0 || switch_on(socket, 1) < 0) {
        give_up("the loopback device");
    }
    close(socket);
}

/* IPv6 is on for loopback alone. */
static void switch_off_ipv6(const char *device)
{
    char path[128];
    snprintf(path, sizeof path, IPV6 "%s/disable_ipv6", device);
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT) {
        return;
    }
    if (fd < 0 || write(fd, "1", 1) < 0) {
        give_up(path);
    }
    close(fd);
}

void cable_inside(const struct message *take)
{
    struct record record;
    struct cable cable;
    if (!record_find(take, CABLE, &record) || record.size != sizeof cable) {
        return;
    }
    memcpy(&cable, record.data, sizeof cable);
    switch_off_ipv6("default");
    switch_off_ipv6(INSIDE);
    int device = (int)if_nametoindex(INSIDE);
    int socket = netlink_socket();
    if (device == 0 || socket < 0 || add_address(socket, device, cable.address) < 0 || switch_on(socket, device) < 0
        || add_neighbour(socket, device, cable.gateway, cable.machine_hardware) < 0
        || add_route_to(socket, device, cable.gateway) < 0 || add_default_route(socket, cable.gateway) < 0) {
        give_up("the network");
    }
    close(socket);
}
