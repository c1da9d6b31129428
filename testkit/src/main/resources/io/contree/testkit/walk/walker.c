/*
 * A random walk of file operations: walker DIRECTORY SEED STEP COUNT [settle] [[mapped:]ROOT-ID]
 * Or what a command does: walker DIRECTORY -- COMMAND ARGUMENT...
 *
 * Makes COUNT operations below DIRECTORY and prints a listing before, what each one gave, and a listing after. What it does depends
 * on the seed, the step and the names that it finds, so it does the same in two trees as long as these show the same. With "settle"
 * no time of a clock is left in the end. With a ROOT-ID it works as root of a user namespace whose ids begin there.
 *
 * It is one file, since tests compile it with one command, wherever there is a compiler.
 *
 * Lines of a listing come in pairs: "= PATH TAB what two machines have in common" and "~ PATH TAB what one machine must keep".
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

/* Not every C library has them. */
#ifndef RENAME_NOREPLACE
#define RENAME_NOREPLACE 1
#define RENAME_EXCHANGE 2
#endif

/* Above, more is removed than made. */
#define MANY 160
/* Longer paths get no more children: one call takes 4,095 bytes. */
#define LONG_PATH 1200
/* Times from here on are those of a clock; the ones set on purpose lie before. */
#define CLOCK 1600000000

#define L50 "llllllllllllllllllllllllllllllllllllllllllllllllll"

static const char *const names[] = {"a",   "b",     "c",       "d",     "data.txt", "e f",
                                    "-x",  ".h",    ".wh.a",   "#name", "\xff\xfe", "new\nline",
                                    "g",   "\xc3\xa9", L50 L50 "l", L50 L50 L50 L50 L50 "llll5"};
static const mode_t modes[] = {0644, 0600, 0755, 04755, 02755, 0400, 0, 0777};
static const int ids[] = {0, 1, 33, 1000, 65534, 65535};
static const struct timespec times[] = {{0, 0}, {1, 1}, {-5, 250000000}, {1000000000, 123456789}, {1500000000, 1}};
static const size_t sizes[] = {0, 1, 13, 100, 4096, 5000, 5000, 70000, 70000, 600000};

#define PICK(array) ((array)[below(sizeof(array) / sizeof *(array))])

struct entry {
    char *path;
    struct stat st;
};

static struct entry *entries;
static size_t count, room;
static uint64_t state;
static long number;

/* --- Chance: splitmix64 --- */

static uint64_t next(void)
{
    uint64_t z = (state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static size_t below(size_t bound) { return (size_t)(next() % bound); }

static int chance(int percent) { return below(100) < (size_t)percent; }

/* --- Paths --- */

static char *join(const char *directory, const char *name)
{
    char *path;
    if (asprintf(&path, "%s%s%s", directory, *directory ? "/" : "", name) < 0) {
        abort();
    }
    return path;
}

static const char *at(const char *path) { return *path ? path : "."; }

static void add(char *path, const struct stat *st)
{
    if (count == room) {
        room = room * 2 + 64;
        entries = realloc(entries, room * sizeof *entries);
        if (!entries) {
            abort();
        }
    }
    entries[count].path = path;
    entries[count++].st = *st;
}

/* Counts entries whose number in the directory is another one than that of the file. */
static long scan_directory(const char *directory)
{
    DIR *dir = opendir(at(directory));
    struct dirent *found;
    long other = 0;
    if (!dir) {
        return 0;
    }
    while ((found = readdir(dir))) {
        struct stat st;
        char *path;
        if (!strcmp(found->d_name, ".") || !strcmp(found->d_name, "..")) {
            continue;
        }
        path = join(directory, found->d_name);
        if (lstat(path, &st) != 0) {
            printf("lstat of a listed name failed: %s\n", strerror(errno));
            free(path);
            continue;
        }
        other += st.st_ino != found->d_ino;
        add(path, &st);
        if (S_ISDIR(st.st_mode)) {
            other += scan_directory(path);
        }
    }
    closedir(dir);
    return other;
}

static int by_path(const void *left, const void *right)
{
    return strcmp(((const struct entry *)left)->path, ((const struct entry *)right)->path);
}

static long scan(void)
{
    long other;
    while (count > 0) {
        free(entries[--count].path);
    }
    other = scan_directory("");
    qsort(entries, count, sizeof *entries, by_path);
    return other;
}

/* One of the entries of some types (bits of 1 << type), at times one of any; empty, for the top, if there is none. */
static const char *one_of(unsigned types)
{
    size_t matching = 0, wanted;
    if (chance(3)) {
        types = ~0u;
    }
    for (size_t i = 0; i < count; i++) {
        matching += (types >> (entries[i].st.st_mode >> 12)) & 1;
    }
    if (matching == 0) {
        return "";
    }
    wanted = below(matching);
    for (size_t i = 0;; i++) {
        if ((types >> (entries[i].st.st_mode >> 12)) & 1 && wanted-- == 0) {
            return entries[i].path;
        }
    }
}

#define DIRECTORIES (1u << (S_IFDIR >> 12))
#define FILES (1u << (S_IFREG >> 12))
#define ALL (~0u)
#define NO_DIRECTORIES (~DIRECTORIES)

/* A name in some directory, which may be there already. To be freed. */
static char *new_path(void)
{
    const char *directory = chance(15) ? "" : one_of(DIRECTORIES);
    return join(strlen(directory) > LONG_PATH ? "" : directory, PICK(names));
}

/* What a file is put at: a new name or, not seldom, one that is there. To be freed. */
static char *target(unsigned types) { return chance(60) ? new_path() : join("", one_of(types)); }

/* --- What is printed --- */

static void put(const char *text)
{
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c <= ' ' || c >= 127 || c == '\\') {
            printf("\\%03o", c);
        } else {
            putchar(c);
        }
    }
}

static uint64_t hash_of(const char *path)
{
    static uint64_t buffer[1 << 13];
    uint64_t hash = 0xcbf29ce484222325u;
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    ssize_t got;
    if (fd < 0) {
        return (uint64_t)errno;
    }
    while ((got = read(fd, buffer, sizeof buffer)) > 0) {
        memset((char *)buffer + got, 0, sizeof buffer - (size_t)got);
        for (size_t i = 0; i * sizeof *buffer < (size_t)got; i++) {
            hash = (hash ^ buffer[i]) * 0x9e3779b97f4a7c15u;
            hash ^= hash >> 29;
        }
    }
    if (got < 0) {
        hash = (uint64_t)errno;
    }
    close(fd);
    return hash;
}

static void put_xattrs(const char *path)
{
    static char list[1 << 16], value[1 << 16];
    ssize_t size = llistxattr(path, list, sizeof list);
    const char *sorted[64];
    size_t n = 0;
    if (size < 0) {
        printf(" xattrs=%s", strerror(errno));
        return;
    }
    for (char *name = list; name < list + size && n < 64; name += strlen(name) + 1) {
        size_t i = n++;
        for (; i > 0 && strcmp(sorted[i - 1], name) > 0; i--) {
            sorted[i] = sorted[i - 1];
        }
        sorted[i] = name;
    }
    for (size_t i = 0; i < n; i++) {
        ssize_t length = lgetxattr(path, sorted[i], value, sizeof value);
        printf(" %s=", sorted[i]);
        for (ssize_t j = 0; j < length; j++) {
            printf("%02x", (unsigned char)value[j]);
        }
    }
}

static int same_file(const struct stat *left, const struct stat *right)
{
    return left->st_ino == right->st_ino && left->st_dev == right->st_dev;
}

/* The first name of a file, of those that were found. */
static const char *first_name(const struct entry *entry)
{
    for (size_t i = 0;; i++) {
        if (same_file(&entries[i].st, &entry->st)) {
            return entries[i].path;
        }
    }
}

static void list_entry(const struct entry *entry, dev_t device)
{
    const struct stat *st = &entry->st;
    int regular = S_ISREG(st->st_mode);
    printf("= ");
    put(entry->path);
    printf("\t%o %d:%d", st->st_mode, (int)st->st_uid, (int)st->st_gid);
    if (st->st_dev != device) {
        printf(" another device");
    }
    if (!S_ISDIR(st->st_mode)) {
        printf(" links=%d first=", (int)st->st_nlink);
        put(first_name(entry));
    }
    if (regular) {
        printf(" size=%lld hash=%016llx", (long long)st->st_size, (unsigned long long)hash_of(entry->path));
        if (st->st_mtim.tv_sec < CLOCK) {
            printf(" mtime=%lld.%09ld", (long long)st->st_mtim.tv_sec, st->st_mtim.tv_nsec);
        }
    } else if (S_ISLNK(st->st_mode)) {
        char link[4096];
        ssize_t length = readlink(entry->path, link, sizeof link - 1);
        link[length < 0 ? 0 : length] = 0;
        printf(" -> ");
        put(link);
    } else if (S_ISCHR(st->st_mode)) {
        printf(" device=%llx", (unsigned long long)st->st_rdev);
    }
    put_xattrs(entry->path);
    printf("\n~ ");
    put(entry->path);
    printf("\t%lld.%09ld %lld.%09ld %llu\n", (long long)st->st_mtim.tv_sec, st->st_mtim.tv_nsec,
           (long long)st->st_ctim.tv_sec, st->st_ctim.tv_nsec, (unsigned long long)st->st_ino);
}

static void list(const char *title)
{
    struct stat top;
    long other = scan();
    printf("%s\n", title);
    stat(".", &top);
    for (size_t i = 0; i < count; i++) {
        list_entry(&entries[i], top.st_dev);
    }
    printf("~ .\t%ld entries with another number in their directory\n", other);
}

/* Tells what an operation gave. */
static void tell(const char *what, const char *path, const char *other, long result)
{
    /* POSIX lets a file system choose between the two. */
    int error = errno == ENOTEMPTY ? EEXIST : errno;
    printf("%ld %s ", number, what);
    put(at(path));
    if (other) {
        putchar(' ');
        put(at(other));
    }
    printf(" -> %s\n", result < 0 ? strerror(error) : "done");
}

/* After a change of a file: what its other names show now. */
static void tell_links(const char *path)
{
    struct stat st;
    if (lstat(path, &st) != 0 || S_ISDIR(st.st_mode) || st.st_nlink < 2) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        struct stat linked;
        if (lstat(entries[i].path, &linked) == 0 && same_file(&st, &linked)) {
            printf("  also ");
            put(entries[i].path);
            printf(" %o %d:%d links=%d size=%lld hash=%016llx\n", linked.st_mode, (int)linked.st_uid, (int)linked.st_gid,
                   (int)linked.st_nlink, (long long)linked.st_size,
                   (unsigned long long)(S_ISREG(linked.st_mode) ? hash_of(entries[i].path) : 0));
        }
    }
}

/* --- Operations --- */

static long fill(int fd, size_t size, off_t where)
{
    static uint64_t block[512];
    for (size_t done = 0; done < size;) {
        size_t part = size - done < sizeof block ? size - done : sizeof block;
        for (size_t i = 0; i * sizeof *block < part; i++) {
            block[i] = next();
        }
        if (pwrite(fd, block, part, where + (off_t)done) != (ssize_t)part) {
            return -1;
        }
        done += part;
    }
    return 0;
}

static long write_file(const char *path, int flags, mode_t mode, size_t size)
{
    int fd = open(path, O_WRONLY | O_NONBLOCK | flags, mode);
    long result;
    if (fd < 0) {
        next();
        return -1;
    }
    result = fill(fd, size, flags & O_APPEND ? lseek(fd, 0, SEEK_END) : 0);
    close(fd);
    return result;
}

static void op_create(void)
{
    char *path = new_path();
    mode_t mode = PICK(modes);
    tell("create", path, NULL, write_file(path, O_CREAT | O_TRUNC, mode, PICK(sizes)));
    tell_links(path);
    free(path);
}

static void op_exclusive(void)
{
    char *path = target(ALL);
    tell("create-new", path, NULL, write_file(path, O_CREAT | O_EXCL, 0644, 10));
    free(path);
}

static void op_rewrite(void)
{
    const char *path = one_of(FILES);
    tell("rewrite", path, NULL, write_file(at(path), O_TRUNC, 0, PICK(sizes)));
    tell_links(path);
}

static void op_append(void)
{
    const char *path = one_of(FILES);
    tell("append", path, NULL, write_file(at(path), O_APPEND, 0, 1 + below(300)));
    tell_links(path);
}

static void op_truncate(void)
{
    const char *path = one_of(FILES);
    tell("truncate", path, NULL, truncate(at(path), (off_t)(PICK(sizes) / 2)));
    tell_links(path);
}

static long in_file(const char *path, int how)
{
    struct stat st;
    int fd = open(at(path), O_RDWR | O_NOFOLLOW | O_NONBLOCK);
    long result;
    size_t where = below(300000);
    if (fd < 0) {
        return -1;
    }
    fstat(fd, &st);
    if (how == 0) {
        result = fill(fd, 20, (off_t)where);
    } else if (how == 1) {
        result = fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)(where / 10), 5000);
        /*
         * Whether it counts as a change if there is a hole already depends on where data lie on the disk, and by now. Btrfs then
         * leaves set-id bits and capabilities to the file, which other file systems, and overlayfs, take from it.
         */
        futimens(fd, (struct timespec[2]){{1300000000, 0}, {1300000000, 0}});
        if (result == 0) {
            fchmod(fd, st.st_mode & 01777);
            fremovexattr(fd, "security.capability");
        }
    } else if (st.st_size == 0 || !S_ISREG(st.st_mode)) {
        result = 0;
    } else {
        unsigned char *map = mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        result = map == MAP_FAILED ? -1 : 0;
        if (result == 0) {
            map[where % (size_t)st.st_size] ^= 0x5a;
            map[0] ^= 1;
            munmap(map, (size_t)st.st_size);
        }
    }
    close(fd);
    return result;
}

static void op_in_file(void)
{
    static const char *const ways[] = {"write-in", "punch-hole", "mmap"};
    const char *path = one_of(FILES);
    size_t way = below(3);
    tell(ways[way], path, NULL, in_file(path, (int)way));
    tell_links(path);
}

static void op_mkdir(void)
{
    char *path = new_path();
    long made = mkdir(path, chance(80) ? 0755 : 02700);
    tell("mkdir", path, NULL, made);
    if (made == 0 && chance(50)) {
        for (size_t i = below(4); i > 0; i--) {
            char *child = join(path, PICK(names));
            if (chance(30)) {
                tell("mkdir", child, NULL, mkdir(child, 0755));
            } else {
                tell("create", child, NULL, write_file(child, O_CREAT, 0644, PICK(sizes)));
            }
            free(child);
        }
    }
    free(path);
}

static void op_rmdir(void)
{
    const char *path = one_of(DIRECTORIES);
    tell("rmdir", path, NULL, *path ? rmdir(path) : 0);
}

static void op_unlink(void)
{
    char *path = join("", one_of(NO_DIRECTORIES));
    tell("unlink", path, NULL, unlink(at(path)));
    free(path);
}

static long remove_tree(const char *path)
{
    size_t length = strlen(path);
    long result = 0;
    /* Children come after their directory in the order of paths that the scan left. */
    for (size_t i = count; i-- > 0;) {
        const char *other = entries[i].path;
        if (!strncmp(other, path, length) && (other[length] == '/' || !other[length])) {
            if ((S_ISDIR(entries[i].st.st_mode) ? rmdir(other) : unlink(other)) != 0) {
                result = -1;
            }
        }
    }
    return result;
}

static void op_rmtree(void)
{
    const char *path = one_of(DIRECTORIES);
    tell("rm-r", path, NULL, *path ? remove_tree(path) : 0);
}

static long rename_with(const char *from, const char *to, unsigned flags)
{
    return syscall(SYS_renameat2, AT_FDCWD, at(from), AT_FDCWD, at(to), flags);
}

static void op_rename(void)
{
    const char *from = one_of(ALL);
    char *to = target(ALL);
    tell("rename", from, to, rename_with(from, to, 0));
    tell_links(to);
    free(to);
}

static void op_rename_directory(void)
{
    const char *from = one_of(DIRECTORIES);
    char *to = target(DIRECTORIES);
    tell("rename", from, to, rename_with(from, to, 0));
    free(to);
}

static void op_exchange(void)
{
    const char *from = one_of(ALL), *to = one_of(chance(50) ? ALL : DIRECTORIES);
    tell("exchange", from, to, rename_with(from, to, RENAME_EXCHANGE));
}

static void op_no_replace(void)
{
    const char *from = one_of(ALL);
    char *to = target(ALL);
    tell("rename-new", from, to, rename_with(from, to, RENAME_NOREPLACE));
    free(to);
}

/* Undone, a rename has changed nothing. */
static void op_there_and_back(void)
{
    const char *from = one_of(ALL);
    char *to = new_path();
    long there = rename_with(from, to, RENAME_NOREPLACE);
    tell("there", from, to, there);
    if (there == 0) {
        tell("and-back", to, from, rename_with(to, from, RENAME_NOREPLACE));
    }
    free(to);
}

/* As editors and sed -i do it. */
static void op_replace(void)
{
    const char *path = one_of(FILES);
    char *fresh = join("", path);
    struct stat st;
    fresh = realloc(fresh, strlen(path) + 6);
    memcpy(fresh + (strrchr(path, '/') ? strrchr(path, '/') + 1 - path : 0), ".fresh", 7);
    if (lstat(at(path), &st) != 0 || !S_ISREG(st.st_mode)) {
        free(fresh);
        return;
    }
    tell("fresh", fresh, NULL, write_file(fresh, O_CREAT | O_EXCL, 0600, PICK(sizes)));
    tell("fresh-mode", fresh, NULL, chmod(fresh, st.st_mode & 07777));
    tell("replace", fresh, path, rename(fresh, path));
    free(fresh);
}

static void op_link(void)
{
    const char *from = one_of(NO_DIRECTORIES);
    char *to = target(ALL);
    tell("link", from, to, linkat(AT_FDCWD, at(from), AT_FDCWD, to, 0));
    tell_links(to);
    free(to);
}

static void op_symlink(void)
{
    char *path = new_path();
    tell("symlink", path, NULL, symlink(chance(30) ? "nowhere" : PICK(names), path));
    free(path);
}

static void op_node(void)
{
    char *path = new_path();
    tell("mknod", path, NULL, mknod(path, (chance(70) ? S_IFIFO : S_IFSOCK) | 0640, 0));
    free(path);
}

static void op_chmod(void)
{
    const char *path = one_of(FILES | DIRECTORIES);
    mode_t mode = PICK(modes);
    tell("chmod", path, NULL, chmod(at(path), mode));
    tell_links(path);
}

/* By a descriptor that is open for reading only, as it was before the file changed. */
static void op_descriptor(void)
{
    const char *path = one_of(FILES);
    int fd = open(at(path), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    mode_t mode = PICK(modes);
    struct stat st;
    if (fd < 0) {
        return;
    }
    tell("fchmod", path, NULL, fchmod(fd, mode));
    tell("fsetxattr", path, NULL, fsetxattr(fd, "user.fd", "1", 1, 0));
    fstat(fd, &st);
    printf("  it is %o\n", st.st_mode);
    close(fd);
    tell_links(path);
}

static void op_chown(void)
{
    const char *path = one_of(ALL);
    uid_t uid = (uid_t)PICK(ids);
    gid_t gid = (gid_t)PICK(ids);
    tell("chown", path, NULL, lchown(at(path), uid, gid));
    tell_links(path);
}

static void op_xattr(void)
{
    static const char *const attributes[] = {"user.x", "user.y", "user.long"};
    const char *path = one_of(ALL), *name = PICK(attributes);
    char value[300];
    memset(value, 'a' + (int)below(3), sizeof value);
    if (chance(30)) {
        tell("removexattr", path, name, lremovexattr(at(path), name));
    } else {
        static const int flags[] = {0, 0, XATTR_CREATE, XATTR_REPLACE};
        tell("setxattr", path, name, lsetxattr(at(path), name, value, below(sizeof value), PICK(flags)));
    }
    tell_links(path);
}

static void op_acl(void)
{
    const char *path = one_of(chance(50) ? DIRECTORIES : FILES);
    const char *name = chance(50) ? "system.posix_acl_access" : "system.posix_acl_default";
    uint16_t bits = (uint16_t)below(8);
    struct {
        uint32_t version;
        struct {
            uint16_t tag, bits;
            uint32_t id;
        } entry[5];
    } acl = {2, {{1, 7, ~0u}, {2, bits, 33}, {4, 5, ~0u}, {16, 7, ~0u}, {32, 4, ~0u}}};
    if (!chance(30)) {
        tell("setxattr", path, name, lsetxattr(at(path), name, &acl, sizeof acl, 0));
    } else if (lgetxattr(at(path), name, NULL, 0) > 0) {
        /* About one that is not there, file systems say different things. */
        tell("removexattr", path, name, lremovexattr(at(path), name));
    }
    tell_links(path);
}

/* A capability goes with a write, as set-id bits do. */
static void op_capability(void)
{
    /* struct vfs_cap_data of linux/capability.h: version 2, effective, CAP_NET_RAW. */
    uint32_t capability[5] = {0x02000001, 1u << 13, 0, 0, 0};
    const char *path = one_of(FILES);
    tell("setcap", path, NULL, lsetxattr(at(path), "security.capability", capability, sizeof capability, 0));
    tell_links(path);
}

static void op_times(void)
{
    const char *path = one_of(FILES);
    struct timespec both[2] = {PICK(times), PICK(times)};
    tell("touch", path, NULL, utimensat(AT_FDCWD, at(path), both, AT_SYMLINK_NOFOLLOW));
}

static void op_tmpfile(void)
{
    const char *directory = one_of(DIRECTORIES);
    char *path = join(directory, PICK(names)), self[64];
    int fd = open(at(directory), O_TMPFILE | O_RDWR, 0640);
    tell("tmpfile", directory, NULL, fd);
    if (fd >= 0) {
        fill(fd, PICK(sizes), 0);
        snprintf(self, sizeof self, "/proc/self/fd/%d", fd);
        tell("linkat", path, NULL, linkat(AT_FDCWD, self, AT_FDCWD, path, AT_SYMLINK_FOLLOW));
        close(fd);
    }
    free(path);
}

static void op_open_unlink(void)
{
    char *path = join("", one_of(FILES));
    int fd = open(at(path), O_RDWR | O_NOFOLLOW | O_NONBLOCK);
    char *other = NULL;
    struct stat st;
    if (fd >= 0) {
        for (size_t i = 0; i < count && !other; i++) {
            fstat(fd, &st);
            if (same_file(&st, &entries[i].st) && strcmp(entries[i].path, path) != 0) {
                other = join("", entries[i].path);
            }
        }
        tell("open-unlink", path, other, unlink(path));
        tell("write-after", path, NULL, fill(fd, 50, 10));
        fstat(fd, &st);
        /* Overlayfs counts the links of what it need not copy, such as a pipe, in the layer that has it. */
        printf("  links=%d size=%lld\n", S_ISREG(st.st_mode) ? (int)st.st_nlink : 0, (long long)st.st_size);
        close(fd);
        if (other) {
            tell_links(other);
        }
    }
    free(other);
    free(path);
}

/* Written to by a descriptor that outlives the old name. */
static void op_open_rename(void)
{
    const char *path = one_of(FILES);
    char *to = new_path();
    int fd = open(at(path), O_RDWR | O_NOFOLLOW | O_NONBLOCK);
    if (fd >= 0) {
        long renamed = rename_with(path, to, RENAME_NOREPLACE);
        tell("open-rename", path, to, renamed);
        tell("write-after", path, NULL, fill(fd, 30, 0));
        close(fd);
        tell_links(renamed == 0 ? to : path);
    }
    free(to);
}

/* A directory that is held open shows what is in it, wherever it is. */
static void op_open_directory(void)
{
    const char *path = one_of(DIRECTORIES);
    char *to = new_path();
    int fd = open(at(path), O_RDONLY | O_DIRECTORY);
    if (fd >= 0 && *path) {
        tell("held-rename", path, to, rename_with(path, to, RENAME_NOREPLACE));
        tell("mkdirat", "held", NULL, mkdirat(fd, "held", 0755));
    }
    if (fd >= 0) {
        close(fd);
    }
    free(to);
}

static long copy_content(const char *from, const char *to, mode_t mode)
{
    int in = open(from, O_RDONLY | O_NOFOLLOW), out = open(to, O_WRONLY | O_CREAT | O_EXCL, mode & 0777);
    ssize_t got = in < 0 || out < 0 ? -1 : 1;
    while (got > 0) {
        got = copy_file_range(in, NULL, out, NULL, 1 << 20, 0);
    }
    close(in);
    close(out);
    return got;
}

static void copy_xattrs(const char *from, const char *to)
{
    static char list[1 << 14], value[1 << 14];
    ssize_t size = llistxattr(from, list, sizeof list);
    for (char *name = list; size > 0 && name < list + size; name += strlen(name) + 1) {
        ssize_t length = lgetxattr(from, name, value, sizeof value);
        if (length >= 0) {
            lsetxattr(to, name, value, (size_t)length, 0);
        }
    }
}

static long copy_entry(const struct entry *from, const char *to)
{
    const struct stat *st = &from->st;
    struct timespec both[2] = {st->st_atim, st->st_mtim};
    long result;
    if (S_ISDIR(st->st_mode)) {
        result = mkdir(to, 0700);
    } else if (S_ISLNK(st->st_mode)) {
        char link[4096];
        ssize_t length = readlink(from->path, link, sizeof link - 1);
        link[length < 0 ? 0 : length] = 0;
        result = symlink(link, to);
    } else if (S_ISREG(st->st_mode)) {
        result = copy_content(from->path, to, st->st_mode);
    } else {
        result = mknod(to, st->st_mode, st->st_rdev);
    }
    if (result == 0) {
        result = lchown(to, st->st_uid, st->st_gid);
        if (!S_ISLNK(st->st_mode)) {
            chmod(to, st->st_mode & 07777);
        }
        copy_xattrs(from->path, to);
        utimensat(AT_FDCWD, to, both, AT_SYMLINK_NOFOLLOW);
    }
    return result;
}

/* Directories and what is in them, with links among them kept: cp -a, or with links to the old files: cp -al. */
static void op_copy(void)
{
    const char *top = one_of(DIRECTORIES);
    char *to = new_path();
    size_t length = strlen(top), left = 40;
    int linked = chance(40);
    struct stat st;
    if (!*top || lstat(to, &st) == 0 || (!strncmp(to, top, length) && to[length] == '/')) {
        free(to);
        return;
    }
    printf("%ld %s\n", number, linked ? "cp-al" : "cp-a");
    for (size_t i = 0; i < count && left > 0; i++) {
        const struct entry *from = &entries[i], *first = from;
        char *path;
        if (strncmp(from->path, top, length) != 0 || (from->path[length] && from->path[length] != '/')) {
            continue;
        }
        if (asprintf(&path, "%s%s", to, from->path + length) < 0) {
            abort();
        }
        for (size_t j = 0; j < i && first == from; j++) {
            if (same_file(&entries[j].st, &from->st) && !strncmp(entries[j].path, top, length)
                && entries[j].path[length] == '/') {
                first = &entries[j];
            }
        }
        if (!S_ISDIR(from->st.st_mode) && linked) {
            tell("  link", from->path, path, link(from->path, path));
        } else if (first != from) {
            char *copy;
            if (asprintf(&copy, "%s%s", to, first->path + length) < 0) {
                abort();
            }
            tell("  link", copy, path, link(copy, path));
            free(copy);
        } else {
            tell("  copy", from->path, path, copy_entry(from, path));
        }
        free(path);
        left--;
    }
    free(to);
}

static const struct {
    void (*run)(void);
    int weight;
} operations[] = {
    {op_create, 14},        {op_exclusive, 2},      {op_rewrite, 5},     {op_append, 8},       {op_truncate, 4},
    {op_in_file, 9},        {op_mkdir, 10},          {op_rmdir, 2},       {op_unlink, 5},       {op_rmtree, 1},
    {op_rename, 8},         {op_rename_directory, 10}, {op_exchange, 5}, {op_no_replace, 3},   {op_there_and_back, 4},
    {op_replace, 4},        {op_link, 8},           {op_symlink, 3},     {op_node, 2},         {op_chmod, 5},
    {op_descriptor, 2},     {op_chown, 4},          {op_xattr, 5},       {op_acl, 3},          {op_times, 5},
    {op_tmpfile, 2},        {op_open_unlink, 3},    {op_open_rename, 2}, {op_open_directory, 2}, {op_copy, 3},
    {op_capability, 3},
};
#define OPERATIONS (sizeof operations / sizeof *operations)

static void operate(void)
{
    size_t total = 0, chosen, i;
    if (count > MANY) {
        op_rmtree();
        return;
    }
    for (i = 0; i < OPERATIONS; i++) {
        total += (size_t)operations[i].weight;
    }
    chosen = below(total);
    for (i = 0; chosen >= (size_t)operations[i].weight; i++) {
        chosen -= (size_t)operations[i].weight;
    }
    operations[i].run();
}

/*
 * Files that were written get a time by their place, so that two trees that are the same have no time of a clock; and sockets go,
 * since an import has none.
 */
static void settle(void)
{
    scan();
    for (size_t i = 0; i < count; i++) {
        if (S_ISSOCK(entries[i].st.st_mode)) {
            tell("unlink", entries[i].path, NULL, unlink(entries[i].path));
        }
    }
    for (size_t i = 0; i < count; i++) {
        struct timespec both[2] = {{0, 0}, {1400000000 + (time_t)i, (long)i}};
        if (S_ISREG(entries[i].st.st_mode) && entries[i].st.st_mtim.tv_sec >= CLOCK) {
            tell("settle", entries[i].path, NULL, utimensat(AT_FDCWD, entries[i].path, both, AT_SYMLINK_NOFOLLOW));
        }
    }
}

static void walk(long operations_wanted, int settles)
{
    umask(022);
    list("before");
    printf("operations\n");
    for (number = 1; number <= operations_wanted; number++) {
        scan();
        operate();
    }
    if (settles) {
        settle();
    }
    list("after");
    printf("end\n");
}

static void write_map(pid_t pid, const char *kind, const char *first)
{
    char path[64], map[64];
    int fd, length = snprintf(map, sizeof map, "0 %s 65536", first);
    snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, kind);
    fd = open(path, O_WRONLY);
    if (fd < 0 || write(fd, map, (size_t)length) != length) {
        perror(path);
        exit(2);
    }
    close(fd);
}

/* Changes to the directory anew, through a mount of it that maps ids as a user namespace does. */
static void map_directory(int namespace)
{
    /* struct mount_attr of linux/mount.h with MOUNT_ATTR_IDMAP; the calls are 428 and 442 on every machine. */
    struct {
        uint64_t set, clear, propagation, namespace;
    } attributes = {0x100000, 0, 0, (uint64_t)namespace};
    long mount = syscall(428, AT_FDCWD, ".", 1 | O_CLOEXEC);
    if (mount < 0 || syscall(442, mount, "", AT_EMPTY_PATH, &attributes, sizeof attributes) != 0
        || fchdir((int)mount) != 0) {
        perror("map the directory");
        exit(2);
    }
}

/* Becomes root of a user namespace. */
static void enter_user_namespace(const char *first, int maps_directory)
{
    int made[2], entered[2], namespace;
    char byte = 0, path[64];
    pid_t maker;
    if (pipe(made) != 0 || pipe(entered) != 0 || (maker = fork()) < 0) {
        exit(2);
    }
    if (maker == 0) {
        close(entered[1]);
        _exit(unshare(CLONE_NEWUSER) != 0 || write(made[1], &byte, 1) != 1 || read(entered[0], &byte, 1) != 0);
    }
    close(made[1]);
    if (read(made[0], &byte, 1) == 1) {
        write_map(maker, "uid_map", first);
        write_map(maker, "gid_map", first);
    }
    snprintf(path, sizeof path, "/proc/%d/ns/user", (int)maker);
    namespace = open(path, O_RDONLY | O_CLOEXEC);
    if (maps_directory) {
        map_directory(namespace);
    }
    if (setns(namespace, CLONE_NEWUSER) != 0 || setgroups(0, NULL) != 0 || setgid(0) != 0 || setuid(0) != 0) {
        perror("enter a user namespace");
        exit(2);
    }
    close(namespace);
    close(entered[1]);
    waitpid(maker, NULL, 0);
}

static void run(char **command)
{
    int status = 0;
    pid_t child;
    list("before");
    printf("operations\n");
    fflush(stdout);
    child = fork();
    if (child == 0) {
        dup2(1, 2);
        dup2(open("/dev/null", O_RDONLY), 0);
        execvp(command[0], command);
        perror(command[0]);
        _exit(127);
    }
    waitpid(child, &status, 0);
    printf("\nstatus %d\n", status);
    list("after");
    printf("end\n");
}

int main(int argc, char **argv)
{
    int settles = argc > 5 && !strcmp(argv[5], "settle");
    if (argc < 4 || (argc < 5 && strcmp(argv[2], "--") != 0) || chdir(argv[1]) != 0) {
        fprintf(stderr, "walker DIRECTORY SEED STEP COUNT [settle] [ROOT-ID], or walker DIRECTORY -- COMMAND ARGUMENT...\n");
        return 2;
    }
    if (!strcmp(argv[2], "--")) {
        run(argv + 3);
        return 0;
    }
    state = strtoull(argv[2], NULL, 10) * 1000003u + strtoull(argv[3], NULL, 10);
    if (argc > 5 + settles) {
        const char *first = argv[5 + settles];
        int maps = !strncmp(first, "mapped:", 7);
        enter_user_namespace(maps ? first + 7 : first, maps);
    }
    walk(strtol(argv[4], NULL, 10), settles);
    return 0;
}
