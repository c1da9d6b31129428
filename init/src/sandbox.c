#include "sandbox.h"

#include <signal.h>

#include "clock.h"
#include "grace.h"

/* How long a process may survive SIGKILL (it hangs in the kernel), and a hurried server may leave output unread. */
#define DEATH_GRACE_MS 2000u
#define FLUSH_GRACE_MS 5000u

static uint64_t earlier(uint64_t one, uint64_t other)
{
    return one < other ? one : other;
}

void sandbox_leave(struct sandbox *sandbox, const struct process *main)
{
    if (sandbox->leaving) {
        return;
    }
    uint64_t now = clock_now();
    sandbox->leaving = true;
    sandbox->grace_ms = main->grace_ms;
    sandbox->terminate_us = clock_after(now, grace_of_output(main->grace_ms));
    sandbox->kill_us = clock_after(now, main->grace_ms);
}

void sandbox_end_if_empty(struct sandbox *sandbox)
{
    if (sandbox->leaving && !sandbox->children) {
        sandbox_end(sandbox, 0);
    }
}

void sandbox_end(struct sandbox *sandbox, int exit_code)
{
    if (sandbox->ending) {
        return;
    }
    sandbox->ending = true;
    sandbox->exit_code = exit_code;
    sandbox->give_up_us = clock_after(clock_now(), DEATH_GRACE_MS);
    sandbox_signal(sandbox, SIGKILL);
    for (struct process *process = sandbox->processes; process != NULL; process = process->next) {
        if (process->ended) {
            process_end_output(process);
        }
    }
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
        /* The process alone: who reads its output, perhaps in its group, is to take the last of it. */
        kill(process->pid, SIGKILL);
        sandbox_leave(sandbox, process);
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
            process_end_output(process);
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

/* What is left of a main process is a matter of the whole sandbox. */
static bool awaits_output(const struct process *process)
{
    return process->ended && !process->is_main && process_holds_output(process) && !process->streams[0].ending;
}

static bool holds_last_words(const struct process *process)
{
    bool over = process->ended || process->timed_out;
    return over && !process->failed && process_holds_output(process);
}

/* Those that only have a file to finish need less time than those that have output to write. */
static void notice_silence(struct sandbox *sandbox)
{
    for (const struct process *process = sandbox->processes; process != NULL; process = process->next) {
        if (holds_last_words(process)) {
            return;
        }
    }
    sandbox->silent = true;
    uint64_t patience = grace_of_silence(sandbox->grace_ms);
    sandbox->terminate_us = earlier(sandbox->terminate_us, clock_after(clock_now(), patience));
}

static void terminate(struct sandbox *sandbox)
{
    sandbox->terminate_us = NEVER;
    sandbox_signal(sandbox, SIGTERM);
    sandbox_signal(sandbox, SIGCONT); /* a stopped one hears of it only then */
}

static void hasten_the_end(struct sandbox *sandbox, uint64_t now)
{
    if (!sandbox->silent && sandbox->terminate_us != NEVER) {
        notice_silence(sandbox);
    }
    if (now >= sandbox->kill_us) {
        sandbox_end(sandbox, 0);
    } else if (now >= sandbox->terminate_us) {
        terminate(sandbox);
    }
}

void sandbox_enforce_deadlines(struct sandbox *sandbox)
{
    uint64_t now = clock_now();
    for (struct process *process = sandbox->processes; process != NULL; process = process->next) {
        if (awaits_deadline(process) && now >= process->deadline_us) {
            time_out(sandbox, process);
        }
        if (awaits_output(process) && now >= process->drained_us) {
            process_end_output(process);
        }
    }
    if (sandbox->leaving && !sandbox->ending) {
        hasten_the_end(sandbox, now);
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

/* The exit of the main process is the last word, since the server takes it for the end of everything. */
static bool may_report(const struct sandbox *sandbox, const struct process *process)
{
    return !process->is_main || process->failed || (sandbox->ending && only_main_left(sandbox));
}

static bool settle(struct sandbox *sandbox, struct process *process)
{
    struct buffer *out = &sandbox->server.out;
    if (!process_settled(process, out) || !may_report(sandbox, process)) {
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
    if (sandbox->leaving && !sandbox->ending) {
        next = earlier(next, earlier(sandbox->terminate_us, sandbox->kill_us));
    }
    for (const struct process *process = sandbox->processes; process != NULL; process = process->next) {
        if (awaits_deadline(process)) {
            next = earlier(next, process->deadline_us);
        }
        if (awaits_output(process)) {
            next = earlier(next, process->drained_us);
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
