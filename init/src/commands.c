#include <stddef.h>

#include "clock.h"
#include "fail.h"
#include "request.h"
#include "sandbox.h"
#include "signals.h"

#define EXIT_BROKEN_FRAME 2

static struct process *process_of(const struct sandbox *sandbox, uint32_t spid)
{
    struct process *process = sandbox->processes;
    while (process != NULL && process->spid != spid) {
        process = process->next;
    }
    return process;
}

static void add(struct sandbox *sandbox, struct process *process)
{
    struct process **link = &sandbox->processes;
    while (*link != NULL) {
        link = &(*link)->next;
    }
    *link = process;
    sandbox->children = true;
}

static const char *spawn(struct sandbox *sandbox, const struct frame *frame)
{
    struct request request;
    if (process_of(sandbox, frame->spid) != NULL) {
        return "the spid is in use";
    }
    const char *problem = request_parse(frame, &request);
    if (problem != NULL) {
        return problem;
    }
    struct process *process = process_spawn(&request, frame->spid, &sandbox->server.out);
    if (process != NULL) {
        add(sandbox, process);
    }
    request_free(&request);
    return NULL;
}

/* Obeys one frame. Returns what is wrong with it, or NULL. A process that is gone is no mistake: its end and a command
 * for it may have crossed. */
static const char *obey(struct sandbox *sandbox, const struct frame *frame)
{
    struct process *process = process_of(sandbox, frame->spid);
    switch (frame->type) {
    case SPAWN:
        /* Too late once the main process has ended: the server hears of that end and of nothing else. */
        return sandbox->leaving ? NULL : spawn(sandbox, frame);
    case STDIN:
        if (process != NULL && !process_give(process, frame->payload, frame->length, &sandbox->server.out)) {
            return "more standard input than the window allows";
        }
        return NULL;
    case CLOSE_STDIN:
        if (process != NULL) {
            process_close_stdin(process);
        }
        return NULL;
    case SIGNAL:
        if (get_u32(frame->payload) < 1 || get_u32(frame->payload) > SIGNAL_MAX) {
            return "no such signal";
        }
        if (process != NULL) {
            process_signal(process, (int)get_u32(frame->payload));
        }
        return NULL;
    default:
        sandbox_end_in_a_hurry(sandbox, 0);
        return NULL;
    }
}

static void refuse(struct sandbox *sandbox, const char *problem)
{
    complain(problem);
    sandbox->server.reads = false;
    sandbox_end_in_a_hurry(sandbox, EXIT_BROKEN_FRAME);
}

void sandbox_obey(struct sandbox *sandbox)
{
    struct frame frame;
    const char *problem = NULL;
    struct buffer *in = &sandbox->server.in;
    enum frame_state state = FRAME_WHOLE;
    while (!sandbox->ending && problem == NULL && state == FRAME_WHOLE) {
        state = frame_parse(in, &frame, &problem);
        if (state == FRAME_WHOLE) {
            problem = obey(sandbox, &frame);
            buffer_take(in, FRAME_HEADER + (size_t)frame.length);
        }
    }
    if (problem != NULL) {
        refuse(sandbox, problem);
    }
    if (sandbox->ending) {
        buffer_take(in, buffer_size(in));
    }
}
