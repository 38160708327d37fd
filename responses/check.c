#include "responses/book.h"
#include <ctype.h>
#include <stdio.h>
#include <string.h>

struct check {
    const struct phrasebook *book;
    const struct language *language;
    const struct declared_phrase *phrase; /* NULL inside the table of codes */
    const struct variant *variant;
    bool spoken;
    void (*fault)(const char *message, void *context);
    void *context;
    int count;
};

static void found(struct check *check, const struct book_file *file, const char *path, size_t offset,
                  const char *format, ...) __attribute__((format(printf, 5, 6)));

static void found(struct check *check, const struct book_file *file, const char *path, size_t offset,
                  const char *format, ...) {
    char message[768];
    book_place(file, path, offset, message, sizeof message);
    size_t len = strlen(message);
    va_list args;
    va_start(args, format);
    vsnprintf(message + len, sizeof message - len, format, args);
    va_end(args);
    check->count++;
    if (check->fault)
        check->fault(message, check->context);
}

#define FOUND(check, offset, ...)                                                                            \
    found((check), &(check)->language->file, (check)->variant->path, (offset), __VA_ARGS__)

static const struct declared_value *declared(const struct declared_phrase *phrase, int fact) {
    for (int i = 0; i < phrase->value_count; i++)
        if ((int)phrase->values[i].fact == fact)
            return &phrase->values[i];
    return NULL;
}

static void check_text(struct check *check, const struct step *step) {
    char text[BOOK_TEXT_MAX];
    snprintf(text, sizeof text, "%.*s", (int)step->len, step->text);
    const char *brace = strpbrk(text, "{}[]|");
    if (brace)
        FOUND(check, step->at,
              "a '%c' would be said as it is; an apostrophe before a brace or bracket is "
              "written twice",
              *brace);
    if (!check->spoken)
        return;
    const char *symbol = strpbrk(text, "&<>*#_/\\@\"()=+%0123456789");
    if (strstr(text, "://") || strstr(text, "www."))
        FOUND(check, step->at, "an address of the web cannot be spoken");
    else if (symbol)
        FOUND(check, step->at, "'%c' cannot be spoken; write it in words or leave it out", *symbol);
}

static void check_value(struct check *check, const struct step *step, bool guarded) {
    const struct vocabulary_entry *entry = &fact_vocabulary.entries[step->value];
    const struct declared_value *value = check->phrase ? declared(check->phrase, step->value) : NULL;
    if (!check->phrase) {
        if (step->style != STYLE_ITSELF)
            FOUND(check, step->at, "the text of a code can name nothing but # (the code itself)");
    } else if (!value)
        FOUND(check, step->at, "%s is not given a value '%s' (phrases.json names those it is given)",
              check->phrase->name, entry->name);
    else if (value->optional && !guarded)
        FOUND(check, step->at, "'%s' may be absent; put the words around it in [ ]", entry->name);
    if (check->spoken && entry->kind == VALUE_LINK)
        FOUND(check, step->at, "a link cannot be spoken");
}

static void check_branch(struct check *check, const struct step *step) {
    bool plural = fact_vocabulary.entries[step->value].kind == VALUE_NUMBER;
    if (plural && step->text[0] != '=' &&
        !locale_has_plural(language_locale(check->book, check->language, 0), step->text))
        FOUND(check, step->at, "%s has no plural '%s'", check->language->name, step->text);
}

static void check_steps(struct check *check, const struct template *template) {
    int parts = 0; /* open; sentences stand in none */
    for (const struct step *step = template->steps; step->kind != STEP_END; step++)
        switch ((enum step_kind)step->kind) {
        case STEP_TEXT:
            check_text(check, step);
            break;
        case STEP_VALUE:
        case STEP_PLURAL:
        case STEP_SELECT:
            check_value(check, step, parts > 0);
            break;
        case STEP_BRANCH:
            check_branch(check, step);
            break;
        case STEP_PART:
            parts++;
            break;
        case STEP_CLOSE:
            parts -= parts > 0;
            break;
        case STEP_SENTENCE:
        case STEP_JUMP:
        case STEP_END:
            break;
        }
}

static uint64_t named_values(const struct template *template) {
    uint64_t values = 0;
    for (const struct step *step = template->steps; step->kind != STEP_END; step++)
        if (step->value >= 0)
            values |= UINT64_C(1) << step->value;
    return values;
}

/* What reads badly wherever it stands. */
static const char *hole(const char *text) {
    static const char *const holes[] = {"  ", " .", " ,", "..", ",.", ",,", "( ", " )", "()"};
    size_t len = strlen(text);
    for (size_t i = 0; i < sizeof holes / sizeof *holes; i++)
        if (strstr(text, holes[i]))
            return holes[i];
    return !len ? "nothing" : text[0] == ' ' || text[len - 1] == ' ' ? "a space at an end" : NULL;
}

static struct value sample(enum fact fact, const struct code_text *codes) {
    enum value_kind kind = fact_vocabulary.entries[fact].kind;
    struct value value = {.fact = fact,
                          .text = "AB12345",
                          .number = 2,
                          .present = true,
                          .moment = moment_at(INT64_C(1773237720000), 60)};
    if (kind == VALUE_LINK)
        value.text = "https://example.org/p";
    if (kind == VALUE_CODE && codes)
        value.text = codes->code;
    return value;
}

/* As it is said with every value, and with none of those that may be absent. */
static void check_said(struct check *check, bool optional) {
    struct value values[FACTS];
    struct phrase phrase = {.name = check->phrase->name,
                            .locale = check->language->name,
                            .voice = check->spoken ? VOICE_SPOKEN : VOICE_WRITTEN,
                            .now_ms = INT64_C(1773100000000),
                            .values = values};
    struct buffer out;
    uint64_t used;
    int missing;
    for (int i = 0; i < check->phrase->value_count; i++) {
        const struct declared_value *value = &check->phrase->values[i];
        if (optional || !value->optional)
            values[phrase.value_count++] = sample(value->fact, check->language->codes[value->fact]);
    }
    buffer_init(&out, BOOK_TEXT_MAX);
    book_render(check->language, language_locale(check->book, check->language, 0), check->variant->template,
                &phrase, &out, &used, &missing);
    const char *wrong = hole(out.bytes);
    if (wrong)
        FOUND(check, 0, "with%s its optional values this leaves '%s': \"%s\"", optional ? "" : "out", wrong,
              out.bytes);
    buffer_clear(&out);
}

static void check_wording(struct check *check, const struct wording *wording, int voice) {
    check->spoken = voice == VOICE_SPOKEN;
    for (int i = 0; i < wording->count[voice]; i++) {
        check->variant = &wording->variants[voice][i];
        int before = check->count;
        check_steps(check, check->variant->template);
        if (named_values(check->variant->template) != named_values(wording->variants[voice][0].template))
            FOUND(check, 0, "this variant names other values than the first of %s; all say the same facts",
                  check->phrase->name);
        if (check->count == before) {
            check_said(check, true);
            check_said(check, false);
        }
    }
    if (!wording->count[voice])
        found(check, &check->language->file, wording->path, 0, "%s has no %s form", check->phrase->name,
              check->spoken ? "spoken" : "written");
}

static void check_codes(struct check *check) {
    check->phrase = NULL;
    check->spoken = true;
    for (int i = 0; i < FACTS; i++)
        for (const struct code_text *row = check->language->codes[i]; row; row = row->next) {
            check->variant = &row->text;
            check_steps(check, row->text.template);
        }
}

int phrasebook_check(const struct phrasebook *book, void (*fault)(const char *message, void *context),
                     void *context) {
    struct check check = {.book = book, .fault = fault, .context = context};
    for (check.language = book->languages; check.language; check.language = check.language->next) {
        language_use(book, check.language);
        for (int i = 0; i < book->phrase_count; i++) {
            const struct wording *wording = &check.language->wordings[i];
            check.phrase = &book->phrases[i];
            if (!wording->path)
                found(&check, &check.language->file, "phrases", 0, "the phrase '%s' is missing",
                      check.phrase->name);
            for (int voice = 0; wording->path && voice < 2; voice++)
                check_wording(&check, wording, voice);
        }
        check_codes(&check);
    }
    return check.count;
}
