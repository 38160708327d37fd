#include "tests/responses/small.h"
#include <stdio.h>

struct faults {
    char text[8192];
    size_t len;
};

static void keep(const char *message, void *context) {
    struct faults *faults = context;
    int added = snprintf(faults->text + faults->len, sizeof faults->text - faults->len, "%s\n", message);
    faults->len += (size_t)added;
}

static int check(const char *phrases, struct faults *faults) {
    struct error err;
    *faults = (struct faults){0};
    struct phrasebook *book = small_load(SMALL_PHRASES, phrases, NULL, &err);
    if (book == NULL)
        fail_msg("%s", err.text);
    int count = phrasebook_check(book, keep, faults);
    assert_int_equal(phrasebook_check(book, NULL, NULL), count);
    phrasebook_free(book);
    return count;
}

/* One language with these words for p, sound otherwise: exactly one fault, with these words. */
static void one_fault(const char *words, const char *expected) {
    struct faults faults;
    char language[1024];
    snprintf(language, sizeof language,
             "{\"locale\": \"en-GB\", \"codes\": {\"reason\": {\"late\": \"a delay\"}},\n \"phrases\": "
             "{\"sure\": \"{agent} "
             "on {due, day}.\", \"p\": %s}}",
             words);
    int count = check(language, &faults);
    if (count != 1 || strstr(faults.text, expected) == NULL)
        fail_msg("expected '%s' and nothing else, found: %s", expected, faults.text);
}

static void a_sound_book_has_no_faults(void **state) {
    (void)state;
    struct faults faults;
    assert_int_equal(check("{\"locale\": \"en-GB\", \"phrases\": {\"sure\": \"{agent} on {due, on}.\", "
                           "\"p\": {\"written\": [\"Hello[ {agent}].\", \"[{agent}, hello|Hello].\"], "
                           "\"spoken\": \"Hello[ {agent}].\"}}}",
                           &faults),
                     0);
}

static void the_book_of_the_house_is_sound(void **state) {
    (void)state;
    struct error err;
    struct faults faults = {0};
    struct data data = {.embedded = responses_embedded};
    struct phrasebook *book = phrasebook_load(&data, &err);
    assert_non_null(book);
    if (phrasebook_check(book, keep, &faults) != 0)
        fail_msg("%s", faults.text);
    phrasebook_free(book);
}

static void a_missing_phrase_or_voice_is_found(void **state) {
    (void)state;
    struct faults faults;
    assert_int_equal(check("{\"locale\": \"en-GB\",\n \"phrases\": {\"p\": \"Hello.\"}}", &faults), 1);
    assert_string_equal(faults.text, "(built in) en.json:2:13: the phrase 'sure' is missing\n");
    one_fault("{\"written\": \"Hello.\"}", "p has no spoken form");
    one_fault("{\"written\": \"Hello.\", \"spoken\": []}", "p has no spoken form");
    one_fault("{\"spoken\": \"Hello.\"}", "p has no written form");
}

static void a_value_that_is_not_given_is_found_with_its_place(void **state) {
    (void)state;
    struct faults faults;
    int count =
        check("{\"locale\": \"en-GB\", \"phrases\": {\"p\": \"Hello.\",\n\"sure\": {\"written\": \"{agent} "
              "{order} {due}\", \"spoken\": \"{agent} {due}\"}}}",
              &faults);
    assert_int_equal(count, 1);
    assert_non_null(strstr(faults.text, "en.json:2:30: sure is not given a value 'order'"));
}

static void an_optional_value_outside_brackets_is_found(void **state) {
    (void)state;
    one_fault("{\"written\": \"Hello {agent}.\", \"spoken\": \"Hello.\"}", "'agent' may be absent");
    one_fault("{\"written\": \"{reason, select, late {a} other {b}}.\", \"spoken\": \"Hello.\"}",
              "'reason' may be absent");
}

static void what_cannot_be_spoken_is_found(void **state) {
    (void)state;
    one_fault("{\"written\": \"Hi.\", \"spoken\": \"Hi[ {link}].\"}", "a link cannot be spoken");
    one_fault("{\"written\": \"Hi.\", \"spoken\": \"Go to www.example.org.\"}",
              "an address of the web cannot be spoken");
    one_fault("{\"written\": \"Hi.\", \"spoken\": \"Press 1.\"}", "'1' cannot be spoken");
    one_fault("{\"written\": \"Hi.\", \"spoken\": \"Hi[, from {agent}] (now.\"}", "'(' cannot be spoken");
}

static void a_brace_that_would_be_said_is_found(void **state) {
    (void)state;
    one_fault("{\"written\": \"l'{order}' '\", \"spoken\": \"Hi.\"}", "would be said as it is");
}

static void variants_that_say_other_facts_are_found(void **state) {
    (void)state;
    one_fault("{\"written\": [\"Hi[ {agent}].\", \"Hi[ {order}].\"], \"spoken\": \"Hi.\"}",
              "this variant names other values than the first of p");
}

static void holes_are_found_with_and_without_the_optional_values(void **state) {
    (void)state;
    one_fault("{\"written\": \"Hi [{agent}].\", \"spoken\": \"Hi.\"}",
              "without its optional values this leaves ' .'");
    one_fault("{\"written\": \"Hi[ {agent}.].\", \"spoken\": \"Hi.\"}",
              "with its optional values this leaves '..'");
    one_fault("{\"written\": \"[{agent}]\", \"spoken\": \"Hi.\"}",
              "without its optional values this leaves 'nothing'");
    one_fault("{\"written\": \"Hi.[ Bye {agent}. ]\", \"spoken\": \"Hi.\"}", "a space at an end");
}

static void a_plural_that_the_language_has_not_is_found(void **state) {
    (void)state;
    one_fault("{\"written\": \"Hi[ {count, plural, few {a} other {b}}].\", \"spoken\": \"Hi.\"}",
              "en has no plural 'few'");
}

static void a_code_text_that_names_a_value_is_found(void **state) {
    (void)state;
    struct faults faults;
    assert_int_equal(check("{\"locale\": \"en-GB\", \"codes\": {\"reason\": {\"late\": \"by {agent}\", "
                           "\"other\": \"#\", \"odd\": "
                           "\"a/b\"}}, \"phrases\": {\"sure\": \"{agent} on {due}.\", \"p\": \"Hi.\"}}",
                           &faults),
                     2);
    assert_non_null(strstr(faults.text, "the text of a code can name nothing but #"));
    assert_non_null(strstr(faults.text, "'/' cannot be spoken"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sound_book_has_no_faults),
        cmocka_unit_test(the_book_of_the_house_is_sound),
        cmocka_unit_test(a_missing_phrase_or_voice_is_found),
        cmocka_unit_test(a_value_that_is_not_given_is_found_with_its_place),
        cmocka_unit_test(an_optional_value_outside_brackets_is_found),
        cmocka_unit_test(what_cannot_be_spoken_is_found),
        cmocka_unit_test(a_brace_that_would_be_said_is_found),
        cmocka_unit_test(variants_that_say_other_facts_are_found),
        cmocka_unit_test(holes_are_found_with_and_without_the_optional_values),
        cmocka_unit_test(a_plural_that_the_language_has_not_is_found),
        cmocka_unit_test(a_code_text_that_names_a_value_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
