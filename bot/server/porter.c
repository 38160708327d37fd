#include "bot/server/porter.h"
#include "base/memory.h"
#include "bot/server/loops.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utlist.h>

enum { SILENT_MS = 10 * 1000 }; /* as long as the library waits for a head */

struct newcomer {
    uv_poll_t poll;
    struct loop *first;
    int fd;
    int64_t came_ms;
    struct newcomer *prev, *next;
};

enum wish { WISH_UNKNOWN, WISH_CHAT, WISH_OTHER };

static enum wish wish_of(int fd) {
    static const char wanted[] = "GET /chat";
    char said[sizeof wanted]; /* … and what stands behind it */
    ssize_t len = recv(fd, said, sizeof said, MSG_PEEK | MSG_DONTWAIT);
    if (len < 0 && (errno == EAGAIN || errno == EINTR))
        return WISH_UNKNOWN;
    bool chat = len == sizeof said && memcmp(said, wanted, sizeof wanted - 1) == 0;
    return chat && strchr(" ?", said[sizeof wanted - 1]) ? WISH_CHAT : WISH_OTHER;
}

/* Of equals the later: the first has more to do. */
static struct loop *least(const struct loops *loops) {
    struct loop *least = loops->list[0];
    for (int i = 1; i < loops->count; i++)
        if (loops->list[i]->chats <= least->chats)
            least = loops->list[i];
    return least;
}

struct arrival {
    struct letter letter;
    int fd;
};

static void arrive(struct letter *letter, bool live) {
    int fd = ((struct arrival *)letter)->fd;
    if (live)
        loop_adopt(letter->to, fd, &letter->to->chats);
    else
        close(fd);
}

static void lead(struct loop *first, int fd, enum wish wish) {
    if (wish != WISH_CHAT) {
        loop_adopt(first, fd, &first->gate);
        return;
    }
    struct loop *to = least(first->loops);
    to->chats++;
    if (to == first) {
        loop_adopt(first, fd, &first->chats);
        return;
    }
    struct arrival *arrival = letter_new(to, sizeof *arrival, arrive);
    arrival->fd = fd;
    letter_send(&arrival->letter);
}

/* Those who have not spoken yet. */

static void newcomer_free(uv_handle_t *handle) {
    free(handle->data);
}

static void forget(struct newcomer *newcomer) {
    DL_DELETE(newcomer->first->newcomers, newcomer);
    uv_poll_stop(&newcomer->poll);
    uv_close((uv_handle_t *)&newcomer->poll, newcomer_free);
}

static void turn_away(struct newcomer *newcomer) {
    forget(newcomer);
    close(newcomer->fd);
    gate_left(&newcomer->first->gate);
}

static void spoke(uv_poll_t *poll, int status, int events) {
    struct newcomer *newcomer = poll->data;
    enum wish wish = wish_of(newcomer->fd);
    (void)status, (void)events;
    if (wish == WISH_UNKNOWN)
        return;
    forget(newcomer); /* before another watches the descriptor */
    lead(newcomer->first, newcomer->fd, wish);
}

void porter_show(struct loop *first, int fd) {
    enum wish wish = wish_of(fd);
    if (wish != WISH_UNKNOWN) {
        lead(first, fd, wish);
        return;
    }
    struct newcomer *newcomer = calloc(1, sizeof *newcomer);
    if (!newcomer)
        memory_exhausted();
    if (uv_poll_init(&first->uv, &newcomer->poll, fd) != 0) {
        free(newcomer);
        lead(first, fd, WISH_OTHER);
        return;
    }
    newcomer->poll.data = newcomer;
    newcomer->first = first;
    newcomer->fd = fd;
    newcomer->came_ms = (int64_t)uv_now(&first->uv);
    DL_APPEND(first->newcomers, newcomer);
    uv_poll_start(&newcomer->poll, UV_READABLE, spoke);
}

void porter_tick(struct loop *first) {
    int64_t before = (int64_t)uv_now(&first->uv) - SILENT_MS;
    while (first->newcomers && first->newcomers->came_ms < before)
        turn_away(first->newcomers);
}

void porter_close(struct loop *loop) {
    while (loop->newcomers)
        turn_away(loop->newcomers);
}
