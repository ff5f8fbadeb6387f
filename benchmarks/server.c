/* A loopback server that answers from memory, so that a client's cost is all there is to see.
 *
 * usage: server FOLDER    FOLDER holds the bytes to answer with (see loopback.py)
 *
 * Listens on a free port of 127.0.0.1 and prints it; ends when its standard input does. A path may begin with what
 * to answer, so that every client can be pointed at it by its base URL:
 *   /stats                       what it served, and the CPU time that it took
 *   /page/...                    a page of 100 full keys
 *   /stream/COUNT/MICROSECONDS/  a stream of COUNT chunks, one at a time, with 0 as fast as it is read; a completion
 *                                where the body does not ask for a stream
 *   anything else                a completion
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { INPUT = 1 << 14, EVENTS = 512, BACKLOG = 4096 };

typedef struct { char *data; size_t size; } Bytes;

typedef struct Connection {
    int fd;
    int waits_for_room;                /* EPOLLOUT is asked for */
    int answering;
    size_t got;
    const char *out;                   /* what is being written now */
    size_t out_left;
    size_t chunks_left;                /* bytes of chunks that are due */
    size_t chunk_at;                   /* where in `chunks` the next one begins */
    int last_due;                      /* the end of the stream follows the chunks that are due */
    long to_come;                      /* chunks of a paced stream that are not due yet */
    int64_t interval, due;             /* microseconds */
    struct Connection *before, *after; /* paced streams, in order of `due` */
    char stats[256];
    char in[INPUT];
} Connection;

static Bytes completion, page, head, chunks, last;
static size_t chunk; /* the size of each of the chunks */
static Connection *earliest, *latest;
static int poller;
static unsigned long long requests, events;

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000LL + time.tv_nsec / 1000;
}

static void die(const char *what) {
    perror(what);
    exit(1);
}

static Bytes load(const char *folder, const char *name) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END)) die(path);
    Bytes bytes = {NULL, (size_t)ftell(file)};
    rewind(file);
    bytes.data = malloc(bytes.size);
    if (!bytes.data || fread(bytes.data, 1, bytes.size, file) != bytes.size) die(path);
    fclose(file);
    return bytes;
}

static void unschedule(Connection *c) {
    if (c->before) c->before->after = c->after;
    else if (earliest == c) earliest = c->after;
    if (c->after) c->after->before = c->before;
    else if (latest == c) latest = c->before;
    c->before = c->after = NULL;
}

static void schedule(Connection *c) {
    Connection *before = latest;
    while (before && before->due > c->due) before = before->before;
    c->before = before;
    c->after = before ? before->after : earliest;
    if (c->after) c->after->before = c; else latest = c;
    if (before) before->after = c; else earliest = c;
}

static void drop(Connection *c) {
    unschedule(c);
    close(c->fd);
    free(c);
}

static void wait_for_room(Connection *c, int wait) {
    if (c->waits_for_room == wait) return;
    struct epoll_event event = {.events = EPOLLIN | (wait ? EPOLLOUT : 0), .data.ptr = c};
    epoll_ctl(poller, EPOLL_CTL_MOD, c->fd, &event);
    c->waits_for_room = wait;
}

/* Write what is due; 0 when the connection is gone. */
static int flush(Connection *c) {
    for (;;) {
        if (!c->out_left) {
            if (c->chunks_left) {
                c->out = chunks.data + c->chunk_at;
                c->out_left = chunks.size - c->chunk_at;
                if (c->out_left > c->chunks_left) c->out_left = c->chunks_left;
                c->chunks_left -= c->out_left;
                c->chunk_at = (c->chunk_at + c->out_left) % chunks.size;
            } else if (c->last_due) {
                c->out = last.data;
                c->out_left = last.size;
                c->last_due = 0;
            } else {
                c->answering = c->to_come > 0;
                wait_for_room(c, 0);
                return 1;
            }
        }
        ssize_t written = send(c->fd, c->out, c->out_left, MSG_NOSIGNAL);
        if (written < 0) {
            if (errno == EAGAIN) { wait_for_room(c, 1); return 1; }
            drop(c);
            return 0;
        }
        c->out += written;
        c->out_left -= (size_t)written;
    }
}

static void due(Connection *c, long count) {
    c->chunks_left += (size_t)count * chunk;
    c->to_come -= count;
    c->last_due = c->to_come == 0;
    events += (unsigned long long)count;
}

static void answer(Connection *c, const char *path, int streamed) {
    long count;
    long long interval;
    Bytes bytes = completion;
    c->answering = 1;
    if (!strncmp(path, "/stats", 6)) {
        struct rusage usage;
        getrusage(RUSAGE_SELF, &usage);
        double cpu = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
                   + (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
        char body[128];
        int size = snprintf(body, sizeof body, "{\"requests\":%llu,\"events\":%llu,\"cpu\":%.6f}", requests, events, cpu);
        bytes.size = (size_t)snprintf(c->stats, sizeof c->stats,
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s", size, body);
        bytes.data = c->stats;
    } else if (streamed && sscanf(path, "/stream/%ld/%lld/", &count, &interval) == 2 && count > 0) {
        bytes = head;
        requests++;
        c->to_come = count;
        c->chunk_at = 0;
        if (interval > 0) {
            c->interval = interval;
            c->due = now() + interval;
            schedule(c);
        } else {
            due(c, count);
        }
    } else {
        requests++;
        if (!strncmp(path, "/page/", 6)) bytes = page;
    }
    c->out = bytes.data;
    c->out_left = bytes.size;
}

/* Answer the requests that have come whole; 0 when the connection is gone. */
static int serve(Connection *c) {
    while (!c->answering) {
        char *end = memmem(c->in, c->got, "\r\n\r\n", 4);
        if (!end) return 1;
        *end = 0;
        size_t size = (size_t)(end - c->in) + 4;
        char *length = strcasestr(c->in, "\r\ncontent-length:");
        size_t body = length ? strtoul(length + 17, NULL, 10) : 0;
        if (size + body > c->got) { *end = '\r'; return 1; }
        char *path = strchr(c->in, ' ');
        answer(c, path ? path + 1 : "", memmem(c->in + size, body, "\"stream\"", 8) != NULL);
        c->got -= size + body;
        memmove(c->in, c->in + size + body, c->got);
        if (!flush(c)) return 0;
    }
    return 1;
}

static void readable(Connection *c) {
    ssize_t got = read(c->fd, c->in + c->got, INPUT - 1 - c->got);
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) { drop(c); return; }
    c->got += (size_t)got;
    c->in[c->got] = 0;
    serve(c);
}

static void accept_all(int listener) {
    int fd, on = 1;
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        Connection *c = calloc(1, sizeof *c);
        if (!c) die("calloc");
        c->fd = fd;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
        epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event);
    }
}

static void pace(void) {
    int64_t time = now();
    while (earliest && earliest->due <= time) {
        Connection *c = earliest;
        unschedule(c);
        due(c, 1);
        if (c->to_come) {
            c->due += c->interval;
            schedule(c);
        }
        if (flush(c)) serve(c);
    }
}

int main(int count, char **arguments) {
    static int standard_input, listening;      /* their addresses stand for them among the connections */
    struct epoll_event happened[EVENTS], event = {.events = EPOLLIN};
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    struct rlimit files;

    if (count != 2) return fprintf(stderr, "usage: %s FOLDER\n", arguments[0]), 2;
    completion = load(arguments[1], "completion");
    page = load(arguments[1], "page");
    head = load(arguments[1], "head");
    chunks = load(arguments[1], "chunks");
    chunk = (size_t)((char *)memmem(chunks.data, chunks.size, "\n\n\r\n", 4) + 4 - chunks.data);
    last = load(arguments[1], "last");
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);

    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, BACKLOG)) die("listen");
    getsockname(listener, (struct sockaddr *)&address, &length);
    poller = epoll_create1(EPOLL_CLOEXEC);
    event.data.ptr = &listening;
    epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event);
    event.data.ptr = &standard_input;
    if (epoll_ctl(poller, EPOLL_CTL_ADD, STDIN_FILENO, &event)) die("standard input must be a pipe");
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);

    for (;;) {
        int64_t wait = earliest ? (earliest->due - now() + 999) / 1000 : -1;
        int ready = epoll_wait(poller, happened, EVENTS, earliest && wait < 0 ? 0 : (int)wait);
        for (int i = 0; i < ready; i++) {
            void *what = happened[i].data.ptr;
            if (what == &standard_input) return 0;
            if (what == &listening) { accept_all(listener); continue; }
            Connection *c = what;
            if (happened[i].events & (EPOLLHUP | EPOLLERR)) { drop(c); continue; }
            if (happened[i].events & EPOLLOUT && (!flush(c) || !serve(c))) continue;
            if (happened[i].events & EPOLLIN) readable(c);
        }
        pace();
    }
}
