#include "tests/claims.h"

#include "base/json.h"
#include "base/text.h"
#include "bot/channels/chat.h"
#include <stdlib.h>
#include <string.h>

struct desk {
    struct arena arena;
    struct message message;
    struct fault fault;
    struct buffer out;
};

static int set_up(void **state) {
    struct desk *desk = calloc(1, sizeof *desk);
    arena_init(&desk->arena);
    buffer_init(&desk->out, CHAT_OUT_MAX);
    *state = desk;
    return 0;
}

static int tear_down(void **state) {
    struct desk *desk = *state;
    arena_clear(&desk->arena);
    buffer_clear(&desk->out);
    free(desk);
    return 0;
}

static bool read_bytes(struct desk *desk, const char *frame, size_t len) {
    char *exact = malloc(len + !len); /* of the exact size, so that the sanitizer sees a read beyond it */
    memcpy(exact, frame, len);
    bool good = chat_read(exact, len, &desk->arena, &desk->message, &desk->fault);
    free(exact);
    return good;
}

static bool read_text(struct desk *desk, const char *frame) {
    return read_bytes(desk, frame, strlen(frame));
}

static void every_type_of_message_is_read_with_all_its_fields(void **state) {
    struct desk *desk = *state;
    const struct message *message = &desk->message;
    assert_true(read_text(
        desk, "{\"type\":\"hello\",\"shop\":\"default\",\"locale\":\"fr-CA\",\"token\":\"v1.a.b.c\","
              "\"resume\":{\"token\":\"T\",\"seq\":7}}"));
    assert_int_equal(message->kind, MESSAGE_HELLO);
    assert_string_equal(message->shop, "default");
    assert_string_equal(message->locale, "fr-CA");
    assert_string_equal(message->token, "v1.a.b.c");
    assert_string_equal(message->resume, "T");
    assert_int_equal(message->seq, 7);
    assert_true(read_text(desk, "{\"type\":\"say\",\"id\":\"m-1\",\"text\":\"O\xc3\xb9 ?\"}"));
    assert_int_equal(message->kind, MESSAGE_SAY);
    assert_string_equal(message->id, "m-1");
    assert_string_equal(message->text, "O\xc3\xb9 ?");
    assert_true(read_text(desk, "{\"type\":\"choose\",\"id\":\"m2\",\"choice\":\"yes\",\"text\":\"Oui\"}"));
    assert_int_equal(message->kind, MESSAGE_CHOOSE);
    assert_string_equal(message->choice, "yes");
    assert_string_equal(message->text, "Oui");
    assert_true(read_text(desk, "{\"type\":\"rate\",\"rating\":-1,\"seq\":4}"));
    assert_int_equal(message->kind, MESSAGE_RATE);
    assert_int_equal(message->rating, -1);
    assert_int_equal(message->seq, 4);
    assert_true(read_text(desk, "{\"type\":\"bye\"}"));
    assert_int_equal(message->kind, MESSAGE_BYE);
}

static void optional_fields_may_be_left_out(void **state) {
    struct desk *desk = *state;
    assert_true(read_text(desk, "{\"type\":\"hello\"}"));
    assert_null(desk->message.shop);
    assert_null(desk->message.resume);
    assert_true(read_text(desk, "{\"type\":\"choose\",\"id\":\"m2\",\"choice\":\"yes\"}"));
    assert_null(desk->message.text);
}

static void what_is_wrong_names_field_expected_and_found(void **state) {
    struct desk *desk = *state;
    const struct {
        const char *frame;
        enum fault_code code;
        const char *field, *found;
    } cases[] = {
        {"", FAULT_MALFORMED, NULL, NULL},
        {"nonsense", FAULT_MALFORMED, NULL, NULL},
        {"[]", FAULT_MALFORMED, NULL, "an array"},
        {"\"say\"", FAULT_MALFORMED, NULL, NULL},
        {"\xef\xbb\xbf{\"type\":\"bye\"}", FAULT_MALFORMED, NULL, NULL},
        {"{\"type\":\"bye\"} x", FAULT_MALFORMED, NULL, NULL},
        {"{\"type\":\"bye\",\"type\":\"bye\"}", FAULT_MALFORMED, NULL, NULL},
        {"{\"type\":\"say\",\"id\":\"a\",\"text\":\"\\u0000\"}", FAULT_MALFORMED, NULL, NULL},
        {"{\"type\":\"say\",\"id\":\"a\",\"text\":\"\\ud800\"}", FAULT_MALFORMED, NULL, NULL},
        {"{\"type\":\"say\",\"id\":\"a\",\"text\":\"\xff\"}", FAULT_MALFORMED, NULL, "other bytes"},
        {"{\"type\":\"rate\",\"rating\":1e999}", FAULT_MALFORMED, NULL, NULL},
        {"{}", FAULT_INVALID, "type", "nothing"},
        {"{\"type\":1}", FAULT_INVALID, "type", "1"},
        {"{\"type\":null}", FAULT_INVALID, "type", "null"},
        {"{\"type\":\"take\"}", FAULT_UNKNOWN_TYPE, "type", "take"},
        {"{\"type\":\"<b>\"}", FAULT_UNKNOWN_TYPE, "type", "something else"},
        {"{\"type\":\"say\",\"text\":\"a\"}", FAULT_INVALID, "id", "nothing"},
        {"{\"type\":\"say\",\"id\":7,\"text\":\"a\"}", FAULT_INVALID, "id", "7"},
        {"{\"type\":\"say\",\"id\":\"\",\"text\":\"a\"}", FAULT_INVALID, "id", "text of 0 characters"},
        {"{\"type\":\"say\",\"id\":\"a b\",\"text\":\"a\"}", FAULT_INVALID, "id", "text of 3 characters"},
        {"{\"type\":\"say\",\"id\":\"\xc3\xa9\",\"text\":\"a\"}", FAULT_INVALID, "id",
         "text of 1 characters"},
        {"{\"type\":\"say\",\"id\":\"a\"}", FAULT_INVALID, "text", "nothing"},
        {"{\"type\":\"say\",\"id\":\"a\",\"text\":\"\"}", FAULT_INVALID, "text", "text of 0 characters"},
        {"{\"type\":\"say\",\"id\":\"a\",\"text\":\" \\n\\t\"}", FAULT_INVALID, "text",
         "text of 3 characters"},
        {"{\"type\":\"say\",\"id\":\"a\",\"text\":\"\\u200b\\u00a0\"}", FAULT_INVALID, "text",
         "text of 2 characters"},
        {"{\"type\":\"say\",\"id\":\"a\",\"text\":[\"a\"]}", FAULT_INVALID, "text", "an array"},
        {"{\"type\":\"say\",\"id\":\"a\",\"text\":{}}", FAULT_INVALID, "text", "an object"},
        {"{\"type\":\"say\",\"id\":\"a\",\"text\":true}", FAULT_INVALID, "text", "true"},
        {"{\"type\":\"say\",\"id\":\"a\",\"text\":\"a\",\"from\":\"agent\"}", FAULT_INVALID, "from", "one"},
        {"{\"type\":\"hello\",\"locale\":\"french\"}", FAULT_INVALID, "locale", "text of 6 characters"},
        {"{\"type\":\"hello\",\"locale\":\"fr-\"}", FAULT_INVALID, "locale", "text of 3 characters"},
        {"{\"type\":\"hello\",\"locale\":\"f\"}", FAULT_INVALID, "locale", "text of 1 characters"},
        {"{\"type\":\"hello\",\"resume\":\"T\"}", FAULT_INVALID, "resume", "text of 1 characters"},
        {"{\"type\":\"hello\",\"resume\":{\"seq\":1}}", FAULT_INVALID, "resume.token", "nothing"},
        {"{\"type\":\"hello\",\"resume\":{\"token\":\"T\"}}", FAULT_INVALID, "resume.seq", "nothing"},
        {"{\"type\":\"hello\",\"resume\":{\"token\":\"T\",\"seq\":-1}}", FAULT_INVALID, "resume.seq", "-1"},
        {"{\"type\":\"hello\",\"resume\":{\"token\":\"T\",\"seq\":1.5}}", FAULT_INVALID, "resume.seq",
         "a number with a fraction"},
        {"{\"type\":\"hello\",\"resume\":{\"token\":\"T\",\"seq\":1,\"role\":2}}", FAULT_INVALID,
         "resume.role", "one"},
        {"{\"type\":\"rate\",\"rating\":0}", FAULT_INVALID, "rating", "0"},
        {"{\"type\":\"rate\",\"rating\":9007199254740993}", FAULT_INVALID, "rating", "9007199254740993"},
        {"{\"type\":\"rate\",\"rating\":false}", FAULT_INVALID, "rating", "false"},
        {"{\"type\":\"rate\",\"rating\":1,\"seq\":\"4\"}", FAULT_INVALID, "seq", "text of 1 characters"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (read_text(desk, cases[i].frame))
            fail_msg("%s was accepted", cases[i].frame);
        if (desk->fault.code != cases[i].code || !text_is(desk->fault.field, cases[i].field) ||
            (cases[i].found && !text_is(desk->fault.found, cases[i].found)) ||
            text_empty(desk->fault.expected))
            fail_msg("%s: %s at %s, found %s", cases[i].frame, fault_name(desk->fault.code),
                     desk->fault.field, desk->fault.found);
    }
}

static void the_id_of_a_bad_message_is_given_back_when_it_can_be_read(void **state) {
    struct desk *desk = *state;
    assert_false(read_text(desk, "{\"type\":\"say\",\"id\":\"m1\",\"text\":\"\"}"));
    assert_string_equal(desk->fault.id, "m1");
    assert_false(read_text(desk, "{\"type\":\"say\",\"id\":\"<m>\",\"text\":\"a\"}"));
    assert_null(desk->fault.id);
}

static char *say_frame(struct desk *desk, const char *character, int count) {
    struct buffer buffer;
    buffer_init(&buffer, 64 * 1024);
    buffer_string(&buffer, "{\"type\":\"say\",\"id\":\"a\",\"text\":\"");
    for (int i = 0; i < count; i++)
        buffer_string(&buffer, character);
    buffer_string(&buffer, "\"}");
    char *frame = arena_string(&desk->arena, buffer.bytes);
    buffer_clear(&buffer);
    return frame;
}

static void text_may_have_2000_characters_of_any_script_and_not_one_more(void **state) {
    struct desk *desk = *state;
    const char *characters[] = {"a", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x93\xa6"};
    for (size_t i = 0; i < sizeof characters / sizeof *characters; i++) {
        assert_true(read_text(desk, say_frame(desk, characters[i], 2000)));
        assert_int_equal(text_length(desk->message.text), 2000);
        assert_false(read_text(desk, say_frame(desk, characters[i], 2001)));
        assert_string_equal(desk->fault.field, "text");
        assert_string_equal(desk->fault.found, "text of 2001 characters");
    }
}

static void frames_that_are_too_deep_or_too_many_are_refused(void **state) {
    struct desk *desk = *state;
    char deep[4096] = "{\"type\":\"bye\",\"x\":", many[4096] = "{\"type\":\"bye\",\"x\":[1";
    for (int i = 0; i < 40; i++)
        deep[strlen(deep)] = '[';
    while (strlen(many) < 2000)
        memcpy(many + strlen(many), ",1", 2);
    assert_false(read_text(desk, deep));
    assert_int_equal(desk->fault.code, FAULT_MALFORMED);
    assert_false(read_text(desk, many));
    assert_int_equal(desk->fault.code, FAULT_MALFORMED);
    assert_false(read_text(desk, say_frame(desk, "a", 17000)));
    assert_int_equal(desk->fault.code, FAULT_MALFORMED);
}

static void a_fault_never_repeats_the_words_of_a_customer(void **state) {
    struct desk *desk = *state;
    assert_false(read_text(desk, "{\"type\":\"say\",\"id\":\"a b\",\"text\":\"secret words\"}"));
    chat_write(&desk->out, &(struct delivery){.kind = DELIVERY_FAULT, .fault = &desk->fault});
    assert_null(strstr(desk->out.bytes, "secret"));
    assert_null(strstr(desk->out.bytes, "a b"));
}

static void a_cut_name_stays_utf8(void **state) {
    struct desk *desk = *state;
    char frame[400] = "{\"type\":\"bye\",\"x";
    for (int i = 0; i < 60; i++)
        memcpy(frame + strlen(frame), "\xc3\xa9", 2);
    memcpy(frame + strlen(frame), "\":1}", 4);
    assert_false(read_text(desk, frame));
    assert_true(strlen(desk->fault.field) <= 64);
    assert_true(text_valid(desk->fault.field, strlen(desk->fault.field)));
}

static const char *written(struct desk *desk, const struct delivery *delivery) {
    buffer_reset(&desk->out);
    chat_write(&desk->out, delivery);
    return desk->out.bytes;
}

static void deliveries_are_spelled_as_documented(void **state) {
    struct desk *desk = *state;
    struct fault fault = {.code = FAULT_SLOW_DOWN, .id = "m9", .retry_ms = 500};
    const struct {
        struct delivery delivery;
        const char *frame;
    } cases[] = {
        {{.kind = DELIVERY_WELCOME,
          .conversation = "01C",
          .token = "01C.x",
          .shop = "default",
          .shop_name = "Shop",
          .locale = "fr"},
         "{\"type\":\"welcome\",\"conversation\":\"01C\",\"token\":\"01C.x\",\"resumed\":false,\"seq\":0,"
         "\"shop\":\"default\",\"name\":\"Shop\",\"locale\":\"fr\",\"handling\":\"bot\"}"},
        {{.kind = DELIVERY_TURN,
          .seq = 2,
          .re = 1,
          .from = "bot",
          .id = "m1",
          .text = "\"Hi\"\n",
          .locale = "en",
          .parts = "[]",
          .at_ms = 5,
          .phrase = "unsent"},
         "{\"type\":\"say\",\"seq\":2,\"re\":1,\"from\":\"bot\",\"id\":\"m1\",\"text\":\"\\\"Hi\\\"\\n\","
         "\"locale\":"
         "\"en\",\"parts\":[],\"at\":5}"},
        {{.kind = DELIVERY_TURN,
          .seq = 3,
          .from = "agent",
          .agent = "L\xc3\xa9"
                   "a",
          .text = "Hi",
          .at_ms = 5},
         "{\"type\":\"say\",\"seq\":3,\"from\":\"agent\",\"agent\":\"L\xc3\xa9"
         "a\",\"text\":\"Hi\",\"at\":5}"},
        {{.kind = DELIVERY_TYPING, .from = "bot"}, "{\"type\":\"typing\",\"from\":\"bot\"}"},
        {{.kind = DELIVERY_HANDLING, .handling = HANDLING_HUMAN, .agent = "Lea"},
         "{\"type\":\"handoff\",\"state\":\"human\",\"agent\":\"Lea\"}"},
        {{.kind = DELIVERY_FAULT, .fault = &fault},
         "{\"type\":\"error\",\"code\":\"slow_down\",\"message\":\"Too many messages; wait and send it "
         "again.\","
         "\"re\":\"m9\",\"retry_ms\":500}"},
        {{.kind = DELIVERY_END}, ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(written(desk, &cases[i].delivery), cases[i].frame);
}

static void every_fault_has_a_name_a_sentence_and_a_code_to_close_with(void **state) {
    struct desk *desk = *state;
    for (enum fault_code code = 0; code < FAULT_COUNT; code++) {
        struct fault fault = {.code = code};
        struct delivery end = {.kind = DELIVERY_END, .fault = &fault};
        assert_true(strlen(fault_name(code)) > 3);
        assert_in_range(chat_close_code(&end), 1001, 1013);
        assert_non_null(strstr(written(desk, &(struct delivery){.kind = DELIVERY_FAULT, .fault = &fault}),
                               "\"message\":\""));
    }
    assert_int_equal(chat_close_code(&(struct delivery){.kind = DELIVERY_END}), 1000);
}

static void a_frame_reads_alike_with_and_without_escapes(void **state) {
    static const struct {
        const char *plain, *escaped;
    } rows[] = {
        {"{\"type\":\"say\",\"id\":\"m1\",\"text\":\"O\xc3\xb9 ?\"}",
         "{\"\\u0074ype\":\"say\",\"id\":\"m1\",\"text\":\"O\xc3\xb9 ?\"}"},
        {" {\t\"text\" : \"a\" ,\r\n\"id\":\"m1\",\"type\":\"say\" } ",
         "{\"text\":\"\\u0061\",\"id\":\"m1\",\"type\":\"say\"}"},
        {"{\"type\":\"say\",\"id\":\"m1\",\"text\":\"\"}",
         "{\"t\\u0079pe\":\"say\",\"id\":\"m1\",\"text\":\"\"}"},
        {"{\"type\":\"say\",\"id\":\"m1\",\"text\":\"a\tb\"}",
         "{\"t\\u0079pe\":\"say\",\"id\":\"m1\",\"text\":\"a\tb\"}"},
        {"{\"type\":\"say\",\"id\":\"m 1\",\"text\":\"a\"}",
         "{\"t\\u0079pe\":\"say\",\"id\":\"m 1\",\"text\":\"a\"}"},
        {"{\"type\":\"say\",\"id\":\"m1\",\"id\":\"m2\",\"text\":\"a\"}",
         "{\"t\\u0079pe\":\"say\",\"id\":\"m1\",\"id\":\"m2\",\"text\":\"a\"}"},
        {"{\"type\":\"say\",\"id\":\"m1\",\"text\":\"a\",\"x\":\"y\"}",
         "{\"t\\u0079pe\":\"say\",\"id\":\"m1\",\"text\":\"a\",\"x\":\"y\"}"},
        {"{\"type\":\"say\",\"id\":\"m1\"}", "{\"t\\u0079pe\":\"say\",\"id\":\"m1\"}"},
        {"{\"type\":\"say\",\"id\":\"m1\",\"text\":\"a\"}}",
         "{\"t\\u0079pe\":\"say\",\"id\":\"m1\",\"text\":\"a\"}}"},
        {"{\"type\":\"say\",\"id\":\"m1\",\"text\":\"a\",}",
         "{\"t\\u0079pe\":\"say\",\"id\":\"m1\",\"text\":\"a\",}"},
        {"{\"type\":\"hello\",\"locale\":\"fr\",\"resume.token\":\"x\"}",
         "{\"t\\u0079pe\":\"hello\",\"locale\":\"fr\",\"resume.token\":\"x\"}"},
        {"{\"type\":\"hello\",\"locale\":\"fr\",\"shop\":\"default\"}",
         "{\"t\\u0079pe\":\"hello\",\"locale\":\"fr\",\"shop\":\"default\"}"},
        {"{\"type\":\"hello\",\"locale\":\"12\"}", "{\"t\\u0079pe\":\"hello\",\"locale\":\"12\"}"},
    };
    struct desk *desk = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bool good = read_text(desk, rows[i].plain);
        struct message message = desk->message;
        struct fault fault = desk->fault;
        assert_int_equal(read_text(desk, rows[i].escaped), good);
        if (good) {
            assert_int_equal(desk->message.kind, message.kind);
            assert_true(text_is(desk->message.id, message.id));
            assert_true(text_is(desk->message.text, message.text));
            assert_true(text_is(desk->message.locale, message.locale));
            assert_true(text_is(desk->message.shop, message.shop));
            assert_true(text_is(desk->message.resume, message.resume));
        } else {
            assert_int_equal(desk->fault.code, fault.code);
            assert_true(text_is(desk->fault.field, fault.field));
            assert_true(text_is(desk->fault.expected, fault.expected));
        }
        assert_true(text_is(desk->fault.id, fault.id));
    }
}

#define CLAIM(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static void a_malformed_frame_is_not_quoted(void **state) {
    static const char *const frames[] = {"sesame", "{\"text\":\"sesame\\u0000\"}",
                                         "{\"sesame\":1,\"sesame\":1}", "{\"type\":\"say\"} sesame"};
    (void)state;
    for (size_t i = 0; i < sizeof frames / sizeof *frames; i++) {
        struct arena arena;
        struct message message;
        struct fault fault;
        arena_init(&arena);
        assert_false(chat_read(frames[i], strlen(frames[i]), &arena, &message, &fault));
        assert_int_equal(fault.code, FAULT_MALFORMED);
        assert_null(strstr(fault.found, "sesame"));
        arena_clear(&arena);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        CLAIM(every_type_of_message_is_read_with_all_its_fields),
        CLAIM(optional_fields_may_be_left_out),
        CLAIM(what_is_wrong_names_field_expected_and_found),
        CLAIM(the_id_of_a_bad_message_is_given_back_when_it_can_be_read),
        CLAIM(text_may_have_2000_characters_of_any_script_and_not_one_more),
        CLAIM(frames_that_are_too_deep_or_too_many_are_refused),
        CLAIM(a_fault_never_repeats_the_words_of_a_customer),
        CLAIM(a_frame_reads_alike_with_and_without_escapes),
        cmocka_unit_test(a_malformed_frame_is_not_quoted),
        CLAIM(a_cut_name_stays_utf8),
        CLAIM(deliveries_are_spelled_as_documented),
        CLAIM(every_fault_has_a_name_a_sentence_and_a_code_to_close_with),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
