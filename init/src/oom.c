#include "oom.h"

#include <fcntl.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#define PROC_MAGIC 0x9fa0
#define HIGHEST "1000"

static int is_proc(int fd)
{
    struct statfs filesystem;
    return fstatfs(fd, &filesystem) == 0 && filesystem.f_type == PROC_MAGIC;
}

void oom_volunteer(void)
{
    int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0) {
        return;
    }
    if (is_proc(fd) && write(fd, HIGHEST, strlen(HIGHEST)) < 0) {
        /* It then has init's score, and its size alone speaks for it. */
    }
    close(fd);
}
