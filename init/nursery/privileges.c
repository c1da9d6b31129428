#include "privileges.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../src/privilege_calls.h"
#include "give_up.h"

#define LAST_CAPABILITY 63u
#define SET_FILTER 1

enum capability {
    CHOWN = 0, DAC_OVERRIDE = 1, FOWNER = 3, FSETID = 4, KILL_OTHERS = 5, SETGID = 6, SETUID = 7, SETPCAP = 8,
    NET_BIND_SERVICE = 10, NET_RAW = 13, SYS_CHROOT = 18, SYS_ADMIN = CAPABILITY_SYS_ADMIN, MKNOD = 27,
    AUDIT_WRITE = 29, SETFCAP = 31
};

#define BIT(capability) (1u << (capability))

/* SYS_ADMIN is for the filter that keeps init out of reach; init gives it up before it runs anything. */
static const uint32_t kept = BIT(CHOWN) | BIT(DAC_OVERRIDE) | BIT(FOWNER) | BIT(FSETID) | BIT(KILL_OTHERS) | BIT(SETGID)
                             | BIT(SETUID) | BIT(SETPCAP) | BIT(NET_BIND_SERVICE) | BIT(NET_RAW) | BIT(SYS_CHROOT)
                             | BIT(SYS_ADMIN) | BIT(MKNOD) | BIT(AUDIT_WRITE) | BIT(SETFCAP);

static void limit_capabilities(void)
{
    for (unsigned capability = 0; capability <= LAST_CAPABILITY; capability++) {
        bool keeps = capability < 32 && (kept & BIT(capability)) != 0;
        if (!keeps && prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) < 0) {
            if (errno == EINVAL && capability > SETFCAP) {
                break; /* this kernel has no more */
            }
            give_up("the bounding set of capabilities");
        }
    }
    struct capability_header header = {CAPABILITIES_VERSION, 0};
    struct capability_set sets[2] = {{.effective = kept, .permitted = kept}};
    if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0 || syscall(SYS_capset, &header, sets) < 0) {
        give_up("capabilities");
    }
}

static void limit_resources(const struct message *configuration)
{
    struct record record;
    uint64_t files[2];
    struct rlimit cores = {0, 0};
    if (!record_find(configuration, OPEN_FILES, &record) || record.size != sizeof files) {
        errno = EINVAL;
        give_up("the limit of open files");
    }
    memcpy(files, record.data, sizeof files);
    struct rlimit limit = {.rlim_cur = files[0], .rlim_max = files[1]};
    if (setrlimit(RLIMIT_CORE, &cores) < 0 || setrlimit(RLIMIT_NOFILE, &limit) < 0) {
        give_up("limits of a process");
    }
}

static void limit_calls(const struct message *configuration)
{
    struct record record;
    size_t instructions = 0;
    if (record_find(configuration, FILTER, &record)) {
        instructions = record.size / sizeof(struct filter_instruction);
    }
    if (instructions == 0 || instructions > UINT16_MAX) {
        errno = EINVAL;
        give_up("the filter of system calls");
    }
    struct filter_program program = {(unsigned short)instructions, record.data};
    if (syscall(SYS_seccomp, SET_FILTER, 0, &program) < 0) {
        give_up("the filter of system calls");
    }
}

void privileges_limit(const struct message *configuration)
{
    limit_resources(configuration);
    limit_capabilities();
    limit_calls(configuration);
}
