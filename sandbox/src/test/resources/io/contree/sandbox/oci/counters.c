/*
 * Takes of what the kernel counts for a user: "counters KIND all" takes until it is refused, says so and holds it;
 * "counters KIND one" takes one and exits with 0, or with 1 if it is refused.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static int inotify(int i) {
    return inotify_init1(0);
}

/* A timer holds a pending signal. */
static int timer(int i) {
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
    int id;
    return syscall(SYS_timer_create, CLOCK_MONOTONIC, &event, &id);
}

static int queue(int i) {
    char name[32];
    struct mq_attr attributes = {.mq_maxmsg = 10, .mq_msgsize = 8192};
    snprintf(name, sizeof name, "/q-%d-%d", getpid(), i);
    int queue = mq_open(name, O_CREAT | O_EXCL | O_RDWR, 0600, &attributes);
    if (queue >= 0 && i < 0)
        mq_unlink(name);
    return queue;
}

static int locked(int i) {
    int id = shmget(IPC_PRIVATE, 1 << 20, IPC_CREAT | 0600);
    if (id < 0)
        return -1;
    void *held = shmat(id, NULL, 0);
    int result = held == (void *) -1 ? -1 : shmctl(id, SHM_LOCK, NULL);
    int reason = errno;
    shmctl(id, IPC_RMID, NULL); /* it goes with the process, also on the machine */
    errno = reason;
    return result;
}

/* Refused to whoever has too much in pipes. */
static int pipes(int i) {
    int ends[2];
    if (pipe(ends) < 0)
        return -1;
    return fcntl(ends[1], F_SETPIPE_SZ, 1 << 20);
}

static int terminal(int i) {
    return open("/dev/ptmx", O_RDWR | O_NOCTTY);
}

/* Descriptors on their way through sockets. */
static int flight(int i) {
    int ends[2];
    int sent = 0;
    char byte = 0;
    struct iovec data = {&byte, 1};
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int) * 200)];
    } control;
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0)
        return -1;
    memset(&control, 0, sizeof control);
    int count = i < 0 ? 1 : 200;
    control.header.cmsg_level = SOL_SOCKET;
    control.header.cmsg_type = SCM_RIGHTS;
    control.header.cmsg_len = CMSG_LEN(sizeof(int) * count);
    for (int k = 0; k < count; k++)
        ((int *) CMSG_DATA(&control.header))[k] = ends[0];
    struct msghdr message = {
        .msg_iov = &data, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = CMSG_SPACE(sizeof(int) * count)};
    return sendmsg(ends[1], &message, 0);
}

int main(int count, char **arguments) {
    int (*take)(int) = !strcmp(arguments[1], "inotify") ? inotify
        : !strcmp(arguments[1], "signals") ? timer
        : !strcmp(arguments[1], "queues") ? queue
        : !strcmp(arguments[1], "locked") ? locked
        : !strcmp(arguments[1], "pipes") ? pipes
        : !strcmp(arguments[1], "flight") ? flight
        : terminal;
    if (!strcmp(arguments[2], "one")) {
        if (take(-1) >= 0)
            return 0;
        perror(arguments[1]);
        return 1;
    }
    int taken = 0;
    while (taken < 1 << 20 && take(taken) >= 0)
        taken++;
    printf("full after %d: %s\n", taken, strerror(errno));
    fflush(stdout);
    pause();
}
