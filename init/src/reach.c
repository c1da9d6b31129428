#include "reach.h"

#include <errno.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fail.h"
#include "privilege_calls.h"

/* Of <linux/filter.h> and <linux/seccomp.h>. */
#define CODE_LOAD 0x20u
#define CODE_AND 0x54u
#define CODE_JUMP_IF_EQUAL 0x15u
#define CODE_RETURN 0x06u
#define FILTER_MODE 2
#define ALLOW 0x7fff0000u
#define REFUSE (0x00050000u | EPERM)

/* Where struct seccomp_data has them. The kernel reads only the lower half of these arguments, so only that counts. */
#define NUMBER 0u
#define ABI 4u
#define ARGUMENT(index) (16u + 8u * (index))

#define LOAD(offset) {CODE_LOAD, 0, 0, (offset)}
#define EQUALS(value, if_true, if_false) {CODE_JUMP_IF_EQUAL, (if_true), (if_false), (value)}
#define RETURN(value) {CODE_RETURN, 0, 0, (value)}

/* A call whose first argument is a pid. */
#define BY_PID(number) \
    EQUALS(number, 0, 4), LOAD(ARGUMENT(0u)), EQUALS(1, 0, 1), RETURN(REFUSE), RETURN(ALLOW)

/* A call for a process, a group or all processes of a user; init shares its user with the others, so the last is refused. */
#define BY_KIND(number, user) \
    EQUALS(number, 0, 6), LOAD(ARGUMENT(0u)), EQUALS(user, 2, 0), LOAD(ARGUMENT(1u)), EQUALS(1, 0, 1), RETURN(REFUSE), \
        RETURN(ALLOW)

#define SETPRIORITY_USER 2
#define IOPRIO_USER 3
/* Numbers of x32 are those of x86-64 and this bit. */
#define WITHOUT_X32 0xbfffffffu

#define CALLS_OF(abi, limits, parameter, scheduler, affinity, attributes, priority, input_priority) \
    LOAD(ABI), EQUALS(abi, 0, 42), LOAD(NUMBER), {CODE_AND, 0, 0, WITHOUT_X32}, BY_PID(limits), BY_PID(parameter), \
        BY_PID(scheduler), BY_PID(affinity), BY_PID(attributes), BY_KIND(priority, SETPRIORITY_USER), \
        BY_KIND(input_priority, IOPRIO_USER), RETURN(ALLOW)

/* prlimit64, sched_setparam, sched_setscheduler, sched_setaffinity, sched_setattr, setpriority, ioprio_set */
static const struct filter_instruction instructions[] = {
#if defined __x86_64__
    CALLS_OF(0xc000003eu, 302, 142, 144, 203, 314, 141, 251),
    CALLS_OF(0x40000003u, 340, 154, 156, 241, 351, 97, 289),
#elif defined __aarch64__
    CALLS_OF(0xc00000b7u, 261, 118, 119, 122, 274, 140, 30),
    CALLS_OF(0x40000028u, 369, 154, 156, 241, 380, 97, 314),
#else
#error "which calls reach another process here?"
#endif
    RETURN(ALLOW),
};

static void give_up_admin(void)
{
    struct capability_header header = {CAPABILITIES_VERSION, 0};
    struct capability_set sets[2];
    if (prctl(PR_CAPBSET_DROP, CAPABILITY_SYS_ADMIN, 0, 0, 0) < 0 || syscall(SYS_capget, &header, sets) < 0) {
        fail("capabilities");
    }
    sets[0].effective &= ~(1u << CAPABILITY_SYS_ADMIN);
    sets[0].permitted &= ~(1u << CAPABILITY_SYS_ADMIN);
    sets[0].inheritable &= ~(1u << CAPABILITY_SYS_ADMIN);
    if (syscall(SYS_capset, &header, sets) < 0) {
        fail("capabilities");
    }
}

void reach_forbid(void)
{
    const struct filter_program program = {sizeof instructions / sizeof *instructions, instructions};
    if (prctl(PR_SET_SECCOMP, FILTER_MODE, &program, 0, 0) < 0) {
        fail("the filter that keeps init out of reach");
    }
    give_up_admin();
}
