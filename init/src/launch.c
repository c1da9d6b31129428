#include "launch.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "oom.h"
#include "reason.h"
#include "signals.h"

#define STATUS_FD 3
#define DEFAULT_PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
#define EXIT_NOT_STARTED 127

static _Noreturn void give_up(int status, const char *reason)
{
    ssize_t written = write(status, reason, strlen(reason));
    _exit(written < 0 ? EXIT_NOT_STARTED + 1 : EXIT_NOT_STARTED);
}

static _Noreturn void give_up_format(int status, const char *format, ...) __attribute__((format(printf, 2, 3)));
static _Noreturn void give_up_format(int status, const char *format, ...)
{
    char reason[REASON_MAX];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason, sizeof reason, format, arguments);
    va_end(arguments);
    give_up(status, reason);
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

static const char *reason_of_id(int error)
{
    return error == EINVAL ? "not among the ids that this sandbox has, which are mostly 0 to 65535" : strerror(error);
}

/* setuid and setgid rather than setresuid, because they refuse -1 instead of taking it for "as it is". */
static void become(uid_t uid, gid_t gid)
{
    /* Without root there is no right to drop groups, nor anything gained by keeping them. */
    if (setgroups(0, NULL) < 0 && geteuid() == 0) {
        give_up_format(STATUS_FD, "supplementary groups: %s", strerror(errno));
    }
    if (setgid(gid) < 0) {
        give_up_format(STATUS_FD, "group %lu: %s", (unsigned long)gid, reason_of_id(errno));
    }
    if (setuid(uid) < 0) {
        give_up_format(STATUS_FD, "user %lu: %s", (unsigned long)uid, reason_of_id(errno));
    }
}

/*
 * Whoever opens /dev/stdout anew needs the right to, and a pipe belongs to its maker. Without root nothing can be done, nor is
 * there a need: user and group stay as they are.
 */
static void own_streams(uid_t uid, gid_t gid)
{
    for (int fd = 0; fd <= 2; fd++) {
        struct stat stream;
        if (fstat(fd, &stream) == 0 && S_ISFIFO(stream.st_mode) && fchown(fd, uid, gid) < 0) {
            return;
        }
    }
}

static const char *path_of(char *const *env)
{
    for (; *env != NULL; env++) {
        if (strncmp(*env, "PATH=", 5) == 0) {
            return *env + 5;
        }
    }
    return DEFAULT_PATH;
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

/* Tries one candidate. Returns whether the search goes on, with the reason if the candidate is there after all. */
static int try_candidate(const char *candidate, const struct request *request, char *reason)
{
    execve(candidate, request->argv, request->env);
    int error = errno;
    int there = error == ENOENT || error == ENOTDIR ? exists(candidate) : 1;
    if (there && reason[0] == 0) {
        reason_of_exec(reason, REASON_MAX, candidate, error);
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
    reason_of_exec(reason, sizeof reason, name, errno);
    give_up(STATUS_FD, reason);
}

void launch(const struct request *request, struct child_ends ends)
{
    if (setsid() < 0) {
        give_up_format(ends.status, "new session: %s", strerror(errno));
    }
    take_streams(ends);
    signals_reset();
    oom_volunteer();
    enter_directory(request->cwd);
    own_streams(request->uid, request->gid);
    become(request->uid, request->gid);
    execute(request);
}
