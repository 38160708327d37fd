#include "bot/dialogue/speech.h"
#include "base/text.h"
#include <assert.h>
#include <string.h>

enum { FACTS_MAX = 16384 };

static struct value *values_next(struct values *values, const char *name, struct source source) {
    assert(values->count < VALUES_MAX);
    values->sources[values->count] = source;
    struct value *value = &values->list[values->count++];
    *value = (struct value){.name = name};
    return value;
}

void values_text(struct values *values, const char *name, const char *text, struct source source) {
    struct value *value = values_next(values, name, source);
    value->text = text;
    value->present = !text_empty(text);
}

void values_link(struct values *values, const char *name, const char *url, struct source source) {
    bool secure = url != NULL && strncmp(url, "https://", 8) == 0;
    values_text(values, name, secure ? url : NULL, source);
}

void values_moment(struct values *values, const char *name, struct moment moment, struct source source) {
    struct value *value = values_next(values, name, source);
    value->moment = moment;
    value->present = moment.kind != MOMENT_NONE;
}

void values_number(struct values *values, const char *name, int64_t number, struct source source) {
    struct value *value = values_next(values, name, source);
    value->number = number;
    value->present = number > 0;
}

void values_drop(struct values *values, const char *name) {
    for (int i = 0; i < values->count; i++)
        if (text_is(values->list[i].name, name)) {
            values->list[i] = (struct value){.name = name};
            values->sources[i] = source_none;
        }
}

void speech_init(struct speech *speech, const struct dialogue *dialogue, struct state *state,
                 struct arena *arena, int64_t now_ms) {
    *speech = (struct speech){.dialogue = dialogue, .state = state, .arena = arena, .now_ms = now_ms};
    buffer_init(&speech->facts, FACTS_MAX);
    speech->facts_out.buffer = &speech->facts;
    json_open(&speech->facts_out, NULL, '[');
}

void speech_clear(struct speech *speech) {
    buffer_clear(&speech->facts);
}

/* FNV-1a over the printed values: equal facts, equal hash. */
static uint32_t hash_add(uint32_t hash, const void *bytes, size_t len) {
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ ((const unsigned char *)bytes)[i]) * 16777619u;
    return hash;
}

static uint32_t facts_hash(const struct values *values) {
    uint32_t hash = 2166136261u;
    for (int i = 0; values != NULL && i < values->count; i++) {
        const struct value *value = &values->list[i];
        if (!value->present)
            continue;
        hash = hash_add(hash, value->name, strlen(value->name));
        hash = hash_add(hash, &value->number, sizeof value->number);
        hash = hash_add(hash, &value->moment.ms, sizeof value->moment.ms);
        if (value->text != NULL)
            hash = hash_add(hash, value->text, strlen(value->text));
    }
    return hash;
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

bool speech_said_alike(const struct speech *speech, const char *phrase, const struct values *values) {
    const struct said *said = said_find(speech->state, phrase);
    return said != NULL && said->count > 0 && said->facts == facts_hash(values);
}

static const char *source_text(struct arena *arena, const struct source *source) {
    if (source->order == NULL)
        return source->what;
    if (source->parcel > 0)
        return arena_format(arena, "order %s parcel %d %s", source->order, source->parcel, source->what);
    return arena_format(arena, "order %s%s%s", source->order, *source->what ? " " : "", source->what);
}

static void facts_add(struct speech *speech, const struct values *values, uint64_t used) {
    for (int i = 0; values != NULL && i < values->count; i++) {
        const struct value *value = &values->list[i];
        if (values->sources[i].what == NULL || !(used >> i & 1))
            continue;
        struct json_out *out = &speech->facts_out;
        char moment[MOMENT_SIZE];
        json_open(out, NULL, '{');
        json_text(out, "name", value->name);
        if (value->moment.kind != MOMENT_NONE) {
            moment_print(moment, value->moment);
            json_text(out, "value", moment);
        } else if (value->text != NULL)
            json_text(out, "value", value->text);
        else
            json_number(out, "value", value->number);
        json_text(out, "source", source_text(speech->arena, &values->sources[i]));
        json_close(out, '}');
    }
}

static const char *words(struct speech *speech, const char *phrase, const struct values *values,
                         int variant) {
    const struct dialogue *dialogue = speech->dialogue;
    uint64_t used = 0;
    struct phrase request = {.name = phrase,
                             .locale = speech->state->locale,
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

void speech_phrase(struct speech *speech, const char *phrase, const struct values *values) {
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
    speech->phrases[speech->sentence_count++] = arena_string(speech->arena, phrase);
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

struct part *speech_part(struct speech *speech, enum part_kind kind) {
    if (speech->part_count == SPEECH_PARTS)
        return NULL;
    struct part *part = &speech->parts[speech->part_count++];
    *part = (struct part){.kind = kind};
    return part;
}

void speech_choice(struct speech *speech, struct part *part, const char *id, const char *label) {
    enum { CHOICES_MAX = 8 };
    if (part == NULL || part->choice_count == CHOICES_MAX)
        return;
    if (part->choices == NULL)
        part->choices = ARENA_ARRAY(speech->arena, struct choice, CHOICES_MAX);
    part->choices[part->choice_count++] = (struct choice){arena_string(speech->arena, id), label};
}

struct effect *effects_add(struct effects *effects, enum effect_kind kind) {
    assert(effects->count < EFFECTS_MAX);
    struct effect *effect = &effects->list[effects->count++];
    *effect = (struct effect){.kind = kind};
    return effect;
}

static const char *join(struct arena *arena, const char *const *pieces, int count, const char *between,
                        const char *first) {
    const char *joined = first;
    for (int i = 0; i < count; i++)
        joined = text_empty(joined) ? pieces[i] : arena_format(arena, "%s%s%s", joined, between, pieces[i]);
    return joined;
}

static const char *disclosure(struct speech *speech) {
    const struct shop *shop = speech->dialogue->shop;
    if (!text_empty(shop->disclosure))
        return shop->disclosure;
    struct values values;
    values_init(&values);
    values_text(&values, "shop", shop->name, source_none);
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
        join(speech->arena, speech->sentences, speech->sentence_count, " ", first ? disclosure(speech) : "");
    say->phrase = join(speech->arena, speech->phrases, speech->sentence_count, "+", first ? "disclose" : "");
    say->locale = locale;
    say->parts = ARENA_ARRAY(speech->arena, struct part, SPEECH_PARTS);
    memcpy(say->parts, speech->parts, sizeof speech->parts);
    say->part_count = speech->part_count;
    return say->phrase;
}

const char *speech_facts(struct speech *speech) {
    return speech->facts.full ? "[]" : arena_format(speech->arena, "%s]", speech->facts.bytes);
}
