#ifndef CONTREE_USER_H
#define CONTREE_USER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "lines.h"

/* Who a process is to be, as the image's own /etc/passwd and /etc/group have it. */
struct user {
    uid_t uid;
    gid_t gid;
    char *name; /* NULL for a number that is no user's */
    char *home;
    gid_t *groups; /* supplementary */
    size_t groups_count;
    struct lines passwd; /* where the texts are */
};

/* Whom to look for, and where. */
struct user_query {
    const char *text; /* the form of docker's --user: USER[:GROUP], each a number or a name; root where USER is empty */
    bool all_groups;  /* supplementary groups also where `text` names a group, which docker leaves out then */
    const char *passwd;
    const char *group;
};

/* Finds a user. A number is never taken for a name, and need not be in the files; without GROUP the group is the one in
 * passwd, else 0. Returns false, with the reason in words, when a name is in no file. */
bool user_find(struct user *user, const struct user_query *query, char *reason, size_t size);
void user_free(struct user *user);

#endif
