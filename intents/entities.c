#include "intents/entities.h"
#include "base/text.h"
#include "intents/number_pattern.h"
#include <string.h>

const char *const mark_names[MARK_COUNT] = {
    "order_number", "tracking_number", "email", "postcode", "phone", "date", "time", "amount"};

const char *words_gap(const struct utterance *utterance, int before, char out[GAP_SIZE]) {
    int begin = utterance->words[before].end, end = utterance->plain_len;
    if (before + 1 < utterance->count)
        end = utterance->words[before + 1].begin;
    int len = end - begin < GAP_SIZE - 1 ? end - begin : GAP_SIZE - 1;
    memcpy(out, utterance->plain + begin, (size_t)len);
    out[len] = '\0';
    return out;
}

static void remove_at(struct slot_reading *slot, int at) {
    memmove(&slot->candidates[at], &slot->candidates[at + 1],
            sizeof slot->candidates[0] * (size_t)(slot->count - at - 1));
    slot->count--;
}

void entities_add(struct entities *entities, enum slot slot_index, const char *value, double score, int first,
                  int end) {
    struct slot_reading *slot = &entities->slots[slot_index];
    const struct utterance *utterance = entities->utterance;
    for (int i = 0; i < slot->count; i++)
        if (text_is(slot->candidates[i].value, value)) {
            if (slot->candidates[i].score >= score)
                return;
            remove_at(slot, i);
            break;
        }
    int at = slot->count;
    while (at > 0 && slot->candidates[at - 1].score < score)
        at--;
    if (at == SLOT_CANDIDATES)
        return;
    if (slot->count == SLOT_CANDIDATES)
        slot->count--;
    memmove(&slot->candidates[at + 1], &slot->candidates[at],
            sizeof slot->candidates[0] * (size_t)(slot->count - at));
    slot->count++;
    int stop = utterance->origin[utterance->words[end - 1].end - 1] + 1;
    while (stop < utterance->len && ((unsigned char)utterance->text[stop] & 0xC0) == 0x80)
        stop++;
    slot->candidates[at] =
        (struct candidate){.value = arena_string(entities->arena, value),
                           .score = score,
                           .begin = utterance->origin[utterance->words[first].begin],
                           .end = stop,
                           .listed = slot_index == SLOT_ORDER_NUMBER && number_listed(entities, first, end)};
}

void entities_mark(struct entities *entities, enum mark mark, int first, int end, bool taken) {
    for (int i = first; i < end; i++) {
        entities->marks[i].marks |= (uint16_t)mark;
        entities->marks[i].continues |= i > first;
        entities->marks[i].taken |= taken;
    }
}

/* What any of the words may mean or begin. */
static uint64_t flags_of(const struct utterance *utterance) {
    uint64_t flags = 0;
    for (int i = 0; i < utterance->count; i++)
        if (utterance->words[i].entry)
            flags |= utterance->words[i].entry->flags | utterance->words[i].entry->begun;
    return flags;
}

void entities_read(struct entities *entities) {
    const struct utterance *utterance = entities->utterance;
    uint64_t flags = flags_of(utterance);
    if (flags & WORD_AT || strchr(utterance->plain, '@'))
        email_read(entities);
    if (utterance->has_digit || flags & (WORD_DAY | WORD_WEEKDAY | WORD_MONTH | WORD_FEAST))
        dates_read(entities);
    if (utterance->has_digit)
        quantities_read(entities);
    if (utterance->has_digit || number_pattern_given(entities->options->number))
        numbers_read(entities);
    spoken_read(entities);
}
