#include "base/log.h"
#include "tests/responses/small.h"
#include <stdio.h>
#include <unistd.h>

static struct arena arena;

static int open_arena(void **state) {
    (void)state;
    log_set_level(LOG_ERROR);
    arena_init(&arena);
    return 0;
}

static int clear_arena(void **state) {
    (void)state;
    arena_clear(&arena);
    return 0;
}

static const char *say(const char *sentence, const struct value *values, int count) {
    return small_say_as(sentence, VOICE_WRITTEN, values, count, &arena, NULL);
}

static void a_value_stands_where_its_name_was(void **state) {
    (void)state;
    struct value values[] = {{.fact = FACT_AGENT, .text = "Ada"}, {.fact = FACT_ORDER, .text = "FR-30118"}};
    assert_string_equal(say("Hello {agent}, order { order }.", values, 2), "Hello Ada, order FR-30118.");
}

static void a_part_goes_when_a_value_in_it_is_absent(void **state) {
    (void)state;
    struct value agent = {.fact = FACT_AGENT, .text = "Ada"}, empty = {.fact = FACT_AGENT, .text = ""};
    assert_string_equal(say("Hello[ {agent}][ of {order}].", &agent, 1), "Hello Ada.");
    assert_string_equal(say("Hello[ {agent}].", &empty, 1), "Hello.");
    assert_string_equal(say("Hello[ {agent}[ ({order})]].", &agent, 1), "Hello Ada.");
    assert_string_equal(say("Hello[ {agent} {order}[ plain]].", &agent, 1), "Hello.");
}

static void of_alternatives_the_first_that_is_whole_is_said(void **state) {
    (void)state;
    struct value agent = {.fact = FACT_AGENT, .text = "Ada"}, order = {.fact = FACT_ORDER, .text = "7"};
    assert_string_equal(say("It is [{agent}|{order}|nobody].", &agent, 1), "It is Ada.");
    assert_string_equal(say("It is [{agent}|{order}|nobody].", &order, 1), "It is 7.");
    assert_string_equal(say("It is [{agent}|{order}|nobody].", NULL, 0), "It is nobody.");
    assert_string_equal(say("a | b", NULL, 0), "a | b");
}

static void a_plural_takes_the_exact_number_then_the_category(void **state) {
    (void)state;
    const char *sentence = "{count, plural, =0 {none} one {# day} other {# days}}";
    struct value count = {.fact = FACT_COUNT, .number = 0, .present = true};
    assert_string_equal(say(sentence, &count, 1), "none");
    count.number = 1;
    assert_string_equal(say(sentence, &count, 1), "1 day");
    count.number = 2500;
    assert_string_equal(say(sentence, &count, 1), "2,500 days");
    count.present = false;
    assert_string_equal(say("[{count, plural, other {#}}]none", &count, 1), "none");
}

static void a_select_takes_the_branch_of_its_code_or_other(void **state) {
    (void)state;
    const char *sentence = "{reason, select, late {too late} other {said: #}}";
    struct value reason = {.fact = FACT_REASON, .text = "late"};
    assert_string_equal(say(sentence, &reason, 1), "too late");
    reason.text = "Own words of a carrier. ";
    assert_string_equal(say(sentence, &reason, 1), "said: Own words of a carrier");
    assert_string_equal(say("{reason}", &reason, 1), "Own words of a carrier");
    assert_string_equal(say("a[ {reason, select, other {#}}]", NULL, 0), "a");
}

static void a_code_is_said_by_the_table_of_the_language(void **state) {
    (void)state;
    struct value where = {.fact = FACT_WHERE, .text = "door"};
    assert_string_equal(say("Left {where}.", &where, 1), "Left at the door.");
    where.text = "under the mat";
    assert_string_equal(say("Left {where}.", &where, 1), "Left (under the mat).");
    where.text = NULL;
    assert_string_equal(say("Left[ {where}].", &where, 1), "Left.");
}

static void a_hash_outside_of_a_branch_is_a_hash(void **state) {
    (void)state;
    assert_string_equal(say("#1", NULL, 0), "#1");
}

static void apostrophes_quote_braces_and_nothing_else(void **state) {
    (void)state;
    struct value agent = {.fact = FACT_AGENT, .text = "Ada"};
    assert_string_equal(say("l'order '{agent}' d''{agent} it''s '[#|]'", &agent, 1),
                        "l'order {agent} d'Ada it's [#|]");
}

static void a_missing_value_leaves_its_sentence_out(void **state) {
    (void)state;
    struct value agent = {.fact = FACT_AGENT, .text = "Ada"};
    assert_string_equal(say("Hello {agent}. Your order {order} left. Bye!", &agent, 1), "Hello Ada. Bye!");
    assert_string_equal(say("Order {order} left.[ Bye {agent}.]", &agent, 1), "Bye Ada.");
    assert_string_equal(say("Hello. Order {order} left.", NULL, 0), "Hello.");
    assert_string_equal(say("Order {order} left.", NULL, 0), "");
}

static void a_missing_value_is_logged_once_and_names_no_words(void **state) {
    (void)state;
    struct error err;
    struct phrasebook *book = small_load(
        SMALL_PHRASES, "{\"locale\": \"en-GB\", \"phrases\": {\"sure\": \"{agent} on {due}.\"}}", NULL, &err);
    struct value agent = {.fact = FACT_AGENT, .text = "Ada"};
    struct phrase phrase = {.name = "sure", .locale = "en", .values = &agent, .value_count = 1};
    FILE *log = tmpfile();
    int terminal = dup(STDERR_FILENO);
    char text[1024] = "";
    log_set_level(LOG_INFO);
    dup2(fileno(log), STDERR_FILENO);
    phrasebook_say(book, &phrase, &arena, NULL);
    phrasebook_say(book, &phrase, &arena, NULL);
    dup2(terminal, STDERR_FILENO);
    close(terminal);
    log_set_level(LOG_ERROR);
    rewind(log);
    size_t len = fread(text, 1, sizeof text - 1, log);
    fclose(log);
    phrasebook_free(book);
    assert_non_null(strstr(text, "sure has no value 'due'; its sentence was left out\n"));
    assert_ptr_equal(strchr(text, '\n'), text + len - 1);
    assert_null(strstr(text, "Ada"));
}

static void free_text_is_one_line_and_never_a_template(void **state) {
    (void)state;
    struct value agent = {.fact = FACT_AGENT, .text = " a {order}\n[b]  c. "};
    assert_string_equal(say("<{agent}>.", &agent, 1), "<a {order} [b] c>.");
}

static void a_link_is_written_only_when_it_is_https(void **state) {
    (void)state;
    struct value link = {.fact = FACT_LINK, .text = "https://example.org/a?b=c"};
    assert_string_equal(say("Here[: {link}]", &link, 1), "Here: https://example.org/a?b=c");
    assert_string_equal(small_say_as("Here[: {link}]", VOICE_SPOKEN, &link, 1, &arena, NULL), "Here");
    link.text = "javascript:alert(1)";
    assert_string_equal(say("Here[: {link}]", &link, 1), "Here");
}

static void used_marks_what_went_into_the_words_and_nothing_else(void **state) {
    (void)state;
    struct value values[] = {{.fact = FACT_AGENT, .text = "Ada"},
                             {.fact = FACT_REASON, .text = "late"},
                             {.fact = FACT_COUNT, .number = 3, .present = true},
                             {.fact = FACT_ORDER, .text = "7"}};
    uint64_t used;
    small_say_as("{reason, select, late {late} other {}}[ {agent} {link}] {count}", VOICE_WRITTEN, values, 4,
                 &arena, &used);
    assert_int_equal(used, 1u << 1 | 1u << 2);
}

static void a_text_longer_than_the_limit_is_cut_not_overrun(void **state) {
    (void)state;
    char *letters = arena_alloc(&arena, 10001);
    memset(letters, 'x', 10000);
    struct value agent = {.fact = FACT_AGENT, .text = letters};
    assert_true(strlen(say("a {agent} b", &agent, 1)) <= 4096);
}

static void faults(const char *language, const char *expected) {
    struct error err = {.text = "no fault"};
    struct phrasebook *book = small_load(SMALL_PHRASES, language, NULL, &err);
    if (strstr(err.text, expected) == NULL)
        fail_msg("expected '%s' in '%s'", expected, err.text);
    assert_null(book);
}

static void a_fault_in_a_template_is_named_with_line_and_column(void **state) {
    (void)state;
    faults("{\"locale\": \"en-GB\",\n \"phrases\": {\"p\": \"Hi {nme}\"}}",
           "(built in) en.json:2:24: there is no value 'nme'");
    /* The column counts characters of the file: an escape, and a letter of two bytes. */
    faults("{\"locale\": \"en-GB\",\n \"phrases\": {\"p\": \"\\u00e9\\n\\\"é{nme}\"}}", "en.json:2:32: ");
    faults("{\"locale\": \"en-GB\", \"phrases\": {\"p\": {\"written\": [\"fine\", \"a ]\"]}}}",
           "en.json:1:62: nothing is open that ']' could close");
}

static void each_fault_of_a_template_has_its_sentence(void **state) {
    (void)state;
    static const char *const cases[][2] = {
        {"{agent", "expected '}'"},
        {"{agent]", "expected '}', found ']'"},
        {"[agent", "expected ']'"},
        {"agent}", "nothing is open that '}' could close"},
        {"{}", "expected the name of a value"},
        {"{agent, }", "expected plural, select or a style"},
        {"{agent, day}", "a value of this kind has no style 'day'"},
        {"{due, soon}", "a value of this kind has no style 'soon'"},
        {"{agent, plural, other {}}", "plural needs a number"},
        {"{count, select, other {}}", "select needs a code"},
        {"{count, plural, one {#}}", "expected a branch 'other'"},
        {"{count, plural, other #}", "expected '{', found '#'"},
        {"{count, plural, {a}}", "expected the name of a branch"},
        {"{count, plural, other {a]}}", "nothing is open that ']' could close"},
        {"{count, plural, other {a", "expected '}'"},
        {"{count, plural other {a}}", "expected ','"},
        {"d'{agent}", "a quotation that is not closed"},
        {"[[[[[[[[[[[[[[[[[a]]]]]]]]]]]]]]]]]", "nested deeper than 16 levels"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        faults(arena_format(&arena, "{\"locale\": \"en-GB\", \"phrases\": {\"p\": \"%s\"}}", cases[i][0]),
               cases[i][1]);
}

static void each_fault_of_a_language_file_has_its_place(void **state) {
    (void)state;
    static const char *const cases[][2] = {
        {"{\"phrases\": {}}", "en.json:1:1: expected a string"},
        {"{\"locale\": \"en-GB\"}", "en.json:1:1: expected an object"},
        {"{\"locale\": \"not a locale\", \"phrases\": {}}", "en.json:1:12: a locale is written as in fr-FR"},
        {"{\"locale\": \"en-GB\", \"frases\": {}, \"phrases\": {}}", "nothing here is called 'frases'"},
        {"{\"locale\": \"en-GB\", \"phrases\": {\"q\": \"x\"}}", "phrases.json has no phrase 'q'"},
        {"{\"locale\": \"en-GB\", \"phrases\": {\"p\": {\"sung\": \"x\"}}}", "nothing here is called 'sung'"},
        {"{\"locale\": \"en-GB\", \"phrases\": {\"p\": 3}}", "expected a string"},
        {"{\"locale\": \"en-GB\", \"codes\": {\"agent\": {}}, \"phrases\": {}}",
         "no value 'agent' that is a code"},
        {"{\"locale\": \"en-GB\", \"codes\": {\"reason\": 1}, \"phrases\": {}}", "expected an object"},
        {"{\"locale\": \"en-GB\", \"codes\": 1, \"phrases\": {}}", "expected an object"},
        {"{\"locale\": \"en-GB\", \"codes\": {\"reason\": {\"a\": \"{\"}}, \"phrases\": {}}",
         "expected the name"},
        {"{\"locale\": \"en-GB\", \"pronounce\": 1, \"phrases\": {}}", "expected an object"},
        {"{\"locale\": \"en-GB\", \"pronounce\": {\"a\": 1}, \"phrases\": {}}", "expected a string"},
        {"{\"locale\": \"en-GB\", \"formats\": {\"sung\": {}}, \"phrases\": {}}",
         "nothing here is called 'sung'"},
        {"{\"locale\": \"en-GB\", \"formats\": {\"written\": 1}, \"phrases\": {}}", "expected an object"},
        {"{\"locale\": \"en-GB\", \"formats\": {\"written\": {\"on\": \"{noon}\"}}, \"phrases\": {}}",
         "there is no value 'noon'"},
        {"{\"locale\": \"en-GB\", \"regions\": 1, \"phrases\": {}}", "expected an object"},
        {"{\"locale\": \"en-GB\", \"regions\": {\"en-US\": {\"written\": {\"odd\": \"\"}}}, \"phrases\": {}}",
         "nothing here is called 'odd'"},
        {"{\"locale\": \"en-GB\", \"regions\": {\"en-A1\": {}, \"en-B\": 1}, \"phrases\": {}}", "en.json:1:"},
        {"{\"locale\": \"en-GB\", \"regions\": "
         "{\"en-US\":{},\"en-CA\":{},\"en-IE\":{},\"en-AU\":{},\"en-NZ\":{},"
         "\"en-ZA\":{},\"en-IN\":{},\"en-SG\":{}}, \"phrases\": {}}",
         "at most 8 regions"},
        {"[]", "en.json:1:1: expected an object"},
        {"{", "en.json:1:"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        faults(cases[i][0], cases[i][1]);
}

static void each_fault_of_phrases_json_has_its_place(void **state) {
    (void)state;
    static const char *const cases[][2] = {
        {"{}", "phrases.json:1:1: expected an object"},
        {"{\"phrases\": {\"p\": {}}}", "expected a list"},
        {"{\"phrases\": {\"p\": []}}", "expected an object"},
        {"{\"phrases\": {\"p\": {\"values\": [1]}}}", "expected a string"},
        {"{\"phrases\": {\"p\": {\"values\": [\"b?\"]}}}", "the program knows no value 'b'"},
        {"{\"phrases\": {\"p\": {\"values\": [], \"note\": 1}}}", "nothing here is called 'note'"},
        {"{\"phrases\": {}, \"more\": 1}", "nothing here is called 'more'"},
        {"nothing", "phrases.json:1:"},
    };
    struct error err;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_null(small_load(cases[i][0], "{\"locale\": \"en-GB\", \"phrases\": {}}", NULL, &err));
        if (strstr(err.text, cases[i][1]) == NULL)
            fail_msg("expected '%s' in '%s'", cases[i][1], err.text);
    }
}

static void a_book_needs_its_declaration_and_a_language(void **state) {
    (void)state;
    struct error err;
    const char *phrases = SMALL_PHRASES;
    struct data_file alone[] = {{"phrases.json", phrases, phrases + strlen(phrases)}, {0}};
    struct data data = {.embedded = alone}, nowhere = {.folder = "/nonexistent/folder"};
    assert_null(phrasebook_load(&data, &err));
    assert_non_null(strstr(err.text, "no language stands beside it"));
    assert_null(phrasebook_load(&nowhere, &err));
    assert_non_null(strstr(err.text, "/nonexistent/folder/phrases.json"));
    phrasebook_free(NULL);
}

static void a_language_is_chosen_by_locale_and_the_first_stands_in(void **state) {
    (void)state;
    struct error err;
    struct phrasebook *book = small_load(
        SMALL_PHRASES,
        "{\"locale\": \"en-GB\", \"phrases\": {\"p\": {\"written\": [\"one\", \"two\"]}, \"sure\": \"en\"}}",
        "{\"locale\": \"fr-FR\", \"phrases\": {\"p\": {\"spoken\": \"un\"}}}", &err);
    assert_non_null(book);
    struct phrase phrase = {.name = "p", .locale = "fr-CA", .voice = VOICE_WRITTEN};
    assert_string_equal(phrasebook_say(book, &phrase, &arena, NULL), "un"); /* it has no written form */
    phrase.locale = "FR_ca";
    assert_string_equal(phrasebook_say(book, &phrase, &arena, NULL), "un");
    phrase.locale = "de-DE";
    assert_string_equal(phrasebook_say(book, &phrase, &arena, NULL), "one");
    phrase.locale = NULL;
    assert_string_equal(phrasebook_say(book, &phrase, &arena, NULL), "one");
    phrase.variant = 3;
    assert_string_equal(phrasebook_say(book, &phrase, &arena, NULL), "two");
    phrase = (struct phrase){.name = "sure", .locale = "fr"};
    assert_string_equal(phrasebook_say(book, &phrase, &arena, NULL), "en"); /* French has no such phrase */
    assert_true(phrasebook_has(book, "p"));
    assert_false(phrasebook_has(book, "q"));
    assert_true(phrasebook_speaks(book, "fr-BE"));
    assert_true(phrasebook_speaks(book, "en"));
    assert_false(phrasebook_speaks(book, "frr"));
    assert_false(phrasebook_speaks(book, "f"));
    assert_false(phrasebook_speaks(book, NULL));
    assert_string_equal(phrasebook_language(book, 0), "en");
    assert_string_equal(phrasebook_language(book, 1), "fr");
    assert_null(phrasebook_language(book, 2));
    assert_null(phrasebook_language(book, -1));
    phrasebook_free(book);
}

static void a_phrase_that_no_language_says_is_empty(void **state) {
    (void)state;
    struct error err;
    struct phrasebook *book =
        small_load(SMALL_PHRASES, "{\"locale\": \"en-GB\", \"phrases\": {}}", NULL, &err);
    struct phrase phrase = {.name = "p", .locale = "en"};
    assert_string_equal(phrasebook_say(book, &phrase, &arena, NULL), "");
    phrasebook_free(book);
    book = small_load(SMALL_PHRASES, "{\"locale\": \"en-GB\", \"phrases\": {\"p\": {}}}", NULL, &err);
    assert_string_equal(phrasebook_say(book, &phrase, &arena, NULL), "");
    phrasebook_free(book);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_stands_where_its_name_was),
        cmocka_unit_test(a_part_goes_when_a_value_in_it_is_absent),
        cmocka_unit_test(of_alternatives_the_first_that_is_whole_is_said),
        cmocka_unit_test(a_plural_takes_the_exact_number_then_the_category),
        cmocka_unit_test(a_select_takes_the_branch_of_its_code_or_other),
        cmocka_unit_test(a_code_is_said_by_the_table_of_the_language),
        cmocka_unit_test(a_hash_outside_of_a_branch_is_a_hash),
        cmocka_unit_test(apostrophes_quote_braces_and_nothing_else),
        cmocka_unit_test(a_missing_value_leaves_its_sentence_out),
        cmocka_unit_test(a_missing_value_is_logged_once_and_names_no_words),
        cmocka_unit_test(free_text_is_one_line_and_never_a_template),
        cmocka_unit_test(a_link_is_written_only_when_it_is_https),
        cmocka_unit_test(used_marks_what_went_into_the_words_and_nothing_else),
        cmocka_unit_test(a_text_longer_than_the_limit_is_cut_not_overrun),
        cmocka_unit_test(a_fault_in_a_template_is_named_with_line_and_column),
        cmocka_unit_test(each_fault_of_a_template_has_its_sentence),
        cmocka_unit_test(each_fault_of_a_language_file_has_its_place),
        cmocka_unit_test(each_fault_of_phrases_json_has_its_place),
        cmocka_unit_test(a_book_needs_its_declaration_and_a_language),
        cmocka_unit_test(a_language_is_chosen_by_locale_and_the_first_stands_in),
        cmocka_unit_test(a_phrase_that_no_language_says_is_empty),
    };
    return cmocka_run_group_tests(tests, open_arena, clear_arena);
}
