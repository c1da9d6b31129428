/* Does to PID 1 what root can do to other processes of root, and prints "NAME ERRNO" for each; 0 is success. What begins with
 * "own" is done to this program or its child and must work. With the argument "calls" it does only what changes limits and
 * priorities, and not as 32-bit programs do it. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define UPPER (1L << 32)
#define IDLE_CLASS (3 << 13)
#define SHARE_CORE_TO 2

struct attributes {
    uint32_t size, policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime, deadline, period;
};

static int calls_only;

static void tell(const char *name, long result)
{
    printf("%s %d\n", name, result < 0 ? errno : 0);
    fflush(stdout);
}

#ifdef __x86_64__
static long call_of_32_bits(long number, long first, long second, long third, long fourth)
{
    int status;
    if (calls_only) {
        errno = ENOSYS;
        return -1;
    }
    pid_t child = fork();
    if (child == 0) {
        long result;
        __asm__ volatile("int $0x80"
                         : "=a"(result)
                         : "a"(number), "b"(first), "c"(second), "d"(third), "S"(fourth)
                         : "memory", "r8", "r9", "r10", "r11");
        _exit(result < 0 ? -result : 0);
    }
    waitpid(child, &status, 0);
    errno = WIFEXITED(status) ? WEXITSTATUS(status) : EPERM;
    return errno ? -1 : 0;
}
#endif

static void limits(void)
{
    static const int kinds[] = {RLIMIT_CPU, RLIMIT_AS, RLIMIT_DATA, RLIMIT_NOFILE, RLIMIT_NPROC, RLIMIT_SIGPENDING,
                                RLIMIT_FSIZE, RLIMIT_STACK};
    struct rlimit none = {0, 0}, own;
    char name[64];
    for (unsigned i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        snprintf(name, sizeof name, "limit_%d", kinds[i]);
        tell(name, syscall(SYS_prlimit64, 1L, kinds[i], &none, NULL));
    }
    tell("limit_upper_half", syscall(SYS_prlimit64, UPPER | 1L, RLIMIT_NOFILE, &none, NULL));
    tell("own_limit", syscall(SYS_prlimit64, 0L, RLIMIT_NOFILE, NULL, &own));
    tell("own_limit_by_pid", syscall(SYS_prlimit64, (long)getpid(), RLIMIT_NOFILE, &own, NULL));
#ifdef __x86_64__
    uint64_t *low = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
    tell("limit_32_bits", call_of_32_bits(340, 1, RLIMIT_NOFILE, (long)low, 0));
    tell("limit_x32", syscall(0x40000000L | SYS_prlimit64, 1L, RLIMIT_NOFILE, &none, NULL));
#endif
}

static void priorities(void)
{
    struct sched_param parameter = {0};
    struct attributes attributes = {.size = 48, .policy = SCHED_IDLE};
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(0, &one);
    tell("nice", syscall(SYS_setpriority, PRIO_PROCESS, 1L, 19L));
    tell("nice_upper_half", syscall(SYS_setpriority, UPPER | PRIO_PROCESS, UPPER | 1L, 19L));
    tell("nice_of_group", syscall(SYS_setpriority, PRIO_PGRP, 1L, 19L));
    tell("nice_of_user", syscall(SYS_setpriority, PRIO_USER, 0L, 19L));
    tell("nice_of_user_upper_half", syscall(SYS_setpriority, UPPER | PRIO_USER, 0L, 19L));
    tell("affinity", syscall(SYS_sched_setaffinity, 1L, sizeof one, &one));
    tell("affinity_upper_half", syscall(SYS_sched_setaffinity, UPPER | 1L, sizeof one, &one));
    tell("scheduler", syscall(SYS_sched_setscheduler, 1L, SCHED_IDLE, &parameter));
    tell("parameter", syscall(SYS_sched_setparam, 1L, &parameter));
    tell("attributes", syscall(SYS_sched_setattr, 1L, &attributes, 0L));
    tell("input_priority", syscall(SYS_ioprio_set, 1L, 1L, IDLE_CLASS));
    tell("input_priority_of_group", syscall(SYS_ioprio_set, 2L, 1L, IDLE_CLASS));
    tell("input_priority_of_user", syscall(SYS_ioprio_set, 3L, 0L, IDLE_CLASS));
#ifdef __x86_64__
    tell("nice_32_bits", call_of_32_bits(97, PRIO_PROCESS, 1, 19, 0));
    tell("nice_of_user_32_bits", call_of_32_bits(97, PRIO_USER, 0, 19, 0));
    tell("input_priority_32_bits", call_of_32_bits(289, 1, 1, IDLE_CLASS, 0));
    uint32_t *low = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
    low[0] = 0;
    tell("scheduler_32_bits", call_of_32_bits(156, 1, SCHED_IDLE, (long)low, 0));
    tell("parameter_32_bits", call_of_32_bits(154, 1, (long)low, 0, 0));
    low[0] = 1;
    tell("affinity_32_bits", call_of_32_bits(241, 1, 4, (long)low, 0));
    memcpy(low, &attributes, sizeof attributes);
    tell("attributes_32_bits", call_of_32_bits(351, 1, (long)low, 0, 0));
#endif
    pid_t child = fork();
    if (child == 0) {
        pause();
    }
    tell("own_nice", setpriority(PRIO_PROCESS, child, 5));
    tell("own_affinity", sched_setaffinity(child, sizeof one, &one));
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
}

/* What not every kernel lets a process do to itself. */
static void others(void)
{
    struct sched_param parameter = {0};
    tell("own_scheduler", syscall(SYS_sched_setscheduler, 0L, SCHED_BATCH, &parameter));
    tell("own_input_priority", syscall(SYS_ioprio_set, 1L, (long)getpid(), IDLE_CLASS));
}

static void files(void)
{
    static const char *const names[] = {"oom_score_adj", "oom_adj", "task/1/oom_score_adj", "autogroup", "mem", "comm",
                                        "coredump_filter", "clear_refs", "timerslack_ns", "sched", "fd/0", "fd/1", "fd/2",
                                        "uid_map", "setgroups", "task/1/comm", "task/1/mem", "task/1/clear_refs"};
    char path[64], name[64];
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "/proc/1/%s", names[i]);
        snprintf(name, sizeof name, "file_%s", names[i]);
        tell(name, open(path, O_WRONLY));
    }
}

static void memory(void)
{
    char byte = 0;
    struct iovec here = {&byte, 1}, there = {(void *)0x400000, 1};
    int pidfd = (int)syscall(SYS_pidfd_open, 1L, 0L);
    tell("attach", syscall(SYS_ptrace, PTRACE_ATTACH, 1L, 0L, 0L));
    tell("seize", syscall(SYS_ptrace, PTRACE_SEIZE, 1L, 0L, 0L));
    tell("read_memory", syscall(SYS_process_vm_readv, 1L, &here, 1L, &there, 1L, 0L));
    tell("write_memory", syscall(SYS_process_vm_writev, 1L, &here, 1L, &there, 1L, 0L));
    tell("take_descriptor", pidfd < 0 ? -1 : syscall(SYS_pidfd_getfd, pidfd, 0L, 0L));
    tell("advise_memory", pidfd < 0 ? -1 : syscall(SYS_process_madvise, pidfd, &there, 1L, 21L, 0L));
    tell("compare", syscall(SYS_kcmp, 1L, (long)getpid(), 0L, 0L, 0L));
    tell("share_core", prctl(62, SHARE_CORE_TO, 1, 0, 0));
    tell("enter", pidfd < 0 ? -1 : syscall(SYS_setns, pidfd, CLONE_NEWNS));
}

/* Whatever these return, init must go on. */
static void signals(void)
{
    siginfo_t forged = {0};
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    int pipes[2], signals[] = {SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGSTOP, SIGKILL, SIGXCPU, SIGSEGV};
    for (unsigned i = 0; i < sizeof signals / sizeof *signals; i++) {
        forged.si_signo = signals[i];
        forged.si_code = SI_QUEUE;
        syscall(SYS_rt_sigqueueinfo, 1L, signals[i], &forged);
        syscall(SYS_rt_tgsigqueueinfo, 1L, 1L, signals[i], &forged);
        kill(1, signals[i]);
        syscall(SYS_tgkill, 1L, 1L, signals[i]);
        /* The kernel itself as the sender. */
        if (pipe(pipes) == 0) {
            fcntl(pipes[0], F_SETSIG, signals[i]);
            fcntl(pipes[0], F_SETOWN, 1);
            fcntl(pipes[0], F_SETFL, O_ASYNC | O_NONBLOCK);
            write(pipes[1], "x", 1);
        }
    }
    /* With the queue of this user full, the sender is lost. */
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGRTMAX);
    sigprocmask(SIG_BLOCK, &set, NULL);
    union sigval value = {0};
    for (int i = 0; i < 100000 && sigqueue(getpid(), SIGRTMAX, value) == 0; i++) {
    }
    forged.si_signo = SIGTERM;
    syscall(SYS_rt_sigqueueinfo, 1L, SIGTERM, &forged);
    kill(1, SIGTERM);
}

int main(int count, char **arguments)
{
    calls_only = count > 1 && strcmp(arguments[1], "calls") == 0;
    limits();
    priorities();
    if (!calls_only) {
        others();
        files();
        memory();
        signals();
    }
    tell("own_end", 0);
    return 7;
}
