#include "intents/examples/examples.h"
#include "base/text.h"
#include "intents/examples/lessons.h"
#include "intents/vote.h"
#include <stdlib.h>
#include <string.h>

struct reading_examples {
    struct examples *out;
    const struct catalogue *catalogue;
    const struct data *lessons;
    const struct language *language;
    struct reader *reader;
    struct arena arena; /* reset for each example */
    struct error *err;
};

static bool add(struct reading_examples *from, const struct example *example) {
    struct examples *out = from->out;
    if (out->count == out->size) {
        int size = out->size ? 2 * out->size : 4096;
        struct example *rows = realloc(out->rows, (size_t)size * sizeof *rows);
        if (!rows)
            return error_set(from->err, "out of memory for %d examples", size);
        out->rows = rows;
        out->size = size;
    }
    out->rows[out->count++] = *example;
    return true;
}

static void mean(const struct reading_examples *from, struct example *example, int intent) {
    example->intents[intent] = MEANT;
    example->kinds[from->catalogue->domain.intents[intent].kind] = MEANT;
}

static void mean_nothing(const struct reading_examples *from, struct example *example) {
    memset(example->kinds, NOT_MEANT, sizeof example->kinds);
    memset(example->intents, NOT_MEANT, (size_t)from->catalogue->domain.count);
}

static void mean_also(const struct reading_examples *from, struct example *example, json_t *value) {
    size_t i;
    json_t *also;
    json_array_foreach(json_object_get(value, "also"), i, also) {
        int intent =
            json_is_string(also) ? domain_find(&from->catalogue->domain, json_string_value(also)) : -1;
        if (intent >= 0)
            mean(from, example, intent);
    }
}

/* What the rules alone make of it. */
static void read_by_rules(struct reading_examples *from, struct example *example, struct reading *out) {
    struct read_options options = {.locale = from->language->code, .country = "", .expected = -1};
    arena_reset(&from->arena);
    intents_read(from->reader, example->text, &options, &from->arena, out);
    example->evidence = vote_evidence(out, out->sure);
}

static void read_counter(struct reading_examples *from, struct example *example, int intent,
                         const struct reading *reading) {
    const struct domain *domain = &from->catalogue->domain;
    if (reading->sure) {
        mean_nothing(from, example);
        for (int i = 0; i < reading->count; i++)
            mean(from, example, (int)(reading->intents[i].intent - domain->intents));
    } else if (domain->intents[intent].kind == KIND_TRACK && reading->kind != KIND_TRACK)
        example->kinds[KIND_TRACK] = NOT_MEANT; /* what is like one question for the parcel and no other */
    example->intents[intent] = NOT_MEANT;
}

static struct example new_example(struct reading_examples *from, json_t *value, size_t index, size_t count) {
    json_t *text = json_is_object(value) ? json_object_get(value, "text") : value;
    return (struct example){.text = arena_string(&from->out->arena, json_string_value(text)),
                            .fold = (int)(index * FOLDS / count),
                            .intents = arena_alloc(&from->out->arena, (size_t)from->catalogue->domain.count)};
}

static bool read_array(struct reading_examples *from, int intent, json_t *array, bool counter) {
    size_t i;
    json_t *value;
    json_array_foreach(array, i, value) {
        struct example example = new_example(from, value, i, json_array_size(array));
        if (!example.text)
            continue; /* wismo check names it */
        struct reading reading;
        read_by_rules(from, &example, &reading);
        if (counter)
            read_counter(from, &example, intent, &reading);
        else {
            mean_nothing(from, &example);
            mean(from, &example, intent);
            mean_also(from, &example, value);
        }
        if (!add(from, &example))
            return false;
    }
    return true;
}

static bool read_nothing(struct reading_examples *from, json_t *array) {
    size_t i;
    json_t *value;
    json_array_foreach(array, i, value) {
        struct example example = new_example(from, value, i, json_array_size(array));
        if (!example.text)
            continue;
        struct reading reading;
        read_by_rules(from, &example, &reading);
        mean_nothing(from, &example);
        if (!add(from, &example))
            return false;
    }
    return true;
}

static bool read_intents(struct reading_examples *from, json_t *root) {
    const char *name;
    json_t *value;
    json_object_foreach(json_object_get(root, "intents"), name, value) {
        int intent = domain_find(&from->catalogue->domain, name);
        if (intent >= 0 && !(read_array(from, intent, json_object_get(value, "examples"), false) &&
                             read_array(from, intent, json_object_get(value, "counter_examples"), true)))
            return false;
    }
    return read_nothing(from, json_object_get(root, "nothing"));
}

static bool read_language(struct reading_examples *from) {
    json_t *root = language_json(from->language, from->err);
    bool good = root && read_intents(from, root);
    json_decref(root);
    return good;
}

static bool mean_named(const struct reading_examples *from, struct example *example,
                       const struct lesson *lesson, struct error *err) {
    mean_nothing(from, example);
    for (const char *at = lesson->names; *at; at += strspn(at, " ")) {
        size_t len = strcspn(at, " ");
        const char *name = arena_copy(&from->out->arena, at, len);
        int intent = domain_find(&from->catalogue->domain, name);
        if (intent >= 0)
            mean(from, example, intent);
        else if (!text_is(name, "nothing"))
            return lesson_fault(
                lesson,
                arena_format(&from->out->arena,
                             "the heading names \"%s\"; expected intents of domain.json, or \"nothing\"",
                             name),
                err);
        at += len;
    }
    return true;
}

static bool add_lesson(const struct lesson *lesson, void *context, struct error *err) {
    struct reading_examples *from = context;
    struct reading reading;
    struct example example = {.text = arena_string(&from->out->arena, lesson->text),
                              .lesson = true,
                              .fold = (int)((long)lesson->index * FOLDS / lesson->count),
                              .intents =
                                  arena_alloc(&from->out->arena, (size_t)from->catalogue->domain.count)};
    if (!mean_named(from, &example, lesson, err))
        return false;
    read_by_rules(from, &example, &reading);
    return add(from, &example);
}

/* "fr.posts.txt" is of fr. */
static bool read_lessons(const char *name, void *context, struct error *err) {
    struct reading_examples *from = context;
    const char *code = from->language->code;
    size_t len = strlen(code);
    return strncmp(name, code, len) != 0 || name[len] != '.' ||
           lessons_read(from->lessons, name, &from->out->arena, add_lesson, from, err);
}

bool examples_read(struct examples *out, const struct catalogue *catalogue, const struct data *lessons,
                   struct error *err) {
    *out = (struct examples){.count = 0};
    struct reading_examples from = {.out = out,
                                    .catalogue = catalogue,
                                    .lessons = lessons,
                                    .language = catalogue_use(catalogue, 0),
                                    .err = err};
    arena_init(&from.arena);
    arena_init(&out->arena);
    bool good = (from.reader = reader_new(catalogue, err)) != NULL && read_language(&from) &&
                data_each(lessons, ".txt", read_lessons, &from, err);
    arena_clear(&from.arena);
    reader_free(from.reader);
    return good;
}

void examples_clear(struct examples *examples) {
    arena_clear(&examples->arena);
    free(examples->rows);
    *examples = (struct examples){.count = 0};
}
