#include "sandbox.h"

#include <signal.h>

#include "clock.h"

/* How long a process may survive SIGKILL (it hangs in the kernel), and a hurried server may leave output unread. */
#define DEATH_GRACE_MS 2000u
#define FLUSH_GRACE_MS 5000u

void sandbox_end(struct sandbox *sandbox, int exit_code)
{
    if (sandbox->ending) {
        return;
    }
    sandbox->ending = true;
    sandbox->exit_code = exit_code;
    sandbox->give_up_us = clock_after(clock_now(), DEATH_GRACE_MS);
    sandbox_kill(sandbox);
}

void sandbox_end_in_a_hurry(struct sandbox *sandbox, int exit_code)
{
    if (!sandbox->in_a_hurry) {
        sandbox->in_a_hurry = true;
        sandbox->server.progress_us = clock_now();
    }
    sandbox_end(sandbox, exit_code);
}

static void time_out(struct sandbox *sandbox, struct process *process)
{
    process->timed_out = true;
    if (process->is_main) {
        sandbox_end(sandbox, 0);
    } else {
        process_signal(process, SIGKILL);
    }
}

/* Processes that hang in the kernel are reported as what they will be once it lets go of them. */
static void write_off(struct sandbox *sandbox)
{
    const struct rusage unknown = {0};
    sandbox->gave_up = true;
    for (struct process *process = sandbox->processes; process != NULL; process = process->next) {
        if (!process->ended) {
            process_ended(process, SIGKILL, &unknown, &sandbox->server.out);
        }
    }
}

static uint64_t death_deadline(const struct sandbox *sandbox)
{
    return sandbox->ending && sandbox->children && !sandbox->gave_up ? sandbox->give_up_us : NEVER;
}

static bool awaits_deadline(const struct process *process)
{
    return !process->ended && !process->failed && !process->timed_out;
}

void sandbox_enforce_deadlines(struct sandbox *sandbox)
{
    uint64_t now = clock_now();
    for (struct process *process = sandbox->processes; process != NULL; process = process->next) {
        if (awaits_deadline(process) && now >= process->deadline_us) {
            time_out(sandbox, process);
        }
    }
    if (now >= death_deadline(sandbox)) {
        write_off(sandbox);
    }
}

static bool only_main_left(const struct sandbox *sandbox)
{
    for (const struct process *process = sandbox->processes; process != NULL; process = process->next) {
        if (!process->is_main) {
            return false;
        }
    }
    return true;
}

static bool settle(struct sandbox *sandbox, struct process *process)
{
    struct buffer *out = &sandbox->server.out;
    if (!process_settled(process, out) || (process->is_main && !process->failed && !only_main_left(sandbox))) {
        return false;
    }
    process_report(process, out);
    process_free(process);
    return true;
}

/* One pass over the list; says whether it removed something. */
static bool settle_each(struct sandbox *sandbox)
{
    bool removed = false;
    struct process **link = &sandbox->processes;
    while (*link != NULL) {
        struct process *next = (*link)->next;
        if (settle(sandbox, *link)) {
            *link = next;
            removed = true;
        } else {
            link = &(*link)->next;
        }
    }
    return removed;
}

void sandbox_settle(struct sandbox *sandbox)
{
    while (settle_each(sandbox)) {
        /* Again: the main process may have waited for the one just removed. */
    }
}

static uint64_t earlier(uint64_t one, uint64_t other)
{
    return one < other ? one : other;
}

static bool writes_pending(const struct sandbox *sandbox)
{
    return buffer_size(&sandbox->server.out) > 0;
}

static uint64_t flush_deadline(const struct sandbox *sandbox)
{
    bool bounded = sandbox->ending && sandbox->in_a_hurry && writes_pending(sandbox);
    return bounded ? clock_after(sandbox->server.progress_us, FLUSH_GRACE_MS) : NEVER;
}

uint64_t sandbox_next_deadline(const struct sandbox *sandbox)
{
    if (sandbox->more_to_reap) {
        return 0;
    }
    uint64_t next = earlier(flush_deadline(sandbox), death_deadline(sandbox));
    for (const struct process *process = sandbox->processes; process != NULL; process = process->next) {
        if (awaits_deadline(process)) {
            next = earlier(next, process->deadline_us);
        }
    }
    return next;
}

bool sandbox_finished(const struct sandbox *sandbox)
{
    bool dead = !sandbox->children || sandbox->gave_up;
    bool done = dead && sandbox->processes == NULL && !writes_pending(sandbox);
    return sandbox->ending && (done || clock_now() >= flush_deadline(sandbox));
}
