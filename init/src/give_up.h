#ifndef CONTREE_GIVE_UP_H
#define CONTREE_GIVE_UP_H

/* Where a new process has the status pipe. */
#define STATUS_FD 3

/* Ends a new process that cannot become its program, with the reason in words on the status pipe. */
_Noreturn void give_up(int status, const char *reason);
_Noreturn void give_up_format(int status, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
