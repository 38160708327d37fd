#include "db/writer.h"
#include "base/text.h"
#include "tests/db/own_room.h"
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct outcomes {
    sem_t done;
    int ok, failed;
    char last[sizeof(struct error)];
};

static void count(void *context, bool ok, const struct error *err) {
    struct outcomes *outcomes = context;
    *(ok ? &outcomes->ok : &outcomes->failed) += 1;
    if (err)
        memcpy(outcomes->last, err->text, sizeof outcomes->last);
    sem_post(&outcomes->done);
}

static struct writer *open_writer(const struct retention *retention) {
    struct error err = {""};
    struct writer *writer = writer_open(room.path, retention, &err);
    if (!writer)
        fail_msg("%s", err.text);
    return writer;
}

/* One turn of a conversation. */
static bool put_turn(struct writer *writer, const char *id, int64_t seq, bool promise, writer_done *done,
                     void *context) {
    char text[32];
    snprintf(text, sizeof text, "turn %lld", (long long)seq);
    struct conversation conversation = {
        .id = id, .shop = "demo", .seq = seq, .started_ms = NOW_MS, .updated_ms = NOW_MS};
    struct turn turn = {.seq = seq, .text = text, .at_ms = NOW_MS};
    struct change change = {
        .conversation = &conversation, .turns = &turn, .turn_count = 1, .promise = promise};
    bool added = writer_add(writer, change_pack(&room.arena, &change), done, context);
    writer_wake(writer);
    return added;
}

static bool add_turn(struct writer *writer, int64_t seq, writer_done *done, void *context) {
    struct conversation conversation = {
        .id = "c1", .shop = "demo", .seq = seq, .started_ms = NOW_MS, .updated_ms = NOW_MS};
    struct turn turn = {.seq = seq, .text = "hello", .at_ms = NOW_MS};
    struct change change = {.conversation = &conversation, .turns = &turn, .turn_count = 1};
    return writer_add(writer, change_pack(&room.arena, &change), done, context);
}

static void post(void *context) {
    sem_post(context);
}

static int stored_turns(const char *id) {
    struct error err = {""};
    struct turn *turns;
    int got;
    store_rest(room.store);
    if (store_turns(room.store, id, 0, &room.arena, &turns, &got, &err) == FAILED)
        fail_msg("%s", err.text);
    for (int i = 0; i < got; i++)
        assert_int_equal(turns[i].seq, i + 1);
    store_rest(room.store);
    return got;
}

/* What a service asks of its writer to know that it can write, and what its desk does. */
static void a_change_needs_no_conversation_unless_something_was_said(void **state) {
    (void)state;
    const struct request ask = {.conversation = "c1", .handoff = "h1", .verb = "take", .agent = "Léa"};
    const struct turn turn = {.seq = 1, .text = "hello", .at_ms = NOW_MS};
    const struct note note = {.seq = 1, .kind = "answer", .at_ms = NOW_MS};
    struct writer *writer = open_writer(NULL);
    struct outcomes outcomes = {.ok = 0};
    struct request *requests;
    struct error err;
    int many;
    sem_init(&outcomes.done, 0, 0);
    const struct change changes[] = {{.probe = true},
                                     {.asks = &ask, .ask_count = 1},
                                     {.turns = &turn, .turn_count = 1},
                                     {.notes = &note, .note_count = 1}};
    enum { COUNT = sizeof changes / sizeof *changes };
    for (int i = 0; i < COUNT; i++)
        assert_true(writer_add(writer, change_pack(&room.arena, &changes[i]), count, &outcomes));
    writer_wake(writer);
    for (int i = 0; i < COUNT; i++)
        sem_wait(&outcomes.done);
    writer_close(writer);
    sem_destroy(&outcomes.done);
    assert_int_equal(outcomes.ok, 2);
    assert_non_null(strstr(outcomes.last, "no conversation"));
    assert_int_equal(store_requests(room.store, &room.arena, &requests, &many, &err), FOUND);
    assert_int_equal(many, 1);
}

static void what_is_added_waits_and_is_one_commit(void **state) {
    (void)state;
    enum { TURNS = 20 };
    struct outcomes outcomes = {.ok = 0};
    sem_t told;
    sem_init(&outcomes.done, 0, 0);
    sem_init(&told, 0, 0);
    struct writer *writer = open_writer(NULL);
    writer_after(writer, post, &told);
    assert_true(put_turn(writer, "c1", 1, false, count, &outcomes));
    sem_wait(&told); /* a writer that begins looks round once, unasked: that is behind it now */
    for (int i = 2; i <= TURNS; i++)
        assert_true(add_turn(writer, i, count, &outcomes));
    assert_int_equal(writer_count(writer).commits, 1);
    writer_wake(writer);
    sem_wait(&told); /* all of them have been told by now */
    assert_int_equal(outcomes.ok, TURNS);
    assert_int_equal(writer_count(writer).commits, 2);
    assert_true(add_turn(writer, TURNS + 1, count, &outcomes)); /* never woken: the end commits it */
    writer_close(writer);
    assert_int_equal(outcomes.ok, TURNS + 1);
    assert_int_equal(stored_turns("c1"), TURNS + 1);
    sem_destroy(&told);
}

static void what_is_put_is_stored_in_its_order(void **state) {
    (void)state;
    enum { TURNS = 2000 };
    struct outcomes outcomes = {.ok = 0};
    sem_init(&outcomes.done, 0, 0);
    struct writer *writer = open_writer(NULL);
    for (int i = 1; i <= TURNS; i++)
        assert_true(put_turn(writer, "c1", i, i % 50 == 0, count, &outcomes));
    writer_close(writer);
    assert_int_equal(outcomes.ok, TURNS);
    assert_int_equal(outcomes.failed, 0);
    assert_int_equal(stored_turns("c1"), TURNS);
}

static void a_bad_change_takes_no_other_with_it(void **state) {
    (void)state;
    struct outcomes good = {.ok = 0}, bad = {.ok = 0};
    sem_init(&good.done, 0, 0);
    sem_init(&bad.done, 0, 0);
    struct error err = {""};
    assert_true(store_batch(room.store, &err)); /* keeps the writer waiting, so that all share one group */
    struct writer *writer = open_writer(NULL);
    for (int i = 1; i <= 10; i++)
        assert_true(put_turn(writer, "c1", i, false, count, &good));
    assert_true(put_turn(writer, "c1", 5, false, count, &bad)); /* there is a fifth turn */
    assert_true(put_turn(writer, "c1", 11, false, count, &good));
    store_batch_undo(room.store);
    writer_close(writer);
    assert_int_equal(good.ok, 11);
    assert_int_equal(bad.failed, 1);
    assert_string_equal(bad.last, "turn 5 of conversation c1 is there already");
    assert_int_equal(stored_turns("c1"), 11);
}

static void a_full_queue_refuses_instead_of_waiting(void **state) {
    (void)state;
    struct error err = {""};
    assert_true(store_batch(room.store, &err));
    struct writer *writer = open_writer(NULL);
    int put = 0;
    while (put < 100000 && put_turn(writer, "c1", put + 1, false, NULL, NULL))
        put++;
    assert_true(put >= 1000);
    assert_true(put < 100000);
    store_batch_undo(room.store);
    writer_close(writer);
    assert_int_equal(stored_turns("c1"), put);
}

static void a_writer_needs_a_database(void **state) {
    (void)state;
    struct error err = {""};
    assert_null(writer_open("/tmp/there/is/none.db", NULL, &err));
    assert_non_null(strstr(err.text, "there is no such database"));
    writer_close(NULL);
}

static void retention_is_applied_by_the_writer(void **state) {
    (void)state;
    struct error err = {""};
    struct conversation conversation = {.id = "old", .shop = "demo", .started_ms = 1000, .updated_ms = 1000};
    struct turn turn = {.seq = 1, .text = "long ago", .at_ms = 1000};
    struct change change = {.conversation = &conversation, .turns = &turn, .turn_count = 1};
    assert_true(store_commit(room.store, (const struct change *const[]){&change}, 1, &err));
    struct writer *writer = open_writer(&(struct retention){.turns = 30});
    struct conversation stored;
    bool gone = false;
    for (int i = 0; i < 4500 && !gone; i++) { /* 45 s for what takes some milliseconds */
        nanosleep(&(struct timespec){0, 10000000}, NULL);
        gone = store_conversation(room.store, "old", &room.arena, &stored, &err) == MISSING;
        store_rest(room.store);
    }
    writer_close(writer);
    assert_true(gone);
}

static void retention_goes_by_the_clock_that_stands(void **state) {
    (void)state;
    struct error err = {""};
    int64_t then = 1000 * 86400000LL; /* long ago by any running clock */
    struct conversation conversation = {.id = "then", .shop = "demo", .started_ms = then, .updated_ms = then};
    struct turn turn = {.seq = 1, .text = "today", .at_ms = then};
    struct change change = {.conversation = &conversation, .turns = &turn, .turn_count = 1};
    assert_true(store_commit(room.store, (const struct change *const[]){&change}, 1, &err));
    struct writer *writer = open_writer(&(struct retention){.turns = 30, .now_ms = then + 1000});
    struct outcomes outcomes = {.ok = 0};
    sem_init(&outcomes.done, 0, 0);
    /* The first is committed in front of the first retention, the second behind it. */
    for (int i = 0; i < 2; i++) {
        assert_true(put_turn(writer, "c1", i + 1, false, count, &outcomes));
        sem_wait(&outcomes.done);
    }
    writer_close(writer);
    sem_destroy(&outcomes.done);
    struct conversation stored;
    assert_int_equal(store_conversation(room.store, "then", &room.arena, &stored, &err), FOUND);
}

/* How often the log has begun anew (https://sqlite.org/walformat.html: "checkpoint sequence number"). */
static uint32_t log_beginnings(void) {
    enum { HEADER = 32, SEQUENCE = 12 };
    unsigned char header[HEADER] = {0};
    FILE *file = fopen(arena_format(&room.arena, "%s-wal", room.path), "rb");
    assert_non_null(file);
    assert_int_equal(fread(header, 1, HEADER, file), HEADER);
    fclose(file);
    const unsigned char *at = header + SEQUENCE;
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* However long it takes: the log is moved beside what is committed, and there is no pause in which it could
 * be moved to its end. */
static void the_log_begins_anew_while_changes_come(void **state) {
    (void)state;
    enum { LONG = 64 * 1024 };
    struct outcomes outcomes = {.ok = 0};
    sem_init(&outcomes.done, 0, 0);
    struct writer *writer = open_writer(NULL);
    char *text = arena_alloc(&room.arena, LONG + 1);
    memset(text, 'x', LONG);
    text[LONG] = '\0';
    struct conversation conversation = {.id = "c1", .shop = "demo"};
    struct turn turn = {.text = text, .at_ms = NOW_MS};
    const struct change change = {.conversation = &conversation, .turns = &turn, .turn_count = 1};
    for (uint32_t first = 0; turn.seq < 2 || log_beginnings() < first + 2;) {
        conversation.seq = ++turn.seq;
        assert_true(writer_add(writer, change_pack(&room.arena, &change), count, &outcomes));
        writer_wake(writer);
        sem_wait(&outcomes.done);
        if (turn.seq == 1)
            first = log_beginnings();
    }
    writer_close(writer);
    assert_int_equal(outcomes.failed, 0);
    assert_int_equal(stored_turns("c1"), turn.seq);
}

/* The child acknowledges on a pipe what the writer has called committed; it is killed while it goes on. */
static void acknowledge(void *context, bool ok, const struct error *err) {
    int64_t seq = (int64_t)(intptr_t)context;
    (void)err;
    if (ok && write(3, &seq, sizeof seq) != sizeof seq)
        _exit(1);
}

static void child_writes(int pipe_end, const char *id) {
    struct error err = {""};
    if (dup2(pipe_end, 3) < 0)
        _exit(1);
    struct writer *writer = writer_open(room.path, NULL, &err);
    for (int64_t seq = 1; writer; seq++)
        while (!put_turn(writer, id, seq, seq % 7 == 0, acknowledge, (void *)(intptr_t)seq))
            nanosleep(&(struct timespec){0, 100000}, NULL);
    _exit(1);
}

static void what_was_acknowledged_survives_a_kill(void **state) {
    (void)state;
    enum { ROUNDS = 12 };
    store_close(room.store);
    room.store = NULL;
    for (int round = 0; round < ROUNDS; round++) {
        struct error err = {""};
        char id[16];
        int ends[2];
        int64_t seq, last = 0;
        snprintf(id, sizeof id, "c%d", round);
        assert_int_equal(pipe(ends), 0);
        fflush(NULL);
        pid_t child = fork();
        if (child == 0) {
            close(ends[0]);
            child_writes(ends[1], id);
        }
        close(ends[1]);
        for (int i = 0; i < 50 + round * 131 && read(ends[0], &seq, sizeof seq) == sizeof seq; i++)
            last = seq;
        kill(child, SIGKILL);
        while (read(ends[0], &seq, sizeof seq) == sizeof seq)
            last = seq;
        close(ends[0]);
        waitpid(child, NULL, 0);
        assert_true(last > 0);
        room.store = store_open(room.path, STORE_CREATE, &err);
        if (!room.store)
            fail_msg("%s", err.text);
        assert_true(stored_turns(id) >= last);
        struct conversation stored;
        assert_int_equal(store_conversation(room.store, id, &room.arena, &stored, &err), FOUND);
        assert_int_equal(stored.seq, stored_turns(id)); /* state and turns were committed together */
        if (round < ROUNDS - 1) {
            store_close(room.store);
            room.store = NULL;
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        CLAIM(what_is_put_is_stored_in_its_order),
        CLAIM(a_bad_change_takes_no_other_with_it),
        CLAIM(what_is_added_waits_and_is_one_commit),
        CLAIM(a_change_needs_no_conversation_unless_something_was_said),
        CLAIM(a_full_queue_refuses_instead_of_waiting),
        CLAIM(a_writer_needs_a_database),
        CLAIM(retention_is_applied_by_the_writer),
        CLAIM(the_log_begins_anew_while_changes_come),
        CLAIM(retention_goes_by_the_clock_that_stands),
        CLAIM(what_was_acknowledged_survives_a_kill),
    };
    return cmocka_run_group_tests_name("db/writer", tests, NULL, NULL);
}
