#include "request.h"

#include <stdlib.h>
#include <string.h>

#include "fail.h"

#define KNOWN_FLAGS (SPAWN_STDIN_OPEN | SPAWN_MAIN | SPAWN_ALL_GROUPS)

/* The unread rest of a payload. `problem` is the first thing found wrong; from then on everything reads as empty. */
struct cursor {
    const unsigned char *at;
    size_t left;
    char *text; /* where the next string is copied to */
    const char *problem;
};

static const unsigned char *take(struct cursor *cursor, size_t length)
{
    static const unsigned char nothing[8];
    if (cursor->problem == NULL && cursor->left < length) {
        cursor->problem = "a spawn frame ends too early";
    }
    if (cursor->problem != NULL) {
        return nothing;
    }
    const unsigned char *at = cursor->at;
    cursor->at += length;
    cursor->left -= length;
    return at;
}

static uint32_t take_u32(struct cursor *cursor)
{
    return get_u32(take(cursor, 4));
}

static uint64_t take_u64(struct cursor *cursor)
{
    return get_u64(take(cursor, 8));
}

static char *take_string(struct cursor *cursor)
{
    uint32_t length = take_u32(cursor);
    const unsigned char *bytes = take(cursor, length);
    char *string = cursor->text;
    if (cursor->problem == NULL && memchr(bytes, 0, length) != NULL) {
        cursor->problem = "a string has a NUL in it";
    }
    if (cursor->problem != NULL) {
        return string;
    }
    memcpy(string, bytes, length);
    string[length] = 0;
    cursor->text += length + 1;
    return string;
}

static char **take_list(struct cursor *cursor, size_t room)
{
    uint32_t count = take_u32(cursor);
    if (count > cursor->left / 4) {
        cursor->problem = cursor->problem != NULL ? cursor->problem : "a list is longer than its frame";
        count = 0;
    }
    char **list = calloc((size_t)count + room + 1, sizeof *list);
    if (list == NULL) {
        fail("reading a spawn frame");
    }
    for (uint32_t i = 0; i < count; i++) {
        list[i] = take_string(cursor);
    }
    return list;
}

static void take_fields(struct cursor *cursor, struct request *request)
{
    request->argv = take_list(cursor, 0);
    request->env = take_list(cursor, ENV_ROOM);
    request->cwd = take_string(cursor);
    request->user = take_string(cursor);
    request->timeout_ms = take_u64(cursor);
    request->limit = take_u64(cursor);
    request->grace_ms = take_u64(cursor);
    request->flags = take_u32(cursor);
}

static const char *problem_of(const struct cursor *cursor, const struct request *request)
{
    if (cursor->problem != NULL) {
        return cursor->problem;
    }
    if (cursor->left > 0) {
        return "a spawn frame has bytes after its end";
    }
    if (request->argv[0] == NULL) {
        return "argv is empty";
    }
    return (request->flags & ~KNOWN_FLAGS) == 0 ? NULL : "unknown spawn flags";
}

const char *request_parse(const struct frame *frame, struct request *request)
{
    /* Each string loses 4 bytes of length and gains a NUL, so the copies never need more than the payload; one byte
     * more gives an empty frame a string to point at. */
    char *text = calloc(1, (size_t)frame->length + 1);
    if (text == NULL) {
        fail("reading a spawn frame");
    }
    struct cursor cursor = {.at = frame->payload, .left = frame->length, .text = text};
    *request = (struct request){.text = text};
    take_fields(&cursor, request);
    const char *problem = problem_of(&cursor, request);
    if (problem != NULL) {
        request_free(request);
    }
    return problem;
}

void request_free(struct request *request)
{
    free(request->argv);
    free(request->env);
    free(request->text);
    *request = (struct request){0};
}
