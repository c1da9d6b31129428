#ifndef CONTREE_PRIVILEGE_CALLS_H
#define CONTREE_PRIVILEGE_CALLS_H

/* What init and the nursery need of <linux/capability.h>, <linux/filter.h> and <linux/seccomp.h>, which are not there for
 * musl. */

#include <stdint.h>

#define CAPABILITIES_VERSION 0x20080522u
#define CAPABILITY_SYS_ADMIN 21

struct capability_header {
    uint32_t version;
    int pid;
};

struct capability_set {
    uint32_t effective;
    uint32_t permitted;
    uint32_t inheritable;
};

struct filter_instruction {
    uint16_t code;
    uint8_t if_true;
    uint8_t if_false;
    uint32_t operand;
};

struct filter_program {
    unsigned short length;
    const void *instructions;
};

#endif
