#include "bot/server/far.h"
#include "base/memory.h"
#include "base/text.h"
#include "bot/channels/chat.h"
#include "bot/server/loops.h"
#include <stdlib.h>
#include <utlist.h>

enum { UNDER_WAY_MAX = 64 }; /* frames of a socket; then it is not read until half of them are heard */

struct far {
    struct ear ear;       /* first; the owner's, as long as there is a socket */
    atomic_int under_way; /* frames that the owner has not heard yet */
    struct loop *here, *owner;
    char address[VISITOR_MAX], origin[96];
    struct socket *socket; /* from here on here's; NULL: it has closed */
    bool known, held;      /* held: it is not read now */
    bool asked;            /* for more of what was missed, and not answered yet */
    struct far *prev, *next;
};

struct word {
    struct letter letter;
    struct far *far;
    const char *frame;
    size_t len;
    int code;
    bool known, behind;
};

static struct word *word_new(struct far *far, struct loop *to,
                             void (*open)(struct letter *letter, bool live)) {
    struct word *word = letter_new(to, sizeof *word, open);
    word->far = far;
    return word;
}

static void frame_send(struct word *word, const char *frame, size_t len) {
    word->frame = arena_copy(&word->letter.arena, frame, len);
    word->len = len;
    letter_send(&word->letter);
}

static void end_send(struct far *far, int code);

/* What the owner does. */

static void go_on(struct letter *letter, bool live);

static void heard(struct letter *letter, bool live) {
    const struct word *word = (const struct word *)letter;
    struct far *far = word->far;
    if (live && --far->under_way == UNDER_WAY_MAX / 2)
        letter_send(&word_new(far, far->here, go_on)->letter);
    /* Who has been thrown out just now and asks for another loop's comes again, and finds it. */
    if (live && chat_hear(letter->to, &far->ear, far->origin, word->frame, word->len))
        end_send(far, 1012);
}

static void portion_taken(struct letter *letter, bool live);

static void portion(struct letter *letter, bool live) {
    struct far *far = ((struct word *)letter)->far;
    if (!live)
        return;
    bool more = hub_more(letter->to->hub, &far->ear.listener);
    struct word *word = word_new(far, far->here, portion_taken);
    word->behind = more;
    letter_send(&word->letter);
}

static void gone(struct letter *letter, bool live);

static void left(struct letter *letter, bool live) {
    struct far *far = ((struct word *)letter)->far;
    if (!live)
        return;
    hub_leave(letter->to->hub, &far->ear.listener);
    letter_send(&word_new(far, far->here, gone)->letter);
}

/* What the socket's loop does. */

static void go_on(struct letter *letter, bool live) {
    struct far *far = ((struct word *)letter)->far;
    if (!live || !far->socket || !far->held)
        return;
    far->held = false;
    lws_rx_flow_control(far->socket->wsi, 1);
}

static void told(struct letter *letter, bool live) {
    const struct word *word = (const struct word *)letter;
    struct far *far = word->far;
    if (!live || !far->socket)
        return;
    far->known = word->known;
    if (!far->asked)
        far->socket->ear.listener.behind = word->behind;
    socket_send(far->socket, word->frame, word->len);
}

static void ended(struct letter *letter, bool live) {
    const struct word *word = (const struct word *)letter;
    if (live && word->far->socket)
        socket_end(word->far->socket, word->code);
}

static void portion_taken(struct letter *letter, bool live) {
    const struct word *word = (const struct word *)letter;
    struct socket *socket = word->far->socket;
    word->far->asked = false;
    if (!live || !socket)
        return;
    socket->ear.listener.behind = word->behind;
    if (word->behind)
        lws_callback_on_writable(socket->wsi);
}

/* No letter of the owner's follows. */
static void gone(struct letter *letter, bool live) {
    struct far *far = ((struct word *)letter)->far;
    if (!live)
        return;
    DL_DELETE(far->here->fars, far);
    free(far);
}

/* On the owner's thread. */

static void end_send(struct far *far, int code) {
    struct word *word = word_new(far, far->here, ended);
    word->code = code;
    letter_send(&word->letter);
}

static void deliver(struct ear *ear, const struct delivery *delivery) {
    struct far *far = (struct far *)ear;
    struct buffer *out = &far->owner->out;
    if (delivery->kind == DELIVERY_END) {
        end_send(far, chat_close_code(delivery));
        return;
    }
    if (!chat_frame(far->owner, delivery))
        return;
    struct word *word = word_new(far, far->here, told);
    word->known = hub_conversation(&ear->listener) != NULL;
    word->behind = ear->listener.behind;
    frame_send(word, out->bytes, out->len);
}

/* On the socket's. */

struct far *far_join(struct socket *socket, struct loop *owner) {
    struct far *far = calloc(1, sizeof *far);
    if (!far)
        memory_exhausted();
    far->here = socket->loop;
    far->owner = owner;
    far->socket = socket;
    TEXT_SET(far->address, socket->address);
    TEXT_SET(far->origin, socket->origin);
    far->ear = (struct ear){.listener = socket->ear.listener, .deliver = deliver};
    far->ear.listener.address = far->address;
    DL_APPEND(far->here->fars, far);
    return far;
}

void far_hear(struct far *far, const char *frame, size_t len) {
    if (++far->under_way > UNDER_WAY_MAX && !far->held) {
        far->held = true;
        lws_rx_flow_control(far->socket->wsi, 0);
    }
    frame_send(word_new(far, far->owner, heard), frame, len);
}

bool far_known(const struct far *far) {
    return far->known;
}

void far_more(struct far *far) {
    if (far->asked || !far->socket->ear.listener.behind)
        return;
    far->asked = true;
    far->socket->ear.listener.behind = false;
    letter_send(&word_new(far, far->owner, portion)->letter);
}

void far_leave(struct far *far) {
    far->socket->ear.listener.behind = false;
    far->socket = NULL;
    letter_send(&word_new(far, far->owner, left)->letter);
}

void fars_free(struct loop *loop) {
    for (struct far *far; (far = loop->fars);) {
        DL_DELETE(loop->fars, far);
        free(far);
    }
}
