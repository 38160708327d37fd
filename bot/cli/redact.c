#include "bot/cli/redact.h"
#include "base/key.h"
#include "base/text.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { SPANS_MAX = 64 };

struct span {
    int begin, end;
    const char *mask;
};

static bool known_number(const char *text, struct span span, const char *const *numbers,
                         struct arena *arena) {
    char key[KEY_SIZE];
    if (!key_number(key, arena_copy(arena, text + span.begin, (size_t)(span.end - span.begin))))
        return false;
    for (; *numbers; numbers++)
        if (strstr(*numbers, key))
            return true;
    return false;
}

static int add(struct span *spans, int count, struct span span) {
    for (int i = 0; i < count; i++)
        if (span.begin < spans[i].end && spans[i].begin < span.end) {
            if (span.begin < spans[i].begin)
                spans[i].begin = span.begin;
            if (span.end > spans[i].end)
                spans[i].end = span.end;
            return count;
        }
    if (count < SPANS_MAX && span.begin < span.end)
        spans[count++] = span;
    return count;
}

static int add_names(struct span *spans, int count, const char *text, const char *const *names) {
    for (; *names; names++) {
        size_t len = strlen(*names);
        for (const char *at = text; len > 1 && (at = strcasestr(at, *names)); at += len) {
            bool whole = (at == text || !isalnum((unsigned char)at[-1])) && !isalnum((unsigned char)at[len]);
            if (whole)
                count = add(spans, count,
                            (struct span){(int)(at - text), (int)(at - text + (long)len), "[name]"});
        }
    }
    return count;
}

static int by_begin(const void *a, const void *b) {
    return ((const struct span *)a)->begin - ((const struct span *)b)->begin;
}

const char *redact(struct reader *reader, const struct read_options *options, const char *text,
                   const char *const *names, const char *const *numbers, struct arena *arena) {
    static const struct {
        enum slot slot;
        const char *mask;
    } masked[] = {{SLOT_EMAIL, "[email]"}, {SLOT_PHONE, "[phone]"}, {SLOT_POSTCODE, "[postcode]"}};
    struct reading reading;
    struct span spans[SPANS_MAX];
    int count = 0;
    intents_read(reader, text, options, arena, &reading);
    for (size_t i = 0; i < sizeof masked / sizeof masked[0]; i++) {
        const struct slot_reading *slot = &reading.slots[masked[i].slot];
        for (int candidate = 0; candidate < slot->count; candidate++) {
            struct span span = {slot->candidates[candidate].begin, slot->candidates[candidate].end,
                                masked[i].mask};
            if (masked[i].slot == SLOT_EMAIL || !known_number(text, span, numbers, arena))
                count = add(spans, count, span);
        }
    }
    count = add_names(spans, count, text, names);
    qsort(spans, (size_t)count, sizeof *spans, by_begin);
    struct buffer out;
    buffer_init(&out, 4 * UTTERANCE_MAX);
    int at = 0;
    for (int i = 0; i < count; i++) {
        if (spans[i].begin < at)
            continue;
        buffer_add(&out, text + at, (size_t)(spans[i].begin - at));
        buffer_string(&out, spans[i].mask);
        at = spans[i].end;
    }
    buffer_string(&out, text + at);
    const char *copy = arena_string(arena, out.bytes);
    buffer_clear(&out);
    return copy;
}
