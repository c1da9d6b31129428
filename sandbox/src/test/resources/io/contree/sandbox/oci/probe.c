/* Makes system calls that a sandbox must refuse and prints "NAME ERRNO" for each; 0 is success. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define UPPER (1L << 32)
#define X32 0x40000000L

static void tell(const char *name, long result)
{
    printf("%s %d\n", name, result < 0 ? errno : 0);
    fflush(stdout);
}

static long clone_flags(unsigned long flags)
{
    long pid = syscall(SYS_clone, flags | SIGCHLD, 0L, 0L, 0L, 0L);
    if (pid == 0) {
        _exit(0);
    }
    return pid;
}

/* A socket by one of the calls of 32-bit programs; with a number 102, its arguments lie where a filter does not see them. */
static long socket_of_32_bits(long number, long family)
{
#ifdef __x86_64__
    unsigned *arguments = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
    int multiplexed = number == 102, status;
    pid_t child = fork();
    if (child == 0) {
        long result, first = multiplexed ? 1 : family, second = multiplexed ? (long)arguments : SOCK_STREAM;
        arguments[0] = family;
        arguments[1] = SOCK_STREAM;
        arguments[2] = 0;
        __asm__ volatile("int $0x80"
                         : "=a"(result)
                         : "a"(number), "b"(first), "c"(second), "d"(0)
                         : "memory", "r8", "r9", "r10", "r11");
        _exit(result < 0 ? -result : 0);
    }
    waitpid(child, &status, 0);
    /* A kernel that runs no such programs kills it. */
    errno = WIFEXITED(status) ? WEXITSTATUS(status) : EPERM;
    return errno ? -1 : 0;
#else
    errno = EPERM;
    return -1;
#endif
}

/* The kernel reads the lower half of the family only. */
static void tell_sockets(const char *name, long family)
{
    static const long upper[] = {UPPER, 0x7fffffff00000000L, ~0xffffffffL};
    char full[64];
    int pair[2];
    for (int i = 0; i < 3; i++) {
        snprintf(full, sizeof full, "%s_upper_half_%d", name, i);
        tell(full, syscall(SYS_socket, upper[i] | family, SOCK_STREAM, 0L));
    }
    snprintf(full, sizeof full, "%s_32_bits_upper_half", name);
    tell(full, socket_of_32_bits(359, UPPER | family));
    snprintf(full, sizeof full, "%s_pair", name);
    tell(full, syscall(SYS_socketpair, family, SOCK_STREAM, 0L, pair));
    snprintf(full, sizeof full, "%s_pair_upper_half", name);
    tell(full, syscall(SYS_socketpair, UPPER | family, SOCK_STREAM, 0L, pair));
    snprintf(full, sizeof full, "%s_pair_32_bits", name);
    tell(full, socket_of_32_bits(360, family));
#ifdef __x86_64__
    snprintf(full, sizeof full, "%s_x32", name);
    tell(full, syscall(X32 | SYS_socket, family, SOCK_STREAM, 0L));
    snprintf(full, sizeof full, "%s_x32_upper_half", name);
    tell(full, syscall(X32 | SYS_socket, UPPER | family, SOCK_STREAM, 0L));
#endif
}

int main(void)
{
    char nothing[256] = {0};
    tell("unshare_user", syscall(SYS_unshare, CLONE_NEWUSER));
    tell("unshare_mount", syscall(SYS_unshare, CLONE_NEWNS));
    tell("clone_user", clone_flags(CLONE_NEWUSER));
    tell("clone_plain", clone_flags(0));
    tell("clone3", syscall(SYS_clone3, nothing, 64L));
    tell("mount", mount("tmpfs", "/tmp", "tmpfs", 0, ""));
    tell("umount", umount2("/proc", MNT_DETACH));
    tell("fsopen", syscall(SYS_fsopen, "tmpfs", 0L));
    tell("open_tree", syscall(SYS_open_tree, -100L, "/", 1L));
    tell("move_mount", syscall(SYS_move_mount, -100L, "/", -100L, "/tmp", 0L));
    tell("mount_setattr", syscall(SYS_mount_setattr, -100L, "/", 0L, nothing, 32L));
    tell("pivot_root", syscall(SYS_pivot_root, "/", "/tmp"));
    tell("setns", syscall(SYS_setns, 0L, 0L));
    tell("bpf", syscall(SYS_bpf, 0L, nothing, 128L));
    tell("perf_event_open", syscall(SYS_perf_event_open, nothing, 0L, -1L, -1L, 0L));
    tell("keyctl", syscall(SYS_keyctl, 0L, -3L, 1L));
    tell("add_key", syscall(SYS_add_key, "user", "x", "x", 1L, -3L));
    tell("request_key", syscall(SYS_request_key, "user", "x", 0L, 0L));
    tell("io_uring_setup", syscall(SYS_io_uring_setup, 8L, nothing));
    tell("userfaultfd", syscall(SYS_userfaultfd, 1L));
    tell("kexec_load", syscall(SYS_kexec_load, 0L, 0L, 0L, 0L));
    tell("init_module", syscall(SYS_init_module, nothing, 0L, ""));
    tell("finit_module", syscall(SYS_finit_module, 0L, "", 0L));
    tell("reboot", syscall(SYS_reboot, 0L, 0L, 0L, 0L));
    tell("swapon", syscall(SYS_swapon, "/tmp/x", 0L));
    tell("open_by_handle_at", syscall(SYS_open_by_handle_at, -100L, nothing, 0L));
    tell("settimeofday", syscall(SYS_settimeofday, nothing, 0L));
    tell("sethostname", syscall(SYS_sethostname, "x", 1L));
    tell("vsock", socket(40, SOCK_STREAM, 0));
    tell("vsock_of_32_bits", socket_of_32_bits(359, 40));
    tell("vsock_by_socketcall", socket_of_32_bits(102, 40));
    tell("crypto", socket(38, SOCK_SEQPACKET, 0));
    tell("crypto_of_32_bits", socket_of_32_bits(359, 38));
    tell("crypto_by_socketcall", socket_of_32_bits(102, 38));
    tell_sockets("vsock", 40);
    tell_sockets("crypto", 38);
    tell("clone_user_upper_half", clone_flags(UPPER | CLONE_NEWUSER));
    tell("clone_plain_upper_half", clone_flags(UPPER));
    tell("personality_upper_half", syscall(SYS_personality, UPPER | 0x40000L));
    tell("personality_asked_upper_half", syscall(SYS_personality, -1L));
    tell("unix_socket_upper_half", syscall(SYS_socket, UPPER | AF_UNIX, SOCK_STREAM, 0L));
    tell("unix_socket", socket(AF_UNIX, SOCK_STREAM, 0));
    tell("ptrace_init", syscall(SYS_ptrace, PTRACE_ATTACH, 1L, 0L, 0L));
    tell("mknod_disk", mknod("/tmp/disk", S_IFBLK | 0600, makedev(8, 0)));
    tell("mknod_fifo", mknod("/tmp/fifo", S_IFIFO | 0600, 0));
    tell("unknown", syscall(999L));
    tell("open_ptmx", open("/dev/ptmx", O_RDWR | O_NOCTTY));
    tell("chroot", chroot("/"));
    return 0;
}
