/* Gives the loopback network distances, the same for every program: preloaded, it takes UDP datagrams from 127.A.n.1 to 127.A.m.1 and sends them
   later, as if each node were 5 to 75 ms away from the middle of the network, so that round trips are 20 to 300 ms. A file that it maps
   says which nodes (n, m) are dead: what they send, and what is sent to them, is lost without a word. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

struct flying { int64_t due; int fd; struct sockaddr_in to; size_t length; char bytes[]; };

static struct flying **heap;
static size_t count, capacity;
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static const volatile unsigned char *dead;
static ssize_t (*real_sendto)(int, const void *, size_t, int, const struct sockaddr *, socklen_t);
static ssize_t (*real_sendmsg)(int, const struct msghdr *, int);

static int64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void swap(size_t a, size_t b) { struct flying *f = heap[a]; heap[a] = heap[b]; heap[b] = f; }

static void push(struct flying *f) {
    if (count == capacity) heap = realloc(heap, (capacity = capacity ? capacity * 2 : 1024) * sizeof *heap);
    size_t i = count++;
    heap[i] = f;
    for (; i && heap[(i - 1) / 2]->due > heap[i]->due; i = (i - 1) / 2) swap(i, (i - 1) / 2);
}

static struct flying *pop(void) {
    struct flying *first = heap[0];
    heap[0] = heap[--count];
    for (size_t i = 0, child; (child = 2 * i + 1) < count; i = child) {
        if (child + 1 < count && heap[child + 1]->due < heap[child]->due) child++;
        if (heap[i]->due <= heap[child]->due) break;
        swap(i, child);
    }
    return first;
}

static void *deliver(void *unused) {
    (void)unused;
    pthread_mutex_lock(&gate);
    for (;;) {
        if (!count) { pthread_cond_wait(&changed, &gate); continue; }
        int64_t due = heap[0]->due;
        if (due > now()) {
            struct timespec until = { due / 1000000000LL, due % 1000000000LL };
            pthread_cond_timedwait(&changed, &gate, &until);
            continue;
        }
        struct flying *f = pop();
        pthread_mutex_unlock(&gate);
        real_sendto(f->fd, f->bytes, f->length, MSG_NOSIGNAL, (struct sockaddr *)&f->to, sizeof f->to);
        free(f);
        pthread_mutex_lock(&gate);
    }
    return NULL;
}

static void begin(void) {
    real_sendto = dlsym(RTLD_NEXT, "sendto");
    real_sendmsg = dlsym(RTLD_NEXT, "sendmsg");
    const char *path = getenv("DELAY_DEAD");
    int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    dead = fd < 0 ? MAP_FAILED : mmap(NULL, 256, PROT_READ, MAP_SHARED, fd, 0);
    if (dead == MAP_FAILED) return; /* not for this program */
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&changed, &attributes);
    pthread_t thread;
    pthread_create(&thread, NULL, deliver, NULL);
}

static int octet(const struct sockaddr_in *address) { return (ntohl(address->sin_addr.s_addr) >> 8) & 255; }

/* A node's distance: a hash of its number, spread over 5 to 75 ms. */
static int64_t distance(int node) { return 5000000LL + (uint32_t)(node * 2654435761u) % 70000000u; }

/* Whether the datagram was one for us. */
static int take(int fd, const struct iovec *parts, size_t n, const struct sockaddr *to, socklen_t size, ssize_t *length) {
    struct sockaddr_in from;
    socklen_t from_size = sizeof from;
    pthread_once(&once, begin);
    if (dead == MAP_FAILED || !to || size < sizeof from || to->sa_family != AF_INET || *(const unsigned char *)&((const struct sockaddr_in *)to)->sin_addr != 127
        || getsockname(fd, (struct sockaddr *)&from, &from_size) || from.sin_family != AF_INET) return 0;
    *length = 0;
    for (size_t i = 0; i < n; i++) *length += parts[i].iov_len;
    int a = octet(&from), b = octet((const struct sockaddr_in *)to);
    if (dead[a] || dead[b]) return 1;
    struct flying *f = malloc(sizeof *f + *length);
    *f = (struct flying) { now() + distance(a) + distance(b), fd, *(const struct sockaddr_in *)to, *length };
    char *end = f->bytes;
    for (size_t i = 0; i < n; end += parts[i++].iov_len) memcpy(end, parts[i].iov_base, parts[i].iov_len);
    pthread_mutex_lock(&gate);
    push(f);
    if (heap[0] == f) pthread_cond_signal(&changed);
    pthread_mutex_unlock(&gate);
    return 1;
}

ssize_t sendto(int fd, const void *bytes, size_t length, int flags, const struct sockaddr *to, socklen_t size) {
    struct iovec part = { (void *)bytes, length };
    ssize_t taken;
    return take(fd, &part, 1, to, size, &taken) ? taken : real_sendto(fd, bytes, length, flags, to, size);
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags) {
    ssize_t taken;
    return take(fd, message->msg_iov, message->msg_iovlen, message->msg_name, message->msg_namelen, &taken) ? taken : real_sendmsg(fd, message, flags);
}

int sendmmsg(int fd, struct mmsghdr *messages, unsigned int n, int flags) {
    for (unsigned int i = 0; i < n; i++) {
        ssize_t sent = sendmsg(fd, &messages[i].msg_hdr, flags);
        if (sent < 0) return i ? (int)i : -1;
        messages[i].msg_len = sent;
    }
    return n;
}

/* libuv asks the kernel for sendmmsg by its number. */
long syscall(long number, ...) {
    va_list list;
    va_start(list, number);
    long a = va_arg(list, long), b = va_arg(list, long), c = va_arg(list, long), d = va_arg(list, long), e = va_arg(list, long), f = va_arg(list, long);
    va_end(list);
    if (number == SYS_sendmmsg) return sendmmsg((int)a, (struct mmsghdr *)b, (unsigned int)c, (int)d);
    static long (*real)(long, ...);
    if (!real) real = dlsym(RTLD_NEXT, "syscall");
    return real(number, a, b, c, d, e, f);
}
