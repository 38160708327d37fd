/* The kinds of values that a shop's telephone has: its numbers, where a call goes that a person must take,
 * and how it is spoken. */
#include "base/text.h"
#include "bot/settings/settings.h"
#include "bot/settings/writing.h"
#include <string.h>

static bool set_ssml(const struct writing *writing, struct arena *arena, void *field,
                     const char *const *values, int count, struct error *err) {
    bool on = text_is(values[0], "say-as");
    (void)arena, (void)count;
    if (!on && !text_is(values[0], "none"))
        return writing_refuse(writing, values[0], err);
    *(bool *)field = on;
    return true;
}

static bool set_engine(const struct writing *writing, struct arena *arena, void *field,
                       const char *const *values, int count, struct error *err) {
    static const char *const names[] = {"", "Google", "Amazon", "ElevenLabs"};
    (void)arena, (void)count;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (text_is(values[0], names[i])) {
            *(const char **)field = names[i];
            return true;
        }
    return writing_refuse(writing, values[0], err);
}

static bool is_number(const char *text) {
    size_t digits = text[0] == '+' ? strspn(text + 1, "0123456789") : 0;
    return digits >= 3 && digits <= 15 && !text[digits + 1];
}

/* "+33123456789 fr" */
static bool set_calls(const struct writing *writing, struct arena *arena, void *field,
                      const char *const *values, int count, struct error *err) {
    struct called_number *rows = ARENA_ARRAY(arena, struct called_number, (size_t)count + 1);
    for (int i = 0; i < count; i++) {
        char *number = arena_string(arena, values[i]), *locale = number + strcspn(number, " ");
        if (*locale)
            *locale++ = 0;
        if (!is_number(number) || (*locale && !written_locale.set(&written_locale, arena, &rows[i].locale,
                                                                  (const char *const *)&locale, 1, err)))
            return writing_refuse(writing, values[i], err);
        rows[i].number = number;
    }
    *(const struct called_number **)field = rows;
    return true;
}

static const struct {
    const char *name;
    enum transfer_kind kind;
    const char *begin; /* of its target */
    const char *or_begin;
} transfer_names[] = {
    {"dial", TRANSFER_DIAL, "+", "+"},
    {"sip", TRANSFER_SIP, "sip:", "sips:"},
    {"refer", TRANSFER_REFER, "sip:", "sips:"},
    {"enqueue", TRANSFER_ENQUEUE, "", ""},
    {"redirect", TRANSFER_REDIRECT, "https://", "wss://"},
    {"task", TRANSFER_TASK, "WW", "WW"},
};

static bool starts(const char *text, const char *begin) {
    return strncmp(text, begin, strlen(begin)) == 0 && text[strlen(begin)];
}

/* "dial +33123456789" */
static bool transfer_read(struct transfer *row, const char *text) {
    for (size_t i = 0; i < sizeof transfer_names / sizeof *transfer_names; i++) {
        size_t len = strlen(transfer_names[i].name);
        if (strncmp(text, transfer_names[i].name, len) != 0 || text[len] != ' ')
            continue;
        row->kind = transfer_names[i].kind;
        row->target = text + len + 1;
        return (starts(row->target, transfer_names[i].begin) ||
                starts(row->target, transfer_names[i].or_begin)) &&
               (row->kind != TRANSFER_DIAL || is_number(row->target)) && !strpbrk(row->target, " \"'<>");
    }
    return false;
}

static bool set_transfers(const struct writing *writing, struct arena *arena, void *field,
                          const char *const *values, int count, struct error *err) {
    struct transfer *rows = ARENA_ARRAY(arena, struct transfer, (size_t)count + 1);
    for (int i = 0; i < count; i++) {
        const char *text;
        char *pair = arena_string(arena, values[i]);
        if (!text_valid(pair, strlen(pair)) || !writing_pair(pair, &text) || !transfer_read(&rows[i], text))
            return writing_refuse(writing, values[i], err);
        rows[i].queue = pair;
    }
    *(const struct transfer **)field = rows;
    return true;
}

const struct writing written_ssml = {"none|say-as", "none or say-as", false, 0, 0, set_ssml};
const struct writing written_engine = {"NAME", "Google, Amazon or ElevenLabs", false, 0, 0, set_engine};
const struct writing written_calls = {
    "LIST", "\"+NUMBER\" or \"+NUMBER LANGUAGE\" such as \"+33123456789 fr\"", true, 0, 0, set_calls};
const struct writing written_transfers = {
    "LIST",
    "\"QUEUE = HOW WHERE\": dial +NUMBER, sip or refer sip:…, enqueue NAME, redirect https://… or task WW…",
    true,
    0,
    0,
    set_transfers};
