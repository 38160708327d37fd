#include "bot/dialogue/state.h"
#include "base/text.h"
#include "tests/claims.h"
#include <stdio.h>
#include <string.h>

static void print(const struct state *state, struct buffer *out) {
    buffer_init(out, 1 << 16);
    state_print(state, out);
    assert_false(out->full);
}

static void number_set(char number[KEY_SIZE], int last) {
    snprintf(number, KEY_SIZE, "FR104%d", last);
}

static void every_field_survives_being_written_and_read(void **unused) {
    (void)unused;
    struct state state, back;
    struct buffer text;
    struct error err;
    state_init(&state, "maison", "fr", VOICE_SPOKEN);
    state.handling = HANDLING_WAITING;
    state.expect = EXPECT_WHICH_ORDER;
    state.expect_before = EXPECT_CHECKED;
    state.disclosed = state.locked = state.untested = state.checked = state.claims.same_token =
        state.claims.either = true;
    for (int i = 0; i < STATE_NUMBERS; i++)
        number_set(state.claims.numbers[i], i);
    TEXT_SET(state.claims.number, "FR-1042");
    TEXT_SET(state.claims.tracking, "6A44719823305");
    TEXT_SET(state.claims.email, "zoé@example.fr");
    TEXT_SET(state.claims.postcode, "69003");
    TEXT_SET(state.claims.phone, "+33612345678");
    TEXT_SET(state.claims.phone4, "5678");
    TEXT_SET(state.token.email, "t@example.fr");
    TEXT_SET(state.token.numbers[0], "FR7");
    state.wrong_proofs = 3;
    TEXT_SET(state.tried, "abc");
    for (int i = 0; i < STATE_ORDERS; i++) {
        number_set(state.orders[i], i);
        state.tiers[i] = i % 3;
        state.factors[i] = i;
    }
    state.carried = true;
    TEXT_SET(state.opening, "handoff.withdrawn");
    TEXT_SET(state.focus, "FR2");
    TEXT_SET(state.told, "FR2");
    TEXT_SET(state.pick, "other");
    state.listed = 6;
    state.parcel = 2;
    state.pick_day = 20524;
    for (int i = 0; i < STATE_GOALS; i++) {
        TEXT_SET(state.goals[i].intent, "track.where");
        TEXT_SET(state.goals[i].rule, "fr.json:track.where/3");
        state.goals[i].score = .75 * i;
        state.goals[i].asked = 20526 * (i % 2);
    }
    state.look_up = 4;
    state.misses = 1;
    state.asks = 2;
    for (int i = 0; i < STATE_SAID; i++) {
        TEXT_SET(state.said[i].phrase, "ask.number");
        state.said[i].count = i;
        state.said[i].facts = 4000000000u * (i % 2);
    }
    for (int i = 0; i < STATE_TOPICS; i++)
        TEXT_SET(state.topics[i], "human.refund");
    TEXT_SET(state.reference, "RMA \"7\"\\");
    TEXT_SET(state.call.spoken, "one\ntwo\\n\\\nthree = 3\n");
    TEXT_SET(state.call.rest, "\\\\n");
    state.call.heard_ms = INT64_MIN;
    state.wake_ms = INT64_MAX;
    TEXT_SET(state.offer, "late");
    print(&state, &text);
    if (!state_parse(&back, text.bytes, &err))
        fail_msg("%s", err.text);
    assert_memory_equal(&state, &back, sizeof state);
    buffer_clear(&text);
}

static void a_new_state_is_short(void **unused) {
    (void)unused;
    struct state state;
    struct buffer text;
    state_init(&state, "default", "en", VOICE_WRITTEN);
    print(&state, &text);
    assert_string_equal(text.bytes, "ve=2\nsh=default\nlo=en\n");
    buffer_clear(&text);
}

static void what_is_not_a_state_is_refused_with_the_reason(void **unused) {
    (void)unused;
    static const struct {
        const char *text, *reason;
    } cases[] = {
        {"", "version 0"},
        {"ve=3\n", "version 3"},
        {"ve=2", "no end"},
        {"{\"version\":1}\n", "unknown field"},
        {"ve=2\nzz=red\n", "unknown field \"zz\""},
        {"ve=2\ns\n", "unknown field \"s\""},
        {"ve=2\nsh\n", "unknown field \"sh\""},
        {"ve=2\nshop\n", "\"sh\""},
        {"ve=2\nsh=an\\other\n", "\"sh\""},
        {"ve=2\nsh=a shop whose name is longer than the forty bytes\n", "\"sh\""},
        {"ve=2\nsh=\xff\n", "UTF-8"},
        {"ve=2\nlk=true\n", "\"lk\""},
        {"ve=2\nas=two\n", "\"as\""},
        {"ve=2\nas=\n", "\"as\""},
        {"ve=2\nas=2 \n", "\"as\""},
        {"ve=2\nas=2147483648\n", "\"as\""},
        {"ve=2\nwa=9223372036854775808\n", "\"wa\""},
        {"ve=2\nsf0=-1\n", "\"sf\""},
        {"ve=2\nos=A\n", "\"os\""},
        {"ve=2\nos8=A\n", "\"os\""},
        {"ve=2\nns1=A\n", "\"ns\" stands behind an empty place"},
        {"ve=2\nos0=A\nos2=B\n", "\"os\""},
        {"ve=2\nti0=2\n", "\"ti\""},
        {"ve=2\nha=9\n", "out of range"},
        {"ve=2\nex=-1\n", "out of range"},
        {"ve=2\npa=-1\n", "out of range"},
        {"ve=2\npa=201\n", "out of range"},
        {"ve=2\nls=256\n", "out of range"},
        {"ve=2\nfn=64\n", "out of range"},
        {"ve=2\nrt=201\n", "out of range"},
        {"ve=2\nlu=-1\n", "out of range"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct state state;
        struct error err = {""};
        assert_false(state_parse(&state, cases[i].text, &err));
        if (strstr(err.text, cases[i].reason) == NULL)
            fail_msg("%s: \"%s\" does not say %s", cases[i].text, err.text, cases[i].reason);
    }
}

static void handling_has_names(void **unused) {
    (void)unused;
    assert_string_equal(handling_name(HANDLING_BOT), "bot");
    assert_string_equal(handling_name(HANDLING_CLOSED), "closed");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_field_survives_being_written_and_read),
        cmocka_unit_test(a_new_state_is_short),
        cmocka_unit_test(what_is_not_a_state_is_refused_with_the_reason),
        cmocka_unit_test(handling_has_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
