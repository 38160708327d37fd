#include "bot/dialogue/picture.h"
#include "tests/claims.h"
#include "tests/dialogue/talk.h"

/* Today is Wednesday 11 March 2026, nine in the morning in Paris. */
static struct shop shop = {.stalled_days = 5};
static int64_t now_ms;
static struct arena arena;

static int open_zone(void **unused) {
    (void)unused;
    struct error err;
    struct zone *zone = zone_open("Europe/Paris", &err);
    shop.zone = zone;
    now_ms = at("2026-03-11T09:00:00+01:00").ms;
    arena_init(&arena);
    return zone == NULL;
}

static int close_zone(void **unused) {
    (void)unused;
    zone_close((struct zone *)shop.zone);
    arena_clear(&arena);
    return 0;
}

static struct picture draw(const struct order *order) {
    struct picture picture;
    picture_draw(&picture, order, &shop, now_ms, &arena);
    return picture;
}

static struct parcel moving(void) {
    return (struct parcel){.status = STATUS_IN_TRANSIT};
}

static void an_estimate_after_the_promise_is_late_by_whole_days(void **unused) {
    (void)unused;
    struct parcel parcel = moving();
    struct order order;
    talk_order(&order, "1");
    order.promise.to = at("2026-03-10");
    parcel.estimate.to = at("2026-03-12T18:00:00+01:00");
    order.parcels = &parcel;
    order.parcel_count = 1;
    struct picture picture = draw(&order);
    assert_int_equal(picture.parcels[0].days_late, 2);
    assert_int_equal(picture.parcels[0].due_source.parcel, 1);
    assert_string_equal(picture.parcels[0].due_source.what, "estimate");
    assert_false(picture.final);
}

static void a_date_that_has_passed_is_not_told_as_coming(void **unused) {
    (void)unused;
    struct parcel parcel = moving();
    struct order order;
    talk_order(&order, "1");
    order.promise.to = at("2026-03-08");
    parcel.estimate.to = at("2026-03-10");
    order.parcels = &parcel;
    order.parcel_count = 1;
    struct picture picture = draw(&order);
    assert_int_equal(picture.parcels[0].due.kind, MOMENT_NONE);
    assert_int_equal(picture.parcels[0].days_late, 3); /* and counting: today against the promise */
}

static void a_revised_promise_is_due_but_lateness_counts_from_the_first(void **unused) {
    (void)unused;
    struct parcel parcel = moving();
    struct order order;
    talk_order(&order, "1");
    order.promise.to = at("2026-03-10");
    order.revised.to = at("2026-03-14");
    order.parcels = &parcel;
    order.parcel_count = 1;
    struct picture picture = draw(&order);
    assert_true(picture.parcels[0].due_promised);
    assert_int_equal(picture.parcels[0].days_late, 4);
}

static void what_is_due_today_is_not_late(void **unused) {
    (void)unused;
    struct parcel parcel = moving();
    struct order order;
    talk_order(&order, "1");
    order.promise.to = at("2026-03-11");
    order.parcels = &parcel;
    order.parcel_count = 1;
    assert_int_equal(draw(&order).parcels[0].days_late, 0);
}

static void late_in_the_evening_counts_by_the_shops_day(void **unused) {
    (void)unused;
    struct parcel parcel = moving();
    struct order order;
    talk_order(&order, "1");
    order.promise.to = at("2026-03-10");
    parcel.estimate.to = at("2026-03-10T23:30:00Z"); /* 00:30 of the 11th in Paris */
    order.parcels = &parcel;
    order.parcel_count = 1;
    assert_int_equal(draw(&order).parcels[0].days_late, 1);
}

static void what_waits_at_a_pick_up_point_is_late_by_the_day_it_came(void **unused) {
    (void)unused;
    struct parcel parcel = {
        .status = STATUS_READY_FOR_PICKUP, .status_at = at("2026-03-10T12:00:00+01:00"), .tracking_url = ""};
    struct order order;
    talk_order(&order, "1");
    order.promise.to = at("2026-03-10");
    order.parcels = &parcel;
    order.parcel_count = 1;
    assert_int_equal(draw(&order).parcels[0].days_late, 0);
    parcel.status_at = at("2026-03-11T08:00:00+01:00");
    assert_int_equal(draw(&order).parcels[0].days_late, 1);
}

static void lateness_is_told_of_what_came_too_and_of_nothing_that_never_will(void **unused) {
    (void)unused;
    struct parcel parcel = moving();
    struct order order;
    talk_order(&order, "1");
    order.parcels = &parcel;
    order.parcel_count = 1;
    parcel.estimate.to = at("2026-03-12");
    assert_int_equal(draw(&order).parcels[0].lateness, -1); /* nothing was promised */
    order.promise.to = at("2026-03-12");
    assert_int_equal(draw(&order).parcels[0].lateness, 0);
    order.promise.to = at("2026-03-10");
    assert_int_equal(draw(&order).parcels[0].lateness, 2);
    order.promise.to = at("2026-03-11T08:00:00+01:00"); /* an hour ago, and no date lies ahead */
    parcel.estimate.to = (struct moment){0};
    assert_int_equal(draw(&order).parcels[0].lateness, -1);
    order.promise.to = at("2026-03-08");
    parcel.status = STATUS_DELIVERED;
    assert_int_equal(draw(&order).parcels[0].lateness, -1);
    parcel.status_at = at("2026-03-09T12:00:00+01:00");
    assert_int_equal(draw(&order).parcels[0].lateness, 1);
    assert_int_equal(draw(&order).parcels[0].days_late, 0);
    parcel.status = STATUS_LOST;
    assert_int_equal(draw(&order).parcels[0].lateness, -1);
}

static void without_a_promise_nothing_is_late(void **unused) {
    (void)unused;
    struct parcel parcel = moving();
    struct order order;
    talk_order(&order, "1");
    parcel.estimate.to = at("2026-03-20");
    parcel.first_estimate.to = at("2026-03-12");
    order.parcels = &parcel;
    order.parcel_count = 1;
    assert_int_equal(draw(&order).parcels[0].days_late, 0);
}

static void scanned(struct order *order, struct parcel *parcel, struct checkpoint checkpoints[2]) {
    talk_order(order, "1");
    *parcel = moving();
    parcel->checkpoints = checkpoints;
    parcel->checkpoint_count = 2;
    order->parcels = parcel;
    order->parcel_count = 1;
}

static void silence_counts_from_the_last_scan_of_a_carrier(void **unused) {
    (void)unused;
    struct checkpoint checkpoints[] = {
        {.at = at("2026-03-04T10:00:00+01:00"), .status = STATUS_IN_TRANSIT, .source = "dpd"},
        {.at = at("2026-03-09T10:00:00+01:00"), .status = STATUS_INFO_RECEIVED, .source = "shop"},
    };
    struct parcel parcel;
    struct order order;
    scanned(&order, &parcel, checkpoints);
    struct picture picture = draw(&order);
    assert_int_equal(picture.parcels[0].days_silent, 7);
    assert_true(picture.parcels[0].stalled);
    parcel.status = STATUS_DELIVERED;
    assert_false(draw(&order).parcels[0].stalled);
}

static void what_is_announced_is_no_scan_yet(void **unused) {
    (void)unused;
    struct checkpoint checkpoints[] = {
        {.at = at("2026-03-04T10:00:00+01:00"), .status = STATUS_IN_TRANSIT},
        {.at = at("2026-03-12T00:10:00+01:00"), .status = STATUS_OUT_FOR_DELIVERY}};
    struct parcel parcel;
    struct order order;
    scanned(&order, &parcel, checkpoints);
    struct picture picture = draw(&order);
    assert_ptr_equal(picture.parcels[0].last_scan, &checkpoints[0]);
    assert_true(picture.parcels[0].stalled);
    checkpoints[1].at = at("2026-03-11T09:00:01+01:00");
    assert_ptr_equal(draw(&order).parcels[0].last_scan, &checkpoints[0]);
    checkpoints[1].at = at("2026-03-11"); /* at what time is not known: today has begun */
    assert_ptr_equal(draw(&order).parcels[0].last_scan, &checkpoints[1]);
}

static void a_slot_until_midnight_ends_with_its_day(void **unused) {
    (void)unused;
    struct parcel parcel = moving();
    struct order order;
    talk_order(&order, "1");
    parcel.estimate.from = at("2026-03-11T18:00:00+01:00");
    parcel.estimate.to = at("2026-03-12T00:00:00+01:00");
    order.parcels = &parcel;
    order.parcel_count = 1;
    int32_t today = zone_day(shop.zone, now_ms);
    assert_int_equal(zone_moment_day(shop.zone, draw(&order).parcels[0].due), today);
    parcel.estimate.from = at("2026-03-11T00:00:00+01:00"); /* days, as many programs write them */
    assert_int_equal(zone_moment_day(shop.zone, draw(&order).parcels[0].due), today + 1);
    parcel.estimate.from = at("2026-03-10T18:00:00+01:00");
    parcel.estimate.to = at("2026-03-11T00:00:00+01:00");
    assert_int_equal(draw(&order).parcels[0].due.kind, MOMENT_NONE);
}

static void a_promise_does_not_outlive_the_attempt_that_failed(void **unused) {
    (void)unused;
    struct parcel parcel = {.status = STATUS_ATTEMPT_FAILED, .tracking_url = ""};
    struct order order;
    talk_order(&order, "1");
    order.promise.to = at("2026-03-20");
    parcel.estimate.to = at("2026-03-12");
    order.parcels = &parcel;
    order.parcel_count = 1;
    struct picture picture = draw(&order);
    assert_int_equal(picture.parcels[0].due.kind, MOMENT_NONE);
    assert_int_equal(picture.prospects[0].outlook, OUTLOOK_NONE);
    parcel.next_attempt = at("2026-03-13");
    assert_int_equal(draw(&order).prospects[0].outlook, OUTLOOK_DUE);
}

static void a_promise_is_at_risk_after_an_exception_unless_the_carrier_has_a_date(void **unused) {
    (void)unused;
    struct parcel parcel = {.status = STATUS_EXCEPTION, .tracking_url = ""};
    struct order order;
    talk_order(&order, "1");
    order.promise.to = at("2026-03-20");
    parcel.estimate.to = at("2026-03-10");
    order.parcels = &parcel;
    order.parcel_count = 1;
    assert_int_equal(draw(&order).prospects[0].outlook, OUTLOOK_BEHIND);
    parcel.estimate.to = at("2026-03-13");
    assert_int_equal(draw(&order).prospects[0].outlook, OUTLOOK_DUE);
    order.promise.to = at("2026-03-09");
    parcel.estimate.to = at("2026-03-10");
    assert_int_equal(draw(&order).prospects[0].outlook, OUTLOOK_OVERDUE);
}

static void what_a_pick_up_point_kept_until_yesterday_does_not_wait(void **unused) {
    (void)unused;
    struct parcel parcel = {.status = STATUS_READY_FOR_PICKUP, .tracking_url = ""};
    struct order order;
    talk_order(&order, "1");
    parcel.pickup.deadline = at("2026-03-11");
    order.parcels = &parcel;
    order.parcel_count = 1;
    assert_int_equal(draw(&order).prospects[0].outlook, OUTLOOK_WAITS);
    parcel.pickup.deadline = at("2026-03-10");
    assert_int_equal(draw(&order).prospects[0].outlook, OUTLOOK_KEPT);
}

static void lines_in_no_parcel_are_outstanding(void **unused) {
    (void)unused;
    struct parcel parcel = {.status = STATUS_DELIVERED};
    struct line lines[] = {{.parcel = 0}, {.parcel = -1, .available = at("2026-03-20")}};
    struct order order;
    talk_order(&order, "1");
    order.parcels = &parcel;
    order.parcel_count = 1;
    order.lines = lines;
    order.line_count = 2;
    struct picture picture = draw(&order);
    assert_true(picture.outstanding);
    assert_false(picture.final);
    assert_int_equal(moment_compare(picture.available, at("2026-03-20"), shop.zone), 0);
    lines[1].state = STATUS_CANCELLED;
    assert_true(draw(&order).final);
}

static void a_shipped_order_without_parcels_is_its_own(void **unused) {
    (void)unused;
    struct order order;
    talk_order(&order, "1");
    order.state = STATUS_IN_TRANSIT;
    assert_int_equal(draw(&order).parcel_count, 1);
    order.state = STATUS_PREPARING;
    assert_int_equal(draw(&order).parcel_count, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_estimate_after_the_promise_is_late_by_whole_days),
        cmocka_unit_test(a_date_that_has_passed_is_not_told_as_coming),
        cmocka_unit_test(a_revised_promise_is_due_but_lateness_counts_from_the_first),
        cmocka_unit_test(what_is_due_today_is_not_late),
        cmocka_unit_test(late_in_the_evening_counts_by_the_shops_day),
        cmocka_unit_test(what_waits_at_a_pick_up_point_is_late_by_the_day_it_came),
        cmocka_unit_test(lateness_is_told_of_what_came_too_and_of_nothing_that_never_will),
        cmocka_unit_test(without_a_promise_nothing_is_late),
        cmocka_unit_test(silence_counts_from_the_last_scan_of_a_carrier),
        cmocka_unit_test(what_is_announced_is_no_scan_yet),
        cmocka_unit_test(a_slot_until_midnight_ends_with_its_day),
        cmocka_unit_test(a_promise_does_not_outlive_the_attempt_that_failed),
        cmocka_unit_test(a_promise_is_at_risk_after_an_exception_unless_the_carrier_has_a_date),
        cmocka_unit_test(what_a_pick_up_point_kept_until_yesterday_does_not_wait),
        cmocka_unit_test(lines_in_no_parcel_are_outstanding),
        cmocka_unit_test(a_shipped_order_without_parcels_is_its_own),
    };
    return cmocka_run_group_tests(tests, open_zone, close_zone);
}
