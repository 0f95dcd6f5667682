/* Lets the k-th call to the file system below a folder fail, or kills the process there. Loaded with LD_PRELOAD.

   torture_arm(folder, k, mode): from now on calls below the folder are counted; at the k-th (from 1) happens the mode:
   0 nothing (counting only), 1 it fails with EIO, 2 it fails with ENOSPC, 3 it and all after it fail with EIO,
   4 the process is killed before it, 5 a write is half done and then the process is killed.

   With TORTURE_AWAKE in the environment no process asks to run only when nothing else does, and none is nicer than it was
   started: what others do on the machine then does not count. With TORTURE_CONNECTED, a file, whoever is asked for a
   connection that is not on this machine is written there.

   With TORTURE_DAYS in the environment the clock that says what day it is is so many days ahead (or behind). */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <arpa/inet.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

static char folder[PATH_MAX];
static long wanted, seen;
static int mode, armed;

void torture_arm(const char *below, long at, int how) {
    snprintf(folder, sizeof folder, "%s", below);
    wanted = at;
    mode = how;
    seen = 0;
    armed = 1;
}

long torture_disarm(void) {
    armed = 0;
    return seen;
}

static int is_below(const char *path) { return strncmp(path, folder, strlen(folder)) == 0; }

static int is_path(int at, const char *path) {
    if (!armed || !path) return 0;
    if (path[0] == '/') return is_below(path);
    char link[64], base[PATH_MAX];
    if (at == AT_FDCWD) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", at);
    ssize_t size = readlink(link, base, sizeof base - 1);
    if (size < 0) return 0;
    base[size] = 0;
    return is_below(base);
}

static int is_file(int fd) {
    if (!armed) return 0;
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t size = readlink(link, path, sizeof path - 1);
    if (size < 0) return 0;
    path[size] = 0;
    return is_below(path);
}

/* What happens to this call: 0 nothing, 1 it fails (errno is set), 2 half of it is written. */
static int fate(void) {
    seen++;
    if (seen < wanted || mode == 0 || (seen > wanted && mode != 3)) return 0;
    if (mode == 4) kill(getpid(), SIGKILL);
    if (mode == 5) return 2;
    errno = mode == 2 ? ENOSPC : EIO;
    return 1;
}

#define REAL(type, name, ...) static type (*real)(__VA_ARGS__); if (!real) real = dlsym(RTLD_NEXT, #name)
#define CALL(below, fails, call) do { if (below) { int f = fate(); if (f == 1) return fails; if (f == 2) kill(getpid(), SIGKILL); } return call; } while (0)

#define OPEN(name) \
    int name(const char *path, int flags, ...) { \
        REAL(int, name, const char *, int, ...); \
        va_list more; va_start(more, flags); int bits = va_arg(more, int); va_end(more); \
        CALL(is_path(AT_FDCWD, path), -1, real(path, flags, bits)); }
OPEN(open)
OPEN(open64)

#define OPENAT(name) \
    int name(int at, const char *path, int flags, ...) { \
        REAL(int, name, int, const char *, int, ...); \
        va_list more; va_start(more, flags); int bits = va_arg(more, int); va_end(more); \
        CALL(is_path(at, path), -1, real(at, path, flags, bits)); }
OPENAT(openat)
OPENAT(openat64)

ssize_t write(int fd, const void *data, size_t size) {
    REAL(ssize_t, write, int, const void *, size_t);
    if (is_file(fd)) {
        int f = fate();
        if (f == 1) return -1;
        if (f == 2) { real(fd, data, size / 2); kill(getpid(), SIGKILL); }
    }
    return real(fd, data, size);
}

#define PWRITE(name, off) \
    ssize_t name(int fd, const void *data, size_t size, off at) { \
        REAL(ssize_t, name, int, const void *, size_t, off); \
        if (is_file(fd)) { \
            int f = fate(); \
            if (f == 1) return -1; \
            if (f == 2) { real(fd, data, size / 2, at); kill(getpid(), SIGKILL); } } \
        return real(fd, data, size, at); }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

int fsync(int fd) { REAL(int, fsync, int); CALL(is_file(fd), -1, real(fd)); }
int fdatasync(int fd) { REAL(int, fdatasync, int); CALL(is_file(fd), -1, real(fd)); }
int ftruncate(int fd, off_t size) { REAL(int, ftruncate, int, off_t); CALL(is_file(fd), -1, real(fd, size)); }
int ftruncate64(int fd, off64_t size) { REAL(int, ftruncate64, int, off64_t); CALL(is_file(fd), -1, real(fd, size)); }
int rename(const char *from, const char *to) {
    REAL(int, rename, const char *, const char *); CALL(is_path(AT_FDCWD, to), -1, real(from, to)); }
int renameat(int a, const char *from, int b, const char *to) {
    REAL(int, renameat, int, const char *, int, const char *); CALL(is_path(b, to), -1, real(a, from, b, to)); }
int link(const char *from, const char *to) {
    REAL(int, link, const char *, const char *); CALL(is_path(AT_FDCWD, to), -1, real(from, to)); }
int linkat(int a, const char *from, int b, const char *to, int flags) {
    REAL(int, linkat, int, const char *, int, const char *, int); CALL(is_path(b, to), -1, real(a, from, b, to, flags)); }
int mkdir(const char *path, mode_t bits) {
    REAL(int, mkdir, const char *, mode_t); CALL(is_path(AT_FDCWD, path), -1, real(path, bits)); }
int unlink(const char *path) { REAL(int, unlink, const char *); CALL(is_path(AT_FDCWD, path), -1, real(path)); }
int unlinkat(int at, const char *path, int flags) {
    REAL(int, unlinkat, int, const char *, int); CALL(is_path(at, path), -1, real(at, path, flags)); }
int rmdir(const char *path) { REAL(int, rmdir, const char *); CALL(is_path(AT_FDCWD, path), -1, real(path)); }
ssize_t sendfile(int to, int from, off_t *at, size_t size) {
    REAL(ssize_t, sendfile, int, int, off_t *, size_t); CALL(is_file(to), -1, real(to, from, at, size)); }
ssize_t sendfile64(int to, int from, off64_t *at, size_t size) {
    REAL(ssize_t, sendfile64, int, int, off64_t *, size_t); CALL(is_file(to), -1, real(to, from, at, size)); }
ssize_t copy_file_range(int from, off64_t *a, int to, off64_t *b, size_t size, unsigned flags) {
    REAL(ssize_t, copy_file_range, int, off64_t *, int, off64_t *, size_t, unsigned);
    CALL(is_file(to), -1, real(from, a, to, b, size, flags)); }

int clock_gettime(clockid_t clock, struct timespec *found) {
    REAL(int, clock_gettime, clockid_t, struct timespec *);
    static long ahead = -1;
    if (ahead == -1) { const char *days = getenv("TORTURE_DAYS"); ahead = days ? 86400 * atol(days) : 0; }
    int done = real(clock, found);
    if (done == 0 && clock == CLOCK_REALTIME) found->tv_sec += ahead;
    return done;
}

int sched_setscheduler(pid_t process, int policy, const struct sched_param *how) {
    REAL(int, sched_setscheduler, pid_t, int, const struct sched_param *);
    return getenv("TORTURE_AWAKE") ? 0 : real(process, policy, how);
}

int nice(int more) {
    REAL(int, nice, int);
    return real(getenv("TORTURE_AWAKE") ? 0 : more);
}

static void told(const struct sockaddr *to) {
    const char *path = getenv("TORTURE_CONNECTED");
    char text[INET6_ADDRSTRLEN + 2];
    if (!path || !to) return;
    if (to->sa_family == AF_INET) {
        const struct sockaddr_in *found = (const struct sockaddr_in *)to;
        if ((ntohl(found->sin_addr.s_addr) >> 24) == 127) return;
        inet_ntop(AF_INET, &found->sin_addr, text, sizeof text);
    } else if (to->sa_family == AF_INET6) {
        const struct sockaddr_in6 *found = (const struct sockaddr_in6 *)to;
        if (IN6_IS_ADDR_LOOPBACK(&found->sin6_addr)) return;
        inet_ntop(AF_INET6, &found->sin6_addr, text, sizeof text);
    } else return;
    FILE *file = fopen(path, "a");
    if (file) { fprintf(file, "%s\n", text); fclose(file); }
}

int connect(int fd, const struct sockaddr *to, socklen_t size) {
    REAL(int, connect, int, const struct sockaddr *, socklen_t);
    told(to);
    return real(fd, to, size);
}

ssize_t sendto(int fd, const void *data, size_t size, int flags, const struct sockaddr *to, socklen_t length) {
    REAL(ssize_t, sendto, int, const void *, size_t, int, const struct sockaddr *, socklen_t);
    told(to);
    return real(fd, data, size, flags, to, length);
}
