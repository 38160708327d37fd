#include "base/text.h"
#include "bot/channels/chat.h"
#include "bot/cli/cli.h"
#include "bot/cli/input.h"
#include "bot/cli/outcome.h"
#include "bot/cli/terminal.h"
#include "bot/dialogue/pace.h"
#include <stdlib.h>
#include <string.h>

enum { LINE_OUT_MAX = 256 * 1024, KEY_MS = 400, PAUSE_MS = 3000, ID_BYTES = 12 };

/* One line of a call, and what came of it. */
struct phone {
    struct terminal terminal;
    struct listener listener;
    struct mind mind;
    struct settings *settings;
    char call[2 * ID_BYTES + 1]; /* as a platform would name it */
    int64_t ends_ms;             /* when what was said last has been heard */
    bool on;                     /* the line is open */

    struct arena arena; /* of the line */
    struct buffer said;
    struct json_out out; /* into said */
    struct outcome outcome;
    int64_t spoken_ms;
    bool spoke, failed;
    char closing[512], through[512]; /* JSON of LISTEN and TRANSFER, "" none */
    bool end;
};

static void committed(const struct change *change, void *context) {
    struct phone *phone = context;
    outcome_add(&phone->outcome, change, phone->mind.catalogue, &phone->arena);
}

static void spoken(struct phone *phone, const struct delivery *delivery) {
    int64_t length_ms = pace_ms(delivery->text), now = phone->terminal.clock_ms;
    phone->ends_ms = (phone->ends_ms > now ? phone->ends_ms : now) + length_ms;
    phone->spoken_ms += length_ms;
    phone->spoke = true;
    if (!phone->settings->json) {
        printf("%5.1f s  %s\n", (double)length_ms / 1000, delivery->text);
        return;
    }
    json_open(&phone->out, NULL, '{');
    json_text(&phone->out, "text", delivery->text);
    json_text(&phone->out, "phrase", delivery->phrase);
    json_flag(&phone->out, "firm", delivery->firm);
    json_close(&phone->out, '}');
}

/* An object as text, in a field of the phone. */
static void keep(char *field, size_t size, void (*print)(struct json_out *, const struct delivery *),
                 const struct delivery *delivery) {
    struct buffer buffer;
    struct json_out out = {&buffer, false};
    buffer_init(&buffer, size);
    json_open(&out, NULL, '{');
    print(&out, delivery);
    json_close(&out, '}');
    text_set(field, size, buffer.bytes);
    buffer_clear(&buffer);
}

static void print_listen(struct json_out *out, const struct delivery *delivery) {
    json_text(out, "expects", delivery->expects);
    json_number(out, "timeout_ms", delivery->timeout_ms);
    json_number(out, "digits", delivery->digits);
}

static void print_transfer(struct json_out *out, const struct delivery *delivery) {
    json_text(out, "queue", delivery->queue);
    json_text(out, "reason", delivery->reason);
    json_text(out, "order", delivery->order);
    json_text(out, "handoff", delivery->handoff);
}

static void heard(const struct delivery *delivery, void *context) {
    struct phone *phone = context;
    bool quiet = phone->settings->json;
    switch (delivery->kind) {
    case DELIVERY_TURN:
        if (!text_is(delivery->from, "customer"))
            spoken(phone, delivery);
        break;
    case DELIVERY_LISTEN:
        keep(phone->closing, sizeof phone->closing, print_listen, delivery);
        if (!quiet)
            printf("         (listens: %s, %g s)\n", delivery->expects, (double)delivery->timeout_ms / 1000);
        break;
    case DELIVERY_TRANSFER:
        keep(phone->through, sizeof phone->through, print_transfer, delivery);
        phone->on = false;
        if (!quiet)
            printf("         (puts through: %s, %s)\n", delivery->queue, delivery->reason);
        break;
    case DELIVERY_END:
        if (phone->on && !quiet)
            printf("         (hangs up)\n");
        phone->end |= phone->on;
        phone->on = false;
        break;
    case DELIVERY_FAULT:
        fprintf(stderr, "wismo call: %s\n", fault_name(delivery->fault->code));
        phone->failed = true;
        break;
    case DELIVERY_WELCOME:
    case DELIVERY_TYPING:
    case DELIVERY_HANDLING:
        break;
    }
}

/* The clock runs to `until`, and what is due on the way happens; once: only to the first thing that is said.
 */
static void pass(struct phone *phone, int64_t until, bool once) {
    struct terminal *terminal = &phone->terminal;
    while (phone->on && terminal->wake_ms != 0 && terminal->wake_ms <= until && !(once && phone->spoke)) {
        if (terminal->wake_ms > terminal->clock_ms)
            terminal->clock_ms = terminal->wake_ms;
        hub_tick(terminal->hub);
    }
    if (!(once && phone->spoke) && until > terminal->clock_ms)
        terminal->clock_ms = until;
}

static void hear(struct phone *phone, const struct message *message) {
    hub_hear(phone->terminal.hub, &phone->listener, message);
    /* What is held back for safety's sake comes when it is due. */
    while (hub_count(phone->terminal.hub).working > 0 && phone->terminal.wake_ms != 0)
        pass(phone, phone->terminal.wake_ms, false);
}

static void hello(struct phone *phone) {
    const struct settings *settings = phone->settings;
    phone->on = true;
    hear(phone, &(struct message){.kind = MESSAGE_HELLO,
                                  .shop = settings->shop->id,
                                  .locale = settings->locale[0] ? settings->locale : NULL,
                                  .call = phone->call,
                                  .caller = settings->from[0] ? settings->from : NULL});
}

/* What a caller does instead of speaking; each gets what stands behind its name. */

static void do_keys(struct phone *phone, const char *keys) {
    pass(phone, phone->terminal.clock_ms, false);
    for (; *keys && phone->on; keys++) {
        char key[2] = {*keys, '\0'};
        if (!strchr("0123456789*#", *keys))
            continue;
        pass(phone, phone->terminal.clock_ms + KEY_MS, false);
        hear(phone, &(struct message){.kind = MESSAGE_KEYS, .text = key});
    }
    if (!phone->spoke)
        pass(phone, phone->terminal.clock_ms + PAUSE_MS, true);
}

static void do_silence(struct phone *phone, const char *seconds) {
    int64_t now = phone->terminal.clock_ms;
    double length = strtod(seconds, NULL);
    pass(phone, (phone->ends_ms > now ? phone->ends_ms : now) + (int64_t)(length * 1000), false);
}

static void leave(struct phone *phone) {
    hub_leave(phone->terminal.hub, &phone->listener);
    phone->listener.seq = 0;
    phone->on = false;
}

static void do_hang_up(struct phone *phone, const char *rest) {
    (void)rest;
    phone->on = false;
    hear(phone, &(struct message){.kind = MESSAGE_BYE});
    leave(phone);
}

static void do_drop(struct phone *phone, const char *rest) {
    (void)rest;
    leave(phone);
}

static void do_call(struct phone *phone, const char *rest) {
    (void)rest;
    leave(phone);
    hello(phone);
}

static void do_interrupt(struct phone *phone, const char *rest) {
    const char *from = strchr(rest, '"'), *to = from ? strrchr(rest, '"') : NULL;
    size_t len = to > from ? (size_t)(to - from - 1) : 0;
    const char *text = from ? arena_copy(&phone->arena, from + 1, len) : "";
    phone->terminal.clock_ms += pace_ms(text);
    phone->ends_ms = phone->terminal.clock_ms;
    hear(phone, &(struct message){.kind = MESSAGE_INTERRUPTED, .text = text});
}

static void do_return(struct phone *phone, const char *rest) {
    (void)rest;
    phone->on = true;
    hear(phone, &(struct message){.kind = MESSAGE_UNANSWERED});
}

static const struct {
    const char *name;
    void (*act)(struct phone *phone, const char *rest);
    bool off; /* the line is not open */
} doings[] = {
    {"keys ", do_keys, false},           {"silence ", do_silence, false},     {"hangs up", do_hang_up, false},
    {"drops", do_drop, false},           {"interrupts", do_interrupt, false}, {"calls again", do_call, true},
    {"nobody answers", do_return, true},
};

/* True: it was one, between brackets. */
static bool done(struct phone *phone, const char *line, int number) {
    size_t len = strlen(line);
    if (line[0] != '[' || line[len - 1] != ']' || strncmp(line, "[confidence ", 12) == 0)
        return false;
    for (size_t i = 0; i < sizeof doings / sizeof *doings; i++)
        if (strncmp(line + 1, doings[i].name, strlen(doings[i].name)) == 0) {
            if (phone->on || doings[i].off)
                doings[i].act(phone, arena_copy(&phone->arena, line + 1 + strlen(doings[i].name),
                                                len - 2 - strlen(doings[i].name)));
            return true;
        }
    fprintf(stderr,
            "wismo call: -:%d: expected [keys 1 2 #], [silence 8 s], [interrupts \"what was heard\"], [hangs "
            "up], [drops], [calls again] or [nobody answers]\n",
            number);
    phone->failed = true;
    return true;
}

static void speak(struct phone *phone, const char *text) {
    double confidence = 0;
    if (strncmp(text, "[confidence ", 12) == 0) {
        const char *end = strchr(text, ']');
        confidence = strtod(text + 12, NULL);
        text = end ? end + 1 + strspn(end + 1, " ") : "";
    }
    if (phone->ends_ms > phone->terminal.clock_ms)
        phone->terminal.clock_ms = phone->ends_ms;
    phone->terminal.clock_ms += pace_ms(text);
    hear(phone, &(struct message){.kind = MESSAGE_SAY, .text = text, .confidence = confidence});
}

static void line_begin(struct phone *phone) {
    arena_reset(&phone->arena);
    buffer_reset(&phone->said);
    phone->out = (struct json_out){&phone->said, false};
    phone->outcome = (struct outcome){0};
    phone->spoken_ms = 0;
    phone->spoke = phone->end = false;
    phone->closing[0] = phone->through[0] = '\0';
    json_open(&phone->out, NULL, '[');
}

static void line_end(struct phone *phone, const char *line) {
    struct buffer buffer;
    struct json_out out = {&buffer, false};
    json_close(&phone->out, ']');
    if (phone->settings->json) {
        buffer_init(&buffer, 2 * LINE_OUT_MAX);
        json_open(&out, NULL, '{');
        json_text(&out, "conversation", hub_conversation(&phone->listener));
        json_text(&out, "heard", line);
        json_raw(&out, "say", phone->said.bytes);
        json_raw(&out, "listen", phone->closing[0] && phone->on ? phone->closing : "null");
        json_raw(&out, "transfer", phone->through[0] ? phone->through : "null");
        json_flag(&out, "end", phone->end);
        json_decimal(&out, "seconds", (double)phone->spoken_ms / 1000);
        outcome_print(&phone->outcome, phone->mind.catalogue, &out);
        json_close(&out, '}');
        puts(buffer.bytes);
        buffer_clear(&buffer);
    }
    fflush(stdout);
}

static void take(struct phone *phone, const struct input *input) {
    struct error err;
    bool valid = text_valid(input->text, input->len);
    line_begin(phone);
    if (!valid || text_length(input->text) > CHAT_TEXT_MAX) {
        error_set(&err, valid ? "-:%d: expected at most %d characters" : "-:%d: expected UTF-8",
                  input->number, CHAT_TEXT_MAX);
        cli_fail(VERB_CALL, &err);
        phone->failed = true;
    } else if (input->text[strspn(input->text, " \t")] && !done(phone, input->text, input->number) &&
               phone->on)
        speak(phone, input->text);
    line_end(phone, valid ? input->text : NULL);
}

static void lines(struct phone *phone) {
    struct input input = {0};
    while (input_ask(&input))
        if (input.len || phone->settings->json)
            take(phone, &input);
    input_clear(&input);
}

static bool call(struct phone *phone, struct error *err) {
    struct terminal *terminal = &phone->terminal;
    uint8_t chance[ID_BYTES];
    terminal->clock_ms = cli_now_ms(phone->settings);
    if (!mind_open(&phone->mind, phone->settings, err) ||
        !terminal_open(terminal, phone->settings, &phone->mind, err))
        return false;
    terminal->heard = heard;
    terminal->committed = committed;
    terminal->context = phone;
    hash_random(chance, sizeof chance);
    for (size_t i = 0; i < sizeof chance; i++)
        snprintf(phone->call + 2 * i, 3, "%02x", chance[i]);
    line_begin(phone);
    hello(phone);
    if (!hub_conversation(&phone->listener))
        return error_set(err, "the call could not be begun");
    line_end(phone, NULL);
    lines(phone);
    hub_leave(terminal->hub, &phone->listener);
    return true;
}

enum exit_status call_run(struct settings *settings) {
    struct error err = {""};
    struct phone phone = {.settings = settings,
                          .listener = {.channel = "phone", .voice = VOICE_SPOKEN, .own_silence = true}};
    arena_init(&phone.arena);
    buffer_init(&phone.said, LINE_OUT_MAX);
    enum exit_status status =
        call(&phone, &err) ? phone.failed ? EXIT_FAILED : EXIT_DONE : cli_fail(VERB_CALL, &err);
    terminal_close(&phone.terminal);
    mind_close(&phone.mind);
    buffer_clear(&phone.said);
    arena_clear(&phone.arena);
    return status;
}
