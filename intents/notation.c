#include "intents/notation.h"
#include "base/buffer.h"
#include "base/text.h"
#include "intents/fold.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    PATTERN_MAX = 2048,
    SOURCE_MAX = 32 << 10,
    DEPTH_MAX = 16,
    GAP_DEFAULT = 5,
    GAP_MAX = 15,
    LITERALS_MAX = 256,
    LITERAL_MAX = 16,
    PARTS_MAX = 64
};

static const char specials[] = "()[]{}<>|^$~*#/ \t\n";
static const char *const marks[] = {"order_number", "tracking_number", "email", "postcode", "phone", "date",
                                    "time",         "amount"};

struct parser {
    const struct notation *notation;
    const char *pattern, *at;
    int depth;
    int offset; /* of the fault */
    struct error *err;
};

/* A sequence as it grows: its source, the run of plain words at its end, and the best literals so far. */
struct sequence {
    struct buffer source, run;
    struct node best;
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

/* The literals that are sought first should be rare: long, and few. */
static double selectivity(const struct literals *literals) {
    size_t shortest = SIZE_MAX;
    for (int i = 0; i < literals->count; i++) {
        size_t len = strlen(literals->items[i]);
        shortest = len < shortest ? len : shortest;
    }
    return (double)shortest - literals->count / 3.0;
}

/* Keeps the most selective. */
static void require(struct node *node, const struct literals *literals) {
    int at = node->literals_count;
    while (at > 0 && selectivity(literals) > selectivity(&node->literals[at - 1]))
        at--;
    if (at == NODE_LITERALS)
        return;
    node->literals_count += node->literals_count < NODE_LITERALS;
    memmove(&node->literals[at + 1], &node->literals[at],
            sizeof *literals * (size_t)(node->literals_count - at - 1));
    node->literals[at] = *literals;
}

static void end_run(struct parser *parser, struct sequence *sequence, bool whole_word) {
    if (sequence->run.len > 0) {
        struct arena *arena = parser->notation->arena;
        struct literals run = {ARENA_ARRAY(arena, const char *, 1), 1};
        if (whole_word)
            buffer_string(&sequence->run, " ");
        size_t len = sequence->run.len < LITERAL_MAX ? sequence->run.len : LITERAL_MAX;
        run.items[0] = arena_copy(arena, sequence->run.bytes, len); /* a beginning is enough to find it by */
        require(&sequence->best, &run);
        buffer_reset(&sequence->run);
    }
}

/* Sources are long; formatting them would be most of the time of a start. */
static const char *joined(struct arena *arena, const char *before, const char *source, const char *after) {
    size_t before_len = strlen(before), len = strlen(source), after_len = strlen(after);
    char *all = arena_alloc(arena, before_len + len + after_len + 1);
    memcpy(all, before, before_len);
    memcpy(all + before_len, source, len);
    memcpy(all + before_len + len, after, after_len);
    return all;
}

static bool parse_alternatives(struct parser *parser, char closing, struct node *out);

static void add_node(struct parser *parser, struct sequence *sequence, const struct node *node) {
    end_run(parser, sequence, true);
    buffer_string(&sequence->source, node->source);
    if (!node->may_be_empty) {
        for (int i = 0; i < node->literals_count; i++)
            require(&sequence->best, &node->literals[i]);
        sequence->nonempty = true;
    }
}

/* The words up to the next sign: "where's" gives two. */
static bool parse_words(struct parser *parser, struct sequence *sequence, bool fuzzy) {
    const char *begin = parser->at;
    size_t len = strcspn(begin, specials);
    for (const char *dots = begin; dots < begin + len; dots++)
        if (strncmp(dots, "...", 3) == 0 || strncmp(dots, "…", 3) == 0)
            len = (size_t)(dots - begin);
    char *folded = fold_words(arena_copy(parser->notation->arena, begin, len), parser->notation->arena);
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
        buffer_string(&sequence->source, " ");
        buffer_string(&sequence->source, word);
        buffer_string(&sequence->run, " ");
        buffer_string(&sequence->run, word);
        if (next || !open)
            parser->notation->word(parser->notation->context, word, fuzzy);
    }
    if (open) {
        buffer_string(&sequence->source, "[^ ]*");
        end_run(parser, sequence, false);
    }
    sequence->nonempty = true;
    return true;
}

static bool parse_list(struct parser *parser, struct sequence *sequence) {
    const char *begin = parser->at;
    size_t len = strcspn(begin + 1, "}");
    if (begin[1 + len] != '}')
        return fail(parser, begin, "'{' has no '}'");
    const char *name = arena_copy(parser->notation->arena, begin + 1, len);
    bool failed = false;
    const struct node *node = parser->notation->list(parser->notation->context, name, &failed, parser->err);
    if (failed) {
        parser->offset = -1;
        return false;
    }
    if (!node)
        return fail(parser, begin, "there is no list {%s} in this file; its lists stand under \"lists\"",
                    name);
    add_node(parser, sequence, node);
    parser->at = begin + len + 2;
    return true;
}

static bool parse_mark(struct parser *parser, struct sequence *sequence) {
    const char *begin = parser->at;
    size_t len = strcspn(begin + 1, ">");
    struct arena *arena = parser->notation->arena;
    for (size_t i = 0; begin[1 + len] && i < sizeof marks / sizeof marks[0]; i++)
        if (strlen(marks[i]) == len && strncmp(marks[i], begin + 1, len) == 0) {
            bool words = text_is(marks[i], "date") && parser->notation->date[0];
            struct node node = {.literals_count = !words,
                                .literals = {{ARENA_ARRAY(arena, const char *, 1), 1}}};
            node.literals[0].items[0] = marks[i];
            node.source = arena_format(arena, "(?: <[a-z_,]*%s[a-z_,]*>%s%s)", marks[i], words ? "|" : "",
                                       words ? parser->notation->date : "");
            add_node(parser, sequence, &node);
            parser->at = begin + len + 2;
            return true;
        }
    return fail(
        parser, begin,
        "after '<' one of order_number, tracking_number, email, postcode, phone, date, time, amount and '>'");
}

static bool parse_number(struct parser *parser, struct sequence *sequence) {
    bool ordinal = strncmp(parser->at, "#th", 3) == 0;
    const char *endings = parser->notation->ordinals, *words = parser->notation->number,
               *ordinals = parser->notation->ordinal_words;
    parser->at += ordinal ? 3 : 1;
    struct arena *arena = parser->notation->arena;
    struct node node = {0};
    if (ordinal)
        node.source = arena_format(arena, "( \\d{1,2} ?(?:%s)%s%s)", endings[0] ? endings : "(*FAIL)",
                                   ordinals[0] ? "|" : "", ordinals);
    else
        node.source = arena_format(arena, "( \\d{1,4}(?:%s)?%s%s)", endings, words[0] ? "|" : "", words);
    add_node(parser, sequence, &node);
    return true;
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
    end_run(parser, sequence, true);
    buffer_format(&sequence->source, "(?: [^ .][^ ]*){0,%d}?", words);
    return true;
}

static bool parse_anchor(struct parser *parser, struct sequence *sequence) {
    end_run(parser, sequence, true);
    buffer_string(&sequence->source, *parser->at == '^' ? "(?:^|(?<= \\.))" : "(?= \\z| \\. )");
    parser->at++;
    return true;
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
    if (closing == ']') {
        node.source = joined(parser->notation->arena, "", node.source, "?");
        node.may_be_empty = true;
    }
    add_node(parser, sequence, &node);
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
        return parse_anchor(parser, sequence);
    case '#':
        return parse_number(parser, sequence);
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
    struct sequence sequence = {0};
    bool good = true;
    buffer_init(&sequence.source, SOURCE_MAX);
    buffer_init(&sequence.run, SOURCE_MAX);
    const char *begin = parser->at;
    while (good && *parser->at && *parser->at != '|' && *parser->at != closing)
        good = parse_item(parser, &sequence);
    if (good) {
        end_run(parser, &sequence, true);
        *out = sequence.best;
        out->source = arena_copy(parser->notation->arena, sequence.source.bytes, sequence.source.len);
        out->may_be_empty = !sequence.nonempty;
        if (sequence.source.full)
            good = fail(parser, begin, "the pattern is too long with its lists: %d bytes are the most",
                        SOURCE_MAX);
    }
    buffer_clear(&sequence.source);
    buffer_clear(&sequence.run);
    return good;
}

static bool parse_alternatives(struct parser *parser, char closing, struct node *out) {
    struct node parts[PARTS_MAX];
    for (int count = 0;; parser->at++) {
        const char *begin = parser->at;
        if (count == PARTS_MAX)
            return fail(parser, begin, "more than %d alternatives: make a list of them", PARTS_MAX);
        if (!parse_sequence(parser, closing, &parts[count++]))
            return false;
        if (parts[count - 1].may_be_empty && closing && parts[count - 1].source[0] == '\0')
            return fail(parser, begin, "an empty alternative: use [ ] for what may be absent");
        if (*parser->at != '|') {
            notation_any(parser->notation->arena, parts, count, out);
            return true;
        }
    }
}

/* Words alone: no sign of the regular expression's. */
static bool is_plain(const char *source) {
    for (const char *at = source; *at; at++)
        if (!(*at == ' ' || (*at >= 'a' && *at <= 'z') || (*at >= '0' && *at <= '9') ||
              (unsigned char)*at >= 0x80))
            return false;
    return source[0] != '\0';
}

static int compare_strings(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Sorted strings that share their first `depth` bytes, as alternatives that branch where they differ: " b", "
 * bad", " bar" → " b(?:a(?:d|r))?". What is not tried byte by byte is not tried at all. */
static void add_trie(struct buffer *source, const char *const *strings, int count, size_t depth) {
    bool ends = strings[0][depth] == '\0';
    while (count > 0 && strings[0][depth] == '\0') { /* and its copies */
        strings++;
        count--;
    }
    if (count == 0)
        return;
    bool branches = strings[0][depth] != strings[count - 1][depth];
    if (ends || branches)
        buffer_string(source, "(?:");
    for (int begin = 0, end; begin < count; begin = end) {
        for (end = begin + 1; end < count && strings[end][depth] == strings[begin][depth];)
            end++;
        if (begin > 0)
            buffer_string(source, "|");
        buffer_add(source, &strings[begin][depth], 1);
        add_trie(source, strings + begin, end - begin, depth + 1);
    }
    if (ends || branches)
        buffer_string(source, ends ? ")?" : ")");
}

static void add_sources(struct buffer *source, struct arena *arena, const struct node *nodes, int count) {
    const char **plain = ARENA_ARRAY(arena, const char *, (size_t)count);
    int plain_count = 0;
    for (int i = 0; i < count; i++)
        if (is_plain(nodes[i].source))
            plain[plain_count++] = nodes[i].source;
    if (plain_count > 0) {
        qsort(plain, (size_t)plain_count, sizeof *plain, compare_strings);
        add_trie(source, plain, plain_count, 0);
    }
    for (int i = 0, others = plain_count; i < count; i++)
        if (!is_plain(nodes[i].source)) {
            if (others++ > 0)
                buffer_string(source, "|");
            buffer_string(source, nodes[i].source);
        }
}

void notation_any(struct arena *arena, const struct node *nodes, int count, struct node *out) {
    struct buffer source;
    struct literals all = {0};
    int size = 0;
    if (count == 1) {
        *out = nodes[0];
        out->source = joined(arena, "(?:", nodes[0].source, ")");
        return;
    }
    *out = (struct node){0};
    buffer_init(&source, SOURCE_MAX * 4);
    buffer_string(&source, "(?:");
    add_sources(&source, arena, nodes, count);
    for (int i = 0; i < count; i++) {
        size = nodes[i].literals_count == 0 ? LITERALS_MAX + 1 : size + nodes[i].literals[0].count;
        out->may_be_empty |= nodes[i].may_be_empty;
    }
    buffer_string(&source, ")");
    out->source = arena_copy(arena, source.bytes, source.len);
    buffer_clear(&source);
    if (size > LITERALS_MAX)
        return;
    all.items = ARENA_ARRAY(arena, const char *, (size_t)size);
    for (int i = 0; i < count; i++)
        for (int j = 0; j < nodes[i].literals[0].count; j++)
            all.items[all.count++] = nodes[i].literals[0].items[j];
    out->literals[0] = all;
    out->literals_count = 1;
}

static bool raw_regex(struct parser *parser, struct node *out) {
    size_t len = strlen(parser->pattern);
    if (len < 3 || parser->pattern[len - 1] != '/')
        return fail(parser, parser->pattern,
                    "a pattern that begins with '/' is a regular expression and ends with '/'");
    *out = (struct node){.source = arena_copy(parser->notation->arena, parser->pattern + 1, len - 2)};
    return true;
}

static bool compile(const struct notation *notation, const char *pattern, struct node *out, int *offset,
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

bool notation_compile(const struct notation *notation, const char *pattern, struct node *out, int *offset,
                      struct error *err) {
    if (!compile(notation, pattern, out, offset, err))
        return false;
    if (pattern[0] != '/')
        out->source = joined(notation->arena, "", out->source, "(?= )");
    return true;
}

bool notation_compile_part(const struct notation *notation, const char *pattern, struct node *out,
                           int *offset, struct error *err) {
    *offset = 0;
    if (pattern[0] == '/')
        return error_set(err, "a list takes no regular expression");
    return compile(notation, pattern, out, offset, err);
}
