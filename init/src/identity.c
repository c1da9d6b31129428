#include "identity.h"

#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "give_up.h"
#include "launch.h"

const char *value_of(char *const *env, const char *name)
{
    size_t length = strlen(name);
    for (; *env != NULL; env++) {
        if (strncmp(*env, name, length) == 0 && (*env)[length] == '=') {
            return *env + length + 1;
        }
    }
    return NULL;
}

/* What the request says of a variable goes before what passwd says. */
static void set_default(const struct request *request, const char *name, const char *value)
{
    if (value_of(request->env, name) != NULL) {
        return;
    }
    size_t size = strlen(name) + strlen(value) + 2;
    char *variable = malloc(size);
    if (variable == NULL) {
        give_up_format(STATUS_FD, "variable %s: %s", name, strerror(errno));
    }
    snprintf(variable, size, "%s=%s", name, value);
    char **end = request->env;
    while (*end != NULL) {
        end++;
    }
    /* The list has ENV_ROOM for it, and ends with NULL behind that. */
    *end = variable;
}

/* HOME as Docker has it, and USER, without which many scripts do not know whose they are. No more: LOGNAME and SHELL are of a
 * login, which this is not, and neither Docker nor Podman sets them. */
void identity_find(const struct request *request, struct user *user)
{
    char reason[REASON_MAX];
    const struct user_query query = {
        .text = request->user,
        .all_groups = (request->flags & SPAWN_ALL_GROUPS) != 0,
        .passwd = "/etc/passwd",
        .group = "/etc/group",
    };
    if (!user_find(user, &query, reason, sizeof reason)) {
        give_up(STATUS_FD, reason);
    }
    set_default(request, "HOME", user->home);
    if (user->name != NULL) {
        set_default(request, "USER", user->name);
    }
}

/*
 * Whoever opens /dev/stdout anew needs the right to, and a pipe belongs to its maker. Without root nothing can be done, nor is
 * there a need: user and group stay as they are.
 */
static void own_streams(const struct user *user)
{
    for (int fd = 0; fd <= 2; fd++) {
        struct stat stream;
        if (fstat(fd, &stream) == 0 && S_ISFIFO(stream.st_mode) && fchown(fd, user->uid, user->gid) < 0) {
            return;
        }
    }
}

static const char *reason_of_id(int error)
{
    return error == EINVAL ? "not among the ids that this sandbox has, which are mostly 0 to 65535" : strerror(error);
}

static void set_groups(gid_t *groups, size_t count)
{
    int done = setgroups(count, groups);
    if (done < 0 && errno == EINVAL) {
        /* Some of them are not among the ids of this sandbox; the image does not fail by that. */
        size_t kept = 0;
        for (size_t i = 0; i < count; i++) {
            if (setgroups(1, &groups[i]) == 0) {
                groups[kept++] = groups[i];
            }
        }
        done = setgroups(kept, groups);
    }
    /* Without root there is no right to change groups, nor anything gained by keeping them. */
    if (done < 0 && geteuid() == 0) {
        give_up_format(STATUS_FD, "supplementary groups: %s", strerror(errno));
    }
}

static void tell_ids(const struct user *user)
{
    unsigned char ids[STATUS_IDS] = {0};
    put_u32(ids + 1, user->uid);
    put_u32(ids + 5, user->gid);
    if (write(STATUS_FD, ids, sizeof ids) < 0) {
        give_up(STATUS_FD, strerror(errno));
    }
}

/* setuid and setgid rather than setresuid, because they refuse -1 instead of taking it for "as it is". */
static void become(const struct user *user)
{
    set_groups(user->groups, user->groups_count);
    if (setgid(user->gid) < 0) {
        give_up_format(STATUS_FD, "group %lu: %s", (unsigned long)user->gid, reason_of_id(errno));
    }
    if (setuid(user->uid) < 0) {
        give_up_format(STATUS_FD, "user %lu: %s", (unsigned long)user->uid, reason_of_id(errno));
    }
}

void identity_take(const struct user *user)
{
    own_streams(user);
    become(user);
    tell_ids(user);
}
