#include "oom.h"

#include <fcntl.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#define PROC_MAGIC 0x9fa0
#define HIGHEST "1000"

static int score_fd = -1;
static char own_score[16];
static size_t own_length;

static int is_proc(int fd)
{
    struct statfs filesystem;
    return fstatfs(fd, &filesystem) == 0 && filesystem.f_type == PROC_MAGIC;
}

void oom_open(void)
{
    score_fd = open("/proc/self/oom_score_adj", O_RDWR | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (score_fd < 0) {
        return;
    }
    ssize_t length = is_proc(score_fd) ? pread(score_fd, own_score, sizeof own_score, 0) : -1;
    if (length <= 0) {
        close(score_fd);
        score_fd = -1;
        return;
    }
    own_length = (size_t)length;
}

static void set(const char *score, size_t length)
{
    if (score_fd >= 0 && pwrite(score_fd, score, length, 0) < 0) {
        close(score_fd);
        score_fd = -1;
    }
}

void oom_prefer_children(void)
{
    set(HIGHEST, strlen(HIGHEST));
}

void oom_restore(void)
{
    set(own_score, own_length);
}
