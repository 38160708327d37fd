#include "base/json.h"
#include "tests/claims.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static json_t *read_text(const char *text, struct error *err) {
    size_t len = strlen(text);
    char *exact = malloc(len + !len); /* of the exact size, so that the sanitizer sees a read beyond it */
    memcpy(exact, text, len);
    json_t *json = json_read(exact, len, &json_frame_limits, "frame", err);
    free(exact);
    return json;
}

static void refused(const char *text, const char *reason) {
    struct error err;
    json_t *json = read_text(text, &err);
    if (json || strncmp(err.text, "frame:", 6) != 0 || !strstr(err.text, reason))
        fail_msg("%s: %s, expected %s", text, json ? "accepted" : err.text, reason);
}

static void an_object_or_array_is_read(void **state) {
    struct error err;
    json_t *json = read_text("{\"type\":\"say\",\"text\":\"O\\u00f9 est mon colis ?\"}", &err);
    (void)state;
    assert_non_null(json);
    assert_string_equal(json_string_value(json_object_get(json, "text")), "O\xc3\xb9 est mon colis ?");
    json_decref(json);
    json = read_text(" [] ", &err);
    assert_non_null(json);
    json_decref(json);
}

static void what_is_wrong_is_said_with_its_place(void **state) {
    (void)state;
    refused("", "frame:1:");
    refused("1", "frame:1:");
    refused("{\n  \"a\": 1,\n  \"b\" 2}", "frame:3:");
    refused("{\"a\":1,\"a\":2}", "duplicate");
    refused("{\"a\":{\"b\":1,\"\\u0062\":2}}", "duplicate");
    refused("{} x", "frame:1:");
    refused("{\"a\":\"\xff\"}", "frame:1:6: unable to decode byte 0xff");
    refused("{\"a\":\"\xed\xa0\x80\"}", "frame:1:6: unable to decode byte 0xed");
    refused("{\"a\":\"\\ud800\"}", "frame:1:");
    refused("{\"a\":\"\\u0000\"}", "frame:1:");
    refused("{\"a\":1e999}", "frame:1:");
    refused("{\"a\":99999999999999999999}", "frame:1:");
    refused("{\"a\":NaN}", "frame:1:");
    refused("{\"a\":1,}", "frame:1:");
    refused("{\"a", "frame:1:");
    refused("{\"a\\", "frame:1:");
}

static void nesting_and_values_are_bounded_before_anything_is_built(void **state) {
    char text[20000];
    struct error err;
    (void)state;
    memset(text, '[', 8);
    memset(text + 8, ']', 8);
    text[16] = '\0';
    json_t *json = read_text(text, &err);
    assert_non_null(json);
    json_decref(json);
    memset(text, '[', 9);
    text[9] = '\0';
    refused(text, "frame:1:9: nested deeper than 8 levels");
    memset(text, '[', 16000);
    text[16000] = '\0';
    refused(text, "nested deeper than 8 levels");
    size_t len = 0;
    text[len++] = '[';
    for (int i = 0; i < 255; i++, len += 2)
        memcpy(text + len, "1,", 3);
    text[len - 1] = ']'; /* 255 numbers in an array: 256 values */
    text[len] = '\0';
    json = read_text(text, &err);
    assert_non_null(json);
    json_decref(json);
    memcpy(text + len - 1, ",1]", 4);
    refused(text, "more than 256 values");
    json = read_text("{\"a\":\"[[[[[[[[[[,,,,{{{{{{{{{\\\"[[[[[[[[[[\"}", &err); /* brackets in a string */
    assert_non_null(json);
    json_decref(json);
}

static void a_text_too_long_is_not_looked_at(void **state) {
    char *text = malloc(16 * 1024 + 1);
    struct error err;
    (void)state;
    memset(text, ' ', 16 * 1024 + 1);
    memcpy(text, "{}", 2);
    json_t *json = json_read(text, 16 * 1024, &json_frame_limits, "frame", &err);
    assert_non_null(json);
    json_decref(json);
    assert_null(json_read(text, 16 * 1024 + 1, &json_frame_limits, "frame", &err));
    assert_non_null(strstr(err.text, "16384 bytes"));
    free(text);
}

static void a_value_is_found_again_by_its_path(void **state) {
    static const char text[] = "{\n"
                               "  \"\xc3\xa9t\xc3\xa9\": true, \"x\": 1,\n"
                               "  \"patterns\": [\"[{,\\\"\", 7, {\"a\": {}},\n"
                               "    {\"match\": \"m\", \"a/b\": 2, \"c~d\": 3, \"\\u0065\": 4}],\n"
                               "  \"end\": null }";
    static const struct {
        const char *path;
        int line, column;
    } rows[] = {{"", 1, 1},
                {"x", 2, 21},
                {"\xc3\xa9t\xc3\xa9", 2, 10},
                {"patterns", 3, 15},
                {"patterns/0", 3, 16},
                {"patterns/1", 3, 25},
                {"patterns/2/a", 3, 34},
                {"patterns/3", 4, 5},
                {"patterns/3/match", 4, 15},
                {"patterns/3/a~1b", 4, 27},
                {"patterns/3/c~0d", 4, 37},
                {"patterns/3/e", 4, 50},
                {"end", 5, 10}};
    static const char *const none[] = {"y",          "patterns/4",   "patterns/-1",
                                       "patterns/x", "patterns/1/a", "patterns/0/0",
                                       "end/x",      "patterns/01x", "patterns/2/b"};
    int line, column;
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (!json_locate(text, strlen(text), rows[i].path, &line, &column))
            fail_msg("%s is not found", rows[i].path);
        if (line != rows[i].line || column != rows[i].column)
            fail_msg("%s is found at %d:%d", rows[i].path, line, column);
    }
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        if (json_locate(text, strlen(text), none[i], &line, &column))
            fail_msg("%s is found at %d:%d", none[i], line, column);
}

static void locating_in_a_cut_text_ends(void **state) {
    static const char text[] = "{\"a\": [1, {\"b\\\"\": \"c\"}, true], \"d\": {\"e\": 1}}";
    int line, column;
    (void)state;
    for (size_t len = 0; len < strlen(text); len++) {
        char *exact = malloc(len + !len);
        memcpy(exact, text, len);
        json_locate(exact, len, "a/1/b\"", &line, &column);
        json_locate(exact, len, "a/9", &line, &column);
        json_locate(exact, len, "d/e", &line, &column);
        free(exact);
    }
    assert_true(json_locate(text, strlen(text), "a/1/b\"", &line, &column));
}

static void what_is_written_reads_back(void **state) {
    struct buffer buffer;
    struct error err;
    (void)state;
    buffer_init(&buffer, 10000);
    struct json_out out = {.buffer = &buffer};
    json_open(&out, NULL, '{');
    json_text(&out, "text",
              "a\"b\\c\n\t\x01\x7f \xe2\x80\xa8\xe2\x80\xa9 </script><!-- <b> \xc3\xa9\xf0\x9f\x93\xa6");
    json_text(&out, "none", NULL);
    json_number(&out, "least", INT64_MIN);
    json_open(&out, "list", '[');
    json_flag(&out, NULL, true);
    json_flag(&out, NULL, false);
    json_open(&out, NULL, '{');
    json_close(&out, '}');
    json_raw(&out, NULL, "{\"raw\":1}");
    json_close(&out, ']');
    json_text(&out, "k", "v");
    json_close(&out, '}');
    assert_string_equal(
        buffer.bytes,
        "{\"text\":\"a\\\"b\\\\c\\n\\u0009\\u0001\\u007f \\u2028\\u2029 \\u003c/script>\\u003c!-- <b> "
        "\xc3\xa9\xf0\x9f\x93\xa6\",\"none\":null,\"least\":-9223372036854775808,"
        "\"list\":[true,false,{},{\"raw\":1}],\"k\":\"v\"}");
    json_t *json = json_read(buffer.bytes, buffer.len, &json_frame_limits, "out", &err);
    assert_non_null(json);
    assert_string_equal(
        json_string_value(json_object_get(json, "text")),
        "a\"b\\c\n\t\x01\x7f \xe2\x80\xa8\xe2\x80\xa9 </script><!-- <b> \xc3\xa9\xf0\x9f\x93\xa6");
    json_decref(json);
    buffer_clear(&buffer);
}

static void what_must_be_escaped_is_found_wherever_it_stands(void **state) {
    static const struct {
        const char *raw, *written;
    } rows[] = {{"\"", "\\\""},
                {"\\", "\\\\"},
                {"\n", "\\n"},
                {"\x1f", "\\u001f"},
                {"\x7f", "\\u007f"},
                {"</", "\\u003c/"},
                {"<!", "\\u003c!"},
                {"\xe2\x80\xa8", "\\u2028"},
                {"\xe2\x82\xac", "\xe2\x82\xac"},
                {"<b", "<b"},
                {" ", " "}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int before = 0; before < 40; before++)
            for (int after = 0; after < 40; after++) {
                static const char plain[] = "abcdefghijklmnopqrstuvwxyz0123456789 \xc3\xa9 ";
                char raw[128], expected[128];
                struct buffer buffer;
                buffer_init(&buffer, 1000);
                struct json_out out = {.buffer = &buffer};
                snprintf(raw, sizeof raw, "%.*s%s%.*s", before, plain, rows[i].raw, after, plain);
                snprintf(expected, sizeof expected, "\"%.*s%s%.*s\"", before, plain, rows[i].written, after,
                         plain);
                json_text(&out, NULL, raw);
                assert_string_equal(buffer.bytes, expected);
                buffer_clear(&buffer);
            }
}

static void decimals_are_short_and_never_odd(void **state) {
    static const struct {
        double value;
        const char *written;
    } rows[] = {{0, "0"},         {-0.0, "0"},
                {1, "1"},         {0.5, "0.5"},
                {0.97, "0.97"},   {0.1 + 0.2, "0.3"},
                {-0.05, "-0.05"}, {1.23456, "1.2346"},
                {0.00004, "0"},   {12345.6789, "12345.6789"},
                {NAN, "null"},    {INFINITY, "null"},
                {-1e300, "null"}, {0.99999, "1"},
                {-0.00001, "0"},  {3.0001, "3.0001"}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct buffer buffer;
        buffer_init(&buffer, 100);
        json_decimal(&(struct json_out){.buffer = &buffer}, NULL, rows[i].value);
        assert_string_equal(buffer.bytes, rows[i].written);
        buffer_clear(&buffer);
    }
}

int main(void) {
    const struct CMUnitTest claims[] = {
        cmocka_unit_test(an_object_or_array_is_read),
        cmocka_unit_test(what_is_wrong_is_said_with_its_place),
        cmocka_unit_test(nesting_and_values_are_bounded_before_anything_is_built),
        cmocka_unit_test(a_text_too_long_is_not_looked_at),
        cmocka_unit_test(a_value_is_found_again_by_its_path),
        cmocka_unit_test(locating_in_a_cut_text_ends),
        cmocka_unit_test(what_is_written_reads_back),
        cmocka_unit_test(what_must_be_escaped_is_found_wherever_it_stands),
        cmocka_unit_test(decimals_are_short_and_never_odd),
    };
    return cmocka_run_group_tests_name("base/json", claims, NULL, NULL);
}
