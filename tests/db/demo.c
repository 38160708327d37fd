#include "base/text.h"
#include "db/import.h"
#include "intents/tracking.h"
#include "tests/db/room.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct order *load_and_find(struct room *room, const char *key) {
    struct import_summary summary;
    struct error err = {""};
    if (!demo_load(room->store, "demo", room->zone, NOW_MS, &summary, &err))
        fail_msg("%s", err.text);
    assert_int_equal(summary.rejected, 0);
    return room_order(room, key);
}

static void every_demo_order_is_imported(void **state) {
    (void)state;
    struct room room;
    struct import_summary summary;
    struct error err = {""};
    int count;
    room_open(&room);
    struct demo_order *orders = demo_orders(&room.arena, &count, &err);
    assert_non_null(orders);
    assert_true(count > 30);
    assert_true(demo_load(room.store, "demo", room.zone, NOW_MS, &summary, &err));
    assert_int_equal(summary.added, count);
    for (int i = 0; i < count; i++) {
        struct order_list list;
        assert_int_equal(room_find(&room, ORDER_BY_EMAIL, orders[i].email, &list), FOUND);
        bool listed = false;
        for (int k = 0; k < list.count; k++)
            listed |= text_is(list.orders[k]->number, orders[i].number) &&
                      text_is(list.orders[k]->postcode, orders[i].postcode);
        assert_true(listed);
        assert_true(orders[i].shows[0] != '\0');
    }
    room_close(&room);
}

static void the_same_demo_again_changes_nothing(void **state) {
    (void)state;
    struct room room;
    struct import_summary summary;
    struct error err = {""};
    room_open(&room);
    load_and_find(&room, "FR1042");
    assert_true(demo_load(room.store, "demo", room.zone, NOW_MS, &summary, &err));
    assert_int_equal(summary.same, summary.read);
    room_close(&room);
}

static void the_first_two_to_try_are_one_of_each_language(void **state) {
    (void)state;
    struct arena arena;
    struct error err = {""};
    int count;
    arena_init(&arena);
    struct demo_order *orders = demo_orders(&arena, &count, &err);
    assert_string_equal(orders[0].number, "FR-1042");
    assert_string_equal(orders[0].locale, "fr-FR");
    assert_string_equal(orders[1].number, "UK-2087");
    assert_string_equal(orders[1].locale, "en-GB");
    arena_clear(&arena);
}

static void the_french_headline_is_two_days_late(void **state) {
    (void)state;
    struct room room;
    room_open(&room);
    struct order *order = load_and_find(&room, "FR1042");
    assert_int_equal(order->state, STATUS_IN_TRANSIT);
    assert_int_equal(order->parcels[0].estimate.to.ms - order->promise.to.ms, 2 * 86400000LL);
    assert_int_equal(order->promise.to.ms, (int64_t)calendar_day(2026, 3, 10) * 86400000);
    room_close(&room);
}

static void every_status_has_a_demo_order(void **state) {
    (void)state;
    struct room room;
    struct error err = {""};
    bool seen[STATUS_COUNT] = {[STATUS_UNKNOWN] = true};
    int count;
    room_open(&room);
    struct demo_order *orders = demo_orders(&room.arena, &count, &err);
    load_and_find(&room, "FR1042");
    for (int i = 0; i < count; i++) {
        struct order_list list;
        room_find(&room, ORDER_BY_EMAIL, orders[i].email, &list);
        for (int k = 0; k < list.count; k++)
            seen[list.orders[k]->state] = true;
    }
    for (enum status status = 0; status < STATUS_COUNT; status++)
        if (!seen[status])
            fail_msg("no demo order is %s", status_name(status));
    room_close(&room);
}

static void nothing_has_happened_after_now(void **state) {
    (void)state;
    struct room room;
    struct error err = {""};
    room_open(&room);
    int count;
    struct demo_order *orders = demo_orders(&room.arena, &count, &err);
    load_and_find(&room, "FR1042");
    for (int i = 0; i < count; i++) {
        struct order_list list;
        room_find(&room, ORDER_BY_EMAIL, orders[i].email, &list);
        const struct order *order = list.orders[0];
        assert_true(order->placed_at.ms <= NOW_MS);
        for (int k = 0; k < order->parcel_count; k++) {
            assert_true(order->parcels[k].status_at.ms <= NOW_MS);
            assert_true(order->parcels[k].proof.at.ms <= NOW_MS);
        }
    }
    room_close(&room);
}

static void tracking_numbers_pass_their_carriers_checks(void **state) {
    (void)state;
    struct room room;
    struct error err = {""};
    int count, checked = 0;
    room_open(&room);
    struct demo_order *orders = demo_orders(&room.arena, &count, &err);
    load_and_find(&room, "FR1042");
    for (int i = 0; i < count; i++) {
        struct order_list list;
        room_find(&room, ORDER_BY_EMAIL, orders[i].email, &list);
        for (int k = 0; k < list.orders[0]->parcel_count; k++) {
            const struct parcel *parcel = &list.orders[0]->parcels[k];
            struct tracking_match match = tracking_match(parcel->tracking_number);
            /* Mondial Relay and Evri publish no check. */
            if (parcel->tracking_number[0] && !text_is(parcel->carrier, "Mondial Relay") &&
                !text_is(parcel->carrier, "Evri") && !match.checked)
                fail_msg("%s: %s", parcel->carrier, parcel->tracking_number);
            checked += match.checked;
        }
    }
    assert_true(checked > 20);
    room_close(&room);
}

static void the_printed_demo_is_what_is_imported(void **state) {
    (void)state;
    struct room room;
    struct error err = {""};
    struct import_summary summary;
    char *text;
    size_t len;
    room_open(&room);
    load_and_find(&room, "FR1042");
    FILE *out = open_memstream(&text, &len);
    assert_true(demo_print(out, room.zone, NOW_MS, &err));
    fclose(out);
    assert_null(strchr(text, '@') ? strstr(text, "\"@") : NULL);
    assert_null(strstr(text, "\"shows\""));
    summary = room_import(&room, text, len);
    assert_int_equal(summary.same, summary.read);
    assert_string_equal(room.complaints, "");
    free(text);
    room_close(&room);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_demo_order_is_imported),
        cmocka_unit_test(the_same_demo_again_changes_nothing),
        cmocka_unit_test(the_first_two_to_try_are_one_of_each_language),
        cmocka_unit_test(the_french_headline_is_two_days_late),
        cmocka_unit_test(every_status_has_a_demo_order),
        cmocka_unit_test(nothing_has_happened_after_now),
        cmocka_unit_test(tracking_numbers_pass_their_carriers_checks),
        cmocka_unit_test(the_printed_demo_is_what_is_imported),
    };
    return cmocka_run_group_tests_name("db/demo", tests, NULL, NULL);
}
