#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sandbox.h"

/* Signals the children that the kernel lists for init, own and adopted. None of them is reaped yet, so no pid can have
 * come to mean somebody else. */
static void signal_children(int number)
{
    char list[4096];
    int fd = open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return;
    }
    ssize_t length;
    size_t kept = 0;
    while ((length = read(fd, list + kept, sizeof list - 1 - kept)) > 0) {
        size_t size = kept + (size_t)length;
        list[size] = 0;
        char *at = list;
        for (char *end = strchr(at, ' '); end != NULL; end = strchr(at, ' ')) {
            pid_t pid = (pid_t)strtol(at, NULL, 10);
            if (pid > 1) {
                kill(pid, number);
            }
            at = end + 1;
        }
        kept = (size_t)(list + size - at);
        memmove(list, at, kept);
    }
    close(fd);
}

void sandbox_signal(const struct sandbox *sandbox, int number)
{
    /* As PID 1 of a pid namespace, init alone is outside the reach of -1, and all of it is the sandbox. Anywhere else
     * -1 would be every process of the user. */
    if (getpid() == 1) {
        kill(-1, number);
        return;
    }
    for (const struct process *process = sandbox->processes; process != NULL; process = process->next) {
        process_signal(process, number);
    }
    signal_children(number);
}
