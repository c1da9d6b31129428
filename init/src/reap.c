#include <errno.h>
#include <signal.h>
#include <sys/wait.h>

#include "fail.h"
#include "sandbox.h"

/* Zombies taken in one turn. Without a bound, a sandbox full of dying orphans would keep init from everything else. */
#define REAP_MAX 256

static struct process *process_of(const struct sandbox *sandbox, pid_t pid)
{
    struct process *process = sandbox->processes;
    while (process != NULL && (process->ended || process->pid != pid)) {
        process = process->next;
    }
    return process;
}

/* Takes one zombie. Returns whether there was one. */
static bool reap_one(struct sandbox *sandbox)
{
    int status;
    struct rusage usage;
    pid_t pid = wait4(-1, &status, WNOHANG, &usage);
    if (pid < 0 && errno != ECHILD) {
        fail("wait4");
    }
    sandbox->children = pid >= 0;
    if (pid <= 0) {
        return false;
    }
    struct process *process = process_of(sandbox, pid);
    if (process != NULL) {
        process_ended(process, status, &usage, &sandbox->server.out);
        if (sandbox->ending) {
            process_end_output(process);
        }
        if (process->is_main && !process->failed) {
            sandbox_leave(sandbox, process);
        }
    }
    return true;
}

void sandbox_reap(struct sandbox *sandbox)
{
    int reaped = 0;
    while (reaped < REAP_MAX && reap_one(sandbox)) {
        reaped++;
    }
    sandbox->more_to_reap = reaped == REAP_MAX;
    if (sandbox->ending && reaped > 0) {
        /* The children of those that just died belong to init now. */
        sandbox_signal(sandbox, SIGKILL);
    }
    sandbox_end_if_empty(sandbox);
}
