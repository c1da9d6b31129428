/*
 * Sends frames that no well-behaved program sends, and watches for them.
 *
 *   frames send KIND SOURCE TARGET PORT LABEL ...   one after the other through eth0, to the gateway
 *   frames watch                                    prints "SOURCE TARGET LABEL" of what eth0 receives, until the label "end"
 *   frames ports COUNT TARGET PORT LABEL            ordinary datagrams, each from a port of its own
 *
 * Kinds: udp, vlan (802.1Q, priority only), route (loose source route by TARGET to 127.0.0.1), stray (TCP without any flag),
 * six (IPv6), arp (asks for TARGET as SOURCE).
 */
#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netpacket/packet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static unsigned char buffer[4096];
static unsigned char gateway[6], own[6];
static size_t length;

static void put(const void *bytes, size_t count)
{
    memcpy(buffer + length, bytes, count);
    length += count;
}

static void put16(uint16_t value)
{
    value = htons(value);
    put(&value, 2);
}

static uint16_t sum(const unsigned char *bytes, size_t count, uint32_t start)
{
    for (size_t i = 0; i < count; i++) {
        start += i % 2 ? bytes[i] : bytes[i] << 8;
    }
    while (start >> 16) {
        start = (start & 0xffff) + (start >> 16);
    }
    return htons(~start);
}

static void put_address(int family, const char *text)
{
    unsigned char address[16];
    if (inet_pton(family, text, address) != 1) {
        fprintf(stderr, "no address: %s\n", text);
        exit(1);
    }
    put(address, family == AF_INET ? 4 : 16);
}

/* To what it covers belong the two addresses right before it, and for the sum its protocol and length. */
static void put_transport(int protocol, size_t addresses, int port, const char *label)
{
    size_t start = length, size = strlen(label) + (protocol == 17 ? 8 : 20);
    put16(4444);
    put16(port);
    if (protocol == 17) {
        put16(size);
        put16(0);
    } else {
        put("\0\0\0\1\0\0\0\1\x50\0\4\0\0\0\0\0", 16);
    }
    put(label, strlen(label));
    uint32_t pseudo = protocol + size;
    for (size_t i = 0; i < addresses; i += 2) {
        pseudo += buffer[start - addresses + i] << 8 | buffer[start - addresses + i + 1];
    }
    uint16_t check = sum(buffer + start, size, pseudo);
    memcpy(buffer + start + (protocol == 17 ? 6 : 16), &check, 2);
}

static void put_ip(const char *kind, const char *source, const char *target, int port, const char *label)
{
    int protocol = strcmp(kind, "stray") ? 17 : 6, routed = !strcmp(kind, "route");
    size_t start = length, options = routed ? 8 : 0;
    unsigned char head[] = {0x45 + options / 4, 0, 0, 0, 0, 1, 0, 0, 64, protocol, 0, 0};
    put(head, sizeof head);
    put_address(AF_INET, source);
    put_address(AF_INET, target);
    unsigned char transport[2048];
    put_transport(protocol, 8, port, label);
    size_t size = length - start - 20;
    if (routed) {
        memcpy(transport, buffer + start + 20, size);
        length = start + 20;
        put("\x83\x07\x04\x7f\x00\x00\x01\x00", 8);
        put(transport, size);
    }
    uint16_t total = htons(length - start);
    memcpy(buffer + start + 2, &total, 2);
    uint16_t check = sum(buffer + start, 20 + options, 0);
    memcpy(buffer + start + 10, &check, 2);
}

static void put_ip6(const char *source, const char *target, int port, const char *label)
{
    put("\x60\0\0\0", 4);
    put16(8 + strlen(label));
    put("\x11\xff", 2);
    put_address(AF_INET6, source);
    put_address(AF_INET6, target);
    put_transport(17, 32, port, label);
}

static void put_arp(const char *source, const char *target)
{
    put("\0\1\x08\0\6\4\0\1", 8);
    put(own, 6);
    put_address(AF_INET, source);
    put("\0\0\0\0\0\0", 6);
    put_address(AF_INET, target);
}

static int open_eth0(void)
{
    struct sockaddr_ll here = {.sll_family = AF_PACKET, .sll_protocol = htons(3), .sll_ifindex = if_nametoindex("eth0")};
    struct ifreq request = {.ifr_name = "eth0"};
    int eth0 = socket(AF_PACKET, SOCK_RAW, htons(3));
    if (eth0 < 0 || bind(eth0, (struct sockaddr *)&here, sizeof here) || ioctl(eth0, SIOCGIFHWADDR, &request)) {
        perror("eth0");
        exit(1);
    }
    memcpy(own, request.ifr_hwaddr.sa_data, 6);
    return eth0;
}

/* The only neighbour. */
static void find_gateway(void)
{
    FILE *neighbours = fopen("/proc/net/arp", "r");
    char line[256];
    while (neighbours && fgets(line, sizeof line, neighbours)) {
        if (sscanf(line, "%*s %*s %*s %2hhx:%2hhx:%2hhx:%2hhx:%2hhx:%2hhx", gateway, gateway + 1, gateway + 2,
                   gateway + 3, gateway + 4, gateway + 5) == 6) {
            return;
        }
    }
    fprintf(stderr, "no gateway\n");
    exit(1);
}

static void send_one(int eth0, char **words)
{
    int vlan = !strcmp(words[0], "vlan"), six = !strcmp(words[0], "six"), arp = !strcmp(words[0], "arp");
    length = 0;
    put(gateway, 6);
    put(own, 6);
    if (vlan) {
        put("\x81\0\0\0", 4);
    }
    put16(six ? 0x86dd : arp ? 0x0806 : 0x0800);
    if (six) {
        put_ip6(words[1], words[2], atoi(words[3]), words[4]);
    } else if (arp) {
        put_arp(words[1], words[2]);
    } else {
        put_ip(words[0], words[1], words[2], atoi(words[3]), words[4]);
    }
    if (send(eth0, buffer, length, 0) < 0) {
        perror("send");
        exit(1);
    }
}

static void watch(int eth0)
{
    /* Nobody waits for an end that does not come. */
    alarm(60);
    puts("up");
    fflush(stdout);
    for (;;) {
        struct sockaddr_ll from;
        socklen_t size = sizeof from;
        ssize_t got = recvfrom(eth0, buffer, sizeof buffer - 1, 0, (struct sockaddr *)&from, &size);
        if (got < 42 || from.sll_pkttype == PACKET_OUTGOING || buffer[12] != 8 || buffer[13] != 0) {
            continue;
        }
        buffer[got] = 0;
        const char *label = (const char *)buffer + (buffer[23] == 6 ? 54 : 42);
        char source[16], target[16];
        inet_ntop(AF_INET, buffer + 26, source, sizeof source);
        inet_ntop(AF_INET, buffer + 30, target, sizeof target);
        printf("%s %s %s\n", source, target, label);
        if (!strcmp(label, "end")) {
            return;
        }
    }
}

static void ports(int count, const char *target, int port, const char *label)
{
    struct sockaddr_in there = {.sin_family = AF_INET, .sin_port = htons(port)};
    inet_pton(AF_INET, target, &there.sin_addr);
    for (int i = 0; i < count; i++) {
        int each = socket(AF_INET, SOCK_DGRAM, 0);
        sendto(each, label, strlen(label), 0, (struct sockaddr *)&there, sizeof there);
        close(each);
    }
}

int main(int argc, char **argv)
{
    if (argc == 2) {
        watch(open_eth0());
    } else if (!strcmp(argv[1], "ports")) {
        ports(atoi(argv[2]), argv[3], atoi(argv[4]), argv[5]);
    } else {
        int eth0 = open_eth0();
        find_gateway();
        for (int i = 2; i + 4 < argc; i += 5) {
            send_one(eth0, argv + i);
        }
    }
    return 0;
}
