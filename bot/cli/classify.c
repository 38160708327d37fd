#include "base/text.h"
#include "bot/cli/cli.h"
#include "bot/cli/input.h"
#include "bot/cli/mind.h"

enum { LINE_MAX_OUT = 256 * 1024 };

static void print_reading(const struct reading *reading, struct buffer *buffer) {
    struct json_out out = {buffer, false};
    const struct read_intent *best = reading->count ? &reading->intents[0] : NULL;
    bool understood = best && best->intent;
    json_open(&out, NULL, '{');
    json_text(&out, "locale", reading->locale);
    json_text(&out, "kind", kind_name(understood ? reading->kind : KIND_UNKNOWN));
    json_text(&out, "intent", understood ? best->intent->name : NULL);
    json_decimal(&out, "score", understood ? best->score : 0);
    json_open(&out, "also", '[');
    for (int i = 1; understood && i < reading->count; i++) {
        json_open(&out, NULL, '{');
        json_text(&out, "intent", reading->intents[i].intent->name);
        json_text(&out, "kind", kind_name(reading->intents[i].intent->kind));
        json_close(&out, '}');
    }
    json_close(&out, ']');
    json_open(&out, "slots", '{');
    for (enum slot slot = 0; slot < SLOT_COUNT; slot++) {
        json_open(&out, slot_name(slot), '[');
        for (int i = 0; i < reading->slots[slot].count; i++)
            json_text(&out, NULL, reading->slots[slot].candidates[i].value);
        json_close(&out, ']');
    }
    json_close(&out, '}');
    json_close(&out, '}');
}

enum exit_status classify_run(struct settings *settings) {
    struct error err = {""};
    struct mind mind;
    struct input input = {0};
    struct arena arena;
    struct buffer buffer;
    enum exit_status status = EXIT_DONE;
    if (settings->argument_count)
        return cli_usage(VERB_CLASSIFY, "reads standard input and takes no argument, found \"%s\"",
                         settings->arguments[0]);
    if (!mind_open_reader(&mind, settings, &err)) {
        mind_close(&mind);
        return cli_fail(VERB_CLASSIFY, &err);
    }
    struct read_options options = mind_read_options(settings->shop, NULL, cli_now_ms(settings));
    if (settings->locale[0])
        options.locale = settings->locale;
    options.voice = settings->voice;
    arena_init(&arena);
    buffer_init(&buffer, LINE_MAX_OUT);
    while (input_next(&input)) {
        struct reading reading;
        bool valid = text_valid(input.text, input.len);
        if (!valid) {
            error_set(&err, "-:%d: expected UTF-8; read as a blank line", input.number);
            status = cli_fail(VERB_CLASSIFY, &err);
        }
        intents_read(mind.reader, valid ? input.text : "", &options, &arena, &reading);
        print_reading(&reading, &buffer);
        puts(buffer.bytes);
        buffer_reset(&buffer);
        arena_reset(&arena);
    }
    buffer_clear(&buffer);
    arena_clear(&arena);
    input_clear(&input);
    mind_close(&mind);
    return status;
}
