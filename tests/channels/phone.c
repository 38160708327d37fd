/* What the telephone platforms' codecs share, and the signature that Twilio's own package makes. */
#include "base/arena.h"
#include "base/json.h"
#include "bot/channels/jambonz.h"
#include "bot/channels/relay.h"
#include "bot/channels/ssml.h"
#include "tests/claims.h"
#include <string.h>

static void signatures_are_those_of_twilios_own_package(void **state) {
    static const char *const rows[][2] = {
        {"wss://wismo.example.com/voice/twilio", "+8mueQkxVeoydu6Kr5excgvy8BY="},
        {"wss://example.com/voice/twilio", "3oc/wADJm1U6Cch/NdFju6IzOSk="},
        {"https://wismo.example.com/voice/twilio/actionCallSidCA00000000000000000000000000000000HandoffData{"
         "\"reason\":\"refund\"}SessionStatusended",
         "ZGJRlTPwy3qVbPhaMcGKrHA9xUo="}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_true(relay_signed("12345", rows[i][0], rows[i][1]));
        assert_false(relay_signed("12346", rows[i][0], rows[i][1]));
        assert_false(relay_signed("12345", rows[i][0], rows[(i + 1) % 3][1]));
    }
}

static void a_long_text_is_cut_where_a_sentence_ends_else_between_words_never_inside_a_letter(void **state) {
    (void)state;
    assert_int_equal(spoken_piece("One. Two.", 100), 9);
    assert_int_equal(spoken_piece("One. Two three four", 10), 5);
    assert_int_equal(spoken_piece("one two three four", 10), 8);
    assert_int_equal(spoken_piece("\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9", 5), 4);
}

static void a_language_is_spoken_as_in_the_shops_country_when_it_is_spoken_there(void **state) {
    static const char *const rows[][3] = {{"fr", "BE", "fr-BE"},    {"fr", "DE", "fr-FR"},
                                          {"en", "FR", "en-GB"},    {"en", "US", "en-US"},
                                          {"en-US", "FR", "en-US"}, {"pt", "", "pt-PT"}};
    struct arena arena;
    (void)state;
    arena_init(&arena);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(spoken_tag(rows[i][0], rows[i][1], &arena), rows[i][2]);
    arena_clear(&arena);
}

static void a_number_is_found_in_what_platforms_call_a_caller(void **state) {
    struct arena arena;
    (void)state;
    arena_init(&arena);
    assert_string_equal(spoken_number("+33612345678", &arena), "+33612345678");
    assert_string_equal(spoken_number("sip:+33612345678@pbx;user=phone", &arena), "+33612345678");
    assert_null(spoken_number("anonymous", &arena));
    assert_null(spoken_number("sip:alice@pbx", &arena));
    assert_null(spoken_number("+12", &arena));
    assert_null(spoken_number(NULL, &arena));
    arena_clear(&arena);
}

static void signs_of_speech_are_heard_before_its_words(void **state) {
    static const struct {
        const char *frame;
        enum relay_kind kind;
        enum message_kind message;
    } rows[] = {
        {"{\"type\":\"prompt\",\"voicePrompt\":\"Where\",\"last\":false}", RELAY_HEARD, MESSAGE_TYPING},
        {"{\"type\":\"prompt\",\"voicePrompt\":\" \",\"last\":false}", RELAY_IGNORED, 0},
        {"{\"type\":\"prompt\",\"voicePrompt\":\"Where\",\"last\":true}", RELAY_HEARD, MESSAGE_SAY},
        {"{\"type\":\"info\",\"name\":\"clientSpeaking\",\"value\":\"on\"}", RELAY_HEARD, MESSAGE_TYPING},
        {"{\"type\":\"info\",\"name\":\"clientSpeaking\",\"value\":\"off\"}", RELAY_IGNORED, 0},
        {"{\"type\":\"info\",\"name\":\"agentSpeaking\",\"value\":\"off\"}", RELAY_SPEAKING, 0}};
    struct arena arena;
    (void)state;
    arena_init(&arena);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct relay_frame frame;
        relay_read(&frame, rows[i].frame, strlen(rows[i].frame), &arena);
        assert_int_equal(frame.kind, rows[i].kind);
        if (frame.kind == RELAY_HEARD)
            assert_int_equal(frame.message.kind, rows[i].message);
    }
    arena_clear(&arena);
}

static void what_is_said_sign_by_sign_is_marked_by_group_and_nothing_else(void **state) {
    static const char *const rows[][2] = {
        {"Order F R, 1 0 4, 2 6. Is it right?",
         "Order <say-as interpret-as=\"characters\">FR</say-as><break time=\"250ms\"/><say-as "
         "interpret-as=\"characters\">104</say-as><break time=\"250ms\"/><say-as "
         "interpret-as=\"characters\">26</say-as>. Is it right?"},
        {"A colleague, I think, at 9 & later", "A colleague, I think, at 9 &amp; later"},
        {"a < b > c \"d\" \xc3\xa9", "a &lt; b &gt; c \"d\" \xc3\xa9"},
        {"", ""}};
    struct buffer out;
    (void)state;
    buffer_init(&out, 4096);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        buffer_reset(&out);
        ssml_mark(&out, rows[i][0]);
        assert_string_equal(out.bytes, rows[i][1]);
    }
    buffer_clear(&out);
}

static void what_no_voice_says_is_left_out_of_plain_words(void **state) {
    static const char *const rows[][2] = {
        {"See https://x.example/a?b=1&c=2. Then **call** us!", "See. Then call us!"},
        {"[Here](https://x.example), or www.x.example?", "Here, or?"},
        {"R&D <b>#1</b> _now_ ~ \xf0\x9f\x99\x82 \xf0\x9f\x87\xab\xf0\x9f\x87\xb7 50 % \xe2\x82\xac 5",
         "R D b 1 /b now 50 % \xe2\x82\xac 5"},
        {"line\nline\ttab", "line line tab"},
        {"", ""}};
    struct arena arena;
    (void)state;
    arena_init(&arena);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(ssml_words(rows[i][0], false, &arena), rows[i][1]);
    assert_string_equal(ssml_words("R&D <b> *x* https://x.example", true, &arena), "R&D <b> x");
    arena_clear(&arena);
}

static void marked_pieces_are_no_longer_than_jambonz_takes(void **state) {
    struct jambonz_answer answer;
    struct buffer out;
    struct error err;
    (void)state;
    jambonz_answer_init(&answer);
    buffer_init(&out, 64 * 1024);
    answer.marked = true;
    for (int i = 0; i < 60; i++)
        jambonz_say(&answer, "Order F R, 1 0 4, 2 6, came.", false);
    jambonz_hang_up(&answer);
    jambonz_write(&out, "m1", &answer);
    json_t *frame = json_read(out.bytes, out.len, &json_file_limits, "frame", &err), *verb;
    assert_non_null(frame);
    size_t at, orders = 0;
    json_array_foreach(json_object_get(frame, "data"), at, verb) {
        const char *text = json_string_value(json_object_get(verb, "text"));
        if (!text)
            continue;
        assert_in_range(strlen(text), 1, JAMBONZ_SAY_MAX);
        assert_memory_equal(text, "<speak>Order", 12);
        assert_string_equal(text + strlen(text) - 8, "</speak>");
        for (const char *word = strstr(text, "came"); word; word = strstr(word + 1, "came"))
            orders++;
    }
    assert_int_equal(orders, 60);
    json_decref(frame);
    buffer_clear(&out);
    jambonz_answer_clear(&answer);
}

static void a_text_of_any_length_is_said_in_pieces_that_jambonz_takes(void **state) {
    struct jambonz_answer answer;
    struct buffer out;
    struct error err;
    char text[5001] = "";
    (void)state;
    for (int i = 0; i < 1000; i++)
        memcpy(text + (size_t)i * 5, "word ", 5);
    jambonz_answer_init(&answer);
    buffer_init(&out, 64 * 1024);
    jambonz_say(&answer, text, false);
    jambonz_listen(&answer, &(struct delivery){.expects = "open", .timeout_ms = 6000}, "en-GB",
                   "order number");
    jambonz_write(&out, "m1", &answer);
    json_t *frame = json_read(out.bytes, out.len, &json_file_limits, "frame", &err);
    assert_non_null(frame);
    const json_t *verbs = json_object_get(frame, "data");
    assert_true(json_array_size(verbs) > 5);
    size_t at, said = 0;
    json_t *verb;
    json_array_foreach(verbs, at, verb) {
        const json_t *say = json_object_get(verb, "say");
        size_t len = json_string_length(json_object_get(say ? say : verb, "text"));
        assert_in_range(len, 1, JAMBONZ_SAY_MAX);
        said += len + 1;
    }
    assert_int_equal(said, 5000);
    json_decref(frame);
    buffer_clear(&out);
    jambonz_answer_clear(&answer);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signatures_are_those_of_twilios_own_package),
        cmocka_unit_test(a_long_text_is_cut_where_a_sentence_ends_else_between_words_never_inside_a_letter),
        cmocka_unit_test(a_language_is_spoken_as_in_the_shops_country_when_it_is_spoken_there),
        cmocka_unit_test(a_number_is_found_in_what_platforms_call_a_caller),
        cmocka_unit_test(signs_of_speech_are_heard_before_its_words),
        cmocka_unit_test(what_is_said_sign_by_sign_is_marked_by_group_and_nothing_else),
        cmocka_unit_test(what_no_voice_says_is_left_out_of_plain_words),
        cmocka_unit_test(marked_pieces_are_no_longer_than_jambonz_takes),
        cmocka_unit_test(a_text_of_any_length_is_said_in_pieces_that_jambonz_takes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
