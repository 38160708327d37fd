/* The load of many chats on one WebSocket server, from one thread over epoll; prints one JSON object.
 *
 *     bench_load PORT --chats 100 --seconds 2 [--rate 10000] [--chat | --path /] [--orders 1000000] [--pid N]
 *                [--questions FILE] [--spin]
 *
 * Closed loop: each chat has one message under way. With --rate, open loop: messages are due at fixed times,
 * whatever came back, and are late from the moment they were due. --chat says hello and proves an order of
 * its own first (bench/orders.awk makes them), then asks where it is; without, the same message is sent and
 * its echo expected. Each reply is checked: it names the message it answers, and the carrier of the order.
 * All chats ask the same; with --questions one line of the file after the other (bench/questions.txt).
 * --pid: processor time of that process, all threads, per message. --spin, for a load with a core of its own:
 * it never sleeps, for who writes to a socket pays for waking the one that waits at it. */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    IN_MAX = 8 * 1024,
    OUT_MAX = 512,
    QUESTIONS_MAX = 1000,
    UNDER_WAY = 64, /* messages of one chat in an open loop */
    CONNECTING = 200,
    EVENTS = 512,
    LATENCIES_MAX = 8 * 1000 * 1000,
    PATIENCE_S = 60
};

enum stage { CLOSED, UPGRADING, GREETING, PROVING, READY };

struct chat {
    int socket, index;
    enum stage stage;
    long sent, heard;
    int64_t due[UNDER_WAY]; /* ns, of the messages under way */
    size_t len;
    char in[IN_MAX];
};

struct load {
    int port, chats, pid;
    double seconds, rate;
    bool chat, spin;
    const char *path;
    long orders;
    char *questions[QUESTIONS_MAX];
    int question_count;

    int epoll, ready, opening;
    struct chat *all;
    bool measuring;
    long answered, wrong, unsent;
    int64_t *latencies;
    long latency_count;
};

static int64_t now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void fail(const char *what) {
    fprintf(stderr, "bench_load: %s: %s\n", what, errno ? strerror(errno) : "not as expected");
    exit(1);
}

/* Seconds of processor time, all threads. */
static double process_cpu(int pid) {
    clockid_t clock;
    struct timespec spent;
    if (!pid)
        return 0;
    if ((errno = clock_getcpuclockid(pid, &clock)) || clock_gettime(clock, &spent))
        fail("--pid");
    return (double)spent.tv_sec + (double)spent.tv_nsec / 1e9;
}

enum { TEXT = 1, CLOSE = 8, PING = 9, PONG = 10 };

static void send_frame(struct load *load, struct chat *chat, int kind, const char *bytes, size_t len) {
    static const unsigned char mask[4] = {0x1f, 0xe2, 0x33, 0xc4};
    unsigned char frame[OUT_MAX + 8];
    size_t at = 0;
    frame[at++] = (unsigned char)(0x80 | kind);
    frame[at++] = (unsigned char)(0x80 | (len < 126 ? len : 126));
    if (len >= 126) {
        frame[at++] = (unsigned char)(len >> 8);
        frame[at++] = (unsigned char)len;
    }
    memcpy(frame + at, mask, 4);
    at += 4;
    for (size_t i = 0; i < len; i++)
        frame[at + i] = (unsigned char)bytes[i] ^ mask[i & 3];
    if (send(chat->socket, frame, at + len, MSG_NOSIGNAL) != (ssize_t)(at + len)) {
        if (!load->measuring)
            fail("send");
        load->unsent++;
    }
}

static void send_text(struct load *load, struct chat *chat, const char *text) {
    send_frame(load, chat, TEXT, text, strlen(text));
}

static long order_of(const struct load *load, const struct chat *chat) {
    return chat->index * 7919L % load->orders;
}

static void ask(struct load *load, struct chat *chat, int64_t due) {
    char text[OUT_MAX];
    snprintf(text, sizeof text, "{\"type\":\"say\",\"id\":\"m%ld\",\"text\":\"%s\"}", chat->sent,
             load->questions[(chat->index * 31L + chat->sent) % load->question_count]);
    chat->due[chat->sent++ % UNDER_WAY] = due;
    send_text(load, chat, text);
}

/* A question a line, of at most 254 bytes, in the characters that JSON takes as they are. */
static void read_questions(struct load *load, const char *path) {
    char line[OUT_MAX / 2];
    FILE *file = fopen(path, "r");
    if (!file)
        fail(path);
    for (load->question_count = 0; load->question_count < QUESTIONS_MAX && fgets(line, sizeof line, file);) {
        bool whole = strchr(line, '\n') || feof(file);
        line[strcspn(line, "\n")] = 0;
        if (!whole || strpbrk(line, "\"\\"))
            errno = 0, fail(line);
        load->questions[load->question_count++] = strdup(line);
    }
    fclose(file);
    if (!load->question_count)
        errno = 0, fail(path);
}

static void open_chat(struct load *load, struct chat *chat) {
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)load->port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr_in from = {.sin_family = AF_INET};
    int on = 1;
    char request[OUT_MAX];
    chat->socket = socket(AF_INET, SOCK_STREAM, 0);
    /* An address has some 28,000 ports, and to find a free one is dear where most are taken. */
    from.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + (uint32_t)chat->index / 1000);
    setsockopt(chat->socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(chat->socket, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    setsockopt(chat->socket, SOL_SOCKET, SO_LINGER, &(struct linger){1, 0}, sizeof(struct linger));
    if (chat->socket < 0 || bind(chat->socket, (struct sockaddr *)&from, sizeof from) ||
        connect(chat->socket, (struct sockaddr *)&at, sizeof at))
        fail("connect");
    int len =
        snprintf(request, sizeof request,
                 "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                 "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n%s\r\n",
                 load->path, load->port, load->chat ? "Sec-WebSocket-Protocol: wismo.chat.v1\r\n" : "");
    if (send(chat->socket, request, (size_t)len, MSG_NOSIGNAL) != len)
        fail("upgrade");
    chat->stage = UPGRADING;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = chat};
    epoll_ctl(load->epoll, EPOLL_CTL_ADD, chat->socket, &event);
    load->opening++;
}

static void ready(struct load *load, struct chat *chat) {
    chat->stage = READY;
    load->ready++;
    load->opening--;
}

static void answered(struct load *load, struct chat *chat, const char *frame) {
    char id[32];
    snprintf(id, sizeof id, "\"id\":\"m%ld\"", chat->heard);
    if (!strstr(frame, id) || (load->chat && !strstr(frame, "Colissimo"))) {
        if (!load->wrong++)
            fprintf(stderr, "bench_load: not the answer to %s: %s\n", id, frame);
    }
    if (load->measuring && load->latency_count < LATENCIES_MAX)
        load->latencies[load->latency_count++] = now_ns() - chat->due[chat->heard % UNDER_WAY];
    load->answered++;
    chat->heard++;
    if (load->measuring && load->rate <= 0)
        ask(load, chat, now_ns());
}

static void heard(struct load *load, struct chat *chat, const char *frame) {
    char text[OUT_MAX];
    if (chat->stage == GREETING && strstr(frame, "\"welcome\"")) {
        long order = order_of(load, chat);
        chat->stage = PROVING;
        snprintf(text, sizeof text,
                 "{\"type\":\"say\",\"id\":\"proof\",\"text\":\"commande B%07ld, code postal %05ld\"}", order,
                 1000 + order % 94000);
        send_text(load, chat, text);
    } else if (chat->stage == PROVING && strstr(frame, "\"from\":\"bot\"")) {
        if (!strstr(frame, "Colissimo"))
            fprintf(stderr, "bench_load: not proved: %s\n", frame), exit(1);
        ready(load, chat);
    } else if (chat->stage == READY &&
               (!load->chat || strstr(frame, "\"from\":\"bot\"") || strstr(frame, "\"error\"")))
        answered(load, chat, frame);
}

/* Whole frames of what has come; the server's are not masked. */
static void take(struct load *load, struct chat *chat) {
    char *at = chat->in, *end = chat->in + chat->len;
    if (chat->stage == UPGRADING) {
        char *body = memmem(at, chat->len, "\r\n\r\n", 4);
        if (!body)
            return;
        if (strncmp(at, "HTTP/1.1 101", 12) != 0)
            errno = 0, fail("the upgrade was refused");
        at = body + 4;
        if (load->chat) {
            chat->stage = GREETING;
            send_text(load, chat, "{\"type\":\"hello\",\"locale\":\"fr\"}");
        } else
            ready(load, chat);
    }
    while (end - at >= 2) {
        size_t len = (unsigned char)at[1] & 0x7f, head = 2;
        if (len == 126) {
            if (end - at < 4)
                break;
            len = (size_t)((unsigned char)at[2] << 8 | (unsigned char)at[3]);
            head = 4;
        }
        if ((size_t)(end - at) < head + len)
            break;
        char *frame = at + head, kept = frame[len];
        frame[len] = 0;
        int kind = at[0] & 0xf;
        if (kind == TEXT)
            heard(load, chat, frame);
        else if (kind == PING && len < 126)
            send_frame(load, chat, PONG, frame, len);
        else if (kind == CLOSE)
            errno = 0, fail("a chat was closed");
        frame[len] = kept;
        at = frame + len;
    }
    chat->len = (size_t)(end - at);
    memmove(chat->in, at, chat->len);
}

static void turn(struct load *load, int wait_ms) {
    struct epoll_event events[EVENTS];
    int count = epoll_wait(load->epoll, events, EVENTS, wait_ms);
    for (int i = 0; i < count; i++) {
        struct chat *chat = events[i].data.ptr;
        ssize_t got = recv(chat->socket, chat->in + chat->len, IN_MAX - 1 - chat->len, MSG_DONTWAIT);
        if (got > 0) {
            chat->len += (size_t)got;
            take(load, chat);
        } else if (got == 0 || errno != EAGAIN)
            fail("a chat was lost");
    }
}

static void open_all(struct load *load) {
    int64_t begun = now_ns();
    for (int i = 0; i < load->chats || load->ready < load->chats;) {
        while (i < load->chats && load->opening < CONNECTING) {
            load->all[i].index = i;
            open_chat(load, &load->all[i]);
            i++;
        }
        turn(load, 100);
        if (now_ns() - begun > PATIENCE_S * 1000000000LL)
            errno = 0, fail("not all chats could be opened in time");
    }
}

static void measure(struct load *load, int64_t until) {
    int64_t begun = now_ns(), due = begun;
    int next = 0;
    load->measuring = true;
    for (int i = 0; load->rate <= 0 && i < load->chats; i++)
        ask(load, &load->all[i], now_ns());
    while (now_ns() < until) {
        for (int64_t now = now_ns(); load->rate > 0 && due <= now; due += (int64_t)(1e9 / load->rate)) {
            struct chat *chat = &load->all[next++ % load->chats];
            if (chat->sent - chat->heard < UNDER_WAY)
                ask(load, chat, due);
            else
                load->unsent++;
        }
        turn(load, load->spin || (load->rate > 0 && due - now_ns() <= 2000000) ? 0 : 1);
    }
    load->measuring = false;
}

static int by_time(const void *a, const void *b) {
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

int main(int argc, char **argv) {
    static const struct option flags[] = {
        {"chats", 1, 0, 'c'}, {"seconds", 1, 0, 's'},   {"rate", 1, 0, 'r'}, {"chat", 0, 0, 'w'},
        {"path", 1, 0, 'p'},  {"orders", 1, 0, 'o'},    {"pid", 1, 0, 'i'},  {"warm", 1, 0, 'm'},
        {"hold", 1, 0, 'h'},  {"questions", 1, 0, 'q'}, {"spin", 0, 0, 'b'}, {0}};
    struct load load = {.chats = 100,
                        .seconds = 2,
                        .path = "/",
                        .orders = 1000000,
                        .questions = {"Bonjour, où en est ma commande s'il vous plaît ?"},
                        .question_count = 1};
    double warm = 0.3, hold = -1;
    for (int flag; (flag = getopt_long(argc, argv, "", flags, NULL)) != -1;)
        switch (flag) {
        case 'c':
            load.chats = (int)strtol(optarg, NULL, 10);
            break;
        case 's':
            load.seconds = strtod(optarg, NULL);
            break;
        case 'r':
            load.rate = strtod(optarg, NULL);
            break;
        case 'b':
            load.spin = true;
            break;
        case 'w':
            load.chat = true, load.path = "/chat";
            break;
        case 'p':
            load.path = optarg;
            break;
        case 'o':
            load.orders = strtol(optarg, NULL, 10);
            break;
        case 'i':
            load.pid = (int)strtol(optarg, NULL, 10);
            break;
        case 'm':
            warm = strtod(optarg, NULL);
            break;
        case 'h':
            hold = strtod(optarg, NULL);
            break;
        case 'q':
            read_questions(&load, optarg);
            break;
        default:
            return 2;
        }
    if (optind != argc - 1)
        return fprintf(stderr, "usage: bench_load PORT [--chats N] [--seconds S] [--rate R] [--chat] "
                               "[--orders N] [--pid N] [--questions FILE]\n"),
               2;
    load.port = (int)strtol(argv[optind], NULL, 10);
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    load.epoll = epoll_create1(0);
    load.all = calloc((size_t)load.chats, sizeof *load.all);
    load.latencies = malloc(LATENCIES_MAX * sizeof *load.latencies);
    double before_open = process_cpu(load.pid);
    open_all(&load);
    double opened = process_cpu(load.pid);
    if (hold >= 0) {
        printf("{\"chats\":%d,\"open_cpu_us\":%.1f}\n", load.chats,
               (opened - before_open) * 1e6 / load.chats);
        fflush(stdout);
        for (int64_t end = now_ns() + (int64_t)(hold * 1e9); now_ns() < end;)
            turn(&load, 100);
        return 0;
    }
    measure(&load, now_ns() + (int64_t)(warm * 1e9));
    for (int64_t end = now_ns() + 500000000; now_ns() < end;)
        turn(&load, 10); /* what the warming left */
    load.answered = load.latency_count = load.unsent = 0;
    double cpu = process_cpu(load.pid);
    int64_t begun = now_ns();
    measure(&load, begun + (int64_t)(load.seconds * 1e9));
    double spent = (double)(now_ns() - begun) / 1e9;
    cpu = process_cpu(load.pid) - cpu;
    qsort(load.latencies, (size_t)load.latency_count, sizeof *load.latencies, by_time);
    printf("{\"chats\":%d,\"seconds\":%.2f,\"answered\":%ld,\"wrong\":%ld,\"unsent\":%ld,\"per_second\":%.0f,"
           "\"p50_us\":%.1f,\"p99_us\":%.1f,\"cpu_us\":%.2f,\"core\":%.3f,\"open_cpu_us\":%.1f}\n",
           load.chats, spent, load.answered, load.wrong, load.unsent, (double)load.answered / spent,
           load.latency_count ? (double)load.latencies[load.latency_count / 2] / 1e3 : 0,
           load.latency_count ? (double)load.latencies[load.latency_count * 99 / 100] / 1e3 : 0,
           load.answered ? cpu * 1e6 / (double)load.answered : 0, cpu / spent,
           (opened - before_open) * 1e6 / load.chats);
    return load.wrong ? 1 : 0;
}
