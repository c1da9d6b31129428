#include "reason.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEADERS_MAX 64

enum kind { EMPTY, SCRIPT, ELF, OTHER };

static enum kind kind_of(const char *head, ssize_t length)
{
    if (length <= 0) {
        return length == 0 ? EMPTY : OTHER;
    }
    if (length >= 2 && memcmp(head, "#!", 2) == 0) {
        return SCRIPT;
    }
    return length >= SELFMAG && memcmp(head, ELFMAG, SELFMAG) == 0 ? ELF : OTHER;
}

/* `head` is the file's first bytes, ended by a NUL; the interpreter is the first word after the mark. */
static void script_interpreter(const char *head, char *interpreter, size_t size)
{
    const char *start = head + 2 + strspn(head + 2, " \t");
    size_t length = strcspn(start, " \t\n");
    if (length < size) {
        memcpy(interpreter, start, length);
        interpreter[length] = 0;
    }
}

/* The file is hostile: every offset in it is only ever handed to pread, which checks it. */
static void elf_loader(int fd, char *loader, size_t size)
{
    Elf64_Ehdr file;
    if (pread(fd, &file, sizeof file, 0) != (ssize_t)sizeof file || file.e_ident[EI_CLASS] != ELFCLASS64) {
        return;
    }
    for (int i = 0; i < file.e_phnum && i < HEADERS_MAX; i++) {
        Elf64_Phdr header;
        off_t at = (off_t)(file.e_phoff + (Elf64_Off)i * sizeof header);
        if (pread(fd, &header, sizeof header, at) != (ssize_t)sizeof header) {
            return;
        }
        if (header.p_type == PT_INTERP) {
            ssize_t length = pread(fd, loader, size - 1, (off_t)header.p_offset);
            loader[length < 0 ? 0 : length] = 0;
            return;
        }
    }
}

/* Looks into the file for its kind and for the program that is to run it, "" when that cannot be told. */
static enum kind look_into(const char *path, char *interpreter, size_t size)
{
    char head[PATH_MAX];
    interpreter[0] = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0) {
        return OTHER;
    }
    ssize_t length = pread(fd, head, sizeof head - 1, 0);
    head[length < 0 ? 0 : length] = 0;
    enum kind kind = kind_of(head, length);
    if (kind == SCRIPT) {
        script_interpreter(head, interpreter, size);
    } else if (kind == ELF) {
        elf_loader(fd, interpreter, size);
    }
    close(fd);
    return kind;
}

static void reason_of_missing(char *text, size_t size, const char *path)
{
    struct stat file;
    char interpreter[PATH_MAX];
    if (stat(path, &file) < 0) {
        snprintf(text, size, "%.1000s: no such file or directory", path);
        return;
    }
    enum kind kind = look_into(path, interpreter, sizeof interpreter);
    size_t length = strlen(interpreter);
    bool returns = kind == SCRIPT && length > 0 && interpreter[length - 1] == '\r';
    if (returns) {
        interpreter[length - 1] = 0;
    }
    snprintf(text, size, "%.1000s: its %s %.900s is not there%s", path, kind == SCRIPT ? "interpreter" : "loader",
             interpreter[0] ? interpreter : "(unknown)", returns ? ": the script has Windows line ends" : "");
}

static void reason_of_refused(char *text, size_t size, const char *path)
{
    struct stat file;
    if (stat(path, &file) < 0) {
        snprintf(text, size, "%.1000s: permission denied", path);
    } else if (S_ISDIR(file.st_mode)) {
        snprintf(text, size, "%.1000s: is a directory", path);
    } else if (!S_ISREG(file.st_mode)) {
        snprintf(text, size, "%.1000s: permission denied: it is not a regular file", path);
    } else if ((file.st_mode & 0111) == 0) {
        snprintf(text, size, "%.1000s: permission denied: it is not executable (mode %04o)", path,
                 (unsigned)(file.st_mode & 07777));
    } else {
        snprintf(text, size, "%.1000s: permission denied", path);
    }
}

static void reason_of_format(char *text, size_t size, const char *path)
{
    static const char *const why[] = {
        [EMPTY] = "the file is empty",
        [SCRIPT] = "its #! line is not usable",
        [ELF] = "it is a program for another machine or a damaged one",
        [OTHER] = "it is neither a program nor a script with a #! line",
    };
    char interpreter[PATH_MAX];
    snprintf(text, size, "%.1000s: exec format error: %s", path, why[look_into(path, interpreter, sizeof interpreter)]);
}

void reason_of_exec(char *text, size_t size, const char *path, int error)
{
    switch (error) {
    case ENOENT:
        reason_of_missing(text, size, path);
        break;
    case EACCES:
        reason_of_refused(text, size, path);
        break;
    case ENOEXEC:
        reason_of_format(text, size, path);
        break;
    case E2BIG:
        snprintf(text, size, "%.1000s: argument list too long: all arguments together with the environment", path);
        break;
    default:
        snprintf(text, size, "%.1000s: %s", path, strerror(error));
    }
}
