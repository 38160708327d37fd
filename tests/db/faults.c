/* What a failing disk may cost: the change that it failed in, and nothing that was acknowledged. */
#include "base/text.h"
#include "tests/db/faulty.h"
#include "tests/db/room.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { IMPORTED = 5, OPERATIONS_MAX = 1000 };

/* A small life of a database; each step can be done again. */
struct life {
    struct faulty disk;
    struct room room;
    bool committed, imported; /* acknowledged */
    bool moved;               /* from the log into the database */
};

static int begin(void **state) {
    struct life *life = calloc(1, sizeof *life);
    faulty_install(&life->disk);
    room_open(&life->room);
    *state = life;
    return 0;
}

static int end(void **state) {
    struct life *life = *state;
    life->disk.at = 0;
    room_close(&life->room);
    faulty_remove(&life->disk);
    free(life);
    return 0;
}

static void spoil(struct room *room) {
    for (const char *const *tail = (const char *const[]){"", "-wal", "-shm", "-journal", NULL}; *tail; tail++)
        unlink(arena_format(&room->arena, "%s%s", room->path, *tail));
}

static bool commit(struct store *store, const char *id, struct error *err) {
    const struct conversation conversation = {.id = id, .shop = "demo", .channel = "chat", .state = "state"};
    const struct turn turns[] = {{.seq = 1, .author = AUTHOR_CUSTOMER, .text = "where?", .at_ms = NOW_MS},
                                 {.seq = 2, .re = 1, .author = AUTHOR_BOT, .text = "there", .at_ms = NOW_MS}};
    const struct handoff handoff = {.id = id, .queue = "refunds", .reason = "refund", .summary = "{}"};
    const struct change change = {.conversation = &conversation,
                                  .turns = turns,
                                  .turn_count = 2,
                                  .handoffs = &handoff,
                                  .handoff_count = 1,
                                  .promise = true};
    return store_commit(store, (const struct change *const[]){&change}, 1, err);
}

static bool import(struct room *room, struct error *err) {
    char text[512] = "number,email,postcode\n";
    for (int i = 0; i < IMPORTED; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "A-%d,anne%d@example.fr,69003\n", i, i);
    struct import_summary summary;
    const struct import_options options = {.shop = "demo", .label = "file", .now_ms = NOW_MS};
    FILE *in = fmemopen(text, strlen(text), "r");
    bool ok = import_run(room->store, in, &options, &summary, err);
    fclose(in);
    if (ok)
        assert_int_equal(summary.rejected, 0);
    return ok;
}

static bool opened(struct room *room, struct error *err) {
    return room->store || (room->store = store_open(room->path, STORE_CREATE, err));
}

/* As far as the disk lets it; err is that of the first step that failed. */
static void live(struct life *life, struct error *err) {
    if (!opened(&life->room, err))
        return;
    if (!life->committed && !(life->committed = commit(life->room.store, "c1", err)))
        return;
    life->imported = life->imported || import(&life->room, err);
    life->moved = life->imported && (life->moved || store_backfill(life->room.store, err));
}

static void must_be_whole(const char *path) {
    sqlite3 *db;
    sqlite3_stmt *check;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, "PRAGMA integrity_check", -1, &check, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(check), SQLITE_ROW);
    assert_string_equal((const char *)sqlite3_column_text(check, 0), "ok");
    sqlite3_finalize(check);
    sqlite3_close(db);
}

/* All of the conversation, or none of it. */
static bool kept(struct room *room, const char *id) {
    struct error err = {""};
    struct conversation conversation;
    struct turn *turns;
    struct handoff handoff;
    int count;
    enum found found = store_conversation(room->store, id, &room->arena, &conversation, &err);
    assert_int_not_equal(found, FAILED);
    assert_int_equal(store_turns(room->store, id, 0, &room->arena, &turns, &count, &err), found);
    assert_int_equal(store_open_handoff(room->store, "demo", id, &room->arena, &handoff, &err), found);
    if (found == FOUND)
        assert_int_equal(count, 2);
    return found == FOUND;
}

static void must_have_kept(struct life *life) {
    if (life->committed)
        assert_true(kept(&life->room, "c1"));
    for (int i = 0; i < IMPORTED; i++)
        if (life->imported)
            assert_non_null(room_order(&life->room, arena_format(&life->room.arena, "A%d", i)));
}

static void close_room(struct room *room) {
    store_close(room->store);
    room->store = NULL;
}

/* Every operation of the life fails in its turn. */
static void fail_each(struct life *life, int code, bool stays, const char *says) {
    struct faulty *disk = &life->disk;
    struct room *room = &life->room;
    int at = 0, failed;
    do {
        struct error err = {""}, again = {""};
        close_room(room);
        spoil(room);
        life->committed = life->imported = life->moved = false;
        disk->code = code, disk->stays = stays, disk->count = disk->failed = 0, disk->at = ++at;
        live(life, &err);
        if (room->store)
            must_have_kept(life); /* while writing still fails */
        if (!life->imported && !(strstr(err.text, room->path) && strstr(err.text, says)))
            fail_msg("operation %d failed with \"%s\"", at, err.text);
        if (life->imported && !life->moved && !strstr(err.text, room->path))
            fail_msg("operation %d failed with \"%s\"", at, err.text);
        if (stays)
            close_room(room); /* what it would still write fails, too */
        failed = disk->failed;
        disk->at = 0;
        if (!stays) { /* the same process goes on */
            live(life, &again);
            if (!life->moved)
                fail_msg("after operation %d had failed: %s", at, again.text);
            close_room(room);
        }
        must_be_whole(room->path);
        if (!opened(room, &again))
            fail_msg("after operation %d had failed: %s", at, again.text);
        must_have_kept(life);
        life->committed = life->committed || kept(room, "c1"); /* it may be there unacknowledged */
        live(life, &again);
        if (!life->moved)
            fail_msg("after operation %d had failed: %s", at, again.text);
        must_have_kept(life);
        arena_reset(&room->arena);
    } while (failed);
    assert_in_range(at, 50, OPERATIONS_MAX);
}

static void one_failed_write_costs_one_change_and_nothing_acknowledged(void **state) {
    fail_each(*state, SQLITE_IOERR, false, "the disk reports an error");
}

static void a_disk_that_fails_from_then_on_costs_nothing_acknowledged(void **state) {
    fail_each(*state, SQLITE_IOERR, true, "the disk reports an error");
}

static void a_disk_full_for_a_moment_costs_one_change(void **state) {
    fail_each(*state, SQLITE_FULL, false, "the disk is full");
}

static void a_disk_that_stays_full_costs_nothing_acknowledged(void **state) {
    fail_each(*state, SQLITE_FULL, true, "the disk is full");
}

static void write_file(const char *path, const char *bytes, size_t len) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fwrite(bytes, 1, len, file);
    fclose(file);
}

static size_t file_size(const char *path) {
    struct stat info;
    return stat(path, &info) == 0 ? (size_t)info.st_size : 0;
}

/* What a power cut leaves of the write-ahead log: a part of it, or a part and then anything. */
static void a_torn_log_keeps_what_was_whole(void **state) {
    static const char *const ids[] = {"c1", "c2", "c3"};
    struct room *room = &((struct life *)*state)->room, torn;
    struct error err = {""};
    size_t ends[3], file_len, log_len;
    close_room(room);
    assert_true(opened(room, &err));
    char *log = arena_format(&room->arena, "%s-wal", room->path);
    for (int i = 0; i < 3; i++) {
        assert_true(commit(room->store, ids[i], &err));
        ends[i] = file_size(log);
    }
    const char *file_bytes = room_bytes(room, room->path, &file_len);
    const char *log_bytes = room_bytes(room, log, &log_len);
    assert_int_equal(log_len, ends[2]);
    room_open(&torn);
    for (size_t cut = 0; cut <= log_len; cut += 100) {
        close_room(&torn);
        spoil(&torn);
        write_file(torn.path, file_bytes, file_len);
        char *torn_log = arena_format(&torn.arena, "%s-wal", torn.path);
        write_file(torn_log, log_bytes, cut);
        if (cut % 200) { /* the file has its length already, and holds something old */
            char *old = arena_alloc(&torn.arena, log_len);
            memcpy(old, log_bytes, cut);
            memset(old + cut, 0xa5, log_len - cut);
            write_file(torn_log, old, log_len);
        }
        if (!opened(&torn, &err))
            fail_msg("cut at byte %zu: %s", cut, err.text);
        must_be_whole(torn.path);
        for (int i = 0; i < 3; i++)
            if (kept(&torn, ids[i]) != (ends[i] <= cut))
                fail_msg("cut at byte %zu, commit %d ends at %zu", cut, i, ends[i]);
        arena_reset(&torn.arena);
    }
    room_close(&torn);
}

/* The files as a kill at this moment would leave them. */
static void copy_files(struct room *from, struct room *to) {
    for (const char *const *tail = (const char *const[]){"", "-wal", NULL}; *tail; tail++) {
        size_t len;
        const char *bytes = room_bytes(from, arena_format(&from->arena, "%s%s", from->path, *tail), &len);
        write_file(arena_format(&to->arena, "%s%s", to->path, *tail), bytes, len);
    }
}

static void a_commit_is_one_write(void **state) {
    struct life *life = *state;
    struct error err = {""};
    const struct conversation conversation = {.id = "c1", .shop = "demo", .state = "state"};
    struct turn turn = {.text = "where?", .at_ms = NOW_MS};
    struct change change = {.conversation = &conversation, .turns = &turn, .turn_count = 1};
    const struct change *changes[] = {&change};
    for (turn.seq = 1; turn.seq < 100; turn.seq++) {
        life->disk.count = 0;
        assert_true(store_commit(life->room.store, changes, 1, &err));
        if (turn.seq > 1)
            assert_int_equal(life->disk.count, 1);
        change.goes_on = true;
    }
    change.promise = true;
    life->disk.count = 0;
    assert_true(store_commit(life->room.store, changes, 1, &err));
    assert_int_equal(life->disk.count, 2); /* and one sync */
}

/* SQLite writes the first pages of such a commit before it is made, some of them twice. */
static void a_commit_larger_than_the_cache_survives_a_kill_at_its_end(void **state) {
    enum { STEPS = 60, LONG = 200 * 1000 };
    struct room *room = &((struct life *)*state)->room, killed;
    struct error err = {""};
    struct conversation conversations[STEPS];
    struct turn turns[STEPS];
    struct change list[STEPS];
    const struct change *changes[STEPS];
    const struct handoff handoff = {.id = "h", .queue = "refunds", .reason = "refund", .summary = "{}"};
    char *text = arena_alloc(&room->arena, LONG + 1);
    memset(text, 'x', LONG);
    text[LONG] = '\0';
    room_open(&killed);
    for (int round = 1; round <= 3; round++) {
        for (int i = 0; i < STEPS; i++) {
            conversations[i] = (struct conversation){
                .id = arena_format(&room->arena, "c%d", i), .shop = "demo", .seq = round, .state = "state"};
            turns[i] = (struct turn){.seq = round, .text = text + i, .at_ms = NOW_MS};
            list[i] = (struct change){.conversation = &conversations[i],
                                      .turns = &turns[i],
                                      .turn_count = 1,
                                      .handoffs = &handoff,
                                      .handoff_count = i == 0 || i == STEPS - 1,
                                      .goes_on = round > 1};
            changes[i] = &list[i];
        }
        if (!store_commit(room->store, changes, STEPS, &err))
            fail_msg("%s", err.text);
        close_room(&killed);
        spoil(&killed);
        copy_files(room, &killed);
        must_be_whole(killed.path);
        assert_true(opened(&killed, &err));
        for (int i = 0; i < STEPS; i++) {
            struct turn *found;
            int count;
            assert_int_equal(
                store_turns(killed.store, conversations[i].id, 0, &killed.arena, &found, &count, &err),
                FOUND);
            assert_int_equal(count, round);
            assert_int_equal(strlen(found[count - 1].text), LONG - i);
        }
        arena_reset(&killed.arena);
    }
    room_close(&killed);
}

int main(void) {
#define CLAIM(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        CLAIM(one_failed_write_costs_one_change_and_nothing_acknowledged),
        CLAIM(a_disk_that_fails_from_then_on_costs_nothing_acknowledged),
        CLAIM(a_disk_full_for_a_moment_costs_one_change),
        CLAIM(a_disk_that_stays_full_costs_nothing_acknowledged),
        CLAIM(a_torn_log_keeps_what_was_whole),
        CLAIM(a_commit_is_one_write),
        CLAIM(a_commit_larger_than_the_cache_survives_a_kill_at_its_end),
    };
    return cmocka_run_group_tests_name("db/faults", tests, NULL, NULL);
}
