#include "home.h"

#include <fcntl.h>
#include <sched.h>
#include <stddef.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "give_up.h"

const char *const home_devices[] = {"null", "zero", "full", "random", "urandom", "tty", NULL};

static const unsigned numbers[][2] = {{1, 3}, {1, 5}, {1, 7}, {1, 8}, {1, 9}, {5, 0}};

static void make_directory(const char *path)
{
    if (mkdir(path, 0755) < 0) {
        give_up(path);
    }
}

static void copy_program(const char *from, const char *to)
{
    char bytes[1 << 16];
    ssize_t size;
    int in = open(from, O_RDONLY | O_CLOEXEC);
    int out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);
    if (in < 0 || out < 0) {
        give_up(from);
    }
    while ((size = read(in, bytes, sizeof bytes)) > 0) {
        if (write(out, bytes, (size_t)size) != size) {
            give_up(to);
        }
    }
    if (size < 0 || close(out) < 0) {
        give_up(from);
    }
    close(in);
}

static void make_devices(void)
{
    if (mount("contree", "dev", "tmpfs", MS_NOSUID | MS_NOEXEC, "mode=755,size=64k,nr_inodes=16") < 0 || chdir("dev") < 0) {
        give_up("/dev");
    }
    for (size_t i = 0; home_devices[i] != NULL; i++) {
        dev_t number = makedev(numbers[i][0], numbers[i][1]);
        if (mknod(home_devices[i], S_IFCHR | 0666, number) < 0 || chmod(home_devices[i], 0666) < 0) {
            give_up(home_devices[i]);
        }
    }
    if (chdir("..") < 0) {
        give_up("..");
    }
}

static void mount_kernel(const char *type)
{
    make_directory(type);
    const char *source = type;
    const char *filesystem = type[0] == 's' ? "sysfs" : "proc";
    if (mount(source, type, filesystem, MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0) {
        give_up(type);
    }
}

static void fill(const char *init)
{
    copy_program(init, "init");
    static const char *const directories[] = {"dev", "root", "stage", "stage/proc", "stage/dev", "stage/sys", NULL};
    for (size_t i = 0; directories[i] != NULL; i++) {
        make_directory(directories[i]);
    }
    make_devices();
    mount_kernel("proc");
    mount_kernel("sys");
}

void home_make(const char *directory, const char *init)
{
    umask(0);
    if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0) {
        give_up("a mount namespace");
    }
    if (mount("contree", directory, "tmpfs", MS_NOSUID, "mode=755,size=4m,nr_inodes=64") < 0 || chdir(directory) < 0) {
        give_up(directory);
    }
    fill(init);
    if (syscall(SYS_pivot_root, ".", ".") < 0 || umount2(".", MNT_DETACH) < 0 || chdir("/") < 0) {
        give_up("a root of its own");
    }
    if (mount(NULL, "/", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID, NULL) < 0) {
        give_up("a read-only root");
    }
    umask(022);
}
