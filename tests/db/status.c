#include "base/arena.h"
#include "base/hash.h"
#include "db/change.h"
#include "db/order.h"
#include "tests/claims.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void every_status_has_a_name_that_leads_back(void **state) {
    (void)state;
    for (enum status status = STATUS_UNKNOWN; status < STATUS_COUNT; status++) {
        assert_int_equal(status_named(status_name(status)), status);
        if (status != STATUS_UNKNOWN)
            assert_int_equal(status_read(status_name(status), STATUS_OF_ORDER), status);
    }
    assert_int_equal(status_named("In Transit"), STATUS_UNKNOWN);
    assert_int_equal(status_named(NULL), STATUS_UNKNOWN);
    assert_string_equal(status_name((enum status)99), "unknown");
}

static void words_of_other_systems_are_read(void **state) {
    (void)state;
    static const struct {
        const char *word;
        enum status of_order, of_parcel;
    } words[] = {
        {"In Transit", STATUS_IN_TRANSIT, STATUS_IN_TRANSIT},
        {"InTransit", STATUS_IN_TRANSIT, STATUS_IN_TRANSIT},
        {"pending", STATUS_ON_HOLD, STATUS_INFO_RECEIVED},
        {"on-hold", STATUS_ON_HOLD, STATUS_ON_HOLD},
        {"confirmed", STATUS_CONFIRMED, STATUS_INFO_RECEIVED},
        {"completed", STATUS_IN_TRANSIT, STATUS_UNKNOWN},
        {"OUT_FOR_DELIVERY", STATUS_OUT_FOR_DELIVERY, STATUS_OUT_FOR_DELIVERY},
        {"MD2", STATUS_UNKNOWN, STATUS_OUT_FOR_DELIVERY},
        {"Exception_004", STATUS_UNKNOWN, STATUS_CUSTOMS},
        {"return_to_sender", STATUS_UNKNOWN, STATUS_RETURNING},
        {"https", STATUS_UNKNOWN, STATUS_UNKNOWN},
        {"", STATUS_UNKNOWN, STATUS_UNKNOWN},
        {NULL, STATUS_UNKNOWN, STATUS_UNKNOWN},
        {"EMI", STATUS_UNKNOWN, STATUS_DELIVERED},
        {"PRE_TRANSIT", STATUS_UNKNOWN, STATUS_INFO_RECEIVED},
        {"canceled", STATUS_CANCELLED, STATUS_CANCELLED},
        {"En cours", STATUS_PREPARING, STATUS_UNKNOWN},
        {"livré", STATUS_DELIVERED, STATUS_DELIVERED},
        {"Expédiée", STATUS_IN_TRANSIT, STATUS_IN_TRANSIT},
        {"Zugestellt", STATUS_DELIVERED, STATUS_DELIVERED},
        {"entregado", STATUS_DELIVERED, STATUS_DELIVERED},
        {"Em trânsito", STATUS_IN_TRANSIT, STATUS_IN_TRANSIT},
        {"In consegna", STATUS_OUT_FOR_DELIVERY, STATUS_OUT_FOR_DELIVERY},
        {"geannuleerd", STATUS_CANCELLED, STATUS_CANCELLED},
        {"wc-processing", STATUS_PREPARING, STATUS_UNKNOWN},
        {"wc-completed", STATUS_IN_TRANSIT, STATUS_UNKNOWN},
        {"WC-", STATUS_UNKNOWN, STATUS_UNKNOWN},
        {"Disponible en point relais", STATUS_READY_FOR_PICKUP, STATUS_READY_FOR_PICKUP},
        {"Pris en charge", STATUS_IN_TRANSIT, STATUS_IN_TRANSIT},
        {"En cours d'acheminement", STATUS_IN_TRANSIT, STATUS_IN_TRANSIT},
        {"En cours d’acheminement", STATUS_IN_TRANSIT, STATUS_IN_TRANSIT},
        {"Retour à l'expéditeur", STATUS_RETURNING, STATUS_RETURNING},
        {"Avisé", STATUS_UNKNOWN, STATUS_ATTEMPT_FAILED},
        {"rupture de stock", STATUS_BACKORDER, STATUS_UNKNOWN},
        {"En attente de réapprovisionnement (payé)", STATUS_BACKORDER, STATUS_UNKNOWN},
        {"Processing in progress", STATUS_PREPARING, STATUS_UNKNOWN},
        {"Nicht vorrätig", STATUS_BACKORDER, STATUS_UNKNOWN},
        {"Zur Abholung bereit", STATUS_READY_FOR_PICKUP, STATUS_READY_FOR_PICKUP},
        {"Disponible en oficina", STATUS_READY_FOR_PICKUP, STATUS_READY_FOR_PICKUP},
        {"Mancata consegna", STATUS_UNKNOWN, STATUS_ATTEMPT_FAILED},
        {"Bezorger is onderweg", STATUS_OUT_FOR_DELIVERY, STATUS_OUT_FOR_DELIVERY},
        {"Saiu para entrega", STATUS_OUT_FOR_DELIVERY, STATUS_OUT_FOR_DELIVERY},
        {"Colis perdu", STATUS_LOST, STATUS_LOST},
        {"Votre colis est livré", STATUS_DELIVERED, STATUS_DELIVERED},
        {"Parcel delivered", STATUS_DELIVERED, STATUS_DELIVERED},
        {"Die Sendung wurde zugestellt", STATUS_DELIVERED, STATUS_DELIVERED},
        {"Pedido enviado", STATUS_IN_TRANSIT, STATUS_IN_TRANSIT},
        {"colis", STATUS_UNKNOWN, STATUS_UNKNOWN},
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        assert_int_equal(status_read(words[i].word, STATUS_OF_ORDER), words[i].of_order);
        assert_int_equal(status_read(words[i].word, STATUS_OF_PARCEL), words[i].of_parcel);
    }
}

static void a_word_tells_why_it_waits(void **state) {
    (void)state;
    assert_string_equal(status_reason("wc-pending"), "payment");
    assert_string_equal(status_reason("En attente de virement bancaire"), "payment");
    assert_string_equal(status_reason("Zahlung ausstehend"), "payment");
    assert_string_equal(status_reason("Remboursé"), "refunded");
    assert_string_equal(status_reason("Vorbestellt"), "preorder");
    assert_string_equal(status_reason("En préparation"), "");
    assert_string_equal(status_reason(NULL), "");
}

static void an_end_is_an_end(void **state) {
    (void)state;
    static const enum status ends[] = {STATUS_DELIVERED, STATUS_RETURNED, STATUS_LOST, STATUS_CANCELLED};
    for (enum status status = STATUS_UNKNOWN; status < STATUS_COUNT; status++) {
        bool is = false;
        for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
            is |= ends[i] == status;
        assert_int_equal(status_final(status), is);
    }
    assert_false(status_with_carrier(STATUS_INFO_RECEIVED));
    assert_true(status_with_carrier(STATUS_IN_TRANSIT));
    assert_false(status_final((enum status)99));
}

static void a_change_and_its_copy_share_nothing(void **state) {
    (void)state;
    char id[] = "c1", text[] = "hello", kind[] = "ask", queue[] = "refunds", facts[] = "packed";
    struct conversation conversation = {.id = id, .shop = "demo"};
    struct turn turn = {.seq = 1, .text = text};
    struct note note = {.seq = 1, .kind = kind, .facts = {facts, sizeof facts}};
    struct handoff handoff = {.id = "h1", .queue = queue};
    struct change change = {.conversation = &conversation,
                            .turns = &turn,
                            .notes = &note,
                            .handoffs = &handoff,
                            .turn_count = 1,
                            .note_count = 1,
                            .handoff_count = 1,
                            .promise = true};
    struct arena *arena = &(struct arena){0};
    struct change *copy = change_copy(arena, &change);
    id[0] = text[0] = kind[0] = queue[0] = facts[0] = '?';
    assert_string_equal(copy->conversation->id, "c1");
    assert_string_equal(copy->turns[0].text, "hello");
    assert_string_equal(copy->notes[0].kind, "ask");
    assert_string_equal(copy->notes[0].facts.bytes, "packed");
    assert_string_equal(copy->handoffs[0].queue, "refunds");
    assert_null(copy->turns[0].parts);
    assert_true(copy->promise);
    arena_clear(arena);
}

/* It is told from what is packed, however long that is. */
static void a_packed_change_still_says_all_that_is_told(void **state) {
    (void)state;
    enum { LONG = 50000 };
    struct arena *arena = &(struct arena){0};
    char *text = malloc(LONG + 1), id[] = "m1", kind[] = "answer", facts[] = "packed";
    memset(text, 'x', LONG);
    text[LONG] = '\0';
    struct conversation conversation = {.id = "c1", .shop = "demo"};
    struct turn turns[] = {{.seq = 1, .client_id = id, .text = text}, {.seq = 2, .re = 1, .text = "hello"}};
    struct note note = {.seq = 1, .kind = kind, .facts = {facts, sizeof facts}};
    struct change change = {
        .conversation = &conversation, .turns = turns, .notes = &note, .turn_count = 2, .note_count = 1};
    struct change *packed = change_pack(arena, &change);
    free(text);
    id[0] = kind[0] = facts[0] = '?';
    assert_string_equal(turns[1].text, "hello"); /* the caller's own stay as they were */
    assert_int_equal(packed->turn_count, 2);
    assert_string_equal(packed->turns[0].client_id, "m1");
    assert_int_equal(strlen(packed->turns[0].text), LONG);
    assert_null(packed->turns[0].parts);
    assert_int_equal(packed->turns[1].re, 1);
    assert_string_equal(packed->turns[1].text, "hello");
    assert_null(packed->turns[1].client_id);
    assert_string_equal(packed->notes[0].kind, "answer");
    assert_string_equal(packed->notes[0].facts.bytes, "packed");
    arena_clear(arena);
}

static void a_customers_hash_depends_on_everything(void **state) {
    (void)state;
    struct hash_key *secret = hash_key_new("one", 3), *other = hash_key_new("two", 3);
    char a[HASH_HEX_SIZE], b[HASH_HEX_SIZE];
    customer_hash(secret, "demo", "email", "a@b.fr", a);
    assert_int_equal(strlen(a), HASH_HEX_SIZE - 1);
    customer_hash(secret, "demo", "email", "a@b.fr", b);
    assert_string_equal(a, b);
    customer_hash(other, "demo", "email", "a@b.fr", b);
    assert_string_not_equal(a, b);
    customer_hash(secret, "demo2", "email", "a@b.fr", b);
    assert_string_not_equal(a, b);
    customer_hash(secret, "demo", "phone", "a@b.fr", b);
    assert_string_not_equal(a, b);
    customer_hash(secret, "demo", "email", "", b);
    assert_string_equal(b, "");
    hash_key_free(secret);
    hash_key_free(other);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_status_has_a_name_that_leads_back),
        cmocka_unit_test(words_of_other_systems_are_read),
        cmocka_unit_test(a_word_tells_why_it_waits),
        cmocka_unit_test(an_end_is_an_end),
        cmocka_unit_test(a_change_and_its_copy_share_nothing),
        cmocka_unit_test(a_packed_change_still_says_all_that_is_told),
        cmocka_unit_test(a_customers_hash_depends_on_everything),
    };
    return cmocka_run_group_tests_name("db/status", tests, NULL, NULL);
}
