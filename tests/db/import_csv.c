#include "base/text.h"
#include "tests/db/own_room.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNTS(summary, r, a, c, s, j)                                                                       \
    do {                                                                                                     \
        struct import_summary got = (summary);                                                               \
        if (got.read != (r) || got.added != (a) || got.changed != (c) || got.same != (s) ||                  \
            got.rejected != (j))                                                                             \
            fail_msg("%s:%d: read %d new %d changed %d same %d rejected %d\n%s", __FILE__, __LINE__,         \
                     (int)got.read, (int)got.added, (int)got.changed, (int)got.same, (int)got.rejected,      \
                     room.complaints);                                                                       \
    } while (0)

static void complained(const char *part) {
    if (!strstr(room.complaints, part))
        fail_msg("\"%s\" is not in: %s", part, room.complaints);
}

static void a_plain_file_is_read(void **state) {
    (void)state;
    COUNTS(IMPORT(&room,
                  "number,email,postcode,placed_at,promised_to,state,carrier,tracking_number\n"
                  "FR-1,Anne@Example.FR ,69003,2026-03-01T10:00:00+01:00,2026-03-10,shipped,Colissimo,6A1\n"),
           1, 1, 0, 0, 0);
    struct order *order = room_order(&room, "FR1");
    assert_non_null(order);
    assert_string_equal(order->number, "FR-1");
    assert_string_equal(order->email, "anne@example.fr");
    assert_int_equal(order->state, STATUS_IN_TRANSIT);
    assert_int_equal(order->promise.to.kind, MOMENT_DAY);
    assert_int_equal(order->parcel_count, 1);
    assert_string_equal(order->parcels[0].carrier, "Colissimo");
    assert_string_equal(order->parcels[0].id, "1");
    assert_int_equal(order->line_count, 0);
}

static void semicolon_and_tab_are_told_from_comma(void **state) {
    (void)state;
    COUNTS(IMPORT(&room, "numéro de commande;e-mail;code postal\nA-1;a@example.fr;\"Paris; 75011\"\n"), 1, 1,
           0, 0, 0);
    COUNTS(IMPORT(&room, "Order Number\tEmail\tZip\nA-2\tb@example.fr\t75,011\n"), 1, 1, 0, 0, 0);
    assert_string_equal(room_order(&room, "A1")->postcode, "Paris; 75011");
    assert_string_equal(room_order(&room, "A2")->postcode, "75,011");
}

static void a_byte_order_mark_is_skipped(void **state) {
    (void)state;
    COUNTS(IMPORT(&room, "\xEF\xBB\xBFnumber,email\r\nA-1,a@example.fr\r\n"), 1, 1, 0, 0, 0);
    assert_non_null(room_order(&room, "A1"));
}

static void lines_may_end_with_a_carriage_return_only(void **state) {
    (void)state;
    COUNTS(IMPORT(&room, "number,email\rA-1,a@example.fr\rA-2,bad\rA-3,c@example.fr\r"), 3, 2, 0, 0, 1);
    complained("file:3: email");
}

static void quotes_hold_newlines_and_doubled_quotes(void **state) {
    (void)state;
    COUNTS(
        IMPORT(&room,
               "number,first_name,lineitem name\nA-1,Zoé,\"Table \"\"Oslo\"\"\n140 cm\"\nA-2,Max,x\nA-3,?,\n"
               "A-4,bad\n"),
        4, 3, 0, 0, 1);
    assert_string_equal(room_order(&room, "A1")->lines[0].title, "Table \"Oslo\" 140 cm");
    complained("file:6: expected 3 columns as in the header, found 2"); /* the quoted newline is a line of the
                                                                           file */
}

static void rows_that_follow_each_other_are_one_order(void **state) {
    (void)state;
    COUNTS(IMPORT(&room, "number,email,sku,title,quantity,tracking_number\n"
                         "A-1,a@example.fr,S1,Chair,2,T1\n"
                         "a 1,,S2,Table,1,T2\n"
                         "#A-1,a@example.fr,S3,Lamp,1,T1\n"
                         "A-2,b@example.fr,S1,Chair,1,\n"),
           2, 2, 0, 0, 0);
    struct order *order = room_order(&room, "A1");
    assert_int_equal(order->line_count, 3);
    assert_int_equal(order->parcel_count, 2);
    assert_int_equal(order->lines[0].quantity, 2);
    assert_int_equal(order->lines[2].parcel, 0);
    assert_int_equal(order->lines[1].parcel, 1);
    assert_int_equal(room_order(&room, "A2")->lines[0].parcel, -1);
}

static void rows_of_one_order_that_disagree_reject_it(void **state) {
    (void)state;
    COUNTS(IMPORT(&room, "number,email,sku\nA-1,a@example.fr,S1\nA-1,b@example.fr,S2\nA-2,c@example.fr,S1\n"),
           2, 1, 0, 0, 1);
    complained("file:3: email: expected \"a@example.fr\" as in the order's row at line 2");
    assert_null(room_order(&room, "A1"));
}

static void an_interleaved_order_keeps_all_its_lines(void **state) {
    (void)state;
    static const char text[] =
        "number,email,sku,tracking_number\nA-1,a@example.fr,S1,T1\nA-2,b@example.fr,S1,\n"
        "A-1,a@example.fr,S2,T2\n";
    COUNTS(IMPORT(&room, text), 3, 2, 1, 0, 0);
    struct order *order = room_order(&room, "A1");
    assert_int_equal(order->line_count, 2);
    assert_int_equal(order->parcel_count, 2);
    assert_int_equal(order->lines[1].parcel, 1);
    IMPORT(&room, text);
    order = room_order(&room, "A1");
    assert_int_equal(order->line_count, 2);
    assert_int_equal(order->parcel_count, 2);
}

static void a_bad_row_rejects_its_whole_order_and_no_other(void **state) {
    (void)state;
    COUNTS(IMPORT(&room, "number,email,promised_to,sku\nA-1,a@example.fr,2026-03-11,S1\nA-1,,soon,S2\n"
                         "A-2,b@example.fr,2026-03-12,S1\n"),
           2, 1, 0, 0, 1);
    complained("file:3: promised_to: expected \"2026-03-11\"");
    assert_string_equal(room.rejects,
                        "number,email,promised_to,sku\nA-1,a@example.fr,2026-03-11,S1\nA-1,,soon,S2\n");
    COUNTS(IMPORT(&room, "number,promised_to\nA-3,soon\n"), 1, 0, 0, 0, 1);
    assert_string_equal(room.complaints,
                        "file:2: promised_to: expected a date such as 2026-03-11 or a time such as "
                        "2026-03-11T09:00:00+01:00, found \"soon\"\n");
}

static void the_rejected_rows_can_be_mended_and_imported(void **state) {
    (void)state;
    COUNTS(IMPORT(&room, "number;email\nA-1;x\nA-2;b@example.fr\n"), 2, 1, 0, 0, 1);
    char mended[64];
    snprintf(mended, sizeof mended, "%s", room.rejects);
    char *bad = strstr(mended, ";x");
    assert_non_null(bad);
    memcpy(bad, ";x@y.fr\n", 9);
    COUNTS(room_import(&room, mended, strlen(mended)), 1, 1, 0, 0, 0);
}

static void an_unbalanced_quote_costs_one_row(void **state) {
    (void)state;
    COUNTS(IMPORT(&room, "number,first_name\nA-1,\"Anne\nA-2,Bob\nA-3,Cy\n"), 3, 2, 0, 0, 1);
    complained("file:2: a quote is opened and never closed");
    assert_string_equal(room.rejects, "number,first_name\nA-1,\"Anne\n");
    COUNTS(IMPORT(&room, "number,first_name\nA-1,An\"ne\nA-2,\"Bo\"b\nA-3,Cy\n"), 3, 0, 0, 1, 2);
}

static void a_broken_row_in_the_middle_of_an_order_rejects_the_order(void **state) {
    (void)state;
    COUNTS(IMPORT(&room, "number,sku\nA-1,S1\nA-1,\"S\"2\nA-1,S3\nA-2,S1\n"), 2, 1, 0, 0, 1);
    assert_null(room_order(&room, "A1"));
    assert_string_equal(room.rejects, "number,sku\nA-1,S1\nA-1,\"S\"2\nA-1,S3\n");
}

static void what_follows_a_bad_first_row_is_rejected_with_it(void **state) {
    (void)state;
    COUNTS(IMPORT(&room, "number,state,email,sku\nA-1,gone,a@example.fr,S1\nA-1,gone,a@example.fr,S2\n"
                         "A-1,,b@example.fr,S3\nA-2,placed,b@example.fr,S1\n"),
           2, 1, 0, 0, 1);
    assert_null(room_order(&room, "A1"));
    assert_string_equal(room.rejects, "number,state,email,sku\nA-1,gone,a@example.fr,S1\n"
                                      "A-1,gone,a@example.fr,S2\nA-1,,b@example.fr,S3\n");
}

static void bytes_that_are_not_utf8_are_named(void **state) {
    (void)state;
    COUNTS(IMPORT(&room, "number,first_name\nA-1,Ren\xE9\nA-2,René\n"), 2, 1, 0, 0, 1);
    complained("file:2: expected UTF-8, found the byte 0xE9 after 7 bytes; save the file as UTF-8");
    COUNTS(IMPORT(&room, "number,first_name\n€é\xFF-1,\xE9 né\xE9\n"), 1, 0, 0, 0, 1);
    complained("file:2: expected UTF-8, found the byte 0xFF after 5 bytes; save the file as UTF-8");
    assert_int_equal(IMPORT(&room, "\xFF\xFEn\0u\0m\0").read, -1);
    complained("file:1: the file is UTF-16");
}

static void a_file_without_a_number_column_is_refused(void **state) {
    (void)state;
    assert_int_equal(IMPORT(&room, "email,colour\na@example.fr,red\n").read, -1);
    complained("file:1: expected a column with the order number");
    complained("found \"email,colour\"");
    assert_int_equal(IMPORT(&room, "").read, -1);
    complained("found an empty file");
    assert_int_equal(IMPORT(&room, "\n\n").read, -1);
}

static void a_row_without_a_number_is_rejected(void **state) {
    (void)state;
    COUNTS(IMPORT(&room, "number,email\n,a@example.fr\n--,b@example.fr\nA-1,c@example.fr\n"), 3, 1, 0, 0, 2);
    complained("file:2: number: expected an order number, found \"\"");
}

static void a_huge_field_is_rejected_and_the_rest_goes_on(void **state) {
    (void)state;
    size_t len = 3 << 20;
    char *text = malloc(len + 128);
    assert_non_null(text);
    int head = snprintf(text, 128, "number,first_name\nA-1,");
    memset(text + head, 'x', len);
    int tail = snprintf(text + head + len, 64, "\nA-2,Bob\nA-3,");
    memset(text + head + len + tail, 'y', 50);
    COUNTS(room_import(&room, text, (size_t)head + len + (size_t)tail), 3, 2, 0, 0, 1);
    complained("file:2: a row may have 1048576 bytes");
    len = 300;
    head = snprintf(text, 128, "number,first_name\nA-4,");
    memset(text + head, 'x', len);
    COUNTS(room_import(&room, text, (size_t)head + len), 1, 0, 0, 0, 1);
    complained("first_name: expected at most 120 characters, found \"xxx");
    free(text);
}

static void the_same_file_again_counts_as_same(void **state) {
    (void)state;
    static const char text[] = "number,email,sku,quantity,tracking_number,estimated_to,state\n"
                               "A-1,a@example.fr,S1,2,T1,2026-03-11,preparing\nA-1,,S2,1,T2,2026-03-12,\n"
                               "A-2,b@example.fr,,,,,placed\n";
    COUNTS(IMPORT(&room, text), 2, 2, 0, 0, 0);
    COUNTS(IMPORT(&room, text), 2, 0, 0, 2, 0);
}

static void present_replaces_absent_stays_empty_clears(void **state) {
    (void)state;
    IMPORT(&room, "number,email,first_name,sku,title,quantity\nA-1,a@example.fr,Anne,S1,Chair,2\n");
    COUNTS(IMPORT(&room, "number,first_name,email\nA-1,,z@example.fr\n"), 1, 0, 1, 0, 0);
    struct order *order = room_order(&room, "A1");
    assert_string_equal(order->email, "z@example.fr");
    assert_string_equal(order->first_name, "");
    assert_int_equal(order->line_count, 1);
    COUNTS(IMPORT(&room, "number,sku,quantity\nA-1,S1,3\n"), 1, 0, 1, 0, 0);
    order = room_order(&room, "A1");
    assert_int_equal(order->lines[0].quantity, 3);
    assert_string_equal(order->lines[0].title, "Chair");
    COUNTS(IMPORT(&room, "number,sku\nA-1,\n"), 1, 0, 1, 0, 0);
    assert_int_equal(room_order(&room, "A1")->line_count, 0);
}

static void shopifys_export_is_read_as_it_comes(void **state) {
    (void)state;
    COUNTS(IMPORT(&room, "Name,Email,Financial Status,Paid at,Fulfillment Status,Currency,Shipping "
                         "Method,Created at,Lineitem "
                         "quantity,Lineitem name,Lineitem sku,Lineitem fulfillment status,Billing "
                         "Zip,Shipping Name,Shipping "
                         "Zip,Shipping Country,Shipping Phone,Notes,Cancelled at,Id,Phone\n"
                         "#1001,anne@example.fr,paid,2026-03-01 09:00:00 +0100,fulfilled,EUR,Point "
                         "Relais,2026-03-01 09:00:00 "
                         "+0100,1,Lampe,L-1,fulfilled,75001, Anne Roy,'69003,FR,06 39 98 00 "
                         "01,\"ring\ntwice\",,820982911946154508,\n"
                         "#1001,anne@example.fr,,,,,,,2,Ampoule,L-2,unfulfilled,,,,,,,,,\n"
                         "#1002,bob@example.fr,pending,,unfulfilled,EUR,Express,2026-03-02 10:00:00 "
                         "+0100,1,Vase,V-1,,,Bob,"
                         "75002,FR,,,,820982911946154509,+33639980002\n"
                         "#1003,cy@example.fr,paid,,unfulfilled,EUR,Drone,2026-03-02 10:00:00 "
                         "+0100,1,Vase,V-1,,,Cy,75003,FR,,,"
                         "2026-03-03 10:00:00 +0100,820982911946154510,\n"),
           3, 3, 0, 0, 0);
    struct order *order = room_order(&room, "1001");
    assert_string_equal(order->number, "#1001");
    assert_string_equal(order->external_id, "820982911946154508");
    assert_string_equal(order->postcode, "69003");
    assert_string_equal(order->phone, "+33639980001");
    assert_string_equal(order->first_name, "Anne");
    assert_string_equal(order->option, "pickup_point");
    assert_int_equal(order->state, STATUS_IN_TRANSIT);
    assert_int_equal(order->line_count, 2);
    assert_int_equal(order->lines[1].state, STATUS_CONFIRMED);
    assert_int_equal(order->placed_at.offset, 60);
    order = room_order(&room, "1002");
    assert_int_equal(order->state, STATUS_ON_HOLD);
    assert_string_equal(order->hold_reason, "payment");
    assert_string_equal(order->phone, "+33639980002");
    order = room_order(&room, "1003");
    assert_int_equal(order->state, STATUS_CANCELLED);
    assert_string_equal(order->option, "");
}

static void what_was_refunded_before_it_left_is_over(void **state) {
    (void)state;
    IMPORT(&room, "Name,Email,Financial Status,Fulfillment Status\n"
                  "#1,anne@example.fr,refunded,unfulfilled\n#2,anne@example.fr,refunded,fulfilled\n");
    assert_int_equal(room_order(&room, "1")->state, STATUS_CANCELLED);
    assert_string_equal(room_order(&room, "1")->hold_reason, "refunded");
    assert_int_equal(room_order(&room, "2")->state, STATUS_IN_TRANSIT);
}

static void an_empty_number_is_not_taken_from_another_column(void **state) {
    (void)state;
    COUNTS(IMPORT(&room, "name,order number\nAnne,A-1\nBob,\n"), 2, 1, 0, 0, 1);
    assert_non_null(room_order(&room, "A1"));
}

static void a_carrier_alone_makes_no_parcel(void **state) {
    (void)state;
    IMPORT(&room, "number,carrier,tracking_number\nA-1,Colissimo,\nA-2,Colissimo,T2\n");
    assert_int_equal(room_order(&room, "A1")->parcel_count, 0);
    assert_int_equal(room_order(&room, "A2")->parcel_count, 1);
}

static void a_status_that_nobody_knows_costs_no_order(void **state) {
    (void)state;
    static const char text[] = "number,email,state,tracking_number,shipment status\n"
                               "A-1,a@example.fr,,T1,\n"
                               "A-2,b@example.fr,,T2,téléporté\n"
                               "A-3,c@example.fr,shipped,T3,téléporté\n"
                               "A-4,d@example.fr,teleported,,\n";
    COUNTS(IMPORT(&room, text), 4, 4, 0, 0, 0);
    assert_string_equal(room.rejects, "");
    complained("file:3: warning: not read: status: expected a status such as");
    complained("found \"téléporté\"");
    complained("file:5: warning: not read: state: expected a status such as");
    assert_int_equal(room_order(&room, "A1")->state, STATUS_PLACED);
    assert_int_equal(room_order(&room, "A2")->state, STATUS_UNKNOWN);
    assert_int_equal(room_order(&room, "A2")->parcels[0].status, STATUS_UNKNOWN);
    assert_int_equal(room_order(&room, "A3")->state, STATUS_IN_TRANSIT);
    assert_int_equal(room_order(&room, "A4")->state, STATUS_UNKNOWN);
    COUNTS(IMPORT(&room, text), 4, 0, 0, 4, 0);
    /* What is not told again stays unknown, until somebody tells it in words that are known. */
    IMPORT(&room, "number,email\nA-2,bb@example.fr\n");
    assert_int_equal(room_order(&room, "A2")->state, STATUS_UNKNOWN);
    IMPORT(&room, "number,tracking_number,shipment status\nA-2,T2,in_transit\n");
    assert_int_equal(room_order(&room, "A2")->state, STATUS_IN_TRANSIT);
    IMPORT(&room, "number,tracking_number,shipment status\nA-2,T2,téléporté\n");
    assert_int_equal(room_order(&room, "A2")->state, STATUS_UNKNOWN);
}

static void a_payment_in_words_that_nobody_knows_says_nothing(void **state) {
    (void)state;
    IMPORT(&room, "number,email,Financial Status\nA-1,a@example.fr,authorized\nA-2,b@example.fr,\n"
                  "A-3,c@example.fr,zur Prüfung\nA-4,d@example.fr,zur Prüfung\nA-5,e@example.fr,zur Prüfung\n"
                  "A-6,f@example.fr,unknown\n");
    complained(
        "file:4: warning: not read: Financial Status: expected a status such as preparing, in_transit or "
        "delivered (docs/orders.md), found \"zur Prüfung\", and so 2 more times\n");
    assert_null(strstr(room.complaints, "file:5"));
    assert_null(strstr(room.complaints, "file:7"));
    assert_int_equal(room_order(&room, "A1")->state, STATUS_CONFIRMED);
    assert_int_equal(room_order(&room, "A3")->state, room_order(&room, "A2")->state);
}

static void of_a_thousand_words_that_nobody_knows_the_rest_is_counted(void **state) {
    static char text[64 * 1024];
    char *at = text_append(text, "number,email,state\n");
    (void)state;
    for (int i = 0; i < 1003; i++) {
        at = text_append(at, "B-");
        at += text_number(at, i);
        at = text_append(at, ",b@example.fr,word ");
        at += text_number(at, i);
        at = text_append(at, "\n");
    }
    IMPORT(&room, text);
    complained("file:1001: warning: not read: ");
    complained("file:1002: warning: not read: 3 more values from here on");
    assert_null(strstr(room.complaints, "file:1003"));
}

static void every_kind_of_value_is_checked(void **state) {
    (void)state;
    static const struct {
        const char *column, *value, *expected;
    } bad[] = {
        {"email", "nobody", "an e-mail address"},
        {"phone", "call me", "a phone number such as +33612345678"},
        {"country", "France", "a country of two letters"},
        {"locale", "français", "a language such as fr"},
        {"option", "drone", "same_day, standard"},
        {"promise_origin", "me", "shop, carrier or rule"},
        {"cancellable", "perhaps", "yes or no"},
        {"line_quantity", "two", "a whole number"},
        {"line_quantity", "-1", "a whole number"},
        {"line_quantity", "99999999999999999999", "a whole number"},
        {"tracking_url", "javascript:alert(1)", "a link that begins with https://"},
        {"placed_at", "2026-02-30", "a date such as"},
        {"first_name", "A\x01", "text without control characters"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char text[256];
        int len = snprintf(text, sizeof text, "number,%s\nA-1,%s\n", bad[i].column, bad[i].value);
        COUNTS(room_import(&room, text, (size_t)len), 1, 0, 0, 0, 1);
        complained(bad[i].expected);
    }
    COUNTS(IMPORT(&room, "number,promised_from,promised_to\nA-1,2026-03-12,2026-03-11\nA-2,2026-03-12,\n"), 2,
           0, 0, 0, 2);
    complained("promised_from: is later than promised_to");
    complained("promised_to: is missing");
    COUNTS(IMPORT(&room, "number,cancellable,locale,country\nA-1,oui,FR_be,be\n"), 1, 1, 0, 0, 0);
    assert_true(room_order(&room, "A1")->cancellable);
    assert_string_equal(room_order(&room, "A1")->locale, "fr-BE");
    assert_string_equal(room_order(&room, "A1")->country, "BE");
}

static void a_heading_of_another_name_is_named_in_the_complaint(void **state) {
    (void)state;
    COUNTS(IMPORT(&room, "Name,Created at\n#1,yesterday\n"), 1, 0, 0, 0, 1);
    complained("file:2: column \"Created at\": placed_at: expected a date");
}

static void many_orders_go_in_several_batches(void **state) {
    (void)state;
    char *text;
    size_t len;
    FILE *out = open_memstream(&text, &len);
    fputs("number,email,sku\n", out);
    for (int i = 0; i < 1500; i++)
        fprintf(out, "A-%d,a%d@example.fr,S\n", i, i);
    fclose(out);
    COUNTS(room_import(&room, text, len), 1500, 1500, 0, 0, 0);
    COUNTS(room_import(&room, text, len), 1500, 0, 0, 1500, 0);
    free(text);
}

/* A row with a quote in it is libcsv's to read; one without is cut by us. */
static void a_row_reads_the_same_with_a_quote_in_it(void **state) {
    static const char bytes[] = "a9 \t  ,;-@.\x01\x0b\xff";
    static const char delimiters[] = ",;\t";
    static const char *const ends[] = {"\n", "\r\n", "\r", ""};
    uint32_t seed = 7;
    int taken = 0;
    (void)state;
    for (int i = 0; i < 1500; i++) {
        char row[64], delimiter = delimiters[i % 3], cell[12];
        snprintf(row, sizeof row, "  N-%d\t", i);
        for (int k = 0; k < 2; k++) {
            size_t len = room_random(&seed) % sizeof cell, room_left = strlen(row);
            for (size_t at = 0; at < len; at++)
                cell[at] = bytes[room_random(&seed) % (sizeof bytes - (i % 2 ? 4 : 1))];
            snprintf(row + room_left, sizeof row - room_left, "%c%.*s", delimiter, (int)len, cell);
        }
        const char *head = arena_format(&room.arena, "number%cfirst_name%ctitle%cpostcode\n", delimiter,
                                        delimiter, delimiter);
        const char *cut = arena_format(&room.arena, "%s%s%c%s", head, row, delimiter, ends[i % 4]);
        const char *quoted = arena_format(&room.arena, "%s%s%c\"\"%s", head, row, delimiter, ends[i % 4]);
        struct import_summary first = room_import(&room, cut, strlen(cut));
        const char *complaints = arena_string(&room.arena, room.complaints);
        struct import_summary second = room_import(&room, quoted, strlen(quoted));
        if (first.read != 1 || second.read != 1 || first.added != second.same ||
            first.rejected != second.rejected || strcmp(complaints, room.complaints) != 0)
            fail_msg("%s\n%s%s", quoted, complaints, room.complaints);
        taken += (int)first.added;
    }
    assert_in_range(taken, 100, 1400);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        CLAIM(a_plain_file_is_read),
        CLAIM(semicolon_and_tab_are_told_from_comma),
        CLAIM(a_byte_order_mark_is_skipped),
        CLAIM(lines_may_end_with_a_carriage_return_only),
        CLAIM(quotes_hold_newlines_and_doubled_quotes),
        CLAIM(rows_that_follow_each_other_are_one_order),
        CLAIM(rows_of_one_order_that_disagree_reject_it),
        CLAIM(an_interleaved_order_keeps_all_its_lines),
        CLAIM(a_bad_row_rejects_its_whole_order_and_no_other),
        CLAIM(the_rejected_rows_can_be_mended_and_imported),
        CLAIM(an_unbalanced_quote_costs_one_row),
        CLAIM(a_broken_row_in_the_middle_of_an_order_rejects_the_order),
        CLAIM(what_follows_a_bad_first_row_is_rejected_with_it),
        CLAIM(bytes_that_are_not_utf8_are_named),
        CLAIM(a_file_without_a_number_column_is_refused),
        CLAIM(a_row_without_a_number_is_rejected),
        CLAIM(a_huge_field_is_rejected_and_the_rest_goes_on),
        CLAIM(the_same_file_again_counts_as_same),
        CLAIM(present_replaces_absent_stays_empty_clears),
        CLAIM(shopifys_export_is_read_as_it_comes),
        CLAIM(what_was_refunded_before_it_left_is_over),
        CLAIM(an_empty_number_is_not_taken_from_another_column),
        CLAIM(a_carrier_alone_makes_no_parcel),
        CLAIM(a_status_that_nobody_knows_costs_no_order),
        CLAIM(of_a_thousand_words_that_nobody_knows_the_rest_is_counted),
        CLAIM(a_payment_in_words_that_nobody_knows_says_nothing),
        CLAIM(every_kind_of_value_is_checked),
        CLAIM(a_heading_of_another_name_is_named_in_the_complaint),
        CLAIM(many_orders_go_in_several_batches),
        CLAIM(a_row_reads_the_same_with_a_quote_in_it),
    };
    return cmocka_run_group_tests_name("db/import_csv", tests, NULL, NULL);
}
