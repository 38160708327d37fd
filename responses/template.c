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

/* Where a sequence of segments stands, and so what ends it. */
enum place { PLACE_TOP, PLACE_BRANCH, PLACE_PART };

struct parser {
    const char *source, *at;
    const struct vocabulary *vocabulary;
    struct arena *arena;
    struct buffer text; /* of the run of text being read */
    int current;        /* the value that # stands for, or -1 */
    int depth;
    const char *wrong; /* where the fault is; NULL: none so far */
    struct error *err;
};

static struct segment *parse_sequence(struct parser *parser, enum place place);

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

static struct segment *segment_new(struct parser *parser, enum segment_kind kind, const char *at) {
    struct segment *segment = ARENA_NEW(parser->arena, struct segment);
    segment->kind = kind;
    segment->at = (size_t)(at - parser->source);
    segment->value = -1;
    return segment;
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

static bool parse_branches(struct parser *parser, struct segment *segment) {
    struct branch *first = NULL, **last = &first;
    bool other = false;
    const char *begin = parser->at;
    int outer = parser->current;
    parser->current = segment->value;
    for (skip_space(parser); *parser->at && *parser->at != '}'; skip_space(parser)) {
        char name[NAME_MAX_LEN + 1];
        if (!parse_name(parser, name, "the name of a branch") || !parse_sign(parser, '{'))
            return false;
        *last = ARENA_NEW(parser->arena, struct branch);
        (*last)->name = arena_string(parser->arena, name);
        (*last)->first = parse_sequence(parser, PLACE_BRANCH);
        last = &(*last)->next;
        other = other || strcmp(name, "other") == 0;
        if (parser->wrong || !parse_sign(parser, '}'))
            return false;
    }
    parser->current = outer;
    segment->branches = first;
    return other || parse_fails(parser, begin, "expected a branch 'other', for what no branch names");
}

static bool parse_style(struct parser *parser, struct segment *segment, const char *name, const char *at) {
    enum value_kind kind = parser->vocabulary->entries[segment->value].kind;
    for (size_t i = 0; i < sizeof style_rows / sizeof *style_rows; i++)
        if (strcmp(name, style_rows[i].name) == 0 && style_rows[i].kinds & MASK(kind)) {
            segment->style = style_rows[i].style;
            return true;
        }
    return parse_fails(parser, at, "a value of this kind has no style '%s'", name);
}

/* {name} · {name, style} · {name, plural, …} · {name, select, …}; parser->at is behind the brace. */
static struct segment *parse_value(struct parser *parser) {
    char name[NAME_MAX_LEN + 1];
    struct segment *segment = segment_new(parser, SEGMENT_VALUE, parser->at - 1);
    const char *begin = parser->at;
    if (!parse_name(parser, name, "the name of a value"))
        return NULL;
    segment->value = vocabulary_find(parser->vocabulary, name);
    if (segment->value < 0) {
        parse_fails(parser, begin, "there is no value '%s'", name);
        return NULL;
    }
    if (*parser->at == ',') {
        begin = ++parser->at;
        if (!parse_name(parser, name, "plural, select or a style"))
            return NULL;
        enum value_kind kind = parser->vocabulary->entries[segment->value].kind;
        bool plural = strcmp(name, "plural") == 0, select = strcmp(name, "select") == 0;
        if (plural ? kind != VALUE_NUMBER : select && kind != VALUE_CODE)
            parse_fails(parser, begin, "%s", plural ? "plural needs a number" : "select needs a code");
        else if (plural || select) {
            segment->kind = plural ? SEGMENT_PLURAL : SEGMENT_SELECT;
            if (parse_sign(parser, ','))
                parse_branches(parser, segment);
        } else
            parse_style(parser, segment, name, begin);
    }
    return !parser->wrong && parse_sign(parser, '}') ? segment : NULL;
}

/* [ … ] or [ … | … ]; parser->at is behind the bracket. */
static struct segment *parse_part(struct parser *parser) {
    struct segment *segment = segment_new(parser, SEGMENT_PART, parser->at - 1);
    struct branch *first = NULL, **last = &first;
    do {
        *last = ARENA_NEW(parser->arena, struct branch);
        (*last)->first = parse_sequence(parser, PLACE_PART);
        last = &(*last)->next;
    } while (!parser->wrong && *parser->at == '|' && parser->at++);
    segment->branches = first;
    return !parser->wrong && parse_sign(parser, ']') ? segment : NULL;
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

static struct segment *parse_text(struct parser *parser, enum place place) {
    struct segment *segment = segment_new(parser, SEGMENT_TEXT, parser->at);
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
    segment->text = arena_copy(parser->arena, parser->text.bytes, parser->text.len);
    segment->len = parser->text.len;
    return segment;
}

static struct segment *parse_sequence(struct parser *parser, enum place place) {
    struct segment *first = NULL, **last = &first;
    if (++parser->depth > DEPTH_MAX)
        parse_fails(parser, parser->at, "nested deeper than %d levels", DEPTH_MAX);
    while (*parser->at && !parser->wrong) {
        char sign = *parser->at;
        if ((sign == '}' && place == PLACE_BRANCH) || (strchr("]|", sign) && place == PLACE_PART))
            break;
        if (sign == '}' || sign == ']')
            parse_fails(parser, parser->at, "nothing is open that '%c' could close", sign);
        else if (sign == '{' && parser->at++)
            *last = parse_value(parser);
        else if (sign == '[' && parser->at++)
            *last = parse_part(parser);
        else if (sign == '#' && parser->current >= 0) {
            *last = segment_new(parser, SEGMENT_VALUE, parser->at++);
            (*last)->value = parser->current;
            (*last)->style = STYLE_ITSELF;
        } else
            *last = parse_text(parser, place);
        if (*last)
            last = &(*last)->next;
    }
    parser->depth--;
    return first;
}

/* Behind the end of the first sentence of a text: ". ", or "." before something that is not text. 0: none. */
static size_t sentence_end(const struct segment *text) {
    for (size_t i = 0; i < text->len; i++)
        if (strchr(".?!", text->text[i]) && text->text[i]) {
            size_t end = i + 1 + strspn(text->text + i + 1, " ");
            if (end > i + 1 || end == text->len)
                return end;
        }
    return 0;
}

static struct segment *segment_sentence(struct segment *first, struct arena *arena) {
    struct segment *sentence = ARENA_NEW(arena, struct segment);
    struct branch *branch = ARENA_NEW(arena, struct branch);
    branch->first = first;
    *sentence = (struct segment){.kind = SEGMENT_SENTENCE, .at = first->at, .value = -1, .branches = branch};
    return sentence;
}

void template_split(struct template *template, struct arena *arena) {
    struct segment *segment = template->first;
    struct segment **last = &template->first;
    while (segment) {
        struct segment *begin = segment, *next = NULL;
        for (; segment; segment = segment->next) {
            size_t end = segment->kind == SEGMENT_TEXT ? sentence_end(segment) : 0;
            if (!end)
                continue;
            next = segment->next;
            if (end < segment->len) {
                struct segment *rest = ARENA_NEW(arena, struct segment);
                *rest = *segment;
                rest->text += end;
                rest->len -= end;
                next = rest;
                segment->len = end;
            }
            segment->next = NULL;
            break;
        }
        *last = segment_sentence(begin, arena);
        last = &(*last)->next;
        segment = next;
    }
}

struct template *template_compile(const char *source, const struct vocabulary *vocabulary, int current,
                                  struct arena *arena, size_t *at, struct error *err) {
    struct parser parser = {.source = source,
                            .at = source,
                            .vocabulary = vocabulary,
                            .arena = arena,
                            .current = current,
                            .err = err};
    struct template *template = ARENA_NEW(arena, struct template);
    buffer_init(&parser.text, strlen(source) + 1);
    template->first = parse_sequence(&parser, PLACE_TOP);
    buffer_clear(&parser.text);
    if (!parser.wrong)
        return template;
    *at = (size_t)(parser.wrong - source);
    return NULL;
}

static bool render(const struct segment *segment, struct template_reader *reader, struct buffer *out);

static const struct branch *branch_named(const struct branch *branch, const char *name) {
    while (branch && strcmp(branch->name, name) != 0)
        branch = branch->next;
    return branch;
}

/* Apart, so that its array is not in every depth of render. */
static __attribute__((noinline)) const struct branch *branch_for(const struct segment *segment,
                                                                 struct template_reader *reader) {
    const struct branch *branch = NULL;
    int64_t number;
    char exact[1 + TEXT_NUMBER_SIZE] = "=";
    if (segment->kind == SEGMENT_SELECT) {
        const char *code = reader->code(reader->context, segment->value);
        if (!code)
            return NULL;
        branch = branch_named(segment->branches, code);
    } else {
        if (!reader->number(reader->context, segment->value, &number))
            return NULL;
        text_number(exact + 1, number);
        branch = branch_named(segment->branches, exact);
        if (!branch)
            branch = branch_named(segment->branches, reader->plural(reader->context, number));
    }
    return branch ? branch : branch_named(segment->branches, "other");
}

/* The first branch that is whole; what others have added is taken back. */
static bool render_first(const struct branch *branch, struct template_reader *reader, struct buffer *out) {
    size_t len = out->len;
    uint64_t used = reader->used;
    for (; branch; branch = branch->next) {
        if (render(branch->first, reader, out))
            return true;
        out->len = len;
        reader->used = used;
    }
    out->bytes[len] = '\0';
    return false;
}

static bool render(const struct segment *segment, struct template_reader *reader, struct buffer *out) {
    for (; segment; segment = segment->next) {
        int missing = reader->missing;
        switch (segment->kind) {
        case SEGMENT_TEXT: {
            char *room = buffer_room(out, segment->len);
            if (room)
                memcpy(room, segment->text, segment->len);
            continue;
        }
        case SEGMENT_PART:
            render_first(segment->branches, reader, out);
            reader->missing = missing;
            continue;
        case SEGMENT_SENTENCE:
            render_first(segment->branches, reader, out);
            continue;
        case SEGMENT_VALUE:
            if (reader->print(reader->context, segment->value, segment->style, out))
                continue;
            break;
        case SEGMENT_PLURAL:
        case SEGMENT_SELECT: {
            const struct branch *branch = branch_for(segment, reader);
            if (!branch)
                break;
            if (render(branch->first, reader, out))
                continue;
            return false;
        }
        }
        reader->missing = segment->value;
        return false;
    }
    return true;
}

bool template_render(const struct template *template, struct template_reader *reader, struct buffer *out) {
    return render_first(&(struct branch){.first = template->first}, reader, out);
}
