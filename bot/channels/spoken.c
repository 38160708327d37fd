#include "bot/channels/spoken.h"
#include "base/json.h"
#include "base/text.h"
#include <string.h>
#include <strings.h>

/* The regions that platforms speak a language in; the first is taken when the shop's country is not among
 * them. */
static const struct {
    const char *language, *regions;
} languages[] = {
    {"en", "GB US IE AU CA IN NZ ZA"},
    {"fr", "FR BE CH CA"},
    {"es", "ES MX US"},
    {"de", "DE AT CH"},
    {"it", "IT CH"},
    {"nl", "NL BE"},
    {"pt", "PT BR"},
};

const char *spoken_tag(const char *locale, const char *country, struct arena *arena) {
    if (strchr(locale, '-'))
        return arena_string(arena, locale);
    for (size_t i = 0; i < sizeof languages / sizeof *languages; i++) {
        if (!text_is(languages[i].language, locale))
            continue;
        const char *region = text_empty(country) ? NULL : strstr(languages[i].regions, country);
        return arena_format(arena, "%s-%.2s", locale, region ? region : languages[i].regions);
    }
    return arena_string(arena, locale);
}

void spoken_tags(const struct phrasebook *book, const char *country, const char **tags, int max,
                 struct arena *arena) {
    const char *language;
    int count = 0;
    for (; count < max - 1 && (language = phrasebook_language(book, count)); count++)
        tags[count] = spoken_tag(language, country, arena);
    tags[count] = NULL;
}

bool spoken_same_language(const char *tag, const char *other) {
    size_t len = strcspn(tag, "-_");
    return len == strcspn(other, "-_") && strncasecmp(tag, other, len) == 0;
}

static bool ends_sentence(const char *text, size_t at) {
    return at > 0 && text[at] == ' ' && strchr(".?!", text[at - 1]);
}

size_t spoken_piece(const char *text, size_t max) {
    size_t len = strlen(text), best = 0, blank = 0;
    if (len <= max)
        return len;
    for (size_t at = 0; at < max; at++) {
        if (ends_sentence(text, at))
            best = at + 1;
        if (text[at] == ' ')
            blank = at + 1;
    }
    if (best || blank)
        return best ? best : blank;
    while (max > 1 && ((unsigned char)text[max] & 0xc0) == 0x80)
        max--;
    return max;
}

int64_t spoken_ms(const char *text) {
    enum { BEGIN_MS = 400, CHARACTER_MS = 65 };
    return BEGIN_MS + (int64_t)text_length(text) * CHARACTER_MS;
}

const char *spoken_number(const char *written, struct arena *arena) {
    const char *plus = written ? strchr(written, '+') : NULL;
    size_t digits = plus ? strspn(plus + 1, "0123456789") : 0;
    return digits >= 3 && digits <= 15 ? arena_copy(arena, plus, digits + 1) : NULL;
}

const struct shop *spoken_shop(const struct shop *shops, int count, const char *called, const char **locale) {
    *locale = NULL;
    for (int i = 0; called && i < count; i++) {
        const struct called_number *row = shop_called(&shops[i], called);
        if (row) {
            *locale = row->locale;
            return &shops[i];
        }
    }
    return NULL;
}

void spoken_handoff(struct buffer *buffer, const struct delivery *delivery, const char *shop) {
    struct json_out out = {.buffer = buffer};
    json_open(&out, NULL, '{');
    json_text(&out, "reasonCode", "live-agent-handoff");
    json_text(&out, "reason", delivery->reason ? delivery->reason : "");
    json_text(&out, "queue", delivery->queue ? delivery->queue : "");
    json_maybe(&out, "order", delivery->order);
    json_text(&out, "handoff", delivery->handoff ? delivery->handoff : "");
    json_text(&out, "shop", shop);
    json_text(&out, "locale", delivery->locale ? delivery->locale : "");
    if (!text_empty(delivery->summary))
        json_raw(&out, "summary", delivery->summary);
    json_close(&out, '}');
}

const char *spoken_line(const struct phrasebook *book, enum line_says line, const struct shop *shop,
                        const char *locale, struct arena *arena) {
    static const char *const names[] = {[LINE_TROUBLE] = "line.trouble",
                                        [LINE_THROUGH] = "line.through",
                                        [LINE_NOBODY] = "line.nobody",
                                        [LINE_AGAIN] = "line.again",
                                        [LINE_HINTS] = "line.hints"};
    struct phrase phrase = {.name = names[line],
                            .locale = text_empty(locale) ? shop->locale : locale,
                            .voice = VOICE_SPOKEN,
                            .zone = shop->zone};
    return phrasebook_say(book, &phrase, arena, NULL);
}
