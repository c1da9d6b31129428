#ifndef CONTREE_LAUNCH_H
#define CONTREE_LAUNCH_H

#include "request.h"

/* No reason is longer, so that it goes through the status pipe in one atomic write. */
#define REASON_MAX 2048u

/* What the status pipe begins with once the process is who it is to be: a NUL, which begins no reason, uid and gid. */
#define STATUS_IDS 9u

/* The ends of the pipes that the new process gets, all above 2 and closed on exec. */
struct child_ends {
    int in;
    int out;
    int err;
    int status;
};

/* Runs in the new process: turns it into the program asked for. When that fails, the reason in words is written to
 * the status pipe and the process ends; when it succeeds, the pipe closes behind the ids. */
_Noreturn void launch(const struct request *request, struct child_ends ends);

#endif
