/* /voice/jambonz: jambonz in front of a telephone system (docs/phone-jambonz.md). */
#include "bot/channels/jambonz.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/text.h"
#include "bot/server/caller.h"
#include "bot/server/endpoints.h"
#include <stdio.h>
#include <string.h>

enum {
    MSGID_MAX = 128,
    OWED_MAX = 8,    /* acks that we owe at once */
    RECENT_MAX = 16, /* msgids that are known again */
    ACK_MS = 3500,   /* jambonz waits for 5 s */
    LOGIN_MAX = 1100
};

struct leg {
    struct caller caller;           /* first */
    char owed[OWED_MAX][MSGID_MAX]; /* oldest first; answers come in the order of what was heard */
    int owed_count;
    char recent[RECENT_MAX][MSGID_MAX];
    int recent_next;
    struct jambonz_answer answer; /* as it is put together */
    bool unanswered;              /* nobody can take the call: the conversation is to be told */
};

static struct leg *leg_of(struct socket *socket) {
    return socket->own;
}

static void send_out(struct socket *socket) {
    struct buffer *out = &socket->loop->out;
    socket_send(socket, out->bytes, out->len);
}

static void owed_drop(struct leg *leg) {
    leg->owed_count--;
    memmove(leg->owed[0], leg->owed[1], (size_t)leg->owed_count * sizeof leg->owed[0]);
}

static void trouble(struct socket *socket);

/* Sends what has been put together: as the ack that we owe, else as a command. */
static void answer_send(struct socket *socket) {
    struct leg *leg = leg_of(socket);
    struct buffer *out = &socket->loop->out;
    if (leg->answer.verbs.full || leg->answer.text.full) {
        log_line(LOG_ERROR, "jambonz", "an answer of more than %d bytes was not sent", JAMBONZ_VERBS_MAX);
        trouble(socket);
        return;
    }
    buffer_reset(out);
    jambonz_write(out, leg->owed_count ? leg->owed[0] : NULL, &leg->answer);
    jambonz_answer_reset(&leg->answer);
    send_out(socket);
    if (leg->owed_count)
        owed_drop(leg);
    socket_wake(socket, leg->unanswered ? 1 : leg->owed_count ? ACK_MS : 0);
}

static void ack_empty(struct socket *socket, const char *msgid) {
    buffer_reset(&socket->loop->out);
    jambonz_write_empty(&socket->loop->out, msgid);
    send_out(socket);
}

static void language(struct socket *socket, const char *tag) {
    jambonz_language(&leg_of(socket)->answer, tag);
}

static void say(struct socket *socket, const char *text, bool firm) {
    struct leg *leg = leg_of(socket);
    leg->answer.marked = leg->caller.marked;
    jambonz_say(&leg->answer, text, firm);
}

static void say_line(struct socket *socket, enum line_says says) {
    say(socket, caller_line(socket, says, NULL, &socket->loop->arena), false);
}

static void gather(struct socket *socket, const struct delivery *delivery) {
    struct leg *leg = leg_of(socket);
    jambonz_listen(&leg->answer, delivery, leg->caller.tag,
                   caller_line(socket, LINE_HINTS, NULL, &socket->loop->arena));
    answer_send(socket);
}

/* What was to be said is not; the language that it was to be said in is what follows, too. */
static void take_back(struct socket *socket) {
    jambonz_answer_reset(&leg_of(socket)->answer);
    language(socket, leg_of(socket)->caller.tag);
}

static void trouble(struct socket *socket) {
    struct leg *leg = leg_of(socket);
    const struct transfer *others = shop_transfer(caller_shop_of(socket), "*");
    struct delivery delivery = {.kind = DELIVERY_TRANSFER, .reason = "failed", .queue = "*"};
    const char *nobody = caller_line(socket, LINE_NOBODY, NULL, &socket->loop->arena);
    take_back(socket);
    say_line(socket, LINE_TROUBLE);
    if (others && others->kind != TRANSFER_TASK) {
        say_line(socket, LINE_THROUGH);
        jambonz_transfer(&leg->answer, others, &delivery, nobody);
    } else {
        jambonz_say(&leg->answer, nobody, true);
        jambonz_hang_up(&leg->answer);
    }
    answer_send(socket);
}

/* The words are only said once there is somebody to be put through to. */
static void transfer(struct socket *socket, const struct delivery *delivery) {
    struct leg *leg = leg_of(socket);
    const struct shop *shop = caller_shop_of(socket);
    const struct transfer *row = shop_transfer(shop, delivery->queue);
    if (row && row->kind == TRANSFER_TASK)
        row = shop_transfer(shop, "*"); /* a task is a thing of Twilio's */
    const char *nobody = caller_line(socket, LINE_NOBODY, NULL, &socket->loop->arena);
    if (row && jambonz_transfer(&leg->answer, row, delivery, nobody)) {
        answer_send(socket);
        return;
    }
    take_back(socket);
    leg->unanswered = true;
    socket_wake(socket, 1);
}

static void hang_up(struct socket *socket) {
    jambonz_hang_up(&leg_of(socket)->answer);
    answer_send(socket);
}

static const struct platform platform = {.owes = true,
                                         .language = language,
                                         .say = say,
                                         .listen = gather,
                                         .transfer = transfer,
                                         .hang_up = hang_up,
                                         .trouble = trouble};

/* In time whatever happens: who has no answer yet goes on listening. */
static void woken(struct socket *socket) {
    struct leg *leg = leg_of(socket);
    arena_reset(&socket->loop->arena);
    if (leg->unanswered) {
        leg->unanswered = false;
        socket_wake(socket, leg->owed_count ? ACK_MS : 0);
        hub_hear(socket->loop->hub, &socket->ear.listener, &(struct message){.kind = MESSAGE_UNANSWERED});
    } else if (leg->owed_count)
        caller_listen_again(socket);
}

/* False: it has been acked, or is about to be. */
static bool owe(struct socket *socket, const char *msgid) {
    struct leg *leg = leg_of(socket);
    if (strlen(msgid) >= MSGID_MAX)
        return false;
    for (int i = 0; i < RECENT_MAX; i++)
        if (text_is(leg->recent[i], msgid))
            return false;
    TEXT_SET(leg->recent[leg->recent_next], msgid);
    leg->recent_next = (leg->recent_next + 1) % RECENT_MAX;
    if (leg->owed_count == OWED_MAX) {
        ack_empty(socket, msgid);
        return false;
    }
    TEXT_SET(leg->owed[leg->owed_count], msgid);
    if (leg->owed_count++ == 0)
        socket_wake(socket, ACK_MS);
    return true;
}

/* A hook of a call that we do not know, after a restart perhaps, begins with what it would have begun with.
 */
static void hear(struct socket *socket, struct jambonz_frame *frame) {
    struct leg *leg = leg_of(socket);
    struct message *hello = frame->kind == JAMBONZ_SESSION ? &frame->message : &frame->hello;
    if (leg->caller.over || (!leg->caller.id[0] && !hello->call)) {
        hang_up(socket);
        return;
    }
    if (!leg->caller.id[0])
        caller_begin(socket, hello, frame->called, frame->ssml, NULL, frame->speaks);
    else if (frame->kind == JAMBONZ_SESSION)
        caller_listen_again(socket);
    if (frame->kind == JAMBONZ_HEARD)
        hub_hear(socket->loop->hub, &socket->ear.listener, &frame->message);
}

static void heard(struct socket *socket, const char *bytes, size_t len) {
    struct leg *leg = leg_of(socket);
    struct jambonz_frame frame;
    arena_reset(&socket->loop->arena);
    jambonz_read(&frame, bytes, len, &socket->loop->arena);
    switch (frame.kind) {
    case JAMBONZ_SESSION:
    case JAMBONZ_HEARD:
        if (frame.msgid && owe(socket, frame.msgid))
            hear(socket, &frame);
        break;
    case JAMBONZ_TAKEN:
        if (frame.msgid && owe(socket, frame.msgid))
            hang_up(socket);
        break;
    case JAMBONZ_OVER:
        leg->caller.over = true;
        break;
    case JAMBONZ_COMPLAINT:
        log_line(LOG_WARNING, "jambonz", "the platform says: %.200s", frame.text);
        break;
    case JAMBONZ_IGNORED:
        if (frame.msgid)
            ack_empty(socket, frame.msgid);
        break;
    case JAMBONZ_MALFORMED:
        break;
    }
}

static bool admit(struct http_request *request, struct http_reply *reply) {
    const char *login = request->loop->voice.jambonz_login, *shown = http_header(request, "authorization");
    char encoded[LOGIN_MAX * 4 / 3 + 8];
    size_t len = strlen(login);
    if (len && len < LOGIN_MAX && shown && strncmp(shown, "Basic ", 6) == 0) {
        base64_encode(encoded, login, len);
        if (caller_secret(encoded, shown + 6))
            return true;
    }
    http_reply_plain(reply, 401, "Expected the login of the jambonz application.\n");
    http_reply_header(reply, "www-authenticate", "Basic realm=\"wismo\"");
    return false;
}

static void opened(struct socket *socket, struct http_request *request) {
    (void)request;
    jambonz_answer_init(&leg_of(socket)->answer);
    caller_open(socket, &platform);
}

static void closed(struct socket *socket) {
    hub_leave(socket->loop->hub, &socket->ear.listener);
    jambonz_answer_clear(&leg_of(socket)->answer);
}

const struct endpoint jambonz_endpoint = {.path = "/voice/jambonz",
                                          .protocol = JAMBONZ_PROTOCOL,
                                          .frame_max = JAMBONZ_FRAME_MAX,
                                          .own_size = sizeof(struct leg),
                                          .admit = admit,
                                          .opened = opened,
                                          .heard = heard,
                                          .known = caller_known,
                                          .woken = woken,
                                          .closed = closed};
