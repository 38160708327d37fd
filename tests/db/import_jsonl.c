#include "base/data.h"
#include "base/json.h"
#include "base/text.h"
#include "db/field.h"
#include "tests/db/own_room.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void imported(const char *text) {
    struct import_summary summary = room_import(&room, text, strlen(text));
    if (summary.rejected || summary.read < 1)
        fail_msg("%s", room.complaints);
}

static void rejected(const char *text, const char *complaint) {
    struct import_summary summary = room_import(&room, text, strlen(text));
    assert_int_equal(summary.rejected, 1);
    if (!strstr(room.complaints, complaint))
        fail_msg("\"%s\" is not in: %s", complaint, room.complaints);
}

static void a_whole_order_is_read(void **state) {
    (void)state;
    imported("{\"number\":\"FR-1\",\"email\":\"A@b.fr\",\"state\":null,\"cancellable\":true,\"lines\":[{"
             "\"sku\":\"S\","
             "\"quantity\":2,\"parcel\":\"T-9\"}],\"parcels\":[{\"tracking_number\":\"T9\",\"checkpoints\":[{"
             "\"at\":"
             "\"2026-03-10T14:02:00+01:00\",\"status\":\"OutForDelivery\",\"source\":\"AfterShip\"},{\"at\":"
             "\"2026-03-09 10:00\",\"code\":\"PC1\"}]}]}\n\n  \n");
    struct order *order = room_order(&room, "FR1");
    assert_string_equal(order->email, "a@b.fr");
    assert_true(order->cancellable);
    assert_int_equal(order->lines[0].parcel, 0);
    assert_int_equal(order->parcels[0].checkpoint_count, 2);
    assert_int_equal(order->parcels[0].checkpoints[0].status, STATUS_IN_TRANSIT);
    assert_int_equal(order->parcels[0].checkpoints[0].at.offset, 60); /* the shop's zone */
    assert_int_equal(order->parcels[0].status, STATUS_OUT_FOR_DELIVERY);
    assert_int_equal(order->state, STATUS_OUT_FOR_DELIVERY);
    assert_int_equal(order->parcels[0].checkpoints[0].received_ms, NOW_MS);
}

static void what_is_wrong_is_said_with_its_place(void **state) {
    (void)state;
    rejected("{\"number\":\"A\",\"promised_too\":\"2026-01-01\"}",
             "file:1: promised_too: there is no such field of order");
    rejected("\n{\"number\":5}", "file:2: number: expected a string, found a number");
    rejected("{\"number\":\"A\",}", "file:1: column 15:");
    rejected("{\"number\":\"A\",\"number\":\"B\"}", "duplicate");
    rejected("{\"email\":\"a@b.fr\"}", "number: is missing");
    rejected("{\"number\":\"-\"}", "number: expected an order number with letters or digits, found \"-\"");
    rejected("{\"number\":\"A\",\"key\":\"B\"}", "key: there is no such field");
    rejected("{\"number\":\"A\",\"lines\":{}}", "lines: expected an array, found an object");
    rejected("{\"number\":\"A\",\"lines\":[5]}", "lines/0: expected an object, found a number");
    rejected("{\"number\":\"A\",\"lines\":[{\"parcel\":1}]}",
             "lines/0: parcel: expected the id or tracking number");
    rejected("{\"number\":\"A\",\"lines\":[{\"quantity\":1.5}]}",
             "lines/0: quantity: expected a whole number");
    rejected("{\"number\":\"A\",\"cancellable\":\"yes\"}",
             "cancellable: expected true or false, found a string");
    rejected(
        "{\"number\":\"A\",\"parcels\":[{\"checkpoints\":[{\"at\":\"2026-03-01\"},{\"status\":\"lost\"}]}]}",
        "parcels/0: checkpoints/1: at: is missing");
    rejected(
        "{\"number\":\"A\",\"parcels\":[{\"checkpoints\":[{\"at\":\"2026-03-01\",\"received_ms\":-1}]}]}",
        "received_ms: expected milliseconds");
    rejected("{\"number\":\"A\",\"parcels\":[{\"id\":\"1\"},{\"id\":\"1\"}]}",
             "parcels: two have the id \"1\"");
    rejected("{\"number\":\"A\",\"parcels\":[{\"tracking_number\":\"T 1\"},{\"tracking_number\":\"T1\"}]}",
             "two have the tracking number");
    rejected("{\"number\":\"A\",\"parcels\":[{\"id\":\"1\"}],\"lines\":[{\"parcel\":\"2\"}]}",
             "lines: parcel: expected the id or tracking number of a parcel of this order, found \"2\"");
    rejected("{\"number\":\"A\",\"first_name\":\"\xE9\"}", "expected UTF-8");
    assert_null(room_order(&room, "A"));
}

static void a_bad_line_is_kept_as_it_came(void **state) {
    (void)state;
    struct import_summary summary =
        IMPORT(&room, "{\"number\":\"A\"}\n{broken\n{\"number\":\"B\"}\r\n{\"x\":1}");
    assert_int_equal(summary.read, 4);
    assert_int_equal(summary.added, 2);
    assert_int_equal(summary.rejected, 2);
    assert_string_equal(room.rejects, "{broken\n{\"x\":1}\n");
}

static void a_line_that_is_too_long_is_rejected_and_the_rest_goes_on(void **state) {
    (void)state;
    size_t len = 2 << 20;
    char *text = malloc(len + 64);
    assert_non_null(text);
    memset(text, 'x', len);
    memcpy(text, "{\"number\":\"", 11);
    static const char tail[] = "\"}\n{\"number\":\"B\"}\n";
    memcpy(text + len, tail, sizeof tail);
    struct import_summary summary = room_import(&room, text, strlen(text));
    free(text);
    assert_int_equal(summary.rejected, 1);
    assert_int_equal(summary.added, 1);
    assert_non_null(strstr(room.complaints, "a line may have 1048576 bytes"));
}

static void too_many_parcels_are_refused(void **state) {
    (void)state;
    char *text;
    size_t len;
    FILE *out = open_memstream(&text, &len);
    fputs("{\"number\":\"A\",\"parcels\":[{}", out);
    for (int i = 0; i < 200; i++)
        fputs(",{}", out);
    fputs("]}", out);
    fclose(out);
    rejected(text, "parcels: at most 200 are read, found 201");
    free(text);
}

static void the_schema_names_every_field_and_no_other(void **state) {
    (void)state;
    struct error err = {""};
    const struct data data = {NULL, SOURCE_DIR "/db/schema"};
    size_t len;
    const char *text = data_read(&data, "order.schema.json", &room.arena, &len, &err);
    if (!text)
        fail_msg("%s", err.text);
    json_t *schema = json_read(text, len, &json_file_limits, "schema", &err);
    const struct {
        const struct record *record;
        json_t *properties;
    } objects[] = {
        {&record_order, json_object_get(schema, "properties")},
        {&record_line,
         json_object_get(json_object_get(json_object_get(schema, "$defs"), "line"), "properties")},
        {&record_parcel,
         json_object_get(json_object_get(json_object_get(schema, "$defs"), "parcel"), "properties")},
        {&record_checkpoint,
         json_object_get(json_object_get(json_object_get(schema, "$defs"), "checkpoint"), "properties")},
    };
    for (size_t i = 0; i < 4; i++) {
        const char *name;
        json_t *value;
        for (int k = 0; k < objects[i].record->count; k++)
            if (objects[i].record->fields[k].check != CHECK_KEY)
                assert_non_null(json_object_get(objects[i].properties, objects[i].record->fields[k].name));
        json_object_foreach(objects[i].properties, name,
                            value) if (field_find(objects[i].record, name) < 0 && !text_is(name, "lines") &&
                                       !text_is(name, "parcels") && !text_is(name, "checkpoints"))
            fail_msg("%s is in the schema only", name);
    }
    json_t *statuses = json_object_get(json_object_get(json_object_get(schema, "$defs"), "status"), "enum");
    assert_int_equal(json_array_size(statuses), STATUS_COUNT + 1);
    json_decref(schema);
}

static void the_page_on_orders_names_every_field(void **state) {
    (void)state;
    struct error err = {""};
    const struct data data = {NULL, SOURCE_DIR "/docs"};
    const struct record *records[] = {&record_order, &record_line, &record_parcel, &record_checkpoint};
    const char *page = data_read(&data, "orders.md", &room.arena, NULL, &err);
    assert_non_null(page);
    for (size_t i = 0; i < 4; i++)
        for (int k = 0; k < records[i]->count; k++) {
            const struct field *field = &records[i]->fields[k];
            const char *code = arena_format(&room.arena, "`%s`", field->name);
            if (field->check != CHECK_KEY && !strstr(page, code))
                fail_msg("docs/orders.md does not say what %s is", field->name);
        }
    for (enum status status = STATUS_PLACED; status < STATUS_COUNT; status++)
        assert_non_null(strstr(page, arena_format(&room.arena, "`%s`", status_name(status))));
}

static void what_is_exported_can_be_imported(void **state) {
    (void)state;
    struct import_summary summary;
    struct error err = {""};
    struct order_query who = {"demo", ORDER_BY_EMAIL, {"alice.turner@example.com"}, 1, NULL};
    struct buffer out;
    assert_true(demo_load(room.store, "demo", room.zone, NOW_MS, &summary, &err));
    buffer_init(&out, 1 << 20);
    assert_true(store_export(room.store, &who, &out, &err));
    json_t *json = json_read(out.bytes, out.len, &json_file_limits, "export", &err);
    if (!json)
        fail_msg("%s", err.text);
    char *line = json_dumps(json_array_get(json_object_get(json, "orders"), 0), JSON_COMPACT);
    summary = room_import(&room, line, strlen(line));
    if (summary.same != 1)
        fail_msg("%s\n%s", room.complaints, line);
    free(line);
    json_decref(json);
    buffer_clear(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        CLAIM(a_whole_order_is_read),
        CLAIM(what_is_wrong_is_said_with_its_place),
        CLAIM(a_bad_line_is_kept_as_it_came),
        CLAIM(a_line_that_is_too_long_is_rejected_and_the_rest_goes_on),
        CLAIM(too_many_parcels_are_refused),
        CLAIM(the_schema_names_every_field_and_no_other),
        CLAIM(the_page_on_orders_names_every_field),
        CLAIM(what_is_exported_can_be_imported),
    };
    return cmocka_run_group_tests_name("db/import_jsonl", tests, NULL, NULL);
}
