#include "bot/server/visitor.h"
#include "base/memory.h"
#include "base/text.h"
#include <arpa/inet.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#define uthash_fatal(message) memory_exhausted()
#include <uthash.h>

static const char BLANKS[] = ", \t";

/* The address as one writes it. False and "" when it is none. */
static bool normal(char out[VISITOR_MAX], const char *written) {
    struct in_addr four;
    struct in6_addr six;
    out[0] = '\0';
    if (inet_pton(AF_INET, written, &four) == 1)
        return inet_ntop(AF_INET, &four, out, VISITOR_MAX) != NULL;
    if (inet_pton(AF_INET6, written, &six) != 1)
        return false;
    if (IN6_IS_ADDR_V4MAPPED(&six))
        return inet_ntop(AF_INET, six.s6_addr + 12, out, VISITOR_MAX) != NULL;
    memset(six.s6_addr + 8, 0, 8);
    return inet_ntop(AF_INET6, &six, out, VISITOR_MAX) != NULL;
}

/* Is it one of the proxies? All are compared in their normal form. */
static bool is_proxy(const char *address, const char *proxies) {
    char name[VISITOR_MAX], proxy[VISITOR_MAX];
    for (const char *at = proxies + strspn(proxies, BLANKS); *at; at += strspn(at, BLANKS)) {
        size_t len = strcspn(at, BLANKS);
        if (len < sizeof name) {
            memcpy(name, at, len);
            name[len] = '\0';
            if (normal(proxy, name) && text_is(proxy, address))
                return true;
        }
        at += len;
    }
    return false;
}

void visitor_behind(char out[VISITOR_MAX], const char *peer, const char *proxies, const char *forwarded) {
    char name[VISITOR_MAX], next[VISITOR_MAX];
    size_t end = strlen(forwarded);
    normal(out, peer);
    while (is_proxy(out, proxies)) {
        while (end && strchr(BLANKS, forwarded[end - 1]))
            end--;
        size_t begin = end;
        while (begin && !strchr(BLANKS, forwarded[begin - 1]))
            begin--;
        if (begin == end || end - begin >= sizeof name)
            return;
        memcpy(name, forwarded + begin, end - begin);
        name[end - begin] = '\0';
        if (!normal(next, name))
            return;
        memcpy(out, next, sizeof next);
        end = begin;
    }
}

struct visitor {
    char address[VISITOR_MAX];
    int chats;
    UT_hash_handle hh;
};

struct visitors {
    pthread_mutex_t lock;
    struct visitor *rows;
};

struct visitors *visitors_new(void) {
    struct visitors *visitors = calloc(1, sizeof *visitors);
    if (!visitors)
        memory_exhausted();
    pthread_mutex_init(&visitors->lock, NULL);
    return visitors;
}

void visitors_free(struct visitors *visitors) {
    struct visitor *visitor, *next;
    if (!visitors)
        return;
    HASH_ITER(hh, visitors->rows, visitor, next) {
        HASH_DEL(visitors->rows, visitor);
        free(visitor);
    }
    pthread_mutex_destroy(&visitors->lock);
    free(visitors);
}

static struct visitor *find(const struct visitors *visitors, const char *address) {
    struct visitor *visitor;
    HASH_FIND_STR(visitors->rows, address, visitor);
    return visitor;
}

int visitors_count(struct visitors *visitors, const char *address) {
    pthread_mutex_lock(&visitors->lock);
    const struct visitor *visitor = find(visitors, address);
    int chats = visitor ? visitor->chats : 0;
    pthread_mutex_unlock(&visitors->lock);
    return chats;
}

void visitors_enter(struct visitors *visitors, const char *address) {
    pthread_mutex_lock(&visitors->lock);
    struct visitor *visitor = find(visitors, address);
    if (!visitor) {
        visitor = calloc(1, sizeof *visitor);
        if (!visitor)
            memory_exhausted();
        text_set(visitor->address, sizeof visitor->address, address);
        HASH_ADD_STR(visitors->rows, address, visitor);
    }
    visitor->chats++;
    pthread_mutex_unlock(&visitors->lock);
}

void visitors_leave(struct visitors *visitors, const char *address) {
    pthread_mutex_lock(&visitors->lock);
    struct visitor *visitor = find(visitors, address);
    if (visitor && --visitor->chats == 0) {
        HASH_DEL(visitors->rows, visitor);
        free(visitor);
    }
    pthread_mutex_unlock(&visitors->lock);
}
