#include "launch.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "give_up.h"
#include "identity.h"
#include "oom.h"
#include "reason.h"
#include "signals.h"

#define ARGUMENT_MAX 131071u
#define DEFAULT_PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

/* What a process reads that nobody feeds: the null device, as with Docker, and not a pipe, because there are programs that
 * search a pipe rather than the working directory. Returns -1 where the inside has put something else in its place. */
static int open_null(void)
{
    struct stat device;
    int fd = open("/dev/null", O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd >= 0 && fstat(fd, &device) == 0 && S_ISCHR(device.st_mode) && device.st_rdev == makedev(1, 3)) {
        fcntl(fd, F_SETFL, O_RDONLY);
        return fd;
    }
    if (fd >= 0) {
        close(fd);
    }
    return -1;
}

static int input_of(const struct request *request, int pipe)
{
    int null = (request->flags & SPAWN_STDIN_OPEN) == 0 ? open_null() : -1;
    return null >= 0 ? null : pipe;
}

/* Leaves exactly 0, 1, 2 and the status pipe open. Everything closes on exec anyway, but a process that is stopped
 * before its exec must not keep the pipes of its siblings open. */
static void take_streams(struct child_ends ends)
{
    if (dup2(ends.in, 0) < 0 || dup2(ends.out, 1) < 0 || dup2(ends.err, 2) < 0) {
        give_up_format(ends.status, "standard streams: %s", strerror(errno));
    }
    if (ends.status != STATUS_FD && dup3(ends.status, STATUS_FD, O_CLOEXEC) < 0) {
        give_up_format(ends.status, "status pipe: %s", strerror(errno));
    }
    syscall(SYS_close_range, STATUS_FD + 1, INT_MAX, 0);
}

static int make_directories(const char *path)
{
    char part[PATH_MAX];
    size_t length = strlen(path);
    if (length >= sizeof part) {
        errno = ENAMETOOLONG;
        return -1;
    }
    for (size_t i = 1; i <= length; i++) {
        if (path[i] == '/' || path[i] == 0) {
            memcpy(part, path, i);
            part[i] = 0;
            if (mkdir(part, 0755) < 0 && errno != EEXIST) {
                return -1;
            }
        }
    }
    return 0;
}

static void enter_directory(const char *cwd)
{
    if (cwd[0] != '/') {
        give_up_format(STATUS_FD, "working directory %.1000s: must be absolute", cwd);
    }
    if (chdir(cwd) == 0) {
        return;
    }
    if (errno != ENOENT || make_directories(cwd) < 0 || chdir(cwd) < 0) {
        give_up_format(STATUS_FD, "working directory %.1000s: %s", cwd, strerror(errno));
    }
}

static const char *path_of(char *const *env)
{
    const char *path = value_of(env, "PATH");
    return path != NULL ? path : DEFAULT_PATH;
}

/* As in execvp: these errors of one directory do not end the search. */
static int goes_on(int error)
{
    return error == EACCES || error == ENOENT || error == ENOTDIR || error == ESTALE || error == ENODEV
           || error == ETIMEDOUT;
}

static int exists(const char *path)
{
    struct stat file;
    return stat(path, &file) == 0;
}

/* E2BIG by itself says neither which string was too long nor how long it may be. */
static const char *too_long(char *const *strings)
{
    while (*strings != NULL && strlen(*strings) <= ARGUMENT_MAX) {
        strings++;
    }
    return *strings;
}

static int name_length(const char *variable)
{
    size_t length = strcspn(variable, "=");
    return length < 200 ? (int)length : 200;
}

static void reason_of_failure(char *reason, const char *path, const struct request *request, int error)
{
    const char *argument = error == E2BIG ? too_long(request->argv) : NULL;
    const char *variable = error == E2BIG ? too_long(request->env) : NULL;
    if (argument != NULL) {
        snprintf(reason, REASON_MAX,
                 "%.1000s: argument list too long: one argument has %zu bytes, and Linux takes at most %u for one; pass it "
                 "through standard input or a file",
                 path, strlen(argument), ARGUMENT_MAX);
    } else if (variable != NULL) {
        snprintf(reason, REASON_MAX,
                 "%.1000s: argument list too long: the variable %.*s has %zu bytes, and Linux takes at most %u for one; pass "
                 "it through a file",
                 path, name_length(variable), variable, strlen(variable), ARGUMENT_MAX);
    } else {
        reason_of_exec(reason, REASON_MAX, path, error);
    }
}

/* Tries one candidate. Returns whether the search goes on, with the reason if the candidate is there after all. */
static int try_candidate(const char *candidate, const struct request *request, char *reason)
{
    execve(candidate, request->argv, request->env);
    int error = errno;
    int there = error == ENOENT || error == ENOTDIR ? exists(candidate) : 1;
    if (there && reason[0] == 0) {
        reason_of_failure(reason, candidate, request, error);
    }
    return goes_on(error);
}

static _Noreturn void search_path(const struct request *request)
{
    const char *name = request->argv[0];
    char candidate[PATH_MAX];
    char reason[REASON_MAX] = "";
    const char *path = path_of(request->env);
    for (;;) {
        size_t length = strcspn(path, ":");
        int size = snprintf(candidate, sizeof candidate, "%.*s%s%s", (int)length, path, length > 0 ? "/" : "", name);
        if (size < (int)sizeof candidate && !try_candidate(candidate, request, reason)) {
            break;
        }
        if (path[length] == 0) {
            break;
        }
        path += length + 1;
    }
    if (reason[0] == 0) {
        give_up_format(STATUS_FD, "%.1000s: executable file not found in PATH", name);
    }
    give_up(STATUS_FD, reason);
}

static _Noreturn void execute(const struct request *request)
{
    const char *name = request->argv[0];
    if (name[0] == 0) {
        give_up(STATUS_FD, "the command is empty");
    }
    if (strchr(name, '/') == NULL) {
        search_path(request);
    }
    execve(name, request->argv, request->env);
    char reason[REASON_MAX];
    reason_of_failure(reason, name, request, errno);
    give_up(STATUS_FD, reason);
}

void launch(const struct request *request, struct child_ends ends)
{
    struct user user;
    if (setsid() < 0) {
        give_up_format(ends.status, "new session: %s", strerror(errno));
    }
    ends.in = input_of(request, ends.in);
    take_streams(ends);
    signals_reset();
    oom_volunteer();
    identity_find(request, &user);
    enter_directory(request->cwd);
    identity_take(&user);
    execute(request);
}
