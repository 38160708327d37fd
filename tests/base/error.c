#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "tests/claims.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void a_failure_is_one_line_and_never_empty(void **state) {
    struct error err;
    (void)state;
    assert_false(error_set(&err, "%s", ""));
    assert_true(strlen(err.text) > 0);
    assert_false(error_set(&err, "a\nb\tc\x1b[31m"));
    assert_string_equal(err.text, "a b c [31m");
    assert_false(error_set(&err, "near (\xff\xc3"));
    assert_string_equal(err.text, "near (\?\?");
    assert_false(error_set(NULL, "nobody listens"));
    assert_false(error_prefix(NULL, "nobody listens"));
}

static void a_prefix_stands_before_the_sentence(void **state) {
    struct error err;
    (void)state;
    error_set(&err, "expected a comma");
    assert_false(error_prefix(&err, "%s:%d:%d", "shop.csv", 3, 14));
    assert_string_equal(err.text, "shop.csv:3:14: expected a comma");
    assert_false(error_set(&err, "again: %s", err.text));
    assert_string_equal(err.text, "again: shop.csv:3:14: expected a comma");
}

static void a_sentence_too_long_is_cut_between_letters(void **state) {
    char many[3 * sizeof(struct error)];
    struct error err;
    (void)state;
    many[0] = 'x'; /* so that the two-byte letters do not end where the field does */
    for (size_t i = 1; i + 2 < sizeof many; i += 2)
        memcpy(many + i, "\xc3\xa9", 3);
    error_set(&err, "%s", many);
    assert_true(text_valid(err.text, strlen(err.text)));
    assert_true(strlen(err.text) > sizeof err.text - 4);
    for (int i = 0; i < 3; i++)
        error_prefix(&err, "%s", "\xc3\xa9");
    assert_true(text_valid(err.text, strlen(err.text)));
}

/* What log_line writes to standard error. */
static void logged(char *out, size_t size, enum log_level level, const char *words) {
    int ends[2], before = dup(STDERR_FILENO);
    assert_int_equal(pipe(ends), 0);
    dup2(ends[1], STDERR_FILENO);
    log_line(level, "tests", "%s", words);
    dup2(before, STDERR_FILENO);
    close(before);
    close(ends[1]);
    ssize_t len = read(ends[0], out, size - 1);
    out[len > 0 ? len : 0] = '\0';
    close(ends[0]);
}

static void a_log_line_has_its_time_level_and_room(void **state) {
    char line[2048], time[32] = "";
    (void)state;
    logged(line, sizeof line, LOG_WARNING, "listening");
    memcpy(time, line, 20);
    int at = 0;
    for (const char *shape = "0000-00-00T00:00:00Z"; shape[at]; at++)
        assert_true(shape[at] == '0' ? time[at] >= '0' && time[at] <= '9' : time[at] == shape[at]);
    assert_string_equal(line + 20, " warning tests: listening\n");
}

static void an_event_is_one_line_whatever_is_in_it(void **state) {
    char line[4096], words[3000];
    (void)state;
    logged(line, sizeof line, LOG_INFO, "one\ntwo\r\x1b[2Jthree");
    assert_string_equal(line + 20, " info tests: one two  [2Jthree\n");
    memset(words, 'w', sizeof words - 1);
    words[sizeof words - 1] = '\0';
    logged(line, sizeof line, LOG_INFO, words);
    assert_true(strlen(line) <= 1024);
    assert_int_equal(line[strlen(line) - 1], '\n');
}

static void what_is_below_the_level_is_not_written(void **state) {
    char line[256];
    (void)state;
    logged(line, sizeof line, LOG_DEBUG, "detail");
    assert_string_equal(line, "");
    log_set_level(LOG_DEBUG);
    logged(line, sizeof line, LOG_DEBUG, "detail");
    log_set_level(LOG_INFO);
    assert_string_equal(line + 20, " debug tests: detail\n");
}

int main(void) {
    const struct CMUnitTest claims[] = {
        cmocka_unit_test(a_failure_is_one_line_and_never_empty),
        cmocka_unit_test(a_prefix_stands_before_the_sentence),
        cmocka_unit_test(a_sentence_too_long_is_cut_between_letters),
        cmocka_unit_test(a_log_line_has_its_time_level_and_room),
        cmocka_unit_test(an_event_is_one_line_whatever_is_in_it),
        cmocka_unit_test(what_is_below_the_level_is_not_written),
    };
    return cmocka_run_group_tests_name("base/error and log", claims, NULL, NULL);
}
