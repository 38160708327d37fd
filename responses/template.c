#include "responses/template.h"
#include "base/text.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 16, NAME_MAX_LEN = 40 };

#define MASK(kind) (1u << (kind))

static const struct style_row {
    const char *name;
    enum style style;
    unsigned kinds;
} style_rows[] = {
    {"date", STYLE_DATE, MASK(VALUE_MOMENT)},
    {"day", STYLE_DAY, MASK(VALUE_MOMENT)},
    {"on", STYLE_ON, MASK(VALUE_MOMENT)},
    {"time", STYLE_TIME, MASK(VALUE_MOMENT)},
    {"at", STYLE_AT, MASK(VALUE_MOMENT)},
    {"digits", STYLE_DIGITS, MASK(VALUE_REFERENCE)},
    {"last4", STYLE_LAST4, MASK(VALUE_REFERENCE)},
    {"words", STYLE_WORDS, MASK(VALUE_NUMBER)},
    {"feminine", STYLE_FEMININE, MASK(VALUE_NUMBER)},
    {"ordinal", STYLE_ORDINAL, MASK(VALUE_NUMBER)},
    {"year", STYLE_YEAR, MASK(VALUE_NUMBER)},
    {"two", STYLE_TWO, MASK(VALUE_NUMBER)},
};

static int entry_compare(const void *name, const void *entry) {
    return strcmp(name, ((const struct vocabulary_entry *)entry)->name);
}

int vocabulary_find(const struct vocabulary *vocabulary, const char *name) {
    const struct vocabulary_entry *found = vocabulary->count
                                               ? bsearch(name, vocabulary->entries, (size_t)vocabulary->count,
                                                         sizeof *vocabulary->entries, entry_compare)
                                               : NULL;
    return found ? (int)(found - vocabulary->entries) : -1;
}

/* Where a sequence of steps stands, and so what ends it. */
enum place { PLACE_TOP, PLACE_BRANCH, PLACE_PART };

struct parser {
    const char *source, *at;
    const struct vocabulary *vocabulary;
    struct arena *arena;
    struct buffer steps; /* struct step */
    struct buffer text;  /* of the run of text being read */
    int current;         /* the value that # stands for, or -1 */
    int depth;
    bool sentences;    /* of the top level, each by itself */
    size_t sentence;   /* the one that is open: its first step is the one behind it */
    const char *wrong; /* where the fault is; NULL: none so far */
    struct error *err;
};

static void parse_sequence(struct parser *parser, enum place place);

static bool parse_fails(struct parser *parser, const char *wrong, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static bool parse_fails(struct parser *parser, const char *wrong, const char *format, ...) {
    if (!parser->wrong) {
        char sentence[256];
        va_list args;
        va_start(args, format);
        vsnprintf(sentence, sizeof sentence, format, args);
        va_end(args);
        error_set(parser->err, "%s", sentence);
        parser->wrong = wrong;
    }
    return false;
}

static size_t step_count(const struct parser *parser) {
    return parser->steps.len / sizeof(struct step);
}

static struct step *step_at(struct parser *parser, size_t index) {
    return (struct step *)(void *)parser->steps.bytes + index;
}

/* Its index. */
static size_t step_add(struct parser *parser, enum step_kind kind, const char *at, int value) {
    struct step step = {
        .kind = (uint8_t)kind, .value = (int16_t)value, .at = (uint32_t)(at - parser->source)};
    buffer_add(&parser->steps, (const char *)&step, sizeof step);
    return step_count(parser) - 1;
}

static void step_text(struct parser *parser, size_t index, const char *text, size_t len) {
    struct step *step = step_at(parser, index);
    step->text = arena_copy(parser->arena, text, len);
    step->len = (uint32_t)len;
}

/* One more of those that go on behind the last of them: until that is known each names the one before. */
static size_t step_leave(struct parser *parser, enum step_kind kind, size_t before) {
    size_t index = step_add(parser, kind, parser->at, -1);
    step_at(parser, index)->to = (uint32_t)before;
    return index;
}

static void steps_meet(struct parser *parser, size_t last) {
    while (last) {
        struct step *step = step_at(parser, last);
        last = step->to;
        step->to = (uint32_t)step_count(parser);
    }
}

static void skip_space(struct parser *parser) {
    parser->at += strspn(parser->at, " ");
}

/* A name of a value, style or branch, into `name`. */
static bool parse_name(struct parser *parser, char name[NAME_MAX_LEN + 1], const char *what) {
    skip_space(parser);
    const char *begin = parser->at;
    size_t len = strspn(begin, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.=-");
    if (!len || len > NAME_MAX_LEN)
        return parse_fails(parser, begin, "expected %s of at most %d letters", what, NAME_MAX_LEN);
    memcpy(name, begin, len);
    name[len] = '\0';
    parser->at += len;
    skip_space(parser);
    return true;
}

static bool parse_sign(struct parser *parser, char sign) {
    if (*parser->at != sign)
        return parse_fails(parser, parser->at, *parser->at ? "expected '%c', found '%.1s'" : "expected '%c'",
                           sign, parser->at);
    parser->at++;
    return true;
}

static bool parse_branches(struct parser *parser, size_t head) {
    const struct step chosen = *step_at(parser, head);
    size_t last = 0, left = 0;
    bool other = false;
    const char *begin = parser->at;
    int outer = parser->current;
    parser->current = chosen.value;
    for (skip_space(parser); *parser->at && *parser->at != '}'; skip_space(parser)) {
        char name[NAME_MAX_LEN + 1];
        if (!parse_name(parser, name, "the name of a branch") || !parse_sign(parser, '{'))
            return false;
        size_t branch = step_add(parser, STEP_BRANCH, parser->source + chosen.at, chosen.value);
        step_text(parser, branch, name, strlen(name));
        if (last)
            step_at(parser, last)->to = (uint32_t)branch;
        last = branch;
        parse_sequence(parser, PLACE_BRANCH);
        left = step_leave(parser, STEP_JUMP, left);
        other = other || strcmp(name, "other") == 0;
        if (parser->wrong || !parse_sign(parser, '}'))
            return false;
    }
    parser->current = outer;
    steps_meet(parser, left);
    return other || parse_fails(parser, begin, "expected a branch 'other', for what no branch names");
}

static bool parse_style(struct parser *parser, struct step *step, const char *name, const char *at) {
    enum value_kind kind = parser->vocabulary->entries[step->value].kind;
    for (size_t i = 0; i < sizeof style_rows / sizeof *style_rows; i++)
        if (strcmp(name, style_rows[i].name) == 0 && style_rows[i].kinds & MASK(kind)) {
            step->style = (uint8_t)style_rows[i].style;
            return true;
        }
    return parse_fails(parser, at, "a value of this kind has no style '%s'", name);
}

/* {name} · {name, style} · {name, plural, …} · {name, select, …}; parser->at is behind the brace. */
static bool parse_value(struct parser *parser) {
    char name[NAME_MAX_LEN + 1];
    const char *begin = parser->at;
    if (!parse_name(parser, name, "the name of a value"))
        return false;
    int value = vocabulary_find(parser->vocabulary, name);
    if (value < 0)
        return parse_fails(parser, begin, "there is no value '%s'", name);
    size_t index = step_add(parser, STEP_VALUE, begin - 1, value);
    if (*parser->at == ',') {
        begin = ++parser->at;
        if (!parse_name(parser, name, "plural, select or a style"))
            return false;
        enum value_kind kind = parser->vocabulary->entries[value].kind;
        bool plural = strcmp(name, "plural") == 0, select = strcmp(name, "select") == 0;
        if (plural ? kind != VALUE_NUMBER : select && kind != VALUE_CODE)
            parse_fails(parser, begin, "%s", plural ? "plural needs a number" : "select needs a code");
        else if (plural || select) {
            step_at(parser, index)->kind = plural ? STEP_PLURAL : STEP_SELECT;
            if (parse_sign(parser, ','))
                parse_branches(parser, index);
        } else
            parse_style(parser, step_at(parser, index), name, begin);
    }
    return !parser->wrong && parse_sign(parser, '}');
}

/* [ … ] or [ … | … ]; parser->at is behind the bracket. */
static bool parse_part(struct parser *parser) {
    const char *begin = parser->at - 1;
    size_t left = 0;
    do {
        size_t part = step_add(parser, STEP_PART, begin, -1);
        parse_sequence(parser, PLACE_PART);
        left = step_leave(parser, STEP_CLOSE, left);
        step_at(parser, part)->to = (uint32_t)step_count(parser);
    } while (!parser->wrong && *parser->at == '|' && parser->at++);
    steps_meet(parser, left);
    return !parser->wrong && parse_sign(parser, ']');
}

/* '' is an apostrophe; ' before one of {}[]#| opens a quotation up to the next '; any other ' is itself. */
static void parse_apostrophe(struct parser *parser) {
    const char *begin = parser->at++;
    if (*parser->at == '\'')
        parser->at++;
    else if (*parser->at && strchr("{}[]#|", *parser->at)) {
        const char *end = strchr(parser->at, '\'');
        if (!end) {
            parse_fails(parser, begin,
                        "a quotation that is not closed; before a brace or bracket an "
                        "apostrophe is written twice");
            return;
        }
        buffer_add(&parser->text, parser->at, (size_t)(end - parser->at));
        parser->at = end + 1;
        return;
    }
    buffer_add(&parser->text, "'", 1);
}

/* Behind the end of the first sentence of a text: ". ", or "." before something that is not text. 0: none. */
static size_t sentence_end(const char *text, size_t len) {
    for (size_t i = 0; i < len; i++)
        if (strchr(".?!", text[i]) && text[i]) {
            size_t end = i + 1 + strspn(text + i + 1, " ");
            if (end > i + 1 || end == len)
                return end;
        }
    return 0;
}

static void sentence_open(struct parser *parser, enum place place) {
    if (parser->sentences && place == PLACE_TOP && !parser->sentence)
        parser->sentence = step_add(parser, STEP_SENTENCE, parser->at, -1) + 1;
}

static void sentence_close(struct parser *parser) {
    if (!parser->sentence)
        return;
    steps_meet(parser, step_leave(parser, STEP_CLOSE, 0));
    step_at(parser, parser->sentence - 1)->to = (uint32_t)step_count(parser);
    parser->sentence = 0;
}

/* Without an end of its sentence a text goes on with what follows. */
static void add_text(struct parser *parser, enum place place, const char *at) {
    const char *text = parser->text.bytes;
    for (size_t len = parser->text.len, taken; len; text += taken, len -= taken) {
        sentence_open(parser, place);
        size_t end = parser->sentence && place == PLACE_TOP ? sentence_end(text, len) : 0;
        taken = end ? end : len;
        step_text(parser, step_add(parser, STEP_TEXT, at, -1), text, taken);
        if (end)
            sentence_close(parser);
    }
}

static void parse_text(struct parser *parser, enum place place) {
    const char *begin = parser->at;
    buffer_reset(&parser->text);
    while (*parser->at && !parser->wrong) {
        char sign = *parser->at;
        if (sign == '\'')
            parse_apostrophe(parser);
        else if (strchr("{}[]", sign) || (sign == '#' && parser->current >= 0) ||
                 (sign == '|' && place == PLACE_PART))
            break;
        else
            buffer_add(&parser->text, parser->at++, 1);
    }
    add_text(parser, place, begin);
}

static void parse_sequence(struct parser *parser, enum place place) {
    if (++parser->depth > DEPTH_MAX)
        parse_fails(parser, parser->at, "nested deeper than %d levels", DEPTH_MAX);
    while (*parser->at && !parser->wrong) {
        char sign = *parser->at;
        if ((sign == '}' && place == PLACE_BRANCH) || (strchr("]|", sign) && place == PLACE_PART))
            break;
        bool hash = sign == '#' && parser->current >= 0;
        if (sign == '{' || sign == '[' || hash)
            sentence_open(parser, place);
        if (sign == '}' || sign == ']')
            parse_fails(parser, parser->at, "nothing is open that '%c' could close", sign);
        else if (sign == '{' && parser->at++)
            parse_value(parser);
        else if (sign == '[' && parser->at++)
            parse_part(parser);
        else if (hash)
            step_at(parser, step_add(parser, STEP_VALUE, parser->at++, parser->current))->style =
                STYLE_ITSELF;
        else
            parse_text(parser, place);
    }
    parser->depth--;
}

struct template *template_compile(const char *source, const struct vocabulary *vocabulary, int current,
                                  bool sentences, struct arena *arena, size_t *at, struct error *err) {
    enum { STEPS_A_BYTE = 4 };
    size_t len = strlen(source);
    struct parser parser = {.source = source,
                            .at = source,
                            .vocabulary = vocabulary,
                            .arena = arena,
                            .current = current,
                            .sentences = sentences,
                            .err = err};
    struct template *template = ARENA_NEW(arena, struct template);
    buffer_init(&parser.text, len + 1);
    buffer_init(&parser.steps, (STEPS_A_BYTE * len + 1) * sizeof(struct step));
    parse_sequence(&parser, PLACE_TOP);
    sentence_close(&parser);
    step_add(&parser, STEP_END, parser.at, -1);
    template->steps = arena_take(arena, parser.steps.bytes, parser.steps.len);
    buffer_clear(&parser.text);
    if (!parser.wrong)
        return template;
    *at = (size_t)(parser.wrong - source);
    return NULL;
}

/* The first branch is the next step. */
static const struct step *branch_named(const struct step *steps, const struct step *branch,
                                       const char *name) {
    while (branch && strcmp(branch->text, name) != 0)
        branch = branch->to ? steps + branch->to : NULL;
    return branch;
}

/* NULL: the value is absent. Apart, so that its array is not in the way of templates without branches. */
static __attribute__((noinline)) const struct step *
branch_for(const struct step *steps, const struct step *step, struct template_reader *reader) {
    const struct step *branch = NULL;
    int64_t number;
    char exact[1 + TEXT_NUMBER_SIZE] = "=";
    if (step->kind == STEP_SELECT) {
        const char *code = reader->code(reader->context, step->value);
        if (!code)
            return NULL;
        branch = branch_named(steps, step + 1, code);
    } else {
        if (!reader->number(reader->context, step->value, &number))
            return NULL;
        text_number(exact + 1, number);
        branch = branch_named(steps, step + 1, exact);
        if (!branch)
            branch = branch_named(steps, step + 1, reader->plural(reader->context, number));
    }
    return branch ? branch : branch_named(steps, step + 1, "other");
}

/* What was opened, and what it is taken back to. */
struct mark {
    const struct step *opened;
    size_t len;
    uint64_t used;
    int missing;
};

static struct mark mark_of(const struct step *opened, const struct template_reader *reader,
                           const struct buffer *out) {
    return (struct mark){opened, out->len, reader->used, reader->missing};
}

static void take_back(const struct mark *mark, struct template_reader *reader, struct buffer *out) {
    out->len = mark->len;
    out->bytes[mark->len] = '\0';
    reader->used = mark->used;
}

bool template_render(const struct template *template, struct template_reader *reader, struct buffer *out) {
    const struct step *steps = template->steps, *step = steps, *branch;
    struct mark marks[1 + DEPTH_MAX + 1], *mark = marks; /* all of it, a sentence and parts in one another */
    *mark = mark_of(NULL, reader, out);
    for (;;) {
        switch ((enum step_kind)step->kind) {
        case STEP_END:
            return true;
        case STEP_TEXT: {
            char *room = buffer_room(out, step->len);
            if (room)
                memcpy(room, step->text, step->len);
            step++;
            continue;
        }
        case STEP_VALUE:
            if (!reader->print(reader->context, step->value, step->style, out))
                break;
            step++;
            continue;
        case STEP_PLURAL:
        case STEP_SELECT:
            branch = branch_for(steps, step, reader);
            if (!branch)
                break;
            step = branch + 1;
            continue;
        case STEP_PART:
        case STEP_SENTENCE:
            *++mark = mark_of(step, reader, out);
            step++;
            continue;
        case STEP_CLOSE:
            mark--;
            step = steps + step->to;
            continue;
        case STEP_BRANCH: /* entered from its STEP_PLURAL or STEP_SELECT only */
        case STEP_JUMP:
            step = steps + step->to;
            continue;
        }
        /* A value is absent. */
        take_back(mark, reader, out);
        const struct step *opened = mark->opened;
        reader->missing = opened && opened->kind == STEP_PART ? mark->missing : step->value;
        if (!opened)
            return false;
        step = steps + opened->to;
        mark--;
    }
}
