#include "fail.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void fail(const char *what)
{
    fprintf(stderr, "contree-init: %s: %s\n", what, strerror(errno));
    exit(1);
}

void complain(const char *problem)
{
    fprintf(stderr, "contree-init: broken frame from the server: %s\n", problem);
}
