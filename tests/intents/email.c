#include "base/buffer.h"
#include "tests/intents/reading.h"

static void written_addresses_are_read_in_any_company(void **state) {
    static const struct {
        const char *text, *value;
    } cases[] = {
        {"c.vasseur@example.fr", "c.vasseur@example.fr"},
        {"my mail is Jean-Paul_2@Example.CO.UK.", "jean-paul_2@example.co.uk"},
        {"<a+b@c.org>,", "a+b@c.org"},
        {"mail:a.b@c.de; thanks", "a.b@c.de"},
        {"a.b @ c.fr", "a.b@c.fr"},
        {"order 84512 a1@b2.com", "a1@b2.com"},
        {"José.García@example.com", "josé.garcía@example.com"}, /* jose.garcia is somebody else */
        {"jose\u0301@example.com", "josé@example.com"},
        {"o’neil@example.com", "o'neil@example.com"},
        {"john.smith at gmail.com", "john.smith@gmail.com"},
        {"john at my-shop.com", "john@my-shop.com"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *value = best(hear(*state, cases[i].text), SLOT_EMAIL);
        if (strcmp(value, cases[i].value) != 0)
            fail_msg("%s: %s, expected %s", cases[i].text, value, cases[i].value);
    }
}

static void an_at_sign_alone_is_no_address(void **state) {
    static const char *const texts[] = {"@",
                                        "a@b",
                                        "@shop.com",
                                        "a@",
                                        "a@.",
                                        "a@b.c",
                                        "5 @ 3.50",
                                        "a@b.123",
                                        "see you at home",
                                        "at 5.30 at the dot"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_string_equal(best(hear(*state, texts[i]), SLOT_EMAIL), "");
}

static void spoken_addresses_are_put_together(void **state) {
    struct room *room = *state;
    static const struct {
        const char *locale, *text, *value;
    } cases[] = {
        {"en", "it is john dot smith at example dot com", "john.smith@example.com"},
        {"en", "my email is john smith at example dot co dot uk thanks", "johnsmith@example.co.uk"},
        {"en", "john underscore one two at example dot com.", "john_12@example.com"},
        {"en", "j o at g mail dot com", "jo@gmail.com"},
        {"en", "john at gmail.com", "john@gmail.com"},
        {"en", "camille four two at example dot com", "camille42@example.com"},
        {"en", "camille forty-two at my dash shop dot com", "camille42@my-shop.com"},
        {"en", "bob double oh seven at mail dot example", "bob007@mail.example"},
        {"en", "double dot trouble at mail dot com", "double.trouble@mail.com"},
        {"en", "anna nineteen eighty four at example dot com", "anna1984@example.com"},
        {"fr", "camille quarante-deux arobase la tiret poste point net", "camille42@la-poste.net"},
        {"fr", "écrivez à camille arobase free point fr", "camille@free.fr"},
        {"fr", "jean point dupont arobase gmail point com", "jean.dupont@gmail.com"},
        {"fr", "c'est marie tiret claire arobase orange point f r merci", "marie-claire@orange.fr"},
        {"fr", "jean tiret bas paul arobase free point fr", "jean_paul@free.fr"},
        {"fr", "paul deux arobase la poste point net", "paul2@laposte.net"},
    };
    room->options.voice = true;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        room->options.locale = cases[i].locale;
        const char *value = best(hear(room, cases[i].text), SLOT_EMAIL);
        if (strcmp(value, cases[i].value) != 0)
            fail_msg("%s: %s, expected %s", cases[i].text, value, cases[i].value);
    }
}

static void how_far_a_spoken_address_reaches_back_is_left_open(void **state) {
    struct room *room = *state;
    hear(room, "contact john smith at example dot com");
    assert_true(score_of(&room->reading, SLOT_EMAIL, "smith@example.com") > 0);
    assert_true(score_of(&room->reading, SLOT_EMAIL, "contactjohnsmith@example.com") > 0);
}

static void a_dictation_without_end_is_cut(void **state) {
    struct room *room = *state;
    struct buffer text;
    buffer_init(&text, 4000);
    buffer_string(&text, "at ");
    for (int i = 0; i < 300; i++)
        buffer_string(&text, "long dot ");
    buffer_string(&text, "com");
    hear(room, text.bytes);
    buffer_clear(&text);
    assert_true(room->reading.slots[SLOT_EMAIL].count <= SLOT_CANDIDATES);
}

int main(void) {
    const struct CMUnitTest claims[] = {
        CLAIM(written_addresses_are_read_in_any_company),
        CLAIM(an_at_sign_alone_is_no_address),
        CLAIM(spoken_addresses_are_put_together),
        CLAIM(how_far_a_spoken_address_reaches_back_is_left_open),
        CLAIM(a_dictation_without_end_is_cut),
    };
    return cmocka_run_group_tests(claims, room_open, room_close);
}
