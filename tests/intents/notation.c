#define PCRE2_CODE_UNIT_WIDTH 8
#include "base/buffer.h"
#include "intents/expression.h"
#include "tests/claims.h"
#include <pcre2.h>
#include <string.h>

static struct arena arena;
static struct buffer fuzzy_words;

static struct choice *choice_of(const char *first, const char *second) {
    struct step *steps = ARENA_ARRAY(&arena, struct step, 2);
    const struct node nodes[] = {{.steps = &steps[0]}, {.steps = &steps[1]}};
    steps[0] = (struct step){.kind = STEP_WORD, .text = first};
    steps[1] = (struct step){.kind = STEP_WORD, .text = second};
    return notation_choice(&arena, nodes, 2);
}

static struct choice *find_list(void *context, const char *name, bool *failed, struct error *err) {
    (void)context;
    struct choice *order = choice_of("parcel", "order");
    if (strcmp(name, "huge") == 0)
        order->size = 20000;
    if (strcmp(name, "faulty") == 0)
        *failed = !error_set(err, "elsewhere:1:2: faulty");
    return strcmp(name, "order") == 0 || strcmp(name, "huge") == 0 ? order : NULL;
}

static uint16_t note_word(void *context, const char **word, bool fuzzy) {
    (void)context;
    if (fuzzy)
        buffer_format(&fuzzy_words, "%s ", *word);
    return NUMBER_FIRST_WORD;
}

static uint16_t note_beginning(void *context, const char **beginning) {
    (void)context;
    (void)beginning;
    return NUMBER_FIRST_WORD;
}

static struct notation notation = {
    .arena = &arena, .scratch = &arena, .list = find_list, .word = note_word, .beginning = note_beginning};

static const struct expression_words words = {.number = "(?: one| two)",
                                              .ordinals = "st|th",
                                              .ordinal_words = " first",
                                              .date = " tomorrow| next week"};

static struct node node_of(const char *pattern) {
    struct node node;
    struct error err;
    int offset;
    if (!notation_read(&notation, pattern, &node, &offset, &err))
        fail_msg("%s: %d: %s", pattern, offset, err.text);
    return node;
}

static bool matches(const char *pattern, const char *seen) {
    int code;
    size_t offset;
    struct node node = node_of(pattern);
    const char *source = node.regex ? node.regex : expression_write(node.steps, &words, &arena);
    pcre2_code *compiled = pcre2_compile((PCRE2_SPTR)source, PCRE2_ZERO_TERMINATED, 0, &code, &offset, NULL);
    if (!compiled)
        fail_msg("%s: %s does not compile", pattern, source);
    pcre2_match_data *data = pcre2_match_data_create(2, NULL);
    bool matched = pcre2_match(compiled, (PCRE2_SPTR)seen, strlen(seen), 0, 0, data, NULL) >= 0;
    pcre2_match_data_free(data);
    pcre2_code_free(compiled);
    return matched;
}

static const struct {
    const char *pattern, *seen;
    bool matches;
} cases[] = {
    {"where is it", " so where is it then ", true},
    {"where is it", " where its is ", false},
    {"is", " this ", false},
    {"Où est-ce", " ou est ce ", true},
    {"(my|the old) parcel", " the old parcel ", true},
    {"(my|the old) parcel", " old parcel ", false},
    {"[please] go", " go ", true},
    {"a [b|c] d", " a c d ", true},
    {"a [b|c] d", " a b c d ", false},
    {"{order} now", " parcel now ", true},
    {"a ... z", " a z ", true},
    {"a ... z", " a 1 2 3 4 5 z ", true},
    {"a ... z", " a 1 2 3 4 5 6 z ", false},
    {"a ...2 z", " a 1 2 3 z ", false},
    {"a ...12 z", " a 1 2 3 4 5 6 7 8 z ", true},
    {"a … z", " a b z ", true},
    {"a ... z", " a . z ", false},
    {"a b", " a . b ", false},
    {"^ a", " a b ", true},
    {"^ a", " b a ", false},
    {"^ a", " b . a ", true},
    {"a $", " a ", true},
    {"a $", " a . b ", true},
    {"a $", " a b ", false},
    {"(^|so) a", " so a ", true},
    {"deliver*", " delivery ", true},
    {"deliver*", " deliver ", true},
    {"deliver* it", " delivers it ", true},
    {"deliver*", " redeliver ", false},
    {"<order_number>", " <order_number,postcode> ", true},
    {"<postcode>", " <order_number,postcode> ", true},
    {"<postcode>", " <order_number> ", false},
    {"by <date>", " by <date> ", true},
    {"by <date>", " by next week ", true},
    {"in # days", " in 12 days ", true},
    {"in # days", " in two days ", true},
    {"in # days", " in 12345 days ", false},
    {"the #", " the 1st ", true},
    {"the #th", " the 14th ", true},
    {"the #th", " the first ", true},
    {"the #th", " the 14 ", false},
    {"a, b!", " a b ", true},
    {"/ (x|y)+ /", " xyx ", true},
};

static void a_pattern_means_what_the_notation_says(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (matches(cases[i].pattern, cases[i].seen) != cases[i].matches)
            fail_msg("%s on \"%s\": expected %s", cases[i].pattern, cases[i].seen,
                     cases[i].matches ? "a match" : "none");
}

/* "bad" and "bar" share their beginning; the longer of two comes first. */
static void words_that_begin_alike_are_compared_once(void **state) {
    (void)state;
    assert_string_equal(expression_write(node_of("(bad|bar|b|bad luck)").steps, &words, &arena),
                        "(?: b(?:a(?:d(?: luck)?|r))?)(?= )");
}

static void only_words_with_a_tilde_are_typo_tolerant(void **state) {
    (void)state;
    buffer_reset(&fuzzy_words);
    node_of("where ~package [~Über]");
    assert_string_equal(fuzzy_words.bytes, "package uber ");
}

static void a_fault_is_told_with_its_offset(void **state) {
    static const struct {
        const char *pattern;
        int offset;
        const char *sentence;
    } faults[] = {
        {"a ^b", 2, "nothing can stand before it"},
        {"a $ [b] {order}", 8, "nothing can stand after it"},
        {"a (b", 2, "'(' has no ')'"},
        {"a [b", 2, "'[' has no ']'"},
        {"a b)", 3, "closes nothing"},
        {"a ]", 2, "closes nothing"},
        {"a } b", 2, "closes nothing"},
        {"a {b", 2, "'{' has no '}'"},
        {"a {nope} b", 2, "there is no list {nope}"},
        {"a <foo>", 2, "order_number"},
        {"a <date", 2, "order_number"},
        {"a *", 2, "right after"},
        {"a ~", 3, "one word"},
        {"a ~b-c", 3, "one word"},
        {"~order*", 1, "not both"},
        {"a ...0 b", 2, "a gap is of 1 to 15"},
        {"a ...99 b", 2, "a gap is of 1 to 15"},
        {"a/b", 1, "whole pattern"},
        {"a / b", 2, "whole pattern"},
        {"/ab", 0, "ends with '/'"},
        {"[a]", 0, "match anything"},
        {"...", 0, "match anything"},
        {"^ $", 0, "match anything"},
        {"", 0, "match anything"},
        {"(a|)", 3, "empty alternative"},
        {"((((((((((((((((((a))))))))))))))))))", 16, "nested"},
        {"a {faulty}", -1, "elsewhere:1:2"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        struct node node;
        struct error err;
        int offset;
        if (notation_read(&notation, faults[i].pattern, &node, &offset, &err))
            fail_msg("%s: no fault", faults[i].pattern);
        if (offset != faults[i].offset || !strstr(err.text, faults[i].sentence))
            fail_msg("%s: %d: %s", faults[i].pattern, offset, err.text);
    }
}

static void what_grows_too_large_is_refused(void **state) {
    (void)state;
    char long_one[40000] = "";
    struct buffer many;
    struct node node;
    struct error err;
    int offset;
    buffer_init(&many, 512);
    buffer_string(&many, "(a");
    for (int i = 0; i < 70; i++)
        buffer_string(&many, "|b");
    buffer_string(&many, ")");
    assert_false(notation_read(&notation, many.bytes, &node, &offset, &err));
    buffer_clear(&many);
    assert_non_null(strstr(err.text, "make a list"));
    memset(long_one, 'a', sizeof long_one - 1);
    assert_false(notation_read(&notation, long_one, &node, &offset, &err));
    assert_non_null(strstr(err.text, "at most 2048 bytes"));
    assert_false(notation_read(&notation, "{huge} {huge}", &node, &offset, &err));
    assert_non_null(strstr(err.text, "too long with its lists"));
}

static int tidy(void **state) {
    (void)state;
    arena_reset(&arena);
    return 0;
}

int main(void) {
    const struct CMUnitTest claims[] = {
        cmocka_unit_test_setup(a_pattern_means_what_the_notation_says, tidy),
        cmocka_unit_test_setup(words_that_begin_alike_are_compared_once, tidy),
        cmocka_unit_test_setup(only_words_with_a_tilde_are_typo_tolerant, tidy),
        cmocka_unit_test_setup(a_fault_is_told_with_its_offset, tidy),
        cmocka_unit_test_setup(what_grows_too_large_is_refused, tidy),
    };
    arena_init(&arena);
    buffer_init(&fuzzy_words, 256);
    int failed = cmocka_run_group_tests(claims, NULL, NULL);
    arena_clear(&arena);
    buffer_clear(&fuzzy_words);
    return failed;
}
