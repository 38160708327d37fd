/* Each leaf, with every one of its allocations failing once. */
#include "base/hash.h"
#include "base/json.h"
#include "base/text.h"
#include "bot/channels/chat.h"
#include "bot/channels/desk.h"
#include "bot/channels/handback.h"
#include "bot/channels/jambonz.h"
#include "bot/channels/relay.h"
#include "bot/channels/turn.h"
#include "bot/dialogue/state.h"
#include "bot/dialogue/token.h"
#include "db/import.h"
#include "intents/intents.h"
#include "responses/phrasebook.h"
#include "tests/claims.h"
#include "tests/shortage/shortage.h"
#include "tests/signed.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const int64_t now_ms = 1773216000000;

/* base */

static bool read_json(void *room, struct error *err) {
    static const char text[] =
        "{\"type\":\"say\",\"list\":[1,2,{\"a\":\"é\"}],\"text\":\"Où est ma commande ?\"}";
    (void)room;
    json_t *json = json_read(text, strlen(text), &json_frame_limits, "frame", err);
    if (!json)
        return false;
    struct buffer out;
    struct json_out writer = {&out, false};
    buffer_init(&out, 4096);
    json_open(&writer, NULL, '{');
    json_text(&writer, "text", json_string_value(json_object_get(json, "text")));
    json_close(&writer, '}');
    bool good =
        text_is(out.bytes, "{\"text\":\"Où est ma commande ?\"}") || error_set(err, "wrong: %s", out.bytes);
    buffer_clear(&out);
    json_decref(json);
    return good;
}

/* intents */

static bool load_and_read(void *room, struct error *err) {
    static const char
        domain[] = "{\"intents\":[{\"name\":\"track.where\",\"kind\":\"track\",\"aspect\":\"status\"}]}",
        language[] = "{\"language\":\"en\",\"lists\":{\"thing\":[\"order\",\"parcel\"]},\"dates\":{\"in\":["
                     "\"in # days\"]},"
                     "\"intents\":{\"track.where\":{\"patterns\":[\"where .. {thing}\",\"/wh[ei]re/\"]}}}";
    const struct data_file files[] = {{"domain.json", domain, domain + strlen(domain)},
                                      {"en.json", language, language + strlen(language)},
                                      {NULL, NULL, NULL}};
    struct data data = {.embedded = files};
    struct arena arena;
    struct reading reading;
    (void)room;
    struct catalogue *catalogue = catalogue_load(&data, err);
    struct reader *reader = catalogue ? reader_new(catalogue, err) : NULL;
    bool good = reader != NULL;
    arena_init(&arena);
    if (good) {
        intents_read(reader, "Where is my parcel FR-1042?",
                     &(struct read_options){.locale = "en", .country = "GB", .today = 20523, .expected = -1},
                     &arena, &reading);
        good = (reading.intents[0].intent && text_is(reading.intents[0].intent->name, "track.where")) ||
               error_set(err, "it was read wrongly");
    }
    arena_clear(&arena);
    reader_free(reader);
    catalogue_free(catalogue);
    return good;
}

/* responses */

static bool load_and_say(void *room, struct error *err) {
    static const char
        phrases[] = "{\"phrases\":{\"p\":{\"values\":[\"agent?\",\"reason?\"]}}}",
        language[] =
            "{\"locale\":\"en-GB\",\"codes\":{\"reason\":{\"door\":\"at the door\",\"other\":\"#\"}},"
            "\"phrases\":{\"p\":\"Hello {agent}, {reason}[ never {reason, select, x {x} other {#}}].\"}}";
    const struct data_file files[] = {{"phrases.json", phrases, phrases + strlen(phrases)},
                                      {"en.json", language, language + strlen(language)},
                                      {NULL, NULL, NULL}};
    struct data data = {.embedded = files};
    struct value values[] = {{.fact = FACT_AGENT, .text = "Ada"}, {.fact = FACT_REASON, .text = "door"}};
    struct arena arena;
    (void)room;
    struct phrasebook *book = phrasebook_load(&data, err);
    if (!book)
        return false;
    arena_init(&arena);
    const char *said = phrasebook_say(
        book,
        &(struct phrase){.name = "p", .locale = "en", .now_ms = now_ms, .values = values, .value_count = 2},
        &arena, NULL);
    bool good = strncmp(said, "Hello Ada, at the door", 22) == 0 || error_set(err, "wrong: %s", said);
    arena_clear(&arena);
    phrasebook_free(book);
    return good;
}

/* db */

struct file {
    char path[64];
    struct store *store;
};

static void swept(const char *path) {
    static const char *const endings[] = {"", "-wal", "-shm", ".lock"};
    char whole[80];
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        snprintf(whole, sizeof whole, "%s%s", path, endings[i]);
        unlink(whole);
    }
}

/* Made by the first that wants one, for all: making it takes longer than all that is tried with it. */
static void template_copy(const char *path) {
    char whole[64], bytes[64 * 1024];
    struct error err;
    size_t len;
    snprintf(whole, sizeof whole, "/dev/shm/wismo-shortage-%d.whole", (int)getppid());
    if (access(whole, R_OK) != 0)
        store_close(store_open(whole, STORE_CREATE, &err));
    FILE *in = fopen(whole, "re"), *out = fopen(path, "we");
    while (in && out && (len = fread(bytes, 1, sizeof bytes, in)) > 0)
        fwrite(bytes, 1, len, out);
    fclose(in);
    fclose(out);
}

static void *file_begin(void) {
    struct error err;
    struct file *file = calloc(1, sizeof *file);
    snprintf(file->path, sizeof file->path, "/dev/shm/wismo-shortage-%d.db", (int)getppid());
    swept(file->path); /* whoever was ended has left it */
    template_copy(file->path);
    file->store = store_open(file->path, STORE_WRITE, &err);
    return file->store ? file : NULL;
}

static void file_end(void *room) {
    struct file *file = room;
    store_close(file->store);
    swept(file->path);
    free(file);
}

static bool find(struct file *file, const char *key, struct error *err) {
    struct order_query query = {"demo", ORDER_BY_KEY, {key}, 1, NULL};
    struct order_list list;
    struct arena arena;
    arena_init(&arena);
    enum found found = store_orders(file->store, &query, &arena, &list, err);
    bool good = found == FOUND && text_is(list.orders[0]->email, "a@b.fr");
    if (found == MISSING || (found == FOUND && !good))
        error_set(err, "the order is not what was imported");
    arena_clear(&arena);
    store_rest(file->store);
    return good;
}

static bool import(struct file *file, const char *text, struct error *err) {
    struct import_options options = {.shop = "demo", .country = "FR", .label = "file", .now_ms = now_ms};
    struct import_summary summary = {0};
    FILE *in = fmemopen((void *)(uintptr_t)text, strlen(text), "r");
    if (!in)
        return error_set(err, "no file");
    bool good = import_run(file->store, in, &options, &summary, err);
    fclose(in);
    return good && (summary.rejected == 0 || error_set(err, "the order was rejected"));
}

static bool import_csv(void *room, struct error *err) {
    return import(room, "number,email,postcode,tracking_number\nFR-1,a@b.fr,69003,6A1\n", err) &&
           find(room, "FR1", err);
}

static bool import_jsonl(void *room, struct error *err) {
    return import(room,
                  "{\"number\":\"FR-2\",\"email\":\"a@b.fr\",\"lines\":[{\"sku\":\"S\"}],\"parcels\":[{"
                  "\"tracking_number\":\"T9\"}]}\n",
                  err) &&
           find(room, "FR2", err);
}

static bool commit(void *room, struct error *err) {
    struct file *file = room;
    struct turn turn = {.seq = 1, .author = AUTHOR_CUSTOMER, .text = "bonjour", .at_ms = now_ms};
    struct conversation row = {.id = "01JQ0000000000000000000000",
                               .shop = "demo",
                               .channel = "chat",
                               .locale = "fr",
                               .token_hash = "",
                               .call_hash = "",
                               .state = "{}",
                               .handling = "bot",
                               .seq = 1,
                               .started_ms = now_ms,
                               .updated_ms = now_ms};
    struct change change = {.conversation = &row, .turns = &turn, .turn_count = 1, .promise = true};
    const struct change *changes[] = {&change};
    struct conversation stored = {0};
    struct arena arena;
    arena_init(&arena);
    enum found before = store_conversation(file->store, row.id, &arena, &stored, err);
    bool good = before == FOUND || (before == MISSING && store_commit(file->store, changes, 1, err));
    good = good && store_conversation(file->store, row.id, &arena, &stored, err) == FOUND &&
           text_is(stored.state, "{}");
    arena_clear(&arena);
    store_rest(file->store);
    return good;
}

static bool open_store(void *room, struct error *err) {
    struct file *file = room;
    struct store *store = store_open(file->path, STORE_READ, err);
    store_close(store);
    return store != NULL;
}

/* channels */

static bool read_frames(void *room, struct error *err) {
    static const char
        chat[] = "{\"type\":\"say\",\"id\":\"m1\",\"text\":\"où est ma commande ?\"}",
        relay[] = "{\"type\":\"prompt\",\"voicePrompt\":\"hello\",\"lang\":\"en-US\",\"last\":true}",
        turn[] = "{\"session\":\"s1\",\"input\":{\"text\":\"hello\"}}",
        desk[] = "{\"type\":\"say\",\"id\":\"a1\",\"conversation\":\"c\",\"text\":\"Bonjour\"}",
        handback[] = "{\"agent\":\"Léa\",\"text\":\"Bonjour\"}",
        jambonz[] = "{\"type\":\"verb:hook\",\"msgid\":\"m\",\"hook\":\"/wismo/"
                    "turn\",\"data\":{\"reason\":\"dtmfDetected\",\"digits\":\"69003\",\"call_sid\":\"c\"}}";
    struct arena arena;
    struct message message;
    struct desk_message asked;
    struct fault fault;
    struct relay_frame relayed;
    struct jambonz_frame called;
    struct turn_request request;
    struct handback asks;
    const char *why = "";
    (void)room;
    arena_init(&arena);
    relay_read(&relayed, relay, strlen(relay), &arena);
    jambonz_read(&called, jambonz, strlen(jambonz), &arena);
    bool good = chat_read(chat, strlen(chat), &arena, &message, &fault) &&
                text_is(message.text, "où est ma commande ?") && relayed.kind == RELAY_HEARD &&
                called.kind == JAMBONZ_HEARD && turn_read(&request, turn, strlen(turn), &arena, &why) &&
                desk_read(desk, strlen(desk), &arena, &asked, &fault) &&
                handback_read(&asks, handback, strlen(handback), &arena) == HANDBACK_ASKS;
    arena_clear(&arena);
    return good || error_set(err, "a frame was refused");
}

/* dialogue */

/* OpenSSL 3.0 falls over when memory runs out as it sets itself up: the service has that behind it before it
 * listens. */
static void *openssl_begin(void) {
    uint8_t hash[HASH_SIZE];
    hash_random(hash, sizeof hash);
    hash_keyed(hash, hash, sizeof hash, "", 0);
    return NULL;
}

static bool read_token_and_state(void *room, struct error *err) {
    static const struct shop shop = {.id = "maison", .keys = {{"2026a", "0123456789abcdef0123456789abcdef"}}};
    struct token shown;
    char text[TOKEN_MAX];
    struct state state, again;
    struct buffer out;
    (void)room;
    signed_token(text, &shop, "c@example.fr", "FR1042", now_ms + 60000);
    if (!token_verify(&shop, text, now_ms, &shown, err))
        return false;
    state_init(&state, "maison", "fr", VOICE_WRITTEN);
    buffer_init(&out, 32 * 1024);
    state_print(&state, &out);
    bool good = state_parse(&again, out.bytes, err) && text_is(again.shop, "maison");
    buffer_clear(&out);
    return good;
}

static void stands(const struct ordeal *ordeal, int least) {
    char path[64];
    int count = shortage_run(ordeal);
    for (int i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "/dev/shm/wismo-shortage-%d.%s", (int)getpid(), i ? "whole" : "db");
        swept(path);
    }
    print_message("%s: %d allocations, each of which failed once\n", ordeal->name, count);
    assert_true(count >= least);
}

#define ORDEAL(claim, least, ...)                                                                            \
    static void claim(void **state) {                                                                        \
        (void)state;                                                                                         \
        stands(&(struct ordeal){__VA_ARGS__}, least);                                                        \
    }

ORDEAL(json_is_read_or_refused, 10, "json", NULL, read_json, NULL)
ORDEAL(a_catalogue_is_loaded_or_refused, 30, "catalogue", NULL, load_and_read, NULL)
ORDEAL(a_phrasebook_is_loaded_or_refused, 20, "phrasebook", NULL, load_and_say, NULL)
ORDEAL(a_database_is_opened_or_refused, 30, "open", file_begin, open_store, file_end)
ORDEAL(a_csv_row_is_imported_or_refused_whole, 50, "csv", file_begin, import_csv, file_end)
ORDEAL(a_json_line_is_imported_or_refused_whole, 50, "jsonl", file_begin, import_jsonl, file_end)
ORDEAL(a_turn_is_stored_or_refused, 20, "commit", file_begin, commit, file_end)
ORDEAL(frames_are_read_or_refused, 10, "frames", NULL, read_frames, NULL)
ORDEAL(tokens_and_states_are_read_or_refused, 5, "token", openssl_begin, read_token_and_state, NULL)

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_is_read_or_refused),
        cmocka_unit_test(a_catalogue_is_loaded_or_refused),
        cmocka_unit_test(a_phrasebook_is_loaded_or_refused),
        cmocka_unit_test(a_database_is_opened_or_refused),
        cmocka_unit_test(a_csv_row_is_imported_or_refused_whole),
        cmocka_unit_test(a_json_line_is_imported_or_refused_whole),
        cmocka_unit_test(a_turn_is_stored_or_refused),
        cmocka_unit_test(frames_are_read_or_refused),
        cmocka_unit_test(tokens_and_states_are_read_or_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
