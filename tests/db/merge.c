#include "base/text.h"
#include "db/card.h"
#include "tests/db/own_room.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Imports one order "A" with these further fields, and gives it back. */
static struct order *told(const char *fields) {
    char text[4096];
    snprintf(text, sizeof text, "{\"number\":\"A\"%s%s}", *fields ? "," : "", fields);
    struct import_summary summary = room_import(&room, text, strlen(text));
    if (summary.rejected || summary.read != 1)
        fail_msg("%s", room.complaints);
    return room_order(&room, "A");
}

static const char *day(struct moment moment) {
    char *out = arena_alloc(&room.arena, MOMENT_SIZE);
    moment_print(out, moment);
    return out;
}

static void a_changed_promise_keeps_the_first(void **state) {
    (void)state;
    told("\"promised_to\":\"2026-03-10\"");
    struct order *order = told("\"promised_to\":\"2026-03-12\"");
    assert_string_equal(day(order->promise.to), "2026-03-10");
    assert_string_equal(day(order->revised.to), "2026-03-12");
    order = told("\"promised_to\":\"2026-03-14\"");
    assert_string_equal(day(order->promise.to), "2026-03-10");
    assert_string_equal(day(order->revised.to), "2026-03-14");
    order = told("\"promised_to\":\"2026-03-10\"");
    assert_string_equal(day(order->revised.to), "2026-03-14");
    order = told("\"revised_to\":\"\"");
    assert_string_equal(day(order->revised.to), "");
    /* An export that has both columns leaves the second one empty. */
    order = told("\"promised_to\":\"2026-03-16\",\"revised_to\":\"\"");
    assert_string_equal(day(order->revised.to), "2026-03-16");
    order = told("\"promised_to\":\"2026-03-10\",\"revised_to\":\"\"");
    assert_string_equal(day(order->revised.to), "");
    order = told("\"promised_to\":null");
    assert_string_equal(day(order->promise.to), "");
}

static void a_changed_estimate_keeps_the_first(void **state) {
    (void)state;
    told("\"parcels\":[{\"id\":\"p\",\"estimated_from\":\"2026-03-09\",\"estimated_to\":\"2026-03-10\"}]");
    struct order *order = told("\"parcels\":[{\"id\":\"p\",\"estimated_to\":\"2026-03-13\"}]");
    assert_string_equal(day(order->parcels[0].estimate.to), "2026-03-13");
    assert_string_equal(day(order->parcels[0].first_estimate.to), "2026-03-10");
    assert_string_equal(day(order->parcels[0].first_estimate.from), "2026-03-09");
    order = told("\"parcels\":[{\"id\":\"p\",\"estimated_to\":null}]");
    assert_string_equal(day(order->parcels[0].estimate.to), "");
    assert_string_equal(day(order->parcels[0].first_estimate.to), "2026-03-10");
}

static void parcels_are_known_by_id_then_by_tracking_number(void **state) {
    (void)state;
    told("\"parcels\":[{\"tracking_number\":\"T1\",\"carrier\":\"DPD\"},{\"tracking_number\":\"T2\"}],"
         "\"lines\":[{\"sku\":\"S1\",\"parcel\":\"T2\"}]");
    struct order *order =
        told("\"parcels\":[{\"tracking_number\":\"t-2\"},{\"id\":\"1\",\"tracking_number\":\"T9\"}]");
    assert_int_equal(order->parcel_count, 2);
    assert_string_equal(order->parcels[0].id, "2");
    assert_string_equal(order->parcels[1].id, "1");
    assert_string_equal(order->parcels[1].carrier, "DPD");
    assert_string_equal(order->parcels[1].tracking_number, "T9");
    assert_int_equal(order->lines[0].parcel, 0); /* it follows its parcel */
    order = told("\"parcels\":[{\"tracking_number\":\"T9\"},{\"tracking_number\":\"T3\"}]");
    assert_string_equal(order->parcels[1].id, "2");
    assert_int_equal(order->lines[0].parcel, -1); /* its parcel is gone */
}

static void a_status_without_a_time_yields_to_any_checkpoint(void **state) {
    (void)state;
    struct order *order =
        told("\"parcels\":[{\"status\":\"lost\",\"checkpoints\":[{\"at\":\"2026-03-01\",\"status\":"
             "\"in_transit\"}]}]");
    assert_int_equal(order->parcels[0].status, STATUS_IN_TRANSIT);
    order = told("\"parcels\":[{\"status\":\"lost\",\"status_at\":\"2026-03-05\"}]");
    assert_int_equal(order->parcels[0].status, STATUS_LOST);
    order = told("\"parcels\":[{\"checkpoints\":[{\"at\":\"2026-03-04\",\"status\":\"in_transit\"}]}]");
    assert_int_equal(order->parcels[0].status, STATUS_LOST);
    order = told("\"parcels\":[{\"checkpoints\":[{\"at\":\"2026-03-06\",\"status\":\"delivered\"}]}]");
    assert_int_equal(order->parcels[0].status, STATUS_DELIVERED);
    assert_int_equal(order->state, STATUS_DELIVERED);
}

static void a_day_has_no_hour_before_or_after_another(void **state) {
    (void)state;
    told("\"parcels\":[{\"id\":\"p\",\"checkpoints\":[{\"at\":\"2026-03-10T08:00:00+01:00\",\"status\":"
         "\"out_for_delivery\"}]}]");
    assert_int_equal(
        told("\"parcels\":[{\"id\":\"p\",\"status\":\"delivered\",\"status_at\":\"2026-03-10\"}]")
            ->parcels[0]
            .status,
        STATUS_DELIVERED);
    told("\"parcels\":[{\"id\":\"q\",\"checkpoints\":[{\"at\":\"2026-03-09T08:00:00+01:00\",\"status\":"
         "\"in_transit\"}]}]");
    assert_int_equal(
        told("\"parcels\":[{\"id\":\"q\",\"status\":\"delivered\",\"delivered_at\":\"2026-03-10\"}]")
            ->parcels[0]
            .status,
        STATUS_DELIVERED);
}

static void a_tracking_number_that_comes_later_is_of_the_same_parcel(void **state) {
    (void)state;
    told("\"parcels\":[{\"id\":\"p\",\"carrier\":\"DPD\"}],\"lines\":[{\"sku\":\"S1\",\"parcel\":\"p\"}]");
    struct order *order = told("\"parcels\":[{\"tracking_number\":\"T1\"}]");
    assert_int_equal(order->parcel_count, 1);
    assert_string_equal(order->parcels[0].id, "p");
    assert_int_equal(order->lines[0].parcel, 0);
}

static void an_unknown_code_leaves_the_status(void **state) {
    (void)state;
    struct order *order =
        told("\"parcels\":[{\"checkpoints\":[{\"at\":\"2026-03-01\",\"code\":\"MD2\"},{\"at\":"
             "\"2026-03-02\",\"code\":\"ZZ9\",\"label\":\"?\"}]}]");
    assert_int_equal(order->parcels[0].status, STATUS_OUT_FOR_DELIVERY);
    assert_int_equal(order->parcels[0].checkpoint_count, 2);
}

static void the_state_follows_the_parcels_after_the_hand_over(void **state) {
    (void)state;
    assert_int_equal(told("")->state, STATUS_PLACED);
    assert_int_equal(told("\"state\":\"preparing\"")->state, STATUS_PREPARING);
    assert_int_equal(told("\"parcels\":[{\"id\":\"1\",\"checkpoints\":[{\"at\":\"2026-03-01\",\"status\":"
                          "\"in_transit\"}]}]")
                         ->state,
                     STATUS_IN_TRANSIT);
    /* The shop says "fulfilled" long after. */
    assert_int_equal(
        told("\"state\":\"fulfilled\",\"parcels\":[{\"id\":\"1\",\"checkpoints\":[{\"at\":\"2026-03-02\","
             "\"status\":\"out_for_delivery\"}]}]")
            ->state,
        STATUS_OUT_FOR_DELIVERY);
    assert_int_equal(told("\"state\":\"cancelled\"")->state, STATUS_CANCELLED);
    assert_int_equal(told("\"first_name\":\"Anne\"")->state, STATUS_CANCELLED);
    assert_int_equal(told("\"state\":null")->state, STATUS_OUT_FOR_DELIVERY);
}

static void a_split_order_is_where_its_slowest_part_is(void **state) {
    (void)state;
    static const char parcels[] =
        "\"parcels\":[{\"id\":\"1\",\"status\":\"delivered\"},{\"id\":\"2\",\"status\":\"%s\"}]";
    static const struct {
        const char *second;
        enum status expected;
    } cases[] = {{"in_transit", STATUS_IN_TRANSIT}, {"delivered", STATUS_DELIVERED},
                 {"returned", STATUS_RETURNED},     {"lost", STATUS_LOST},
                 {"cancelled", STATUS_DELIVERED},   {"unknown", STATUS_DELIVERED}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[256];
        snprintf(text, sizeof text, parcels, cases[i].second);
        assert_int_equal(told(text)->state, cases[i].expected);
    }
    assert_int_equal(told("\"lines\":[{\"sku\":\"1\",\"parcel\":\"1\"},{\"sku\":\"2\"}]")->state,
                     STATUS_PREPARING);
    assert_int_equal(
        told("\"lines\":[{\"sku\":\"1\",\"parcel\":\"1\"},{\"sku\":\"2\",\"state\":\"shipped\"}]")->state,
        STATUS_DELIVERED);
    assert_int_equal(
        told("\"lines\":[{\"sku\":\"1\",\"parcel\":\"1\"},{\"sku\":\"2\",\"state\":\"cancelled\"}]")->state,
        STATUS_DELIVERED);
}

static void two_reports_of_one_event_are_one_checkpoint(void **state) {
    (void)state;
    static const char *const reports[] = {"\"parcels\":[{\"id\":\"1\",\"checkpoints\":[{\"at\":\"2026-03-"
                                          "01T10:00:00Z\",\"status\":\"in_transit\",\"code\":"
                                          "\"ET1\",\"label\":\"a\",\"source\":\"x\"}]}]",
                                          "\"parcels\":[{\"id\":\"1\",\"checkpoints\":[{\"at\":\"2026-03-"
                                          "01T11:00:00+01:00\",\"status\":\"in_transit\","
                                          "\"code\":\"ET1\",\"label\":\"b\",\"place\":\"Lyon\"}]}]"};
    for (int first = 0; first < 2; first++) {
        told("\"parcels\":[]");
        told(reports[first]);
        struct order *order = told(reports[!first]);
        assert_int_equal(order->parcels[0].checkpoint_count, 1);
        assert_string_equal(order->parcels[0].checkpoints[0].label, "b");
        assert_string_equal(order->parcels[0].checkpoints[0].place, "Lyon");
        assert_string_equal(order->parcels[0].checkpoints[0].source, "x");
        assert_int_equal(order->parcels[0].checkpoints[0].at.offset, 60);
    }
}

static void at_one_instant_the_end_wins(void **state) {
    (void)state;
    struct order *order =
        told("\"parcels\":[{\"checkpoints\":[{\"at\":\"2026-03-01\",\"status\":\"delivered\"},{\"at\":"
             "\"2026-03-01\",\"status\":\"exception\"},{\"at\":\"2026-03-01\",\"status\":\"in_transit\"}]}]");
    assert_int_equal(order->parcels[0].status, STATUS_DELIVERED);
}

static void any_order_of_arrival_ends_in_the_same_card(void **state) {
    (void)state;
    enum { EVENTS = 9, ROUNDS = 60 };
    static const char *const words[] = {"info_received",    "in_transit", "in_transit",
                                        "customs",          "in_transit", "exception",
                                        "out_for_delivery", "delivered",  "returning"};
    uint32_t seed = 7;
    struct buffer first, card;
    buffer_init(&first, CARD_MAX);
    buffer_init(&card, CARD_MAX);
    for (int round = 0; round < ROUNDS; round++) {
        int sequence[EVENTS * 2], count = EVENTS + (int)(room_random(&seed) % EVENTS);
        for (int i = 0; i < count; i++) /* each at least once, some twice */
            sequence[i] = i < EVENTS ? i : (int)(room_random(&seed) % EVENTS);
        for (int i = count - 1; i > 0; i--) {
            int k = (int)(room_random(&seed) % (uint32_t)(i + 1)), swapped = sequence[i];
            sequence[i] = sequence[k];
            sequence[k] = swapped;
        }
        struct order *order = told("\"parcels\":[]");
        for (int i = 0; i < count;) {
            char text[2048];
            int len =
                snprintf(text, sizeof text, "\"parcels\":[{\"tracking_number\":\"T1\",\"checkpoints\":[");
            for (int batch = 1 + (int)(room_random(&seed) % 3), k = 0; k < batch && i < count; k++, i++)
                len +=
                    snprintf(text + len, sizeof text - (size_t)len,
                             "%s{\"at\":\"2026-03-0%dT10:00:00+01:00\",\"status\":\"%s\",\"code\":\"C%d\","
                             "\"label\":\"l%d\"}",
                             k ? "," : "", 1 + sequence[i] / 2, words[sequence[i]], sequence[i], sequence[i]);
            snprintf(text + len, sizeof text - (size_t)len, "]}]");
            order = told(text);
        }
        buffer_reset(&card);
        card_pack(&card, order);
        if (round == 0)
            buffer_add(&first, card.bytes, card.len);
        assert_int_equal(order->parcels[0].checkpoint_count, EVENTS);
        assert_int_equal(order->parcels[0].status, STATUS_RETURNING);
        assert_int_equal(card.len, first.len);
        assert_memory_equal(card.bytes, first.bytes, first.len);
    }
    buffer_clear(&first);
    buffer_clear(&card);
}

static void lines_are_known_by_sku_then_by_title(void **state) {
    (void)state;
    told("\"lines\":[{\"sku\":\"S1\",\"title\":\"Chair\",\"quantity\":2},{\"title\":\"Table\",\"available\":"
         "\"2026-04-01\"}]");
    struct order *order = told(
        "\"lines\":[{\"title\":\"Table\",\"state\":\"preparing\"},{\"sku\":\"S1\",\"quantity\":3},{\"sku\":"
        "\"S9\"}]");
    assert_int_equal(order->line_count, 3);
    assert_string_equal(day(order->lines[0].available), "2026-04-01");
    assert_int_equal(order->lines[0].quantity, 1);
    assert_string_equal(order->lines[1].title, "Chair");
    assert_int_equal(order->lines[1].quantity, 3);
    assert_int_equal(order->lines[2].quantity, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        CLAIM(a_changed_promise_keeps_the_first),
        CLAIM(a_changed_estimate_keeps_the_first),
        CLAIM(parcels_are_known_by_id_then_by_tracking_number),
        CLAIM(a_status_without_a_time_yields_to_any_checkpoint),
        CLAIM(a_day_has_no_hour_before_or_after_another),
        CLAIM(a_tracking_number_that_comes_later_is_of_the_same_parcel),
        CLAIM(an_unknown_code_leaves_the_status),
        CLAIM(the_state_follows_the_parcels_after_the_hand_over),
        CLAIM(a_split_order_is_where_its_slowest_part_is),
        CLAIM(two_reports_of_one_event_are_one_checkpoint),
        CLAIM(at_one_instant_the_end_wins),
        CLAIM(any_order_of_arrival_ends_in_the_same_card),
        CLAIM(lines_are_known_by_sku_then_by_title),
    };
    return cmocka_run_group_tests_name("db/merge", tests, NULL, NULL);
}
