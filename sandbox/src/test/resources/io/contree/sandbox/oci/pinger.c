/* Sends an echo request to each address as a user without rights does, and prints "ping to ADDRESS" for each answer. */
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include <arpa/inet.h>

static int answers(const char *address)
{
    struct sockaddr_in four = {.sin_family = AF_INET};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6};
    const struct timeval patience = {.tv_sec = 10};
    int is_six = strchr(address, ':') != NULL;
    unsigned char request[16] = {is_six ? 128 : 8};
    unsigned char answer[64];
    int fd = socket(is_six ? AF_INET6 : AF_INET, SOCK_DGRAM, is_six ? IPPROTO_ICMPV6 : IPPROTO_ICMP);
    inet_pton(AF_INET, address, &four.sin_addr);
    inet_pton(AF_INET6, address, &six.sin6_addr);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (connect(fd, is_six ? (struct sockaddr *)&six : (struct sockaddr *)&four, is_six ? sizeof six : sizeof four) < 0
        || send(fd, request, sizeof request, 0) < 0) {
        perror(address);
        return 0;
    }
    int got = recv(fd, answer, sizeof answer, 0) == sizeof request && answer[0] == (is_six ? 129 : 0);
    close(fd);
    return got;
}

int main(int count, char **addresses)
{
    for (int i = 1; i < count; i++) {
        if (answers(addresses[i])) {
            printf("ping to %s\n", addresses[i]);
        }
    }
    return 0;
}
