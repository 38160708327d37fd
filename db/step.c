#include "db/step.h"
#include "base/text.h"
#include <string.h>

enum { COUNT_MAX = 1000 };

/* One walk over the members packs them or reads them. */
struct walk {
    struct buffer *out; /* NULL: reading */
    struct packed in;
};

static void number(struct walk *walk, int64_t *value) {
    if (walk->out)
        pack_signed(walk->out, *value);
    else
        *value = packed_signed(&walk->in);
}

static void text(struct walk *walk, const char **value) {
    if (walk->out)
        pack_text(walk->out, *value);
    else
        *value = packed_text(&walk->in);
}

/* NULL where there is none. */
static void maybe(struct walk *walk, const char **value) {
    text(walk, value);
    if (!walk->out && text_empty(*value))
        *value = NULL;
}

static void walk_turn(struct walk *walk, struct turn *turn) {
    int64_t author = turn->author;
    number(walk, &turn->seq);
    number(walk, &turn->re);
    number(walk, &author);
    maybe(walk, &turn->who);
    maybe(walk, &turn->client_id);
    text(walk, &turn->text);
    maybe(walk, &turn->phrase);
    maybe(walk, &turn->parts);
    number(walk, &turn->at_ms);
    walk->in.bad |= author < AUTHOR_CUSTOMER || author > AUTHOR_SYSTEM;
    turn->author = (enum author)author;
}

static void walk_note(struct walk *walk, struct note *note) {
    int64_t score;
    memcpy(&score, &note->score, sizeof score);
    number(walk, &note->seq);
    text(walk, &note->kind);
    text(walk, &note->intent);
    maybe(walk, &note->also);
    text(walk, &note->rule);
    number(walk, &score);
    text(walk, &note->phrase);
    maybe(walk, &note->facts);
    text(walk, &note->order);
    text(walk, &note->customer_hash);
    text(walk, &note->order_hash);
    number(walk, &note->latency_us);
    number(walk, &note->at_ms);
    memcpy(&note->score, &score, sizeof score);
}

void step_pack_turns(struct buffer *out, const struct turn *turns, int count) {
    struct walk walk = {.out = out};
    pack_number(out, (uint64_t)count);
    for (int i = 0; i < count; i++) {
        struct turn turn = turns[i];
        walk_turn(&walk, &turn);
    }
}

void step_pack_notes(struct buffer *out, const struct note *notes, int count) {
    struct walk walk = {.out = out};
    pack_number(out, (uint64_t)count);
    for (int i = 0; i < count; i++) {
        struct note note = notes[i];
        walk_note(&walk, &note);
    }
}

void *step_turns(struct packed in, struct arena *arena, int *count) {
    struct walk walk = {.in = in};
    *count = packed_count(&walk.in, COUNT_MAX);
    struct turn *turns = ARENA_ARRAY(arena, struct turn, (size_t)*count);
    for (int i = 0; i < *count && !walk.in.bad; i++)
        walk_turn(&walk, &turns[i]);
    return walk.in.bad || walk.in.at != walk.in.end ? NULL : turns;
}

void *step_notes(struct packed in, struct arena *arena, int *count) {
    struct walk walk = {.in = in};
    *count = packed_count(&walk.in, COUNT_MAX);
    struct note *notes = ARENA_ARRAY(arena, struct note, (size_t)*count);
    for (int i = 0; i < *count && !walk.in.bad; i++)
        walk_note(&walk, &notes[i]);
    return walk.in.bad || walk.in.at != walk.in.end ? NULL : notes;
}
