#define PCRE2_CODE_UNIT_WIDTH 8
#include "intents/matcher.h"
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

struct matcher {
    const struct catalogue *catalogue;
    struct compiled
        *compiled[LANGUAGES_MAX]; /* on first use, so that a start does not pay for what is never said */
    uint64_t *candidates, *met;   /* bits: patterns worth trying; sets of literals that are there */
    size_t words;                 /* of each */
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

static size_t most(size_t a, size_t b, size_t c) {
    size_t larger = a > b ? a : b;
    return larger > c ? larger : c;
}

struct matcher *matcher_new(const struct catalogue *catalogue, struct error *err) {
    struct matcher *matcher = calloc(1, sizeof *matcher);
    bool good = matcher != NULL;
    for (int i = 0; good && i < catalogue->count; i++) {
        const struct language *language = &catalogue->languages[i];
        matcher->compiled[i] = calloc((size_t)language->pattern_count + 1, sizeof *matcher->compiled[i]);
        good = matcher->compiled[i] != NULL;
        matcher->words =
            most(matcher->words, words_of(language->pattern_count), words_of(language->set_count));
    }
    if (good) {
        matcher->catalogue = catalogue;
        matcher->candidates = calloc(matcher->words, sizeof *matcher->candidates);
        matcher->met = calloc(matcher->words, sizeof *matcher->met);
        matcher->context = pcre2_match_context_create(NULL);
        matcher->data = pcre2_match_data_create(PAIRS, NULL);
        matcher->stack = pcre2_jit_stack_create(STACK_FIRST, STACK_MOST, NULL);
        good = matcher->candidates && matcher->met && matcher->context && matcher->data;
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
    free(matcher->met);
    pcre2_match_context_free(matcher->context);
    pcre2_match_data_free(matcher->data);
    pcre2_jit_stack_free(matcher->stack);
    free(matcher);
}

/* NULL when it does not compile, which catalogue_load has excluded but for want of memory. */
static const pcre2_code *code_of(struct matcher *matcher, int language, int index) {
    struct compiled *compiled = &matcher->compiled[language][index];
    if (!compiled->code && !compiled->failed) {
        int code;
        size_t offset;
        compiled->code =
            compile(matcher->catalogue->languages[language].patterns[index].source, &code, &offset);
        compiled->failed = !compiled->code;
        if (compiled->code)
            pcre2_jit_compile(compiled->code,
                              PCRE2_JIT_COMPLETE); /* where it fails, the interpreter serves */
    }
    return compiled->code;
}

/* All matches of one pattern: they may stand in different sentences. A limit that is hit is no match. */
static int try_pattern(struct matcher *matcher, int language, int index, const struct seen *seen,
                       struct hit *hits, int room) {
    const struct pattern *pattern = &matcher->catalogue->languages[language].patterns[index];
    const pcre2_code *code = code_of(matcher, language, index);
    int count = 0;
    for (size_t at = 0; code && at < (size_t)seen->len && count < room && count < HITS_A_PATTERN;) {
        if (pcre2_match(code, (PCRE2_SPTR)seen->text, (size_t)seen->len, at, PCRE2_NO_UTF_CHECK,
                        matcher->data, matcher->context) < 0)
            break;
        const size_t *pairs = pcre2_get_ovector_pointer(matcher->data);
        bool number = pcre2_get_ovector_count(matcher->data) > 1 && pairs[2] != PCRE2_UNSET;
        if (pairs[1] > pairs[0])
            hits[count++] = (struct hit){pattern, (int)pairs[0], (int)pairs[1], number ? (int)pairs[2] : -1,
                                         number ? (int)pairs[3] : -1};
        at = pairs[1] > at ? pairs[1] : at + 1;
    }
    return count;
}

static bool is_set(const uint64_t *bits, int index) {
    return bits[index / 64] >> (index % 64) & 1;
}

static void set_bit(uint64_t *bits, int index) {
    bits[index / 64] |= UINT64_C(1) << (index % 64);
}

/* The patterns all of whose literals are there, found by their rarest, so that the others cost nothing. */
static void find_candidates(struct matcher *matcher, const struct language *language,
                            const struct seen *seen) {
    size_t words = words_of(language->set_count);
    memset(matcher->met, 0, words * sizeof *matcher->met);
    memset(matcher->candidates, 0, words_of(language->pattern_count) * sizeof *matcher->candidates);
    automaton_scan(language->automaton, seen->text, (size_t)seen->len, matcher->met);
    for (int i = 0; i < language->always_count; i++)
        set_bit(matcher->candidates, language->always[i]);
    for (size_t word = 0; word < words; word++)
        for (uint64_t bits = matcher->met[word]; bits; bits &= bits - 1) {
            const struct literal_set *set = language->set_table[word * 64 + (size_t)__builtin_ctzll(bits)];
            for (int i = 0; i < set->count; i++) {
                const int *needs = language->patterns[set->patterns[i]].needs;
                if ((needs[1] < 0 || is_set(matcher->met, needs[1])) &&
                    (needs[2] < 0 || is_set(matcher->met, needs[2])))
                    set_bit(matcher->candidates, set->patterns[i]);
            }
        }
}

int matcher_run(struct matcher *matcher, int language_index, const struct seen *seen,
                struct hit hits[HITS_MAX]) {
    const struct language *language = &matcher->catalogue->languages[language_index];
    size_t words = words_of(language->pattern_count);
    int count = 0;
    find_candidates(matcher, language, seen);
    for (size_t word = 0; word < words; word++)
        for (uint64_t bits = matcher->candidates[word]; bits && count < HITS_MAX; bits &= bits - 1)
            count += try_pattern(matcher, language_index, (int)word * 64 + __builtin_ctzll(bits), seen,
                                 hits + count, HITS_MAX - count);
    return count;
}
