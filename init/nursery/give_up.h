#ifndef CONTREE_NURSERY_GIVE_UP_H
#define CONTREE_NURSERY_GIVE_UP_H

/* Says to whoever listens what failed, with the text of errno, and ends this process. */
_Noreturn void give_up(const char *what);

/* Where it is said; standard error at first. */
void give_up_on(int fd);

#endif
