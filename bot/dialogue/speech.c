#include "bot/dialogue/speech.h"
#include "base/text.h"
#include <assert.h>
#include <string.h>

enum { PARTS_MAX = 16384 };

static struct value *values_next(struct values *values, enum fact fact, struct source source) {
    assert(values->count < VALUES_MAX);
    values->hash = 0;
    values->sources[values->count] = source;
    struct value *value = &values->list[values->count++];
    *value = (struct value){.fact = fact, .present = true};
    return value;
}

void values_text(struct values *values, enum fact fact, const char *text, struct source source) {
    if (!text_empty(text))
        values_next(values, fact, source)->text = text;
}

void values_link(struct values *values, enum fact fact, const char *url, struct source source) {
    if (url != NULL && strncmp(url, "https://", 8) == 0)
        values_text(values, fact, url, source);
}

void values_moment(struct values *values, enum fact fact, struct moment moment, struct source source) {
    if (moment_known(moment))
        values_next(values, fact, source)->moment = moment;
}

void values_count(struct values *values, enum fact fact, int64_t count, struct source source) {
    values_next(values, fact, source)->number = count;
}

void values_number(struct values *values, enum fact fact, int64_t number, struct source source) {
    if (number > 0)
        values_count(values, fact, number, source);
}

bool values_has(const struct values *values, enum fact fact) {
    for (int i = 0; i < values->count; i++)
        if (values->list[i].fact == fact)
            return true;
    return false;
}

void speech_init(struct speech *speech, const struct dialogue *dialogue, struct state *state,
                 struct arena *arena, int64_t now_ms) {
    /* The arrays are filled as they are counted. */
    speech->dialogue = dialogue;
    speech->state = state;
    speech->arena = arena;
    speech->now_ms = now_ms;
    speech->tongue = (struct tongue){0};
    speech->sentence_count = speech->part_count = 0;
    speech->told = NULL;
    speech->told_last = &speech->told;
    speech->parts_out = (struct json_out){0};
}

static uint64_t hash_add(uint64_t hash, uint64_t word) {
    hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ hash >> 32;
}

/* Equal facts, equal hash. */
static uint32_t facts_hash(struct values *values) {
    uint64_t hash = 0;
    if (values == NULL || values->hash != 0)
        return values == NULL ? 0 : values->hash;
    for (int i = 0; i < values->count; i++) {
        const struct value *value = &values->list[i];
        hash = hash_add(hash, (uint64_t)value->fact + 1);
        hash = hash_add(hash, (uint64_t)(value->number + value->moment.ms)); /* it is one of them */
        if (value->text != NULL)
            hash = hash_add(hash, text_hash(value->text));
    }
    return values->hash = (uint32_t)hash;
}

static struct said *said_find(struct state *state, const char *phrase) {
    for (int i = 0; i < STATE_SAID; i++)
        if (text_is(state->said[i].phrase, phrase))
            return &state->said[i];
    return NULL;
}

/* Moves the phrase to the front of what was said; the oldest falls out. */
static struct said *said_touch(struct state *state, const char *phrase) {
    struct said *found = said_find(state, phrase);
    struct said row = found != NULL ? *found : (struct said){0};
    int at = found != NULL ? (int)(found - state->said) : STATE_SAID - 1;
    memmove(&state->said[1], &state->said[0], (size_t)at * sizeof row);
    TEXT_SET(row.phrase, phrase);
    state->said[0] = row;
    return &state->said[0];
}

bool speech_said(const struct speech *speech, const char *phrase) {
    return said_find(speech->state, phrase) != NULL;
}

bool speech_said_alike(const struct speech *speech, const char *phrase, struct values *values) {
    const struct said *said = said_find(speech->state, phrase);
    return said != NULL && said->count > 0 && said->facts == facts_hash(values);
}

static void facts_add(struct speech *speech, const struct values *values, uint64_t used) {
    for (int i = 0; values != NULL && i < values->count; i++) {
        const struct value *value = &values->list[i];
        const struct source *source = &values->sources[i];
        if (source->origin.what == NULL || !(used >> i & 1))
            continue;
        struct told_fact *told = arena_room(speech->arena, sizeof *told);
        *told = (struct told_fact){.name = fact_name(value->fact),
                                   .moment = value->moment,
                                   .text = value->text,
                                   .number = value->number,
                                   .order = source->order,
                                   .parcel = source->origin.parcel,
                                   .what = source->origin.what};
        if (source->scan != NULL) {
            told->scanned = source->scan->at;
            told->scanner = source->scan->source;
        }
        *speech->told_last = told;
        speech->told_last = &told->next;
    }
}

static const char *words(struct speech *speech, const char *phrase, const struct values *values,
                         int variant) {
    const struct dialogue *dialogue = speech->dialogue;
    uint64_t used = 0;
    struct phrase request = {.name = phrase,
                             .locale = speech->state->locale,
                             .tongue = &speech->tongue,
                             .voice = speech->state->voice,
                             .zone = dialogue->shop->zone,
                             .now_ms = speech->now_ms,
                             .variant = variant,
                             .values = values == NULL ? NULL : values->list,
                             .value_count = values == NULL ? 0 : values->count};
    const char *text = phrasebook_say(dialogue->book, &request, speech->arena, &used);
    facts_add(speech, values, used);
    return text;
}

const char *speech_words(struct speech *speech, const char *phrase, const struct values *values) {
    return words(speech, phrase, values, 0);
}

void speech_phrase(struct speech *speech, const char *phrase, struct values *values) {
    if (speech->sentence_count == SPEECH_SENTENCES)
        return;
    if (speech_has(speech, phrase) && speech_said_alike(speech, phrase, values))
        return; /* once a reply is enough */
    struct said *said = said_touch(speech->state, phrase);
    const char *text = words(speech, phrase, values, said->count);
    said->count++;
    said->facts = facts_hash(values);
    if (text_empty(text))
        return;
    speech->sentences[speech->sentence_count] = text;
    speech->phrases[speech->sentence_count++] = phrase;
}

void speech_text(struct speech *speech, const char *text, const char *phrases) {
    if (speech->sentence_count == SPEECH_SENTENCES || text_empty(text))
        return;
    speech->sentences[speech->sentence_count] = arena_string(speech->arena, text);
    speech->phrases[speech->sentence_count++] = phrases;
}

bool speech_has(const struct speech *speech, const char *phrase) {
    for (int i = 0; i < speech->sentence_count; i++)
        if (text_is(speech->phrases[i], phrase))
            return true;
    return false;
}

struct json_out *speech_part(struct speech *speech, const char *kind) {
    if (speech->part_count == SPEECH_PARTS)
        return NULL;
    speech->part_count++;
    struct json_out *out = &speech->parts_out;
    if (out->buffer == NULL) {
        buffer_init_in(&speech->parts, speech->arena, PARTS_MAX);
        out->buffer = &speech->parts;
        json_open(out, NULL, '[');
    }
    json_open(out, NULL, '{');
    json_word(out, "kind", kind);
    return out;
}

void speech_choices(struct speech *speech, const struct choice *choices, int count) {
    struct json_out *out = speech_part(speech, "choices");
    if (out == NULL)
        return;
    json_open(out, "choices", '[');
    for (int i = 0; i < count; i++) {
        json_open(out, NULL, '{');
        json_text(out, "id", choices[i].id);
        json_text(out, "label", choices[i].label);
        json_close(out, '}');
    }
    json_close(out, ']');
    json_close(out, '}');
}

struct effect *effects_add(struct effects *effects, enum effect_kind kind) {
    assert(effects->count < EFFECTS_MAX);
    struct effect *effect = &effects->list[effects->count++];
    *effect = (struct effect){.kind = kind};
    return effect;
}

/* `first`, which may be "", and the pieces. */
static const char *join(struct arena *arena, const char *first, const char *const *pieces, int count,
                        char between) {
    size_t lens[SPEECH_SENTENCES], first_len = *first != '\0' ? strlen(first) : 0, size = first_len + 1;
    if (count == 1 && size == 1)
        return pieces[0];
    for (int i = 0; i < count; i++)
        size += (lens[i] = strlen(pieces[i])) + 1;
    char *joined = arena_room(arena, size), *at = joined + first_len;
    memcpy(joined, first, first_len);
    for (int i = 0; i < count; i++) {
        if (at > joined)
            *at++ = between;
        memcpy(at, pieces[i], lens[i]);
        at += lens[i];
    }
    *at = '\0';
    return joined;
}

static const char *parts_end(struct json_out *out) {
    if (out->buffer == NULL)
        return NULL;
    json_close(out, ']');
    return out->buffer->full ? NULL : buffer_text(out->buffer);
}

static const char *disclosure(struct speech *speech) {
    const struct shop *shop = speech->dialogue->shop;
    if (!text_empty(shop->disclosure))
        return shop->disclosure;
    struct values values;
    values_init(&values);
    values_text(&values, FACT_SHOP, shop->name, source_none);
    return speech_words(speech, "disclose", &values);
}

const char *speech_end(struct speech *speech, struct effects *effects) {
    if (speech->sentence_count == 0)
        return "";
    bool first = !speech->state->disclosed;
    speech->state->disclosed = true;
    const char *locale = arena_string(speech->arena, speech->state->locale);
    bool apart = first && speech->state->voice == VOICE_SPOKEN; /* it must be heard to its end */
    if (apart)
        effects_add(effects, EFFECT_SAY)->say =
            (struct say){.text = disclosure(speech), .phrase = "disclose", .locale = locale, .firm = true};
    struct effect *effect = effects_add(effects, EFFECT_SAY);
    struct say *say = &effect->say;
    first = first && !apart;
    say->text =
        join(speech->arena, first ? disclosure(speech) : "", speech->sentences, speech->sentence_count, ' ');
    say->phrase = join(speech->arena, first ? "disclose" : "", speech->phrases, speech->sentence_count, '+');
    say->locale = locale;
    say->parts = parts_end(&speech->parts_out);
    return say->phrase;
}
