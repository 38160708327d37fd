#include "db/step.h"
#include "base/hash.h"
#include "base/text.h"
#include <math.h>
#include <string.h>

enum { COUNT_MAX = 1000, SCORE_ONE = 10000 };

/* One walk over the members packs them or reads them. */
struct walk {
    struct buffer *out; /* NULL: reading */
    struct packed in;
    struct arena *arena; /* reading */
    int64_t at_ms;       /* of the turn or note before */
};

static void number(struct walk *walk, int64_t *value) {
    if (walk->out)
        pack_signed(walk->out, *value);
    else
        *value = packed_signed(&walk->in);
}

/* Most follow each other at once. */
static void moment(struct walk *walk, int64_t *at_ms) {
    int64_t since = (int64_t)((uint64_t)*at_ms - (uint64_t)walk->at_ms);
    number(walk, &since);
    if (!walk->out)
        *at_ms = (int64_t)((uint64_t)walk->at_ms + (uint64_t)since);
    walk->at_ms = *at_ms;
}

/* Used in its place. */
static void text(struct walk *walk, const char **value) {
    *value = walk->out ? pack_string(walk->out, *value ? *value : "") : packed_string(&walk->in);
}

/* NULL where there is none. */
static void maybe(struct walk *walk, const char **value) {
    text(walk, value);
    if (text_empty(*value))
        *value = NULL;
}

/* What hash_hex has spelled takes half; anything else is a text. */
static void hash(struct walk *walk, const char **value) {
    uint8_t bytes[HASH_SIZE];
    int64_t size = walk->out && *value && hash_unhex(bytes, *value) ? HASH_SIZE : 0;
    number(walk, &size);
    if (size == 0)
        text(walk, value);
    else if (walk->out) {
        buffer_add(walk->out, (const char *)bytes, sizeof bytes);
        *value = "";
    } else if (size == HASH_SIZE && walk->in.end - walk->in.at >= HASH_SIZE) {
        char *hex = arena_room(walk->arena, HASH_HEX_SIZE);
        memcpy(bytes, walk->in.at, HASH_SIZE);
        walk->in.at += HASH_SIZE;
        hash_hex(hex, bytes);
        *value = hex;
    } else
        walk->in.bad = true;
}

static void facts(struct walk *walk, struct facts *facts) {
    struct packed *in = &walk->in;
    int64_t len = (int64_t)facts->len;
    number(walk, &len);
    if (walk->out) {
        char *room = len ? buffer_room(walk->out, facts->len) : NULL;
        *facts =
            room ? (struct facts){memcpy(room, facts->bytes, facts->len), facts->len} : (struct facts){0};
    } else if (len >= 0 && len <= in->end - in->at) {
        *facts = (struct facts){in->at, (size_t)len};
        in->at += len;
    } else
        in->bad = true;
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
    moment(walk, &turn->at_ms);
    walk->in.bad |= author < AUTHOR_CUSTOMER || author > AUTHOR_SYSTEM;
    turn->author = (enum author)author;
}

static void walk_note(struct walk *walk, struct note *note) {
    int64_t score = walk->out ? llround(note->score * SCORE_ONE) : 0;
    number(walk, &note->seq);
    text(walk, &note->kind);
    text(walk, &note->intent);
    maybe(walk, &note->also);
    text(walk, &note->rule);
    number(walk, &score);
    text(walk, &note->phrase);
    facts(walk, &note->facts);
    text(walk, &note->order);
    hash(walk, &note->customer_hash);
    number(walk, &note->latency_us);
    moment(walk, &note->at_ms);
    if (!walk->out)
        note->score = (double)score / SCORE_ONE;
}

static void pack_turns(struct walk *walk, struct turn *turns, int count, struct step *step) {
    pack_number(walk->out, (uint64_t)count);
    step->first = turns->seq;
    for (int i = 0; i < count; i++) {
        walk_turn(walk, &turns[i]);
        step->again = i > 0 && turns[i].seq <= step->last ? turns[i].seq : step->again;
        step->last = turns[i].seq;
    }
}

static void pack_notes(struct walk *walk, struct note *notes, int count) {
    pack_number(walk->out, (uint64_t)count);
    for (int i = 0; i < count; i++)
        walk_note(walk, &notes[i]);
}

struct step *step_pack(struct arena *arena, struct turn *turns, int turn_count, struct note *notes,
                       int note_count) {
    struct step *step = ARENA_NEW(arena, struct step);
    struct buffer bytes;
    struct walk walk = {.out = &bytes};
    buffer_init_in(&bytes, arena, STEP_MAX);
    if (turn_count)
        pack_turns(&walk, turns, turn_count, step);
    step->turns_len = bytes.len;
    walk.at_ms = 0;
    if (note_count)
        pack_notes(&walk, notes, note_count);
    step->notes_len = bytes.len - step->turns_len;
    step->large = bytes.full;
    step->turns = buffer_text(&bytes);
    step->notes = step->turns + step->turns_len;
    return step;
}

void *step_turns(struct packed in, struct arena *arena, int *count) {
    struct walk walk = {.in = in, .arena = arena};
    *count = packed_count(&walk.in, COUNT_MAX);
    struct turn *turns = ARENA_ARRAY(arena, struct turn, (size_t)*count);
    for (int i = 0; i < *count && !walk.in.bad; i++)
        walk_turn(&walk, &turns[i]);
    return walk.in.bad || walk.in.at != walk.in.end ? NULL : turns;
}

void *step_notes(struct packed in, struct arena *arena, int *count) {
    struct walk walk = {.in = in, .arena = arena};
    *count = packed_count(&walk.in, COUNT_MAX);
    struct note *notes = ARENA_ARRAY(arena, struct note, (size_t)*count);
    for (int i = 0; i < *count && !walk.in.bad; i++)
        walk_note(&walk, &notes[i]);
    return walk.in.bad || walk.in.at != walk.in.end ? NULL : notes;
}
