#include "signals.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fail.h"

void signals_reset(void)
{
    /* The C library keeps some signals to itself and would not touch them, yet they may be inherited ignored. All zeros
     * is the kernel's form of the default. SIGKILL and SIGSTOP refuse; they have nothing to reset. */
    static const char default_action[64];
    for (int number = 1; number <= SIGNAL_MAX; number++) {
        syscall(SYS_rt_sigaction, number, default_action, NULL, SIGNAL_MAX / 8);
    }
    sigset_t none;
    sigemptyset(&none);
    if (sigprocmask(SIG_SETMASK, &none, NULL) < 0) {
        fail("sigprocmask");
    }
}

int signals_open(void)
{
    signals_reset();
    signal(SIGPIPE, SIG_IGN);
    sigset_t handled;
    sigemptyset(&handled);
    sigaddset(&handled, SIGCHLD);
    /* The kernel drops what PID 1 neither handles nor blocks. Who sent what it does take is never certain: a process of the
     * sandbox can forge the sender of a signal, and a full queue loses it. */
    if (getpid() != 1) {
        sigaddset(&handled, SIGTERM);
        sigaddset(&handled, SIGINT);
    }
    if (sigprocmask(SIG_BLOCK, &handled, NULL) < 0) {
        fail("sigprocmask");
    }
    int fd = signalfd(-1, &handled, SFD_CLOEXEC | SFD_NONBLOCK);
    if (fd < 0) {
        fail("signalfd");
    }
    return fd;
}

bool signals_ask_to_end(int fd)
{
    struct signalfd_siginfo info;
    bool asked = false;
    while (read(fd, &info, sizeof info) == (ssize_t)sizeof info) {
        asked = asked || info.ssi_signo != SIGCHLD;
    }
    return asked;
}
