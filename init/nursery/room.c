#include "room.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "calls.h"
#include "give_up.h"
#include "home.h"

#define KERNEL (MS_NOSUID | MS_NODEV | MS_NOEXEC)
#define CGROUPS "/stage/sys/fs/cgroup"

static void mount_or_give_up(const char *source, const char *target, const char *type, unsigned long flags, const char *options)
{
    if (mount(source, target, type, flags, options) < 0) {
        give_up(target);
    }
}

static void make_directory(const char *path)
{
    if (mkdir(path, 0755) < 0) {
        give_up(path);
    }
}

static void make_file(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (fd < 0) {
        give_up(path);
    }
    close(fd);
}

static void bind_to_new_file(const char *source, const char *target)
{
    make_file(target);
    mount_or_give_up(source, target, NULL, MS_BIND, NULL);
}

static void link_to(const char *content, const char *path)
{
    if (symlink(content, path) < 0) {
        give_up(path);
    }
}

static void prepare_devices(void)
{
    char from[64];
    char to[64];
    mount_or_give_up("tmpfs", "/stage/dev", "tmpfs", MS_NOSUID | MS_STRICTATIME, "mode=755,size=65536k");
    for (size_t i = 0; home_devices[i] != NULL; i++) {
        snprintf(from, sizeof from, "/dev/%s", home_devices[i]);
        snprintf(to, sizeof to, "/stage/dev/%s", home_devices[i]);
        bind_to_new_file(from, to);
    }
    make_directory("/stage/dev/pts");
    make_directory("/stage/dev/mqueue");
    make_directory("/stage/dev/shm");
    /* All pseudo-terminals of the machine together are at most 3,072 (kernel.pty.max less kernel.pty.reserve). */
    mount_or_give_up("devpts", "/stage/dev/pts", "devpts", MS_NOSUID | MS_NOEXEC,
                     "newinstance,ptmxmode=0666,mode=0620,gid=5,max=128");
    mount_or_give_up("mqueue", "/stage/dev/mqueue", "mqueue", KERNEL, NULL);
    link_to("pts/ptmx", "/stage/dev/ptmx");
    link_to("/proc/self/fd", "/stage/dev/fd");
    link_to("/proc/self/fd/0", "/stage/dev/stdin");
    link_to("/proc/self/fd/1", "/stage/dev/stdout");
    link_to("/proc/self/fd/2", "/stage/dev/stderr");
    link_to("/proc/kcore", "/stage/dev/core");
    bind_to_new_file("/init", "/stage/dev/.contree-init");
    mount_or_give_up(NULL, "/stage/dev/.contree-init", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV, NULL);
}

/* The hierarchies of version 1 that the configuration names, or the one of version 2. */
static void prepare_cgroups(const struct message *configuration)
{
    struct record record;
    if (!record_find(configuration, HIERARCHY, &record)) {
        mount_or_give_up("cgroup", CGROUPS, "cgroup2", KERNEL | MS_RELATIME, NULL);
        return;
    }
    mount_or_give_up("tmpfs", CGROUPS, "tmpfs", KERNEL, "mode=755,size=64k");
    size_t place = 0;
    while (record_next(configuration, &place, &record)) {
        if (record.kind == HIERARCHY) {
            char path[PATH_MAX];
            snprintf(path, sizeof path, CGROUPS "/%s", record.data);
            make_directory(path);
            mount_or_give_up("cgroup", path, "cgroup", KERNEL | MS_RELATIME, record.data + strlen(record.data) + 1);
        }
    }
}

/* Of a network, by which namespace this process is in; before the directory becomes read-only. Not every kernel has all. */
static void set(const char *name, const char *value)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "/stage/proc/sys/%s", name);
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0 || write(fd, value, strlen(value)) < 0) {
        give_up(path);
    }
    close(fd);
}

/* A file is covered by the null device, a directory by an empty one, which is the same for all. */
static void mask(const char *path, char *empty)
{
    struct stat file;
    if (stat(path, &file) < 0) {
        return; /* not every kernel has all of them */
    }
    if (!S_ISDIR(file.st_mode)) {
        mount_or_give_up("/dev/null", path, NULL, MS_BIND, NULL);
        if (make_read_only(path, 0) < 0) {
            give_up(path);
        }
    } else if (*empty != 0) {
        mount_or_give_up(empty, path, NULL, MS_BIND, NULL);
    } else {
        mount_or_give_up("tmpfs", path, "tmpfs", MS_RDONLY, "size=4k,nr_inodes=1");
        snprintf(empty, PATH_MAX, "%s", path);
    }
}

static void protect(const char *path)
{
    struct stat file;
    if (stat(path, &file) < 0) {
        return;
    }
    if (make_read_only(path, RECURSIVE) == 0) {
        return; /* a mount point */
    }
    mount_or_give_up(path, path, NULL, MS_BIND, NULL);
    if (make_read_only(path, 0) < 0) {
        give_up(path);
    }
}

static void follow(const struct message *configuration)
{
    char empty[PATH_MAX] = "";
    size_t place = 0;
    struct record record;
    while (record_next(configuration, &place, &record)) {
        char path[PATH_MAX];
        snprintf(path, sizeof path, "/stage%s", record.data);
        switch (record.kind) {
        case SETTING:
            set(record.data, record.data + strlen(record.data) + 1);
            break;
        case MASKED:
            mask(path, empty);
            break;
        case READ_ONLY:
            protect(path);
            break;
        default:
            break;
        }
    }
}

void room_prepare(const struct message *configuration)
{
    mount_or_give_up(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
    mount_or_give_up("proc", "/stage/proc", "proc", KERNEL, NULL);
    mount_or_give_up("sysfs", "/stage/sys", "sysfs", KERNEL | MS_RDONLY, NULL);
    prepare_devices();
    prepare_cgroups(configuration);
    follow(configuration);
}

/* A directory in the image, which some images lack. */
static int directory_inside(int root, const char *name)
{
    int fd = open_inside(root, name, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT && mkdirat(root, name, 0755) == 0) {
        fd = open_inside(root, name, O_PATH | O_DIRECTORY | O_CLOEXEC);
    }
    if (fd < 0) {
        give_up(name);
    }
    return fd;
}

static void move_into(int root, const char *name)
{
    char from[32];
    snprintf(from, sizeof from, "/stage/%s", name);
    int to = directory_inside(root, name);
    if (move_mount_to(AT_FDCWD, from, to) < 0) {
        give_up(from);
    }
    close(to);
}

static void mount_shared_memory(const struct message *take)
{
    struct record record;
    uint64_t size = 0;
    char options[64];
    if (record_find(take, SHARED_MEMORY, &record) && record.size == sizeof size) {
        memcpy(&size, record.data, sizeof size);
    }
    /* A tmpfs of size 0 has no limit. */
    snprintf(options, sizeof options, "mode=1777,size=%llu", (unsigned long long)(size < 4096 ? 4096 : size));
    mount_or_give_up("shm", "/stage/dev/shm", "tmpfs", KERNEL, options);
}

static void cover(const struct message *take, int root, size_t next)
{
    size_t place = 0;
    struct record record;
    while (record_next(take, &place, &record)) {
        if (record.kind != COVER) {
            continue;
        }
        int to = open_inside(root, record.data, O_PATH | O_CLOEXEC);
        if (to < 0 || next >= take->fd_count || move_mount_to(take->fds[next++], "", to) < 0) {
            give_up(record.data);
        }
        close(to);
    }
}

void room_enter(const struct message *take, size_t covers)
{
    int root = take->fds[0];
    mount_shared_memory(take);
    int place = open("/root", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (place < 0 || move_mount_to(root, "", place) < 0) {
        give_up("the root");
    }
    move_into(root, "proc");
    move_into(root, "dev");
    move_into(root, "sys");
    cover(take, root, covers);
    if (fchdir(root) < 0 || syscall(SYS_pivot_root, ".", ".") < 0 || umount2(".", MNT_DETACH) < 0 || chdir("/") < 0) {
        give_up("the change of the root");
    }
}
