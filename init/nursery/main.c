/* contree-nursery: makes sandboxes for one server, each a process that waits in namespaces of its own until it is told what to
 * become, and reports their ends. What it sets up, and what could go wrong with it, is in docs/design/native-runtime.md.
 *
 * contree-nursery SOCKET HOME INIT
 *   SOCKET  path at which the server connects, once
 *   HOME    an existing directory
 *   INIT    the program that is to be PID 1 of every sandbox
 */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "birth.h"
#include "cable.h"
#include "give_up.h"
#include "home.h"
#include "wire.h"

struct sandbox {
    uint32_t id;
    pid_t pid;
};

static struct message configuration;
static struct message request;
static struct sandbox *sandboxes;
static size_t count;
static size_t capacity;

static struct sandbox *find(uint32_t id)
{
    for (size_t i = 0; i < count; i++) {
        if (sandboxes[i].id == id) {
            return &sandboxes[i];
        }
    }
    return NULL;
}

static void remember(uint32_t id, pid_t pid)
{
    if (count == capacity) {
        capacity = capacity == 0 ? 64 : 2 * capacity;
        sandboxes = realloc(sandboxes, capacity * sizeof *sandboxes);
        if (sandboxes == NULL) {
            give_up("memory");
        }
    }
    sandboxes[count++] = (struct sandbox){id, pid};
}

static void refuse(int server, const char *why)
{
    message_send(server, FAILED, request.id, why, strlen(why), -1);
}

static void configure(int server)
{
    message_close_fds(&request);
    if (configuration.type != 0) {
        refuse(server, "it is configured already");
        return;
    }
    configuration = request;
}

static void make(int server)
{
    int ends[2];
    if (configuration.type == 0 || request.fd_count == 0 || find(request.id) != NULL) {
        refuse(server, "not configured, no user namespace, or an id that is in use");
        return;
    }
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0) {
        refuse(server, strerror(errno));
        return;
    }
    pid_t pid = birth(&configuration, &request, ends[1]);
    close(ends[1]);
    if (pid < 0) {
        char why[256] = "";
        ssize_t size = recv(ends[0], why, sizeof why - 1, MSG_DONTWAIT);
        refuse(server, size > 0 ? why : "no process could be made");
    } else {
        int32_t number = pid;
        remember(request.id, pid);
        message_send(server, MADE, request.id, &number, sizeof number, ends[0]);
    }
    close(ends[0]);
}

static void lay_cable(int server)
{
    struct cable cable;
    struct record record;
    const struct sandbox *sandbox = find(request.id);
    if (sandbox == NULL || !record_find(&request, CABLE, &record) || record.size != sizeof cable) {
        refuse(server, "no such sandbox, or no cable");
        return;
    }
    memcpy(&cable, record.data, sizeof cable);
    cable.device[sizeof cable.device - 1] = 0;
    if (cable_outside(&cable, sandbox->pid) < 0) {
        refuse(server, strerror(errno));
    } else {
        message_send(server, LINKED, request.id, "", 0, -1);
    }
}

static void end_sandbox(void)
{
    const struct sandbox *sandbox = find(request.id);
    if (sandbox != NULL) {
        kill(sandbox->pid, SIGKILL); /* it was not reaped, so it is still that one */
    }
}

static void obey(int server)
{
    switch (request.type) {
    case CONFIGURE:
        configure(server);
        break;
    case MAKE:
        make(server);
        break;
    case LINK:
        lay_cable(server);
        break;
    case KILL:
        end_sandbox();
        break;
    default:
        refuse(server, "no such request");
        break;
    }
    message_close_fds(&request);
}

static void reap(int server)
{
    int status;
    for (pid_t pid = waitpid(-1, &status, WNOHANG); pid > 0; pid = waitpid(-1, &status, WNOHANG)) {
        for (size_t i = 0; i < count; i++) {
            if (sandboxes[i].pid == pid) {
                int32_t code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
                message_send(server, EXITED, sandboxes[i].id, &code, sizeof code, -1);
                sandboxes[i] = sandboxes[--count];
                break;
            }
        }
    }
}

static int hear_of_children(void)
{
    sigset_t children;
    sigemptyset(&children);
    sigaddset(&children, SIGCHLD);
    signal(SIGPIPE, SIG_IGN);
    if (sigprocmask(SIG_SETMASK, &children, NULL) < 0) {
        give_up("signals");
    }
    int fd = signalfd(-1, &children, SFD_CLOEXEC | SFD_NONBLOCK);
    if (fd < 0) {
        give_up("signals");
    }
    return fd;
}

static int listen_at(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    if (listener < 0 || strlen(path) >= sizeof address.sun_path) {
        give_up(path);
    }
    memcpy(address.sun_path, path, strlen(path) + 1);
    umask(077);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0 || listen(listener, 1) < 0) {
        give_up(path);
    }
    return listener;
}

/* The server writes nothing to standard input, and the end of that is the end of the server. */
static int await_server(int listener, const char *path)
{
    struct pollfd fds[] = {{.fd = listener, .events = POLLIN}, {.fd = STDIN_FILENO, .events = POLLIN}};
    if (write(STDOUT_FILENO, "listening\n", 10) != 10) {
        give_up("standard output");
    }
    while (poll(fds, 2, -1) < 0 && errno == EINTR) {
        continue;
    }
    if (fds[0].revents == 0) {
        _exit(0);
    }
    int server = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    if (server < 0 || unlink(path) < 0) {
        give_up(path);
    }
    close(listener);
    return server;
}

static void serve(int server, int children)
{
    struct pollfd fds[] = {{.fd = server, .events = POLLIN}, {.fd = children, .events = POLLIN}};
    for (;;) {
        if (poll(fds, 2, -1) < 0 && errno != EINTR) {
            give_up("poll");
        }
        if (fds[1].revents != 0) {
            struct signalfd_siginfo ignored;
            while (read(children, &ignored, sizeof ignored) == (ssize_t)sizeof ignored) {
                continue;
            }
            reap(server);
        }
        if (fds[0].revents != 0) {
            int received = message_receive(server, &request);
            if (received == 0) {
                return;
            }
            if (received < 0) {
                request.id = 0;
                refuse(server, "a message that is none");
            } else {
                obey(server);
            }
        }
    }
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        errno = EINVAL;
        give_up("contree-nursery SOCKET HOME INIT");
    }
    int children = hear_of_children();
    int server = await_server(listen_at(argv[1]), argv[1]);
    home_make(argv[2], argv[3]);
    message_send(server, LINKED, 0, "", 0, -1);
    serve(server, children);
    return 0; /* and every sandbox dies with its parent */
}
