#define PCRE2_CODE_UNIT_WIDTH 8
#include "intents/notation.h"
#include "base/buffer.h"
#include "tests/claims.h"
#include <pcre2.h>
#include <string.h>

static struct arena arena;
static struct buffer fuzzy_words;

static const struct node *find_list(void *context, const char *name, bool *failed, struct error *err) {
    static const char *literals[] = {" parcel ", " order "};
    static const struct node order = {
        .source = "(?: parcel| order)", .literals = {{literals, 2}}, .literals_count = 1};
    static char source[20001];
    static const struct node huge = {.source = source};
    (void)context;
    memset(source, 'a', sizeof source - 1);
    if (strcmp(name, "huge") == 0)
        return &huge;
    if (strcmp(name, "faulty") == 0)
        *failed = !error_set(err, "elsewhere:1:2: faulty");
    return strcmp(name, "order") == 0 ? &order : NULL;
}

static void note_word(void *context, const char *word, bool fuzzy) {
    (void)context;
    if (fuzzy)
        buffer_format(&fuzzy_words, "%s ", word);
}

static struct notation notation = {.arena = &arena,
                                   .number = "(?: one| two)",
                                   .ordinals = "st|th",
                                   .ordinal_words = " first",
                                   .date = " tomorrow| next week",
                                   .list = find_list,
                                   .word = note_word};

static struct node node_of(const char *pattern) {
    struct node node;
    struct error err;
    int offset;
    if (!notation_compile(&notation, pattern, &node, &offset, &err))
        fail_msg("%s: %d: %s", pattern, offset, err.text);
    return node;
}

static bool matches(const char *pattern, const char *seen) {
    int code;
    size_t offset;
    struct node node = node_of(pattern);
    pcre2_code *compiled =
        pcre2_compile((PCRE2_SPTR)node.source, PCRE2_ZERO_TERMINATED, 0, &code, &offset, NULL);
    if (!compiled)
        fail_msg("%s: %s does not compile", pattern, node.source);
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

/* Whatever matches holds one of the literals, so that the automaton never hides a match. */
static void every_match_holds_one_of_the_literals(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct node node = node_of(cases[i].pattern);
        for (int set = 0; set < node.literals_count && cases[i].matches; set++) {
            bool held = false;
            for (int j = 0; j < node.literals[set].count; j++)
                held |= strstr(cases[i].seen, node.literals[set].items[j]) != NULL;
            if (!held)
                fail_msg("%s: no literal of set %d in \"%s\"", cases[i].pattern, set, cases[i].seen);
        }
    }
}

static void the_most_selective_words_are_the_literals(void **state) {
    (void)state;
    struct node node = node_of("[oh] where is my (parcel|order)");
    assert_int_equal(node.literals_count, 2);
    assert_int_equal(node.literals[0].count, 1);
    assert_string_equal(node.literals[0].items[0], " where is my ");
    assert_int_equal(node.literals[1].count, 2);
    node = node_of("(a|b) ... {order} ... [c] ... xylophone ... zebra crossing");
    assert_int_equal(node.literals_count, NODE_LITERALS);
    assert_string_equal(node.literals[0].items[0], " zebra crossing ");
    assert_string_equal(node.literals[1].items[0], " xylophone ");
    assert_string_equal(node.literals[2].items[1], " order ");
    assert_int_equal(node_of("# #").literals_count, 0);
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
        if (notation_compile(&notation, faults[i].pattern, &node, &offset, &err))
            fail_msg("%s: no fault, but %s", faults[i].pattern, node.source);
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
    assert_false(notation_compile(&notation, many.bytes, &node, &offset, &err));
    buffer_clear(&many);
    assert_non_null(strstr(err.text, "make a list"));
    memset(long_one, 'a', sizeof long_one - 1);
    assert_false(notation_compile(&notation, long_one, &node, &offset, &err));
    assert_non_null(strstr(err.text, "at most 2048 bytes"));
    assert_false(notation_compile(&notation, "{huge} {huge}", &node, &offset, &err));
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
        cmocka_unit_test_setup(every_match_holds_one_of_the_literals, tidy),
        cmocka_unit_test_setup(the_most_selective_words_are_the_literals, tidy),
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
