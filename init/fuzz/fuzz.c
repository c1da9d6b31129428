/* Feeds init's readers of foreign bytes with damaged ones, under the sanitizers: frames and spawn requests from the
 * server, programs, scripts and lists of users from an image. Usage: fuzz SECONDS [SEED]. Stops at the first finding. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "buffer.h"
#include "fail.h"
#include "frames.h"
#include "launch.h"
#include "reason.h"
#include "request.h"
#include "user.h"

#define SAMPLE_MAX 4096u

static uint64_t state;

static uint32_t random_below(uint32_t bound)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 32) % bound;
}

struct sample {
    unsigned char bytes[SAMPLE_MAX];
    size_t length;
};

static void add(struct sample *sample, const void *bytes, size_t length)
{
    memcpy(sample->bytes + sample->length, bytes, length);
    sample->length += length;
}

static void add_u32(struct sample *sample, uint32_t value)
{
    const unsigned char bytes[] = {(unsigned char)(value >> 24), (unsigned char)(value >> 16),
                                   (unsigned char)(value >> 8), (unsigned char)value};
    add(sample, bytes, sizeof bytes);
}

static void add_list(struct sample *sample, uint32_t count)
{
    add_u32(sample, count);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t length = random_below(20);
        add_u32(sample, length);
        add(sample, "PATH=/usr/bin:/bin:.", length);
    }
}

static void add_frame(struct sample *sample)
{
    static const char types[] = "SICKX";
    size_t header = sample->length;
    char type = types[random_below(5)];
    add(sample, &type, 1);
    add_u32(sample, 0);
    add_u32(sample, 0);
    if (type == 'S') {
        add_list(sample, 1 + random_below(4));
        add_list(sample, random_below(4));
        add_u32(sample, 4);
        add(sample, "/tmp", 4);
        add_u32(sample, 7);
        add(sample, "1:group", 7);
        add(sample, (const char[28]){0}, 28);
    } else if (type == 'I' || type == 'K') {
        add_u32(sample, random_below(70));
    }
    uint32_t spid = type == 'X' ? 0 : 1 + random_below(3);
    uint32_t length = (uint32_t)(sample->length - header - FRAME_HEADER);
    frame_put_header(sample->bytes + header, (unsigned char)type, spid, length);
}

static void make_frames(struct sample *sample)
{
    uint32_t count = 1 + random_below(5);
    for (uint32_t i = 0; i < count; i++) {
        add_frame(sample);
    }
}

static void damage(struct sample *sample)
{
    static const unsigned char edges[] = {0, 1, 0x7f, 0x80, 0xff, '/', ':', '\n'};
    uint32_t count = random_below(6);
    for (uint32_t i = 0; i < count && sample->length > 0; i++) {
        uint32_t at = random_below((uint32_t)sample->length);
        switch (random_below(3)) {
        case 0:
            sample->bytes[at] = (unsigned char)random_below(256);
            break;
        case 1:
            sample->bytes[at] = edges[random_below(sizeof edges)];
            break;
        default:
            sample->length = at;
        }
    }
}

static size_t check_strings(char *const *list)
{
    size_t total = 0;
    for (; *list != NULL; list++) {
        total += strlen(*list) + 1;
    }
    return total;
}

/* The payload is copied to memory of exactly its size, so that a read past its end is seen. */
static void read_request(const struct frame *frame)
{
    struct request request;
    unsigned char *payload = malloc(frame->length);
    if (payload == NULL && frame->length > 0) {
        fail("malloc");
    }
    if (frame->length > 0) {
        memcpy(payload, frame->payload, frame->length);
    }
    struct frame copy = *frame;
    copy.payload = payload;
    if (request_parse(&copy, &request) == NULL) {
        size_t total = check_strings(request.argv) + check_strings(request.env) + strlen(request.cwd) + strlen(request.user) + 2;
        if (request.argv[0] == NULL || total > frame->length) {
            abort();
        }
        request_free(&request);
    }
    free(payload);
}

static void read_frames(const struct sample *sample)
{
    struct buffer in = {0};
    struct frame frame;
    const char *problem = NULL;
    size_t fed = 0;
    while (fed < sample->length && problem == NULL) {
        size_t part = 1 + random_below(100);
        part = part < sample->length - fed ? part : sample->length - fed;
        buffer_append(&in, sample->bytes + fed, part);
        fed += part;
        while (frame_parse(&in, &frame, &problem) == FRAME_WHOLE) {
            if (frame.type == SPAWN) {
                read_request(&frame);
            }
            buffer_take(&in, FRAME_HEADER + (size_t)frame.length);
        }
    }
    buffer_free(&in);
}

static void make_program(struct sample *sample)
{
    static const char *const scripts[] = {"#!/bin/sh\r\n", "#! \t/usr/bin/env python\n", "#!", "#!\n"};
    if (random_below(4) == 0) {
        const char *script = scripts[random_below(4)];
        add(sample, script, strlen(script));
        return;
    }
    int fd = open("/bin/true", O_RDONLY | O_CLOEXEC);
    ssize_t length = fd < 0 ? -1 : read(fd, sample->bytes, 1024);
    if (length < 0) {
        fail("/bin/true");
    }
    close(fd);
    sample->length = (size_t)length;
}

static void read_program(int fd, const struct sample *sample)
{
    static const int errors[] = {ENOENT, ENOEXEC, EACCES, E2BIG, EIO};
    char path[64];
    char reason[REASON_MAX];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (ftruncate(fd, 0) < 0 || pwrite(fd, sample->bytes, sample->length, 0) < 0) {
        fail("memfd");
    }
    reason_of_exec(reason, sizeof reason, path, errors[random_below(5)]);
    if (strlen(reason) >= sizeof reason) {
        abort();
    }
}

static void make_users(struct sample *sample)
{
    static const char *const lines[] = {"root:x:0:0:root:/root:/bin/sh\n", "www:x:33:33::/var/www:\r\n", "# a comment\n",
                                        "adm:x:4:www,root,\n", "www:x:4294967296:99999999999:::\n", ":::::::\n", "+\n"};
    uint32_t count = random_below(20);
    for (uint32_t i = 0; i < count; i++) {
        const char *line = lines[random_below(sizeof lines / sizeof *lines)];
        add(sample, line, strlen(line));
    }
}

/* One text is both files, which differ in their number of fields only. */
static void read_users(int fd, const struct sample *sample)
{
    static const char *const texts[] = {"", "0", "www", "www:adm", "33:adm", ":", "www:", ":4", "99999999999", "root:x:0"};
    char path[64];
    char reason[REASON_MAX] = "";
    struct user user;
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (ftruncate(fd, 0) < 0 || pwrite(fd, sample->bytes, sample->length, 0) < 0) {
        fail("memfd");
    }
    const char *text = texts[random_below(sizeof texts / sizeof *texts)];
    const struct user_query query = {.text = text, .all_groups = random_below(2) == 0, .passwd = path, .group = path};
    bool found = user_find(&user, &query, reason, sizeof reason);
    if (found ? user.home[0] == 0 || user.uid > INT32_MAX || user.gid > INT32_MAX : reason[0] == 0) {
        abort();
    }
    user_free(&user);
}

int main(int argc, char **argv)
{
    time_t end = time(NULL) + (argc > 1 ? atoi(argv[1]) : 10);
    state = argc > 2 ? strtoull(argv[2], NULL, 0) : (uint64_t)time(NULL) * 2654435761u;
    printf("seed %llu\n", (unsigned long long)state);
    fflush(stdout);
    int fd = memfd_create("program", MFD_CLOEXEC);
    if (fd < 0) {
        fail("memfd_create");
    }
    unsigned long rounds = 0;
    for (; rounds % 1000 != 0 || time(NULL) < end; rounds++) {
        struct sample sample = {.length = 0};
        if (rounds % 3 == 0) {
            make_frames(&sample);
            damage(&sample);
            read_frames(&sample);
        } else if (rounds % 3 == 1) {
            make_users(&sample);
            damage(&sample);
            read_users(fd, &sample);
        } else {
            make_program(&sample);
            damage(&sample);
            read_program(fd, &sample);
        }
    }
    printf("%lu rounds, nothing found\n", rounds);
    return 0;
}
