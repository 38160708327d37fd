#include "db/card.h"
#include "base/text.h"
#include "tests/db/card_sign.h"
#include "tests/db/room.h"
#include "tests/db/whole.h"
#include <string.h>

static struct arena arena;
static struct buffer card;

static int begin(void **state) {
    (void)state;
    arena_init(&arena);
    buffer_init(&card, CARD_MAX);
    card_pack(&card, whole_order(&arena));
    return 0;
}

static int end(void **state) {
    (void)state;
    arena_clear(&arena);
    buffer_clear(&card);
    return 0;
}

static void a_whole_order_comes_back_as_it_was(void **state) {
    (void)state;
    struct error err = {""};
    struct order *order = card_unpack(card.bytes, card.len, &arena, &err);
    if (!order)
        fail_msg("%s", err.text);
    assert_same_order(order, whole_order(&arena));
}

static void an_order_of_nothing_comes_back_with_empty_strings(void **state) {
    (void)state;
    struct error err = {""};
    struct order blank = {.number = "", .key = "A"};
    const char **strings[] = {&blank.external_id, &blank.option,    &blank.promise_origin, &blank.hold_reason,
                              &blank.email,       &blank.phone,     &blank.postcode,       &blank.country,
                              &blank.locale,      &blank.first_name};
    for (size_t i = 0; i < sizeof strings / sizeof strings[0]; i++)
        *strings[i] = "";
    buffer_reset(&card);
    card_pack(&card, &blank);
    assert_true(card.len < 32);
    struct order *order = card_unpack(card.bytes, card.len, &arena, &err);
    assert_non_null(order);
    assert_string_equal(order->hold_reason, "");
    assert_string_equal(order->key, "A");
    assert_int_equal(order->parcel_count, 0);
}

static void when_it_was_written_is_not_on_the_card(void **state) {
    (void)state;
    struct buffer other;
    struct order *order = whole_order(&arena);
    order->updated_ms++;
    buffer_init(&other, CARD_MAX);
    card_pack(&other, order);
    assert_int_equal(other.len, card.len);
    assert_memory_equal(other.bytes, card.bytes, card.len);
    buffer_clear(&other);
}

static void a_flipped_bit_anywhere_is_noticed(void **state) {
    (void)state;
    struct error err;
    for (size_t i = 0; i < card.len * 8; i++) {
        card.bytes[i / 8] ^= (char)(1 << i % 8);
        err.text[0] = '\0';
        assert_null(card_unpack(card.bytes, card.len, &arena, &err));
        assert_non_null(strstr(err.text, "import the order again"));
        card.bytes[i / 8] ^= (char)(1 << i % 8);
        arena_reset(&arena);
    }
}

static void a_card_cut_short_is_noticed(void **state) {
    (void)state;
    struct error err;
    for (size_t len = 0; len < card.len; len++) {
        assert_null(card_unpack(card.bytes, len, &arena, &err));
        arena_reset(&arena);
    }
}

static void damage_with_a_right_check_never_crashes(void **state) {
    (void)state;
    struct error err;
    uint32_t seed = 11;
    int refused = 0, read = 0;
    char *copy = arena_copy(&arena, card.bytes, card.len);
    struct arena scratch;
    arena_init(&scratch);
    card_sign(copy, card.len);
    assert_memory_equal(copy, card.bytes, card.len);
    for (int round = 0; round < 20000; round++) {
        memcpy(copy, card.bytes, card.len);
        size_t len = card.len;
        for (int k = 0; k < 1 + round % 3; k++) {
            seed = seed * 1664525u + 1013904223u;
            copy[(seed >> 8) % (len - 4)] = (char)(seed >> 24);
        }
        if (round % 5 == 0)
            len -= (seed >> 8) % (len / 2);
        card_sign(copy, len);
        if (card_unpack(copy, len, &scratch, &err))
            read++;
        else
            refused++;
        arena_reset(&scratch);
    }
    arena_clear(&scratch);
    assert_true(refused > 1000);
    assert_true(read > 0);
}

static void a_card_of_another_version_is_refused(void **state) {
    (void)state;
    struct error err;
    card.bytes[0] = 2;
    card_sign(card.bytes, card.len);
    assert_null(card_unpack(card.bytes, card.len, &arena, &err));
    assert_non_null(strstr(err.text, "another version"));
}

int main(void) {
#define CLAIM(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        CLAIM(a_whole_order_comes_back_as_it_was),
        CLAIM(an_order_of_nothing_comes_back_with_empty_strings),
        CLAIM(when_it_was_written_is_not_on_the_card),
        CLAIM(a_flipped_bit_anywhere_is_noticed),
        CLAIM(a_card_cut_short_is_noticed),
        CLAIM(damage_with_a_right_check_never_crashes),
        CLAIM(a_card_of_another_version_is_refused),
    };
    return cmocka_run_group_tests_name("db/card", tests, NULL, NULL);
}
