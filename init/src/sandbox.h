#ifndef CONTREE_SANDBOX_H
#define CONTREE_SANDBOX_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#include "process.h"
#include "server.h"

/* Everything that init knows. */
struct sandbox {
    struct server server;
    int signals;
    struct process *processes;
    struct pollfd *fds; /* of the current turn: those of init, then PIPES of each process in the order of the list */
    size_t fds_capacity;
    bool children;     /* there was a child, of ours or adopted, at the last look */
    bool more_to_reap; /* the last look ended before the last zombie */
    bool leaving;      /* the main process has ended, or must: what is left is on its way out, and nothing is spawned */
    uint64_t grace_ms; /* the time that it has */
    bool silent;       /* nobody holds the output of what has ended any more */
    uint64_t terminate_us; /* when what is left gets SIGTERM; NEVER once it has */
    uint64_t kill_us;      /* and when SIGKILL */
    bool ending;       /* everything has been killed, and no command is obeyed any more */
    bool in_a_hurry;   /* the server wants the end now, so the wait for it is bounded */
    uint64_t give_up_us; /* when processes that survive SIGKILL are no longer waited for */
    bool gave_up;
    int exit_code;
};

/* The main process has ended, or is to: gives what it leaves behind its time, and then ends the sandbox. */
void sandbox_leave(struct sandbox *sandbox, const struct process *main);

/* Ends the sandbox early when nothing is left of it. */
void sandbox_end_if_empty(struct sandbox *sandbox);

/* Kills everything in the sandbox and lets init end, once what is left is forwarded, with the exit code. */
void sandbox_end(struct sandbox *sandbox, int exit_code);

/* The same, for a server that wants the end now or is gone. */
void sandbox_end_in_a_hurry(struct sandbox *sandbox, int exit_code);

/* Obeys the frames that have arrived. */
void sandbox_obey(struct sandbox *sandbox);

/* Takes zombies: notes the end of processes, and frees the system from orphans. */
void sandbox_reap(struct sandbox *sandbox);

/* Sends a signal to everything in the sandbox but init. */
void sandbox_signal(const struct sandbox *sandbox, int number);

/* Ends what is past its time: processes, their output, and what the main process left behind. */
void sandbox_enforce_deadlines(struct sandbox *sandbox);

/* Sends the exit frames that are due and forgets those processes. */
void sandbox_settle(struct sandbox *sandbox);

/* When something has to be done even if nothing happens. */
uint64_t sandbox_next_deadline(const struct sandbox *sandbox);

/* Whether init may exit. */
bool sandbox_finished(const struct sandbox *sandbox);

#endif
