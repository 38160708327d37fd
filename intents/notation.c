#include "intents/notation.h"
#include "base/text.h"
#include "intents/entities.h"
#include "intents/fold.h"
#include <stdio.h>
#include <string.h>

enum {
    PATTERN_MAX = 2048,
    SOURCE_MAX = 32 << 10,
    DEPTH_MAX = 16,
    GAP_DEFAULT = 5,
    GAP_MAX = 15,
    PARTS_MAX = 64
};

static const char specials[] = "()[]{}<>|^$~*#/ \t\n";

struct parser {
    const struct notation *notation;
    const char *pattern, *at;
    int depth;
    int offset; /* of the fault */
    struct error *err;
};

/* Steps as they are added one after the other. */
struct sequence {
    struct step *first, **end;
    size_t size;
    bool nonempty;
};

static bool fail(struct parser *parser, const char *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static bool fail(struct parser *parser, const char *at, const char *format, ...) {
    char sentence[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    parser->offset = (int)(at - parser->pattern);
    return error_set(parser->err, "%s", sentence);
}

static bool parse_alternatives(struct parser *parser, char closing, struct node *out);

static void add(struct parser *parser, struct sequence *sequence, struct step step, size_t size) {
    struct step *added = ARENA_NEW(parser->notation->arena, struct step);
    *added = step;
    *sequence->end = added;
    sequence->end = &added->next;
    sequence->size += size;
}

static struct step step_of(const struct parser *parser, const char *word, bool open, bool fuzzy) {
    const struct notation *notation = parser->notation;
    struct step step = {.kind = open ? STEP_BEGINNING : STEP_WORD, .text = word};
    step.number = open ? notation->beginning(notation->context, &step.text)
                       : notation->word(notation->context, &step.text, fuzzy);
    return step;
}

/* The words up to the next sign: "where's" gives two. */
static bool parse_words(struct parser *parser, struct sequence *sequence, bool fuzzy) {
    const char *begin = parser->at;
    size_t len = strcspn(begin, specials);
    for (const char *dots = begin; dots < begin + len; dots++)
        if (strncmp(dots, "...", 3) == 0 || strncmp(dots, "…", 3) == 0)
            len = (size_t)(dots - begin);
    char *folded = fold_words(arena_copy(parser->notation->scratch, begin, len), parser->notation->scratch);
    parser->at += len;
    if (fuzzy && (!folded[0] || strchr(folded, ' ')))
        return fail(parser, begin, "'~' stands before one word, as in ~package");
    bool open = *parser->at == '*';
    if (open && !folded[0])
        return fail(parser, parser->at, "'*' stands right after the beginning of a word, as in deliver*");
    parser->at += open;
    if (open && fuzzy)
        return fail(parser, begin, "a word has either '~' or '*', not both");
    if (!folded[0])
        return true; /* a comma and the like */
    for (char *word = folded, *next; word; word = next) {
        next = strchr(word, ' ');
        if (next)
            *next++ = '\0';
        bool beginning = open && !next;
        add(parser, sequence, step_of(parser, word, beginning, fuzzy),
            strlen(word) + (beginning ? sizeof " [^ ]*" : 1));
    }
    sequence->nonempty = true;
    return true;
}

static void add_choice(struct parser *parser, struct sequence *sequence, struct choice *choice, bool maybe) {
    add(parser, sequence, (struct step){maybe ? STEP_MAYBE : STEP_CHOICE, 0, NULL, choice, NULL},
        choice->size);
}

static bool parse_list(struct parser *parser, struct sequence *sequence) {
    const char *begin = parser->at;
    size_t len = strcspn(begin + 1, "}");
    if (begin[1 + len] != '}')
        return fail(parser, begin, "'{' has no '}'");
    const char *name = arena_copy(parser->notation->scratch, begin + 1, len);
    bool failed = false;
    struct choice *choice = parser->notation->list(parser->notation->context, name, &failed, parser->err);
    if (failed) {
        parser->offset = -1;
        return false;
    }
    if (!choice)
        return fail(parser, begin, "there is no list {%s} in this file; its lists stand under \"lists\"",
                    name);
    add_choice(parser, sequence, choice, false);
    sequence->nonempty = true;
    parser->at = begin + len + 2;
    return true;
}

static bool parse_mark(struct parser *parser, struct sequence *sequence) {
    const char *begin = parser->at;
    size_t len = strcspn(begin + 1, ">");
    for (uint16_t i = 0; begin[1 + len] && i < MARK_COUNT; i++)
        if (strlen(mark_names[i]) == len && strncmp(mark_names[i], begin + 1, len) == 0) {
            add(parser, sequence,
                (struct step){STEP_MARK, (uint16_t)(i + 1),
                              arena_string(parser->notation->arena, mark_names[i]), NULL, NULL},
                sizeof " <[a-z_,]*[a-z_,]*>" + len + parser->notation->date_size);
            sequence->nonempty = true;
            parser->at = begin + len + 2;
            return true;
        }
    return fail(
        parser, begin,
        "after '<' one of order_number, tracking_number, email, postcode, phone, date, time, amount and '>'");
}

static void parse_number(struct parser *parser, struct sequence *sequence) {
    bool ordinal = strncmp(parser->at, "#th", 3) == 0;
    parser->at += ordinal ? 3 : 1;
    add(parser, sequence, (struct step){.kind = ordinal ? STEP_ORDINAL : STEP_NUMBER},
        parser->notation->number_size);
    sequence->nonempty = true;
}

static bool parse_gap(struct parser *parser, struct sequence *sequence) {
    const char *begin = parser->at;
    int words = 0;
    parser->at += strncmp(begin, "…", 3) == 0 ? strlen("…") : 3;
    for (; *parser->at >= '0' && *parser->at <= '9' && words <= GAP_MAX; parser->at++)
        words = words * 10 + *parser->at - '0';
    if (parser->at[-1] == '.' || begin + strlen("…") == parser->at)
        words = GAP_DEFAULT;
    if (words < 1 || words > GAP_MAX)
        return fail(parser, begin, "a gap is of 1 to %d words", GAP_MAX);
    add(parser, sequence, (struct step){.kind = STEP_GAP, .number = (uint16_t)words},
        sizeof "(?: [^ .][^ ]*){0,15}?");
    return true;
}

static void parse_anchor(struct parser *parser, struct sequence *sequence) {
    add(parser, sequence, (struct step){.kind = *parser->at == '^' ? STEP_START : STEP_END}, 18);
    parser->at++;
}

static bool parse_group(struct parser *parser, struct sequence *sequence) {
    const char *begin = parser->at++;
    char closing = *begin == '(' ? ')' : ']';
    struct node node;
    if (++parser->depth > DEPTH_MAX)
        return fail(parser, begin, "brackets are nested more than %d deep", DEPTH_MAX);
    if (!parse_alternatives(parser, closing, &node))
        return false;
    if (*parser->at != closing)
        return fail(parser, begin, "'%c' has no '%c'", *begin, closing);
    parser->at++;
    parser->depth--;
    add_choice(parser, sequence, notation_choice(parser->notation->arena, &node, 1), closing == ']');
    sequence->nonempty |= closing == ')' && !node.may_be_empty;
    return true;
}

static bool parse_item(struct parser *parser, struct sequence *sequence) {
    switch (*parser->at) {
    case ' ':
    case '\t':
    case '\n':
        parser->at++;
        return true;
    case '(':
    case '[':
        return parse_group(parser, sequence);
    case '{':
        return parse_list(parser, sequence);
    case '<':
        return parse_mark(parser, sequence);
    case '^':
    case '$':
        parse_anchor(parser, sequence);
        return true;
    case '#':
        parse_number(parser, sequence);
        return true;
    case '~':
        parser->at++;
        return parse_words(parser, sequence, true);
    case ')':
    case ']':
    case '}':
    case '>':
        return fail(parser, parser->at, "'%c' closes nothing", *parser->at);
    case '*':
        return fail(parser, parser->at, "'*' stands right after the beginning of a word, as in deliver*");
    case '/':
        return fail(parser, parser->at,
                    "'/' stands only around a whole pattern that is a regular expression");
    default:
        if (strncmp(parser->at, "...", 3) == 0 || strncmp(parser->at, "…", 3) == 0)
            return parse_gap(parser, sequence);
        return parse_words(parser, sequence, false);
    }
}

static bool parse_sequence(struct parser *parser, char closing, struct node *out) {
    struct sequence sequence = {.end = &sequence.first};
    const char *begin = parser->at;
    bool ended = false;
    while (*parser->at && *parser->at != '|' && *parser->at != closing) {
        const char *item = parser->at;
        bool began = sequence.nonempty;
        if (*item == '^' && began)
            return fail(parser, item, "'^' is where a sentence begins: nothing can stand before it");
        sequence.nonempty = false;
        if (!parse_item(parser, &sequence))
            return false;
        if (ended && sequence.nonempty)
            return fail(parser, item, "'$' is where a sentence ends: nothing can stand after it");
        ended |= *item == '$';
        sequence.nonempty |= began;
    }
    *out = (struct node){.steps = sequence.first, .size = sequence.size, .may_be_empty = !sequence.nonempty};
    return sequence.size <= SOURCE_MAX ||
           fail(parser, begin, "the pattern is too long with its lists: %d bytes are the most", SOURCE_MAX);
}

static bool parse_alternatives(struct parser *parser, char closing, struct node *out) {
    struct node parts[PARTS_MAX];
    for (int count = 0;; parser->at++) {
        const char *begin = parser->at;
        if (count == PARTS_MAX)
            return fail(parser, begin, "more than %d alternatives: make a list of them", PARTS_MAX);
        if (!parse_sequence(parser, closing, &parts[count++]))
            return false;
        if (closing && !parts[count - 1].steps)
            return fail(parser, begin, "an empty alternative: use [ ] for what may be absent");
        if (*parser->at == '|')
            continue;
        *out = parts[0];
        if (count == 1)
            return true;
        struct step *step = ARENA_NEW(parser->notation->arena, struct step);
        *step = (struct step){.kind = STEP_CHOICE,
                              .choice = notation_choice(parser->notation->arena, parts, count)};
        *out = (struct node){.steps = step, .size = step->choice->size};
        for (int i = 0; i < count; i++)
            out->may_be_empty |= parts[i].may_be_empty;
        return true;
    }
}

/* Brackets around alternatives: "(a|b)" is one choice, not one in another. */
struct choice *notation_choice(struct arena *arena, const struct node *nodes, int count) {
    if (count == 1 && nodes[0].steps && nodes[0].steps->kind == STEP_CHOICE && !nodes[0].steps->next)
        return nodes[0].steps->choice;
    struct choice *choice = ARENA_NEW(arena, struct choice);
    choice->ways = ARENA_ARRAY(arena, const struct step *, (size_t)count);
    choice->count = count;
    choice->size = sizeof "(?:)?";
    for (int i = 0; i < count; i++) {
        choice->ways[i] = nodes[i].steps;
        choice->size += nodes[i].size + 1;
    }
    return choice;
}

static bool raw_regex(struct parser *parser, struct node *out) {
    size_t len = strlen(parser->pattern);
    if (len < 3 || parser->pattern[len - 1] != '/')
        return fail(parser, parser->pattern,
                    "a pattern that begins with '/' is a regular expression and ends with '/'");
    *out = (struct node){.regex = arena_copy(parser->notation->arena, parser->pattern + 1, len - 2)};
    return true;
}

bool notation_read(const struct notation *notation, const char *pattern, struct node *out, int *offset,
                   struct error *err) {
    struct parser parser = {.notation = notation, .pattern = pattern, .at = pattern, .err = err};
    bool good;
    if (strlen(pattern) > PATTERN_MAX)
        good = fail(&parser, pattern, "a pattern is of at most %d bytes", PATTERN_MAX);
    else if (pattern[0] == '/')
        good = raw_regex(&parser, out);
    else {
        good = parse_alternatives(&parser, '\0', out);
        if (good && *parser.at)
            good = fail(&parser, parser.at, "'%c' closes nothing", *parser.at);
        if (good && out->may_be_empty)
            good = fail(&parser, pattern, "this would match anything: at least one word must be there");
    }
    *offset = parser.offset;
    return good;
}

bool notation_read_part(const struct notation *notation, const char *pattern, struct node *out, int *offset,
                        struct error *err) {
    *offset = 0;
    if (pattern[0] == '/')
        return error_set(err, "a list takes no regular expression");
    return notation_read(notation, pattern, out, offset, err);
}
