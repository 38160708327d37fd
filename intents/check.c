/* The catalogues' own tests: their examples and counter-examples, and lists that nothing uses. */
#include "base/buffer.h"
#include "base/calendar.h"
#include "base/text.h"
#include "intents/catalogue.h"
#include "intents/matcher.h"
#include "intents/patterns.h"
#include "intents/repeats.h"
#include <string.h>

enum { CHECKED_YEAR = 2026, CHECKED_MONTH = 3, CHECKED_DAY = 11 };

struct checking {
    const struct catalogue *catalogue;
    const struct language *language;
    struct reader *reader;
    struct arena arena; /* reset for each example */
    void (*fault)(const char *message, void *context);
    void *context;
    int faults;
};

static void report(struct checking *checking, const char *message) {
    checking->fault(message, checking->context);
    checking->faults++;
}

static void report_found(const char *message, void *context) {
    report(context, message);
}

static void report_at(struct checking *checking, const char *path, const char *sentence) {
    struct error err;
    language_fault(checking->language, (struct place){path, -1}, -1, &err, "%s", sentence);
    report(checking, err.text);
}

static bool reads(const struct reading *reading, const char *intent) {
    for (int i = 0; i < reading->count; i++)
        if (text_is(reading->intents[i].intent->name, intent))
            return true;
    return false;
}

/* The first intent, or, where the model alone reads it, another question about the parcel: an example in one
 * language must not hang on those of all others. */
static bool is_read_as(const struct checking *checking, const struct reading *reading, const char *intent) {
    const struct intent *meant = catalogue_intent(checking->catalogue, intent);
    return reading->count > 0 &&
           (text_is(reading->intents[0].intent->name, intent) ||
            (text_is(reading->intents[0].rule, "model") && meant && meant->kind == KIND_TRACK &&
             reading->intents[0].intent->kind == KIND_TRACK));
}

/* "track.where (fr.json:track.where/3), human.refund (…)", or "nothing". */
static const char *told(struct checking *checking, const struct reading *reading) {
    const char *all = reading->count ? "" : "nothing";
    for (int i = 0; i < reading->count; i++)
        all = arena_format(&checking->arena, "%s%s%s (%s)", all, i ? ", " : "",
                           reading->intents[i].intent->name, reading->intents[i].rule);
    return arena_format(&checking->arena, "%s, seen as \"%s\"", all, reading->folded);
}

static struct read_options options_of(const struct checking *checking) {
    return (struct read_options){.locale = checking->language->code,
                                 .country = "",
                                 .today = calendar_day(CHECKED_YEAR, CHECKED_MONTH, CHECKED_DAY),
                                 .expected = -1};
}

struct example {
    const char *text;
    bool voice;
    json_t *also;
};

static bool read_example(json_t *value, struct example *out) {
    *out = (struct example){.text = json_string_value(value)};
    if (json_is_object(value)) {
        out->text = json_string_value(json_object_get(value, "text"));
        out->voice = json_is_true(json_object_get(value, "voice"));
        out->also = json_object_get(value, "also");
    }
    return out->text != NULL;
}

static void check_example(struct checking *checking, const char *intent, json_t *value, const char *path,
                          bool counter) {
    struct example example;
    struct reading reading;
    struct read_options options = options_of(checking);
    size_t i;
    json_t *also;
    arena_reset(&checking->arena);
    const char *key;
    json_object_foreach(value, key,
                        also) if (!text_is(key, "text") && !text_is(key, "also") && !text_is(key, "voice"))
        report_at(checking, path,
                  arena_format(&checking->arena,
                               "\"%s\" is not a name that is known here; expected text, also and voice",
                               key));
    if (!read_example(value, &example)) {
        report_at(checking, path,
                  "expected a message in quotes or {\"text\": \"…\", \"also\": [\"human.refund\"], "
                  "\"voice\": true}");
        return;
    }
    options.voice = example.voice;
    intents_read(checking->reader, example.text, &options, &checking->arena, &reading);
    struct arena *arena = &checking->arena;
    if (counter && reads(&reading, intent))
        report_at(
            checking, path,
            arena_format(
                arena,
                "\"%s\" must not be read as %s, but is: %s. Add an \"unless\", or make the pattern narrower",
                example.text, intent, told(checking, &reading)));
    if (!counter && !is_read_as(checking, &reading, intent))
        report_at(checking, path,
                  arena_format(arena, "\"%s\" must be read as %s, but is read as %s", example.text, intent,
                               told(checking, &reading)));
    json_array_foreach(example.also, i,
                       also) if (!json_is_string(also) ||
                                 !catalogue_intent(checking->catalogue, json_string_value(also)))
        report_at(checking, path, "\"also\" names an intent that domain.json does not have");
    else if (!reads(&reading, json_string_value(also)))
        report_at(checking, path,
                  arena_format(arena, "\"%s\" must be read as %s, too, but is read as %s", example.text,
                               json_string_value(also), told(checking, &reading)));
}

/* Messages about something else. */
static void check_nothing(struct checking *checking, json_t *array) {
    size_t i;
    json_t *value;
    json_array_foreach(array, i, value) {
        char place[64];
        struct reading reading;
        struct read_options options = options_of(checking);
        snprintf(place, sizeof place, "nothing/%zu", i);
        arena_reset(&checking->arena);
        if (!json_is_string(value)) {
            report_at(checking, place, "expected a message in quotes");
            continue;
        }
        intents_read(checking->reader, json_string_value(value), &options, &checking->arena, &reading);
        if (reading.kind == KIND_TRACK)
            report_at(checking, place,
                      arena_format(&checking->arena,
                                   "\"%s\" must not be read as a question for the parcel, but is: %s",
                                   json_string_value(value), told(checking, &reading)));
    }
}

static void check_examples(struct checking *checking, const char *intent, json_t *array, const char *path,
                           bool counter) {
    size_t i;
    json_t *value;
    json_array_foreach(array, i, value) {
        char place[512];
        snprintf(place, sizeof place, "%s/%zu", path, i);
        check_example(checking, intent, value, place, counter);
    }
}

/* Is each a regular expression that PCRE2 takes, not too large for it? */
static void check_patterns(struct checking *checking) {
    const struct language *language = checking->language;
    for (int i = 0; i < language->pattern_count; i++) {
        const struct pattern *pattern = &language->patterns[i];
        struct error err;
        int offset;
        arena_reset(&checking->arena);
        if (pattern->steps && pattern->twin == i &&
            !matcher_check(expression_write(pattern->steps, &language->expression_words, &checking->arena),
                           &offset, &err))
            report(checking, arena_format(&checking->arena, "%s: %s", pattern->rule, err.text));
    }
}

static void check_language(struct checking *checking) {
    const char *name;
    struct error err;
    json_t *intent, *root = language_json(checking->language, &err);
    if (!root) {
        report(checking, err.text);
        return;
    }
    patterns_unused_lists(checking->language, report_found, checking);
    arena_reset(&checking->arena);
    repeats_find(checking->language, root, &checking->arena, report_found, checking);
    check_patterns(checking);
    json_object_foreach(json_object_get(root, "intents"), name, intent) {
        char path[256];
        snprintf(path, sizeof path, "intents/%s/examples", name);
        check_examples(checking, name, json_object_get(intent, "examples"), path, false);
        snprintf(path, sizeof path, "intents/%s/counter_examples", name);
        check_examples(checking, name, json_object_get(intent, "counter_examples"), path, true);
    }
    check_nothing(checking, json_object_get(root, "nothing"));
    json_decref(root);
}

int catalogue_check(const struct catalogue *catalogue, void (*fault)(const char *message, void *context),
                    void *context) {
    struct error err;
    struct checking checking = {.catalogue = catalogue, .fault = fault, .context = context};
    checking.reader = reader_new(catalogue, &err);
    if (!checking.reader) {
        fault(err.text, context);
        return 1;
    }
    arena_init(&checking.arena);
    for (int i = 0; i < catalogue->count; i++) {
        checking.language = catalogue_use(catalogue, i);
        check_language(&checking);
    }
    arena_clear(&checking.arena);
    reader_free(checking.reader);
    return checking.faults;
}
