#ifndef CONTREE_PROCESS_H
#define CONTREE_PROCESS_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#include "frames.h"
#include "request.h"
#include "stream.h"

#define STDIN_WINDOW 262144u

enum { IN, OUT, ERR, STATUS, PIPES };

/* A process that the server asked for. It lives here from its spawn until its exit frame. */
struct process {
    struct process *next;
    uint32_t spid;
    pid_t pid;
    bool is_main;
    int status_fd; /* open until it is known whether the program started */
    uid_t uid;
    gid_t gid;
    bool failed;   /* the program could not be started, which the server has been told */
    int stdin_fd;
    struct buffer stdin_bytes; /* sent by the server and not yet taken by the process: the window in use */
    bool stdin_ending;
    struct stream streams[2];
    uint64_t started_us;
    uint64_t deadline_us;
    bool timed_out;
    uint64_t grace_ms;  /* how long what it leaves behind has */
    bool ended;         /* reaped; pid may belong to somebody else from now on */
    uint64_t drained_us; /* of an ended one: until when others may still write to its pipes */
    struct exit_report report;
};

/* Starts a process. Returns NULL, with the reason sent to the server, when there is no process to speak of. */
struct process *process_spawn(const struct request *request, uint32_t spid, struct buffer *out);
void process_free(struct process *process);

/* Sends a signal to the whole process group. */
void process_signal(const struct process *process, int number);

/* Takes bytes for standard input. Returns whether they fit into the window; bytes for a closed input are dropped. */
bool process_give(struct process *process, const unsigned char *bytes, size_t length, struct buffer *out);
void process_close_stdin(struct process *process);

/* What to poll for, and what to do about the result. */
void process_interests(const struct process *process, const struct buffer *out, struct pollfd fds[PIPES]);
void process_serve(struct process *process, const struct pollfd fds[PIPES], struct buffer *out);

/* The process has ended with this status of wait4. What others, such as the tee that it wrote to, still write to its
 * pipes goes on being forwarded until they close them. */
void process_ended(struct process *process, int status, const struct rusage *usage, struct buffer *out);

/* Whether somebody may still write to the pipes of the process. */
bool process_holds_output(const struct process *process);

/* From here on the pipes end with what they hold at this moment. */
void process_end_output(struct process *process);

/* Moves on with an ended process. Returns whether all its output is forwarded. */
bool process_settled(struct process *process, struct buffer *out);

/* Sends the exit frame, the last one of a process that is settled. */
void process_report(const struct process *process, struct buffer *out);

#endif
