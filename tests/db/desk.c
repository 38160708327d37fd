#include "db/desk.h"
#include "base/key.h"
#include "db/staff.h"
#include "tests/db/own_room.h"
#include <string.h>

static struct error err;

static void add(const char *name, enum staff_role role) {
    const struct staff staff = {
        .name = name, .role = role, .shop = "", .password = "kept", .added_ms = NOW_MS};
    if (!store_staff_add(room.store, &staff, &err))
        fail_msg("%s", err.text);
}

static enum found session(const char *hash, int64_t now_ms, struct staff *staff) {
    store_rest(room.store);
    return store_session(room.store, hash, now_ms, &room.arena, staff, &err);
}

static void one_name_is_one_person(void **state) {
    (void)state;
    struct staff staff;
    add("Léa", STAFF_MANAGER);
    const struct staff again = {.name = "Léa", .role = STAFF_AGENT, .password = "other"};
    assert_false(store_staff_add(room.store, &again, &err));
    assert_non_null(strstr(err.text, "is there already"));
    assert_int_equal(store_staff(room.store, "Léa", &room.arena, &staff, &err), FOUND);
    assert_int_equal(staff.role, STAFF_MANAGER);
    assert_string_equal(staff.password, "kept");
}

static void a_session_lasts_its_time_and_no_longer(void **state) {
    (void)state;
    struct staff staff;
    add("Max", STAFF_AGENT);
    assert_true(store_session_begin(room.store, "h1", "Max", NOW_MS, NOW_MS + 1000, &err));
    assert_int_equal(session("h1", NOW_MS + 999, &staff), FOUND);
    assert_string_equal(staff.name, "Max");
    assert_int_equal(session("h1", NOW_MS + 1000, &staff), MISSING);
    assert_int_equal(session("h2", NOW_MS, &staff), MISSING);
    assert_true(store_session_end(room.store, "h1", &err));
    assert_int_equal(session("h1", NOW_MS, &staff), MISSING);
}

static void a_new_password_and_a_removal_end_all_sessions_of_that_name(void **state) {
    (void)state;
    struct staff staff;
    add("Max", STAFF_AGENT);
    add("Ida", STAFF_AGENT);
    assert_true(store_session_begin(room.store, "max", "Max", NOW_MS, NOW_MS + 1000, &err));
    assert_true(store_session_begin(room.store, "ida", "Ida", NOW_MS, NOW_MS + 1000, &err));
    assert_int_equal(store_staff_password(room.store, "Max", "new", &err), FOUND);
    assert_int_equal(session("max", NOW_MS, &staff), MISSING);
    assert_int_equal(session("ida", NOW_MS, &staff), FOUND);
    assert_int_equal(store_staff_remove(room.store, "Ida", &err), FOUND);
    assert_int_equal(session("ida", NOW_MS, &staff), MISSING);
    assert_int_equal(store_staff_remove(room.store, "Ida", &err), MISSING);
}

/* A conversation with one turn, handed over or not, and an act of Max. */
static void converse(const char *id, const char *handoff, const char *text, const char *note) {
    const struct conversation row = {.id = id,
                                     .shop = "demo",
                                     .channel = "chat",
                                     .locale = "fr",
                                     .state = "{}",
                                     .handling = "waiting",
                                     .seq = 1,
                                     .started_ms = NOW_MS,
                                     .updated_ms = NOW_MS};
    const struct turn turn = {.seq = 1, .author = AUTHOR_CUSTOMER, .text = text, .at_ms = NOW_MS};
    const struct handoff opened = {
        .id = handoff, .queue = "claims", .order = "FR-1042", .opened_ms = NOW_MS, .changed_ms = NOW_MS};
    const struct act act = {.conversation = id,
                            .handoff = handoff,
                            .agent = "Max",
                            .verb = "note",
                            .text = note,
                            .at_ms = NOW_MS};
    const struct change change = {.conversation = &row,
                                  .turns = &turn,
                                  .turn_count = 1,
                                  .handoffs = &opened,
                                  .handoff_count = handoff ? 1 : 0,
                                  .act = note ? &act : NULL};
    const struct change *changes[] = {&change};
    if (!store_commit(room.store, changes, 1, &err))
        fail_msg("%s", err.text);
}

static int found(const char *words, bool all) {
    struct search_row *rows = NULL;
    char order[KEY_SIZE] = "";
    int count = 0;
    key_number(order, words);
    const struct search search = {
        .shop = "", .words = words, .order = order, .order_hash = "", .all = all, .most = 10};
    store_rest(room.store);
    assert_int_not_equal(store_search(room.store, &search, &room.arena, &rows, &count, &err), FAILED);
    return count;
}

static void the_search_finds_words_notes_and_orders_but_for_agents_only_what_was_handed_over(void **state) {
    (void)state;
    converse("01ARZ3NDEKTSV4RRFFQ69G5FAV", "01ARZ3NDEKTSV4RRFFQ69G5FA0", "le vase est bleu", "cracked twice");
    converse("01ARZ3NDEKTSV4RRFFQ69G5FAW", NULL, "un vase rouge", NULL);
    assert_int_equal(found("Vase", false), 1);
    assert_int_equal(found("vase", true), 2);
    assert_int_equal(found("CRACKED", false), 1);
    assert_int_equal(found("fr 1042", false), 1);
    assert_int_equal(found("01arz3ndektsv4rrffq69g5fav", false), 1);
    assert_int_equal(found("v_se", true), 0);
    assert_int_equal(found("%", true), 0);
}

static void the_record_keeps_the_order_of_what_people_did(void **state) {
    (void)state;
    struct act *acts = NULL;
    int count = 0;
    converse("01ARZ3NDEKTSV4RRFFQ69G5FAV", "01ARZ3NDEKTSV4RRFFQ69G5FA0", "bonjour", "first");
    const struct act second = {
        .conversation = "01ARZ3NDEKTSV4RRFFQ69G5FAV", .agent = "Ida", .verb = "note", .own = "Ida/1"};
    assert_true(store_act(room.store, &second, &err));
    assert_int_equal(store_acts(room.store, "01ARZ3NDEKTSV4RRFFQ69G5FAV", &room.arena, &acts, &count, &err),
                     FOUND);
    assert_int_equal(count, 2);
    assert_string_equal(acts[0].text, "first");
    assert_string_equal(acts[1].agent, "Ida");
    assert_int_equal(store_act_own(room.store, second.conversation, "Ida/1", &err), FOUND);
    assert_int_equal(store_act_own(room.store, second.conversation, "Ida/2", &err), MISSING);
    assert_int_equal(store_act_own(room.store, "01ARZ3NDEKTSV4RRFFQ69G5FAW", "Ida/1", &err), MISSING);
}

static void a_ready_answer_is_replaced_and_without_text_it_is_gone(void **state) {
    (void)state;
    struct canned *canned = NULL;
    int count = 0;
    struct canned one = {.shop = "", .name = "hello", .locale = "fr", .text = "Bonjour"};
    assert_true(store_canned_put(room.store, &one, &err));
    one.text = "Bonsoir";
    assert_true(store_canned_put(room.store, &one, &err));
    assert_int_equal(store_canned(room.store, "demo", &room.arena, &canned, &count, &err), FOUND);
    assert_int_equal(count, 1);
    assert_string_equal(canned[0].text, "Bonsoir");
    one.text = NULL;
    store_rest(room.store);
    assert_true(store_canned_put(room.store, &one, &err));
    assert_int_equal(store_canned(room.store, "demo", &room.arena, &canned, &count, &err), MISSING);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        CLAIM(one_name_is_one_person),
        CLAIM(a_session_lasts_its_time_and_no_longer),
        CLAIM(a_new_password_and_a_removal_end_all_sessions_of_that_name),
        CLAIM(the_search_finds_words_notes_and_orders_but_for_agents_only_what_was_handed_over),
        CLAIM(the_record_keeps_the_order_of_what_people_did),
        CLAIM(a_ready_answer_is_replaced_and_without_text_it_is_gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
