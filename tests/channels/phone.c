/* What the telephone platforms' codecs share, and the signature that Twilio's own package makes. */
#include "base/arena.h"
#include "base/json.h"
#include "bot/channels/jambonz.h"
#include "bot/channels/relay.h"
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
        cmocka_unit_test(a_text_of_any_length_is_said_in_pieces_that_jambonz_takes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
