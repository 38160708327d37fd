#define PCRE2_CODE_UNIT_WIDTH 8
#include "intents/matcher.h"
#include "intents/sieve.h"
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
    PAIRS = 2,
    USES_BEFORE_JIT = 16 /* translation costs as much as some hundred interpretations */
};
static const uint32_t options = PCRE2_NEVER_BACKSLASH_C | PCRE2_DOLLAR_ENDONLY;

struct compiled {
    pcre2_code *code;
    bool failed;
    int uses;
};

struct matcher {
    const struct catalogue *catalogue;
    struct compiled
        *compiled[LANGUAGES_MAX]; /* on first use, so that a start does not pay for what is never said */
    int language;                 /* of the text that is looked at */
    const struct seen *seen;
    struct sifter *sifter;
    uint64_t *candidates; /* bits: patterns worth trying */
    size_t words;         /* of them */
    uint8_t *twins;       /* what is known of each source */
    int *first_hit;       /* where its hits begin */
    pcre2_match_context *context;
    pcre2_match_data *data;
    pcre2_jit_stack *stack;
};

static pcre2_code *compile(const char *source, int *code, size_t *offset) {
    return pcre2_compile((PCRE2_SPTR)source, PCRE2_ZERO_TERMINATED, options, code, offset, NULL);
}

bool matcher_check(const char *source, int *offset, struct error *err) {
    int code;
    size_t at;
    pcre2_code *compiled = compile(source, &code, &at);
    if (!compiled) {
        char reason[128];
        pcre2_get_error_message(code, (PCRE2_UCHAR *)reason, sizeof reason);
        *offset = (int)at;
        return error_set(err, "not a regular expression as PCRE2 reads it: %s", reason);
    }
    pcre2_code_free(compiled);
    return true;
}

static size_t words_of(int bits) {
    return (size_t)bits / 64 + 1;
}

struct matcher *matcher_new(const struct catalogue *catalogue, struct error *err) {
    struct matcher *matcher = calloc(1, sizeof *matcher);
    bool good = matcher != NULL;
    for (int i = 0; good && i < catalogue->count; i++) {
        const struct language *language = &catalogue->languages[i];
        matcher->compiled[i] = calloc((size_t)language->pattern_count + 1, sizeof *matcher->compiled[i]);
        good = matcher->compiled[i] != NULL;
        if (matcher->words < words_of(language->pattern_count))
            matcher->words = words_of(language->pattern_count);
    }
    if (good) {
        matcher->catalogue = catalogue;
        matcher->candidates = calloc(matcher->words, sizeof *matcher->candidates);
        matcher->sifter = sifter_new();
        matcher->twins = calloc(matcher->words * 64, sizeof *matcher->twins);
        matcher->first_hit = calloc(matcher->words * 64, sizeof *matcher->first_hit);
        matcher->context = pcre2_match_context_create(NULL);
        matcher->data = pcre2_match_data_create(PAIRS, NULL);
        matcher->stack = pcre2_jit_stack_create(STACK_FIRST, STACK_MOST, NULL);
        good = matcher->candidates && matcher->sifter && matcher->twins && matcher->first_hit &&
               matcher->context && matcher->data;
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
        for (int j = 0; j < matcher->catalogue->languages[i].pattern_count; j++)
            pcre2_code_free(matcher->compiled[i][j].code);
    for (int i = 0; i < LANGUAGES_MAX; i++)
        free(matcher->compiled[i]);
    free(matcher->candidates);
    sifter_free(matcher->sifter);
    free(matcher->twins);
    free(matcher->first_hit);
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
        compiled->code = compile(source, &code, &offset);
        compiled->failed = !compiled->code;
        arena_clear(&arena);
    }
    if (compiled->code && ++compiled->uses == USES_BEFORE_JIT)
        pcre2_jit_compile(compiled->code, PCRE2_JIT_COMPLETE); /* where it fails, the interpreter serves */
    return compiled->code;
}

static const struct pattern *pattern_at(const struct matcher *matcher, int index) {
    return &matcher->catalogue->languages[matcher->language].patterns[index];
}

/* All matches of one pattern: they may stand in different sentences. A limit that is hit is no match. */
static int match_all(struct matcher *matcher, int index, struct hit *hits, int room) {
    const pcre2_code *code = code_of(matcher, matcher->language, index);
    const struct seen *seen = matcher->seen;
    int count = 0;
    for (size_t at = 0; code && at < (size_t)seen->len && count < room && count < HITS_A_PATTERN;) {
        if (pcre2_match(code, (PCRE2_SPTR)seen->text, (size_t)seen->len, at, PCRE2_NO_UTF_CHECK,
                        matcher->data, matcher->context) < 0)
            break;
        const size_t *pairs = pcre2_get_ovector_pointer(matcher->data);
        bool number = pcre2_get_ovector_count(matcher->data) > 1 && pairs[2] != PCRE2_UNSET;
        if (pairs[1] > pairs[0])
            hits[count++] = (struct hit){pattern_at(matcher, index),
                                         (int)pairs[0],
                                         (int)pairs[1],
                                         number ? (int)pairs[2] : -1,
                                         number ? (int)pairs[3] : -1,
                                         0};
        at = pairs[1] > at ? pairs[1] : at + 1;
    }
    return count;
}

static void set_bit(uint64_t *bits, int index) {
    bits[index / 64] |= UINT64_C(1) << (index % 64);
}

static void add_candidate(void *context, int index) {
    struct matcher *matcher = context;
    for (; index >= 0; index = pattern_at(matcher, index)->next_twin)
        set_bit(matcher->candidates, index);
}

static void find_candidates(struct matcher *matcher, const struct language *language) {
    memset(matcher->candidates, 0, words_of(language->pattern_count) * sizeof *matcher->candidates);
    for (int i = 0; i < language->always_count; i++)
        set_bit(matcher->candidates, language->always[i]);
    sifter_sift(matcher->sifter, language->sieve, matcher->seen, language, add_candidate, matcher);
}

void matcher_look(struct matcher *matcher, int language, const struct seen *seen) {
    matcher->language = language;
    matcher->seen = seen;
    find_candidates(matcher, &matcher->catalogue->languages[language]);
    memset(matcher->twins, 0, (size_t)matcher->catalogue->languages[language].pattern_count);
}

/* What a pattern of the same source has told already is told again; twins: what is known of each source. */
static int try_pattern(struct matcher *matcher, int index, struct hit *hits, int count) {
    enum { UNTRIED, MATCHED, UNMATCHED };
    const struct pattern *pattern = pattern_at(matcher, index);
    uint8_t *known = &matcher->twins[pattern->twin];
    int before = count;
    if (*known == UNTRIED) {
        count += match_all(matcher, pattern->twin, hits + count, HITS_MAX - count);
        *known = count > before ? MATCHED : UNMATCHED;
        for (int i = before; i < count; i++)
            hits[i].pattern = pattern;
        if (count > before)
            matcher->first_hit[pattern->twin] = before;
    } else if (*known == MATCHED) {
        const struct hit *first = &hits[matcher->first_hit[pattern->twin]];
        const struct pattern *told = first->pattern;
        for (const struct hit *hit = first; hit < hits + before && hit->pattern == told && count < HITS_MAX;
             hit++) {
            hits[count] = *hit;
            hits[count++].pattern = pattern;
        }
    }
    return count;
}

static bool wanted(const struct pattern *pattern, enum round round) {
    return pattern->target != TARGET_UNLESS && (pattern->weak && !pattern->talk) == (round == ROUND_WEAK);
}

/* May this hard negative strike one of the hits? */
static bool may_strike(const struct pattern *unless, const struct hit *hits, int count) {
    for (int i = 0; i < count; i++) {
        const struct pattern *hit = hits[i].pattern;
        if (hit->target == TARGET_INTENT &&
            (unless->intent >= 0 ? unless->intent == hit->intent
                                 : strncmp(unless->name, hit->name, strlen(unless->name)) == 0))
            return true;
    }
    return false;
}

int matcher_try(struct matcher *matcher, enum round round, struct hit hits[HITS_MAX], int count) {
    size_t words = words_of(matcher->catalogue->languages[matcher->language].pattern_count);
    for (int unless = 0; unless < 2; unless++)
        for (size_t word = 0; word < words; word++)
            for (uint64_t bits = matcher->candidates[word]; bits && count < HITS_MAX; bits &= bits - 1) {
                int index = (int)word * 64 + __builtin_ctzll(bits);
                const struct pattern *pattern = pattern_at(matcher, index);
                bool now = unless ? pattern->target == TARGET_UNLESS && may_strike(pattern, hits, count)
                                  : wanted(pattern, round);
                if (!now)
                    continue;
                count = try_pattern(matcher, index, hits, count);
                matcher->candidates[word] &= ~(UINT64_C(1) << (index % 64));
            }
    return count;
}
