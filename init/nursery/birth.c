#include "birth.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cable.h"
#include "calls.h"
#include "give_up.h"
#include "privileges.h"
#include "room.h"

/* When the whole machine is out of memory, the kernel kills a sandbox rather than the server. */
#define OOM_SCORE "100"

enum { ROOT, IN, OUT, ERR, COVERS };

static void write_file(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0 || write(fd, text, strlen(text)) < 0) {
        give_up(path);
    }
    close(fd);
}

/* As in init: what was blocked or ignored here must not be so there. */
static void reset_signals(void)
{
    sigset_t none;
    sigemptyset(&none);
    signal(SIGPIPE, SIG_DFL);
    if (sigprocmask(SIG_SETMASK, &none, NULL) < 0) {
        give_up("signals");
    }
}

static void join_cgroups(const struct message *make)
{
    for (size_t i = 1; i < make->fd_count; i++) {
        if (write(make->fds[i], "0", 1) < 0) {
            give_up("a cgroup");
        }
    }
}

static void leave_everything(void)
{
    int namespaces = CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNET | CLONE_NEWCGROUP;
    if (unshare(namespaces) < 0) {
        give_up("namespaces");
    }
    if (setsid() < 0) {
        give_up("a session");
    }
    if (syscall(SYS_keyctl, JOIN_SESSION_KEYRING, NULL, 0, 0, 0) < 0 && errno != ENOSYS) {
        give_up("a keyring");
    }
}

static void take_name(const struct message *take)
{
    struct record name;
    if (record_find(take, HOSTNAME, &name) && sethostname(name.data, name.size) < 0) {
        give_up("the host name");
    }
}

static void take_streams(const struct message *take)
{
    /* Those of the message come after the socket's, so none of them is 0, 1 or 2. */
    if (dup2(take->fds[ERR], STDERR_FILENO) < 0) {
        give_up("standard error");
    }
    give_up_on(STDERR_FILENO);
    if (dup2(take->fds[IN], STDIN_FILENO) < 0 || dup2(take->fds[OUT], STDOUT_FILENO) < 0) {
        give_up("standard streams");
    }
    for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; stream++) {
        int flags = fcntl(stream, F_GETFL);
        if (flags < 0 || fcntl(stream, F_SETFL, flags & ~O_NONBLOCK) < 0) {
            give_up("standard streams");
        }
    }
}

static _Noreturn void become(const struct message *configuration, const struct message *take)
{
    static char init[] = "/dev/.contree-init";
    static char path[] = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    char *const arguments[] = {init, NULL};
    char *const environment[] = {path, NULL};
    take_streams(take);
    take_name(take);
    cable_inside(take);
    room_enter(take, COVERS);
    if (close_from(STDERR_FILENO + 1) < 0) {
        give_up("what is open");
    }
    umask(022);
    privileges_limit(configuration);
    execve(init, arguments, environment);
    give_up(init);
}

static _Noreturn void wait_for_the_run(const struct message *configuration, int control)
{
    static struct message take;
    if (write(control, "R", 1) != 1) {
        _exit(0);
    }
    if (message_receive(control, &take) <= 0) {
        _exit(0); /* it was not needed */
    }
    if (take.type != TAKE || take.fd_count < COVERS) {
        errno = EINVAL;
        give_up("what to become");
    }
    become(configuration, &take);
}

static _Noreturn void live(const struct message *configuration, int control)
{
    give_up_on(control);
    reset_signals();
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0 || prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) < 0) {
        give_up("prctl");
    }
    leave_everything();
    room_prepare(configuration);
    cable_loopback();
    if (close_from(control + 1) < 0) {
        give_up("descriptors");
    }
    wait_for_the_run(configuration, control);
}

/* The descriptors that the sandbox needs while it is made, as its lowest; the rest is closed. */
static int keep(struct message *make, int control)
{
    enum { LOWEST = STDERR_FILENO + 1 };
    int lowest = LOWEST + (int)make->fd_count + 1;
    control = fcntl(control, F_DUPFD_CLOEXEC, lowest);
    for (size_t i = 0; i < make->fd_count; i++) {
        make->fds[i] = fcntl(make->fds[i], F_DUPFD_CLOEXEC, lowest);
        if (make->fds[i] < 0) {
            give_up("descriptors");
        }
    }
    for (size_t i = 0; i < make->fd_count; i++) {
        make->fds[i] = dup3(make->fds[i], LOWEST + 1 + (int)i, O_CLOEXEC);
    }
    control = dup3(control, LOWEST, O_CLOEXEC);
    if (control < 0 || close_from(lowest) < 0) {
        give_up("descriptors");
    }
    return control;
}

/* A process that joins the cgroups while it is still the machine's root, and then the user namespace, to which the sandbox's
 * other namespaces are to belong. Its child is the nursery's. */
static _Noreturn void enter(const struct message *configuration, struct message *make, int control, pid_t *child)
{
    control = keep(make, control);
    give_up_on(control);
    write_file("/proc/self/oom_score_adj", OOM_SCORE);
    join_cgroups(make);
    if (setns(make->fds[0], CLONE_NEWUSER) < 0 || setgroups(0, NULL) < 0 || setresgid(0, 0, 0) < 0 || setresuid(0, 0, 0) < 0
        || unshare(CLONE_NEWPID) < 0) {
        give_up("the user namespace");
    }
    /* Raw, and with a stack of its own like fork: musl's fork has no flags. */
    long pid = syscall(SYS_clone, CLONE_PARENT | SIGCHLD, NULL, NULL, NULL, NULL);
    if (pid == 0) {
        live(configuration, control);
    }
    *child = (pid_t)pid;
    _exit(pid < 0);
}

pid_t birth(const struct message *configuration, struct message *make, int control)
{
    static pid_t *child;
    if (child == NULL) {
        child = mmap(NULL, sizeof *child, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (child == MAP_FAILED) {
            give_up("memory");
        }
    }
    *child = -1;
    pid_t pid = fork();
    if (pid == 0) {
        enter(configuration, make, control, child);
    }
    if (pid < 0) {
        return -1;
    }
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {
        continue;
    }
    return *child;
}
