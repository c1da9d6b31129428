#include "user.h"

#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lines.h"

#define PASSWD_FIELDS 7
#define GROUP_FIELDS 4
/* What the kernel takes. */
#define GROUPS_MAX 65536u

enum { NAME, PASSWORD, ID, MEMBERS, PRIMARY = MEMBERS, COMMENT, HOME };

/* A user or group as it was asked for. */
struct wanted {
    const char *text;
    bool is_number;
    uint32_t number;
};

/* Digits only: strtoul would take signs and blanks too. */
static bool number_of(const char *text, uint32_t *number)
{
    uint64_t value = 0;
    for (const char *at = text; *at != 0; at++) {
        if (*at < '0' || *at > '9' || value > INT_MAX) {
            return false;
        }
        value = 10 * value + (uint64_t)(*at - '0');
    }
    *number = (uint32_t)value;
    return *text != 0 && value <= INT_MAX;
}

static struct wanted wanted_of(const char *text)
{
    struct wanted wanted = {.text = text};
    wanted.is_number = number_of(text, &wanted.number);
    return wanted;
}

/* Cuts a line at its colons, the last field taking the rest. Those that it does not have are empty. */
static void cut(char *line, char *fields[], int count)
{
    for (int i = 0; i < count; i++) {
        fields[i] = line;
        char *colon = i < count - 1 ? strchr(line, ':') : NULL;
        line = colon == NULL ? line + strlen(line) : colon + 1;
        if (colon != NULL) {
            *colon = 0;
        }
    }
}

/* The next entry with a name and a usable number; comments and what NIS reads are none. */
static bool next_entry(struct lines *lines, char *fields[], int count, uint32_t *id)
{
    for (char *line = lines_next(lines); line != NULL; line = lines_next(lines)) {
        cut(line, fields, count);
        if (fields[NAME][0] != 0 && strchr("#+-", fields[NAME][0]) == NULL && number_of(fields[ID], id)) {
            return true;
        }
    }
    return false;
}

static bool is(const struct wanted *wanted, const char *name, uint32_t id)
{
    return wanted->is_number ? wanted->number == id : strcmp(wanted->text, name) == 0;
}

static void not_found(char *reason, size_t size, const char *kind, const char *name, const char *file, const char *why)
{
    snprintf(reason, size, "%s %.200s: not in %s of the image%s%s; add it there, or give a number up to %d", kind, name,
             file, why == NULL ? "" : ", which cannot be read: ", why == NULL ? "" : why, INT_MAX);
}

static bool find_in_passwd(struct user *user, const struct wanted *wanted, const char *passwd, char *reason, size_t size)
{
    static char root_home[] = "/root";
    char *fields[PASSWD_FIELDS];
    uint32_t id;
    const char *problem = lines_read(&user->passwd, passwd);
    while (next_entry(&user->passwd, fields, PASSWD_FIELDS, &id)) {
        uint32_t group;
        if (is(wanted, fields[NAME], id) && number_of(fields[PRIMARY], &group)) {
            user->uid = id;
            user->gid = group;
            user->name = fields[NAME];
            user->home = fields[HOME][0] != 0 ? fields[HOME] : user->home;
            return true;
        }
    }
    if (wanted->is_number) {
        user->uid = wanted->number;
        user->home = wanted->number == 0 ? root_home : user->home;
        return true;
    }
    not_found(reason, size, "user", wanted->text, passwd, problem);
    return false;
}

static bool find_group(gid_t *gid, const struct wanted *wanted, const char *file, char *reason, size_t size)
{
    struct lines lines;
    char *fields[GROUP_FIELDS];
    uint32_t id;
    if (wanted->is_number) {
        *gid = wanted->number;
        return true;
    }
    const char *problem = lines_read(&lines, file);
    bool found = false;
    while (!found && next_entry(&lines, fields, GROUP_FIELDS, &id)) {
        found = is(wanted, fields[NAME], id);
    }
    lines_free(&lines);
    if (!found) {
        not_found(reason, size, "group", wanted->text, file, problem);
    }
    *gid = found ? id : *gid;
    return found;
}

static bool has_member(const char *members, const char *name)
{
    size_t length = strlen(name);
    for (const char *at = members; *at != 0; at += strcspn(at, ",")) {
        at += *at == ',';
        if (strcspn(at, ",") == length && strncmp(at, name, length) == 0) {
            return true;
        }
    }
    return false;
}

static void find_memberships(struct user *user, const char *file)
{
    static gid_t groups[GROUPS_MAX];
    struct lines lines;
    char *fields[GROUP_FIELDS];
    uint32_t id;
    user->groups = groups;
    lines_read(&lines, file);
    while (user->groups_count < GROUPS_MAX && next_entry(&lines, fields, GROUP_FIELDS, &id)) {
        if (has_member(fields[MEMBERS], user->name)) {
            groups[user->groups_count++] = id;
        }
    }
    lines_free(&lines);
}

static bool find(struct user *user, char *name, const struct user_query *query, char *reason, size_t size)
{
    char *group = name + strcspn(name, ":");
    if (*group == ':') {
        *group++ = 0;
    }
    struct wanted wanted = wanted_of(name[0] != 0 ? name : "0");
    struct wanted wanted_group = wanted_of(group);
    if (!find_in_passwd(user, &wanted, query->passwd, reason, size)) {
        return false;
    }
    if (group[0] != 0 && !find_group(&user->gid, &wanted_group, query->group, reason, size)) {
        return false;
    }
    if (user->name != NULL && (group[0] == 0 || query->all_groups)) {
        find_memberships(user, query->group);
    }
    return true;
}

bool user_find(struct user *user, const struct user_query *query, char *reason, size_t size)
{
    static char no_home[] = "/";
    char *name = strdup(query->text);
    *user = (struct user){.home = no_home};
    if (name == NULL) {
        snprintf(reason, size, "user %.200s: no memory to look for it", query->text);
        return false;
    }
    bool found = find(user, name, query, reason, size);
    free(name);
    if (!found) {
        user_free(user);
    }
    return found;
}

void user_free(struct user *user)
{
    lines_free(&user->passwd);
    *user = (struct user){0};
}
