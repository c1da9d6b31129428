#ifndef CONTREE_FAIL_H
#define CONTREE_FAIL_H

/* Says on standard error what failed, with the text of errno, and ends init with exit code 1. The kernel then
 * kills what is left in the sandbox. Only for failures that leave nothing to go on with. */
_Noreturn void fail(const char *what);

/* Says on standard error what the server did wrong. */
void complain(const char *problem);

#endif
