#include "bot/dialogue/state.h"
#include "base/text.h"
#include "bot/dialogue/reply.h"
#include "bot/dialogue/shop.h"
#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { STATE_VERSION = 2 };

/* What is stored of a state: a name of two letters, the type, the member; of lists also how many places they
 * have, and which text is there in each that is used: from the first on, without a gap. A new field gets a
 * name of its own; with another meaning or type the version goes up. */
#define STATE_FIELDS(ONE, MANY, COLUMN)                                                                      \
    ONE("ve", INT, version)                                                                                  \
    ONE("sh", TEXT, shop)                                                                                    \
    ONE("lo", TEXT, locale)                                                                                  \
    ONE("vo", INT, voice)                                                                                    \
    ONE("ha", INT, handling)                                                                                 \
    ONE("ex", INT, expect)                                                                                   \
    ONE("eb", INT, expect_before)                                                                            \
    ONE("di", BOOL, disclosed)                                                                               \
    ONE("wa", TIME, wake_ms)                                                                                 \
    MANY("ns", TEXT, claims.numbers, STATE_NUMBERS, claims.numbers)                                          \
    ONE("nu", TEXT, claims.number)                                                                           \
    MANY("no", TEXT, claims.others, STATE_OTHERS, claims.others)                                             \
    ONE("tr", TEXT, claims.tracking)                                                                         \
    ONE("em", TEXT, claims.email)                                                                            \
    ONE("pc", TEXT, claims.postcode)                                                                         \
    MANY("po", TEXT, claims.postcodes, STATE_POSTCODES, claims.postcodes)                                    \
    ONE("ph", TEXT, claims.phone)                                                                            \
    ONE("p4", TEXT, claims.phone4)                                                                           \
    ONE("cl", TEXT, claims.caller)                                                                           \
    ONE("st", BOOL, claims.same_token)                                                                       \
    ONE("ei", BOOL, claims.either)                                                                           \
    ONE("te", TEXT, token.email)                                                                             \
    ONE("to", TEXT, token.numbers[0])                                                                        \
    ONE("wp", INT, wrong_proofs)                                                                             \
    ONE("lk", BOOL, locked)                                                                                  \
    ONE("ut", BOOL, untested)                                                                                \
    ONE("cd", BOOL, carried)                                                                                 \
    ONE("fn", INT, foreign)                                                                                  \
    ONE("td", TEXT, tried)                                                                                   \
    MANY("os", TEXT, orders, STATE_ORDERS, orders)                                                           \
    MANY("fa", INT, factors, STATE_ORDERS, orders)                                                           \
    MANY("ti", INT, tiers, STATE_ORDERS, orders)                                                             \
    ONE("fo", TEXT, focus)                                                                                   \
    ONE("fs", TEXT, shown)                                                                                   \
    ONE("tl", TEXT, told)                                                                                    \
    ONE("tk", INT, told_parcel)                                                                              \
    ONE("ls", INT, listed)                                                                                   \
    ONE("pa", INT, parcel)                                                                                   \
    ONE("pk", TEXT, pick)                                                                                    \
    ONE("pd", DAY, pick_day)                                                                                 \
    ONE("op", TEXT, opening)                                                                                 \
    ONE("ck", BOOL, checked)                                                                                 \
    COLUMN("gi", TEXT, goals, intent, STATE_GOALS, intent)                                                   \
    COLUMN("gr", TEXT, goals, rule, STATE_GOALS, intent)                                                     \
    COLUMN("gs", DECIMAL, goals, score, STATE_GOALS, intent)                                                 \
    COLUMN("gd", DAY, goals, asked, STATE_GOALS, intent)                                                     \
    ONE("lu", INT, look_up)                                                                                  \
    ONE("rt", INT, rest)                                                                                     \
    ONE("ro", BOOL, rest_orders)                                                                             \
    ONE("mi", INT, misses)                                                                                   \
    ONE("as", INT, asks)                                                                                     \
    COLUMN("sa", TEXT, said, phrase, STATE_SAID, phrase)                                                     \
    COLUMN("sc", INT, said, count, STATE_SAID, phrase)                                                       \
    COLUMN("sf", BITS, said, facts, STATE_SAID, phrase)                                                      \
    MANY("tp", TEXT, topics, STATE_TOPICS, topics)                                                           \
    MANY("hn", TEXT, handed, STATE_HANDED, handed)                                                           \
    ONE("re", TEXT, reference)                                                                               \
    ONE("of", TEXT, offer)                                                                                   \
    ONE("ca", TEXT, call.caller)                                                                             \
    ONE("cs", BOOL, call.caller_seen)                                                                        \
    ONE("sk", BOOL, call.spoke)                                                                              \
    ONE("dn", BOOL, call.done)                                                                               \
    ONE("pt", BOOL, call.patient)                                                                            \
    ONE("sl", BOOL, call.slow)                                                                               \
    ONE("tf", BOOL, call.transferred)                                                                        \
    ONE("hd", TIME, call.heard_ms)                                                                           \
    ONE("si", TIME, call.silence_ms)                                                                         \
    ONE("ke", TEXT, call.keys)                                                                               \
    ONE("ka", TIME, call.key_ms)                                                                             \
    ONE("kd", TIME, call.keyed_ms)                                                                           \
    ONE("qu", INT, call.question)                                                                            \
    ONE("ss", INT, call.silences)                                                                            \
    ONE("uc", INT, call.misses)                                                                              \
    ONE("tb", INT, call.troubles)                                                                            \
    ONE("co", TEXT, call.confirm)                                                                            \
    ONE("cn", BOOL, call.confirm_number)                                                                     \
    ONE("sp", TEXT, call.spoken)                                                                             \
    ONE("rs", TEXT, call.rest)                                                                               \
    ONE("ct", INT, call.cut)                                                                                 \
    ONE("rv", TEXT, resolved)

/* Types: how they are told empty, written and read. Texts are arrays; the rest are numbers. */
enum field_type { FIELD_INT, FIELD_BOOL, FIELD_DECIMAL, FIELD_TEXT, FIELD_DAY, FIELD_BITS, FIELD_TIME };

enum { NAME_LEN = 2, LINE_MAX = NAME_LEN + 3 + 2 * CALL_SPOKEN, DECIMALS = 10000 };

static const char *const handling_names[] = {"bot", "waiting", "human", "closed"};

const char *handling_name(enum handling handling) {
    return handling_names[handling];
}

void state_init(struct state *state, const char *shop, const char *locale, enum voice voice) {
    memset(state, 0, sizeof *state);
    state->version = STATE_VERSION;
    TEXT_SET(state->shop, shop);
    TEXT_SET(state->locale, locale);
    state->voice = voice;
}

/* Writing: each field asks of its own member whether it is empty, which is a move and a comparison; nearly
 * all of the 140 places are, in nearly all states. */

static char *put_name(char *to, const char *name, int place) {
    to = (char *)memcpy(to, name, NAME_LEN) + NAME_LEN;
    if (place >= 0)
        *to++ = (char)('0' + place);
    *to++ = '=';
    return to;
}

enum { BLOCK = 16 };

/* A line break or a backslash? Zeros stand behind `len`, in a block of their own. */
static bool is_escaped(const char *text, size_t len) {
    typedef unsigned char block __attribute__((vector_size(BLOCK)));
    block found = {0};
    uint64_t any[2];
    for (size_t done = 0; done < len; done += BLOCK) {
        block at;
        memcpy(&at, text + done, BLOCK);
        found |= (block)((at == '\n') | (at == '\\'));
    }
    memcpy(any, &found, sizeof any);
    return (any[0] | any[1]) != 0;
}

/* Copied first and looked at where it then stands: there it does no harm to read on behind it. */
static char *put_text(char *to, const char *value) {
    size_t len = strlen(value);
    memcpy(to, value, len);
    memset(to + len, 0, BLOCK);
    if (!is_escaped(to, len)) {
        to[len] = '\n';
        return to + len + 1;
    }
    for (; *value; value++)
        if (*value == '\n' || *value == '\\') {
            *to++ = '\\';
            *to++ = *value == '\n' ? 'n' : '\\';
        } else
            *to++ = *value;
    *to++ = '\n';
    return to;
}

static char *put_number(char *to, int64_t value) {
    to += text_number(to, value);
    *to++ = '\n';
    return to;
}

#define PUT_TEXT(name, place, member)                                                                        \
    if ((member)[0])                                                                                         \
        to = put_text(put_name(to, name, place), member);
#define PUT_NUMBER(name, place, member)                                                                      \
    if (member)                                                                                              \
        to = put_number(put_name(to, name, place), (int64_t)(member));
#define PUT_INT PUT_NUMBER
#define PUT_BOOL PUT_NUMBER
#define PUT_DAY PUT_NUMBER
#define PUT_BITS PUT_NUMBER
#define PUT_TIME PUT_NUMBER
#define PUT_DECIMAL(name, place, member)                                                                     \
    if ((member) != 0)                                                                                       \
        to = put_number(put_name(to, name, place), llround((member)*DECIMALS));
#define PUT_ONE(name, type, member) PUT_##type(name, -1, state->member)
#define PUT_PLACES(name, type, member, places, there)                                                        \
    {                                                                                                        \
        int i = 0;                                                                                           \
        for (; i < (places) && (there); i++)                                                                 \
            PUT_##type(name, i, member);                                                                     \
        for (; i < (places); i++)                                                                            \
            assert(!(there));                                                                                \
    }
#define PUT_MANY(name, type, member, places, first)                                                          \
    PUT_PLACES(name, type, state->member[i], places, state->first[i][0])
#define PUT_COLUMN(name, type, array, member, places, first)                                                 \
    PUT_PLACES(name, type, state->array[i].member, places, state->array[i].first[0])

void state_print(const struct state *state, struct buffer *out) {
    char lines[2 * sizeof *state + 4096], *to = lines; /* every byte escaped, and the names */
    STATE_FIELDS(PUT_ONE, PUT_MANY, PUT_COLUMN)
    buffer_add(out, lines, (size_t)(to - lines));
}

/* Reading. */

/* One row a field, or a column of an array of structs: count places, stride apart. */
struct field {
    char name[NAME_LEN + 1];
    enum field_type type;
    size_t offset, size;
    int count;
    size_t stride;
};

#define SIZE_OF(member) sizeof(((struct state *)0)->member)
#define ROW_ONE(name, type, member)                                                                          \
    {name, FIELD_##type, offsetof(struct state, member), SIZE_OF(member), 1, 0},
#define ROW_MANY(name, type, member, places, first)                                                          \
    {name, FIELD_##type, offsetof(struct state, member[0]), SIZE_OF(member[0]), places, SIZE_OF(member[0])},
#define ROW_COLUMN(name, type, array, member, places, first)                                                 \
    {name,   FIELD_##type,     offsetof(struct state, array[0].member), SIZE_OF(array[0].member),            \
     places, SIZE_OF(array[0])},

static const struct field fields[] = {STATE_FIELDS(ROW_ONE, ROW_MANY, ROW_COLUMN)};
enum { FIELD_COUNT = sizeof fields / sizeof *fields };

static const struct field *field_find(const char *name) {
    for (const struct field *field = fields; field < fields + FIELD_COUNT; field++)
        if (memcmp(field->name, name, NAME_LEN) == 0)
            return field;
    return NULL;
}

/* Undoes put_text; false where a backslash stands before anything else. */
static bool unescape(char *value) {
    char *to = value;
    for (; *value; value++) {
        bool escaped = *value == '\\';
        if (escaped && *++value != 'n' && *value != '\\')
            return false;
        *to++ = escaped && *value == 'n' ? '\n' : *value;
    }
    *to = '\0';
    return true;
}

static bool number_parse(const char *value, int64_t least, int64_t most, int64_t *out) {
    char *end;
    errno = 0;
    *out = strtoll(value, &end, 10);
    return end != value && *end == '\0' && errno == 0 && *out >= least && *out <= most;
}

static bool field_parse(const struct field *field, char *at, char *value) {
    int64_t number = 0;
    switch (field->type) {
    case FIELD_TEXT:
        return unescape(value) && text_set(at, field->size, value);
    case FIELD_BOOL:
        *(bool *)at = true;
        return number_parse(value, 1, 1, &number);
    case FIELD_DECIMAL:
        if (!number_parse(value, -INT32_MAX, INT32_MAX, &number))
            return false;
        *(double *)at = (double)number / DECIMALS;
        return true;
    case FIELD_BITS:
        if (!number_parse(value, 0, UINT32_MAX, &number))
            return false;
        *(uint32_t *)at = (uint32_t)number;
        return true;
    case FIELD_TIME:
        return number_parse(value, INT64_MIN, INT64_MAX, (int64_t *)at);
    case FIELD_INT:
    case FIELD_DAY:
        if (!number_parse(value, INT32_MIN, INT32_MAX, &number))
            return false;
        *(int32_t *)at = (int32_t)number;
        return true;
    }
    return false;
}

static bool line_parse(struct state *state, char *line, struct error *err) {
    const struct field *field = strlen(line) > NAME_LEN ? field_find(line) : NULL;
    char *at = line + NAME_LEN;
    int place = 0;
    if (!field)
        return error_set(err, "state: unknown field \"%.*s\"", NAME_LEN, line);
    if (field->count > 1)
        place = (unsigned char)*at++ - '0';
    if (place < 0 || place >= field->count || *at++ != '=' ||
        !field_parse(field, (char *)state + field->offset + (size_t)place * field->stride, at))
        return error_set(err, "state: field \"%s\" has the wrong type, length or place", field->name);
    return true;
}

static bool lines_parse(struct state *state, const char *text, struct error *err) {
    char line[LINE_MAX];
    for (const char *end; *text; text = end + 1) {
        end = strchr(text, '\n');
        if (!end || (size_t)(end - text) >= sizeof line)
            return error_set(err, "state: a line has no end, or is longer than %d bytes", LINE_MAX);
        memcpy(line, text, (size_t)(end - text));
        line[end - text] = '\0';
        if (!line_parse(state, line, err))
            return false;
    }
    return true;
}

#define THERE_TEXT(member) ((member)[0] != '\0')
#define THERE_INT(member) ((member) != 0)
#define THERE_DECIMAL THERE_INT
#define THERE_DAY THERE_INT
#define THERE_BITS THERE_INT
#define HOLD_ONE(name, type, member)
#define HOLD_PLACES(name, type, member, places, there)                                                       \
    for (int i = 0, gap = 0; i < (places); i++)                                                              \
        if ((gap |= !(there)) && THERE_##type(member))                                                       \
            return error_set(err, "state: field \"%s\" stands behind an empty place", name);
#define HOLD_MANY(name, type, member, places, first)                                                         \
    HOLD_PLACES(name, type, state->member[i], places, state->first[i][0])
#define HOLD_COLUMN(name, type, array, member, places, first)                                                \
    HOLD_PLACES(name, type, state->array[i].member, places, state->array[i].first[0])

/* A list is written up to its first empty place: what stood behind it would be lost without a word. */
static bool lists_hold(const struct state *state, struct error *err) {
    STATE_FIELDS(HOLD_ONE, HOLD_MANY, HOLD_COLUMN)
    return true;
}

/* Enums index tables, and what counts is counted on: a state from outside must not reach past them. */
static bool ranges_hold(const struct state *state, struct error *err) {
    bool ok = state->voice <= VOICE_SPOKEN && state->handling <= HANDLING_CLOSED &&
              state->expect < EXPECT_COUNT && state->expect_before < EXPECT_COUNT &&
              state->call.question < EXPECT_COUNT && state->call.question >= 0 && state->call.cut >= 0 &&
              state->call.cut <= CALL_SPOKEN && state->call.silences >= 0 && state->call.misses >= 0 &&
              state->rest >= 0 && state->rest <= STATE_PARCELS && state->parcel >= 0 &&
              state->parcel <= STATE_PARCELS && state->told_parcel >= 0 &&
              state->told_parcel <= STATE_PARCELS && state->listed >= 0 &&
              state->listed < 1 << STATE_ORDERS && state->foreign >= 0 && state->foreign < FACTOR_REACHABLE &&
              state->look_up >= 0 && state->look_up < ASK_END && state->wrong_proofs >= 0 &&
              state->asks >= 0 && state->misses >= 0;
    return ok ? true : error_set(err, "state: a number is out of range");
}

bool state_parse(struct state *state, const char *text, struct error *err) {
    memset(state, 0, sizeof *state);
    if (!text_valid(text, strlen(text)))
        return error_set(err, "state: not UTF-8");
    if (!lines_parse(state, text, err))
        return false;
    if (state->version != STATE_VERSION)
        return error_set(err, "state: version %d, this program reads %d", state->version, STATE_VERSION);
    return lists_hold(state, err) && ranges_hold(state, err);
}
