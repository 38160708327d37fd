#define PCRE2_CODE_UNIT_WIDTH 8
#include "intents/matcher.h"
#include "base/memory.h"
#include "intents/sifter.h"
#include <pcre2.h>
#include <stdlib.h>
#include <string.h>

enum {
    MATCH_LIMIT =
        20000, /* backtracks of one pattern on one utterance; a reasonable pattern needs some hundred */
    DEPTH_LIMIT = 1000,
    HEAP_LIMIT_KIB = 1024,
    STACK_FIRST = 32 << 10,
    STACK_MOST = 512 << 10,
    PAIRS = 2
};
static const uint32_t options = PCRE2_NEVER_BACKSLASH_C | PCRE2_DOLLAR_ENDONLY;

struct compiled {
    pcre2_code *code;
    bool failed;
};

enum known { UNTRIED, MATCHED, UNMATCHED };

/* Of a pattern, in the message that is looked at. */
struct told {
    uint32_t message; /* of which the rest is */
    uint32_t listed;  /* when it was found worth trying last */
    bool done;
    uint8_t known; /* of its source: told of the first twin */
    int first_hit; /* where the hits of its source begin */
};

struct matcher {
    const struct catalogue *catalogue;
    struct compiled
        *compiled[LANGUAGES_MAX]; /* on first use, so that a start does not pay for what is never said */
    int language;                 /* of the text that is looked at */
    const struct seen *seen;
    struct sifter *sifter;
    int *listed; /* the first twins of patterns of a round that are worth trying */
    int listed_count;
    int *trials; /* those of their twins that are of the round, in their order */
    int trial_count;
    enum round round;
    uint64_t struck;   /* bits of the intents whose hard negatives were tried */
    struct told *told; /* [pattern] */
    int patterns;      /* that there is room for */
    uint32_t message, listing;
    pcre2_match_context *context;
    pcre2_match_data *data;
    int64_t limit_hits;
    pcre2_jit_stack *stack;
};

static pcre2_code *compile(const char *source, uint32_t more, int *code, size_t *offset) {
    return pcre2_compile((PCRE2_SPTR)source, PCRE2_ZERO_TERMINATED, options | more, code, offset, NULL);
}

bool matcher_check(const char *source, int *offset, struct error *err) {
    int code;
    size_t at;
    pcre2_code *compiled = compile(source, 0, &code, &at);
    if (!compiled) {
        char reason[128];
        pcre2_get_error_message(code, (PCRE2_UCHAR *)reason, sizeof reason);
        *offset = (int)at;
        return error_set(err, "not a regular expression as PCRE2 reads it: %s", reason);
    }
    pcre2_code_free(compiled);
    return true;
}

struct matcher *matcher_new(const struct catalogue *catalogue, struct error *err) {
    struct matcher *matcher = calloc(1, sizeof *matcher);
    bool good = matcher != NULL;
    if (good) {
        matcher->catalogue = catalogue;
        matcher->sifter = sifter_new();
        matcher->context = pcre2_match_context_create(NULL);
        matcher->data = pcre2_match_data_create(PAIRS, NULL);
        matcher->stack = pcre2_jit_stack_create(STACK_FIRST, STACK_MOST, NULL);
        good = matcher->sifter && matcher->context && matcher->data;
    }
    if (!good) {
        error_set(err, "out of memory for a reader of utterances");
        matcher_free(matcher);
        return NULL;
    }
    pcre2_set_match_limit(matcher->context, MATCH_LIMIT);
    pcre2_set_depth_limit(matcher->context, DEPTH_LIMIT);
    pcre2_set_heap_limit(matcher->context, HEAP_LIMIT_KIB);
    pcre2_jit_stack_assign(matcher->context, NULL, matcher->stack);
    return matcher;
}

void matcher_free(struct matcher *matcher) {
    if (!matcher)
        return;
    for (int i = 0; matcher->catalogue && i < matcher->catalogue->count; i++)
        for (int j = 0; matcher->compiled[i] && j < matcher->catalogue->languages[i].pattern_count; j++)
            pcre2_code_free(matcher->compiled[i][j].code);
    for (int i = 0; i < LANGUAGES_MAX; i++)
        free(matcher->compiled[i]);
    free(matcher->listed);
    free(matcher->trials);
    sifter_free(matcher->sifter);
    free(matcher->told);
    pcre2_match_context_free(matcher->context);
    pcre2_match_data_free(matcher->data);
    pcre2_jit_stack_free(matcher->stack);
    free(matcher);
}

/* NULL when it does not compile, which `wismo check` has excluded but for want of memory. */
static const pcre2_code *code_of(struct matcher *matcher, int language_index, int index) {
    struct compiled *compiled = &matcher->compiled[language_index][index];
    const struct language *language = &matcher->catalogue->languages[language_index];
    const struct pattern *pattern = &language->patterns[index];
    if (!compiled->code && !compiled->failed) {
        struct arena arena;
        int code;
        size_t offset;
        arena_init(&arena);
        const char *source = pattern->regex
                                 ? pattern->regex
                                 : expression_write(pattern->steps, &language->expression_words, &arena);
        compiled->code = compile(source, pattern->regex ? 0 : PCRE2_ANCHORED, &code, &offset);
        compiled->failed = !compiled->code;
        if (compiled->code)
            pcre2_jit_compile(compiled->code, PCRE2_JIT_COMPLETE);
        arena_clear(&arena);
    }
    return compiled->code;
}

static const struct pattern *pattern_at(const struct matcher *matcher, int index) {
    return &matcher->catalogue->languages[matcher->language].patterns[index];
}

int64_t matcher_limit_hits(const struct matcher *matcher) {
    return matcher->limit_hits;
}

/* One match that begins at `at`, or, of a regular expression, after it. */
static bool match_at(struct matcher *matcher, const pcre2_code *code, size_t at, struct hit *hit) {
    const struct seen *seen = matcher->seen;
    int found = pcre2_match(code, (PCRE2_SPTR)seen->text, (size_t)seen->len, at, PCRE2_NO_UTF_CHECK,
                            matcher->data, matcher->context);
    if (found < 0) {
        matcher->limit_hits += found != PCRE2_ERROR_NOMATCH;
        return false;
    }
    const size_t *pairs = pcre2_get_ovector_pointer(matcher->data);
    bool number = pcre2_get_ovector_count(matcher->data) > 1 && pairs[2] != PCRE2_UNSET;
    *hit = (struct hit){.begin = (int)pairs[0],
                        .end = (int)pairs[1],
                        .first = seen_word(seen, (int)pairs[0]),
                        .after = seen_word(seen, (int)pairs[1]),
                        .number_begin = number ? (int)pairs[2] : -1,
                        .number_end = number ? (int)pairs[3] : -1};
    return true;
}

static int match_regex(struct matcher *matcher, int index, struct hit *hits, int room) {
    const pcre2_code *code = code_of(matcher, matcher->language, index);
    int count = 0;
    for (size_t at = 0; code && at < (size_t)matcher->seen->len && count < room;) {
        struct hit *hit = &hits[count];
        if (!match_at(matcher, code, at, hit))
            break;
        count += hit->end > hit->begin;
        at = (size_t)hit->end > at ? (size_t)hit->end : at + 1;
    }
    return count;
}

/* The sieve knows where to begin, and mostly where it ends. */
static int match_steps(struct matcher *matcher, int index, struct hit *hits, int room) {
    const struct seen *seen = matcher->seen;
    int count = 0, sifted = pattern_at(matcher, index)->sifted, end;
    for (int token = 0; count < room && sifter_match(matcher->sifter, sifted, token, &token, &end);) {
        struct hit *hit = &hits[count];
        const struct token *next = &seen->tokens[token + 1], *last = seen->tokens + seen->token_count;
        bool matched = end >= 0;
        if (matched)
            *hit = (struct hit){.begin = seen->tokens[token].begin,
                                .end = end < seen->token_count ? seen->tokens[end].begin : seen->len - 1,
                                .first = seen->tokens[token].word,
                                .after = end < seen->token_count ? seen->tokens[end].word : seen->count,
                                .number_begin = -1,
                                .number_end = -1};
        else {
            const pcre2_code *code = code_of(matcher, matcher->language, index);
            matched = code && match_at(matcher, code, (size_t)seen->tokens[token].begin, hit) &&
                      hit->end > hit->begin;
        }
        count += matched;
        while (matched && next < last && next->begin < hit->end)
            next++;
        token = (int)(next - seen->tokens);
    }
    return count;
}

/* All matches of one pattern: they may stand in different sentences. A limit that is hit is no match. */
static int match_all(struct matcher *matcher, int index, struct hit *hits, int room) {
    const struct pattern *pattern = pattern_at(matcher, index);
    room = room < HITS_A_PATTERN ? room : HITS_A_PATTERN;
    int count =
        pattern->regex ? match_regex(matcher, index, hits, room) : match_steps(matcher, index, hits, room);
    for (int i = 0; i < count; i++)
        hits[i].pattern = pattern;
    return count;
}

static struct told *told_of(struct matcher *matcher, int index) {
    struct told *told = &matcher->told[index];
    if (told->message != matcher->message)
        *told = (struct told){.message = matcher->message};
    return told;
}

/* Long texts are sifted in pieces, so that a pattern may come again. It is looked at once all are listed:
 * until then it is on its way. */
static void list(void *context, int index) {
    struct matcher *matcher = context;
    struct told *first = told_of(matcher, index);
    if (first->listed == matcher->listing)
        return;
    first->listed = matcher->listing;
    matcher->listed[matcher->listed_count++] = index;
    __builtin_prefetch(pattern_at(matcher, index));
}

/* Patterns of one text are tried together. */
static void add_trials(struct matcher *matcher) {
    for (int i = 0; i < matcher->listed_count; i++) {
        __builtin_prefetch(pattern_at(matcher, matcher->listed[i])->steps);
        for (int index = matcher->listed[i]; index >= 0; index = pattern_at(matcher, index)->next_twin)
            if (pattern_at(matcher, index)->round == matcher->round && !told_of(matcher, index)->done)
                matcher->trials[matcher->trial_count++] = index;
    }
}

static int compare_trials(const void *a, const void *b) {
    return *(const int *)a - *(const int *)b;
}

/* They are few, mostly, and in groups that are in order. */
static void sort_trials(int *trials, int count) {
    enum { FEW = 32 };
    if (count > FEW)
        qsort(trials, (size_t)count, sizeof *trials, compare_trials);
    else
        for (int i = 1; i < count; i++) {
            int moved = trials[i], at = i;
            for (; at > 0 && trials[at - 1] > moved; at--)
                trials[at] = trials[at - 1];
            trials[at] = moved;
        }
}

/* Zeroed, or the end. */
static void *renewed(void *array, int count, size_t item) {
    free(array);
    array = calloc((size_t)count + 1, item);
    if (!array)
        memory_exhausted();
    return array;
}

/* On the first use of a language. */
static void make_room(struct matcher *matcher, int language, int patterns) {
    if (!matcher->compiled[language])
        matcher->compiled[language] = renewed(NULL, patterns, sizeof *matcher->compiled[language]);
    if (patterns <= matcher->patterns)
        return;
    matcher->patterns = patterns;
    matcher->listed = renewed(matcher->listed, patterns, sizeof *matcher->listed);
    matcher->trials = renewed(matcher->trials, patterns, sizeof *matcher->trials);
    matcher->told = renewed(matcher->told, patterns, sizeof *matcher->told);
}

/* What was told of another message does not count; no two have the same number. */
static void begin_message(struct matcher *matcher) {
    if (matcher->listing > UINT32_MAX / 2) {
        memset(matcher->told, 0, sizeof *matcher->told * (size_t)matcher->patterns);
        matcher->message = matcher->listing = 0;
    }
    matcher->message++;
}

void matcher_look(struct matcher *matcher, int language_index, const struct seen *seen) {
    const struct language *language = &matcher->catalogue->languages[language_index];
    matcher->language = language_index;
    matcher->seen = seen;
    matcher->struck = 0;
    make_room(matcher, language_index, language->pattern_count);
    begin_message(matcher);
    sifter_look(matcher->sifter, language->sieve, seen, language);
}

void matcher_expect(const struct matcher *matcher, enum round round) {
    sifter_expect_round(matcher->sifter, (int)round);
}

/* What a pattern of the same source has told already is told again. */
static int try_pattern(struct matcher *matcher, int index, struct hit *hits, int count) {
    const struct pattern *pattern = pattern_at(matcher, index);
    struct told *source = told_of(matcher, pattern->twin);
    int before = count;
    told_of(matcher, index)->done = true;
    if (source->known == UNTRIED) {
        count += match_all(matcher, pattern->twin, hits + count, HITS_MAX - count);
        source->known = count > before ? MATCHED : UNMATCHED;
        source->first_hit = before;
        for (int i = before; i < count; i++)
            hits[i].pattern = pattern;
    } else if (source->known == MATCHED) {
        const struct hit *first = &hits[source->first_hit];
        const struct pattern *told = first->pattern;
        for (const struct hit *hit = first; hit < hits + before && hit->pattern == told && count < HITS_MAX;
             hit++) {
            hits[count] = *hit;
            hits[count++].pattern = pattern;
        }
    }
    return count;
}

static uint64_t about(const struct hit *hits, int count) {
    uint64_t bits = 0;
    for (int i = 0; i < count; i++)
        if (hits[i].pattern->target == TARGET_INTENT)
            bits |= intent_bit(hits[i].pattern->intent);
    return bits;
}

static int try_round(struct matcher *matcher, enum round round, uint64_t about_any, struct hit *hits,
                     int count) {
    const struct language *language = &matcher->catalogue->languages[matcher->language];
    matcher->round = round;
    matcher->listed_count = matcher->trial_count = 0;
    matcher->listing++;
    for (int i = 0; i < language->always_count; i++)
        if (language->patterns[language->always[i]].twin == language->always[i])
            list(matcher, language->always[i]);
    sifter_sift(matcher->sifter, (int)round, about_any, list, matcher);
    add_trials(matcher);
    sort_trials(matcher->trials, matcher->trial_count);
    for (int i = 0; i < matcher->trial_count && count < HITS_MAX; i++)
        count = try_pattern(matcher, matcher->trials[i], hits, count);
    return count;
}

int matcher_try(struct matcher *matcher, enum round round, struct hit hits[HITS_MAX], int count) {
    if (round != ROUND_UNLESS)
        count = try_round(matcher, round, UINT64_MAX, hits, count);
    uint64_t hit = about(hits, count) & ~matcher->struck;
    matcher->struck |= hit;
    return hit ? try_round(matcher, ROUND_UNLESS, hit, hits, count) : count;
}
