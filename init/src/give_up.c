#include "give_up.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "launch.h"

#define EXIT_NOT_STARTED 127

_Noreturn void give_up(int status, const char *reason)
{
    ssize_t written = write(status, reason, strlen(reason));
    _exit(written < 0 ? EXIT_NOT_STARTED + 1 : EXIT_NOT_STARTED);
}

_Noreturn void give_up_format(int status, const char *format, ...)
{
    char reason[REASON_MAX];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason, sizeof reason, format, arguments);
    va_end(arguments);
    give_up(status, reason);
}
