#include "base/text.h"
#include "bot/channels/chat.h"
#include "bot/cli/cli.h"
#include "bot/cli/input.h"
#include "bot/cli/outcome.h"
#include "bot/cli/terminal.h"
#include <string.h>

enum { LINE_OUT_MAX = 256 * 1024 };

/* One customer line, and what came of it. */
struct asking {
    struct terminal terminal;
    struct listener listener;
    struct mind mind;
    struct settings *settings;
    struct arena arena; /* of the line */
    struct buffer replies;
    struct json_out out; /* into replies */
    struct outcome outcome;
    bool failed;
};

static void committed(const struct change *change, void *context) {
    struct asking *asking = context;
    outcome_add(&asking->outcome, change, asking->mind.catalogue, &asking->arena);
}

static void heard(const struct delivery *delivery, void *context) {
    struct asking *asking = context;
    if (delivery->kind == DELIVERY_FAULT) {
        const struct fault *fault = delivery->fault;
        fprintf(stderr, "wismo ask: %s%s%s%s%s\n", fault_name(fault->code), fault->field ? ": " : "",
                fault->field ? fault->field : "", fault->expected ? ": expected " : "",
                fault->expected ? fault->expected : "");
        asking->failed = true;
    }
    if (delivery->kind != DELIVERY_TURN || text_is(delivery->from, "customer"))
        return;
    if (asking->settings->json) {
        json_open(&asking->out, NULL, '{');
        json_text(&asking->out, "text", delivery->text);
        json_text(&asking->out, "phrase", delivery->phrase);
        json_close(&asking->out, '}');
    } else if (text_is(delivery->from, "agent"))
        printf("[%s] %s\n", text_empty(delivery->agent) ? "agent" : delivery->agent, delivery->text);
    else
        printf("%s\n", delivery->text);
}

static void line_begin(struct asking *asking) {
    arena_reset(&asking->arena);
    buffer_reset(&asking->replies);
    asking->out = (struct json_out){&asking->replies, false};
    asking->outcome = (struct outcome){0};
    json_open(&asking->out, NULL, '[');
}

static void line_end(struct asking *asking) {
    struct buffer buffer;
    struct json_out out = {&buffer, false};
    json_close(&asking->out, ']');
    if (!asking->settings->json) {
        fflush(stdout);
        return;
    }
    buffer_init(&buffer, 2 * LINE_OUT_MAX);
    json_open(&out, NULL, '{');
    json_text(&out, "conversation", hub_conversation(&asking->listener));
    json_raw(&out, "replies", asking->replies.bytes);
    outcome_print(&asking->outcome, asking->mind.catalogue, &out);
    json_close(&out, '}');
    puts(buffer.bytes);
    fflush(stdout);
    buffer_clear(&buffer);
}

static void say(struct asking *asking, const char *text, size_t len, int line) {
    struct error err;
    bool valid = text_valid(text, len);
    line_begin(asking);
    if (!valid || text_length(text) > CHAT_TEXT_MAX) {
        error_set(&err, valid ? "-:%d: expected at most %d characters" : "-:%d: expected UTF-8", line,
                  CHAT_TEXT_MAX);
        cli_fail(VERB_ASK, &err);
        asking->failed = true;
    } else if (text[strspn(text, " \t")])
        hub_hear(asking->terminal.hub, &asking->listener,
                 &(struct message){.kind = MESSAGE_SAY, .text = text});
    line_end(asking);
}

static void say_arguments(struct asking *asking) {
    const struct settings *settings = asking->settings;
    struct buffer text;
    buffer_init(&text, UTTERANCE_MAX * 4);
    for (int i = 0; i < settings->argument_count; i++)
        buffer_format(&text, "%s%s", i ? " " : "", settings->arguments[i]);
    say(asking, text.bytes, text.len, 1);
    buffer_clear(&text);
}

static void say_lines(struct asking *asking) {
    struct input input = {0};
    while (input_ask(&input))
        if (input.len || asking->settings->json)
            say(asking, input.text, input.len, input.number);
    input_clear(&input);
}

static bool hello(struct asking *asking, struct error *err) {
    const struct settings *settings = asking->settings;
    char token[TERMINAL_TOKEN_SIZE];
    struct message message = {.kind = MESSAGE_HELLO,
                              .shop = settings->shop->id,
                              .locale = settings->locale[0] ? settings->locale : NULL,
                              .token = settings->token[0] ? settings->token : NULL,
                              .greeting = GREETING_LATER};
    if (settings->conversation[0] &&
        !terminal_resume(&asking->terminal, settings->conversation, token, &message, err))
        return false;
    line_begin(asking);
    hub_hear(asking->terminal.hub, &asking->listener, &message);
    return hub_conversation(&asking->listener) || error_set(err, "the conversation could not be begun");
}

static bool ask(struct asking *asking, struct error *err) {
    if (!mind_open(&asking->mind, asking->settings, err) ||
        !terminal_open(&asking->terminal, asking->settings, &asking->mind, err))
        return false;
    asking->terminal.heard = heard;
    asking->terminal.committed = committed;
    asking->terminal.context = asking;
    if (!hello(asking, err))
        return false;
    if (asking->settings->argument_count)
        say_arguments(asking);
    else
        say_lines(asking);
    if (!asking->settings->json)
        fprintf(stderr, "conversation %s\n", hub_conversation(&asking->listener));
    hub_leave(asking->terminal.hub, &asking->listener);
    return true;
}

enum exit_status ask_run(struct settings *settings) {
    struct error err = {""};
    struct asking asking = {.settings = settings, .listener = {.channel = "terminal"}};
    arena_init(&asking.arena);
    buffer_init(&asking.replies, LINE_OUT_MAX);
    enum exit_status status =
        ask(&asking, &err) ? asking.failed ? EXIT_FAILED : EXIT_DONE : cli_fail(VERB_ASK, &err);
    terminal_close(&asking.terminal);
    mind_close(&asking.mind);
    buffer_clear(&asking.replies);
    arena_clear(&asking.arena);
    return status;
}
