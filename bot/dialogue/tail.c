#include "bot/dialogue/tail.h"
#include "base/text.h"
#include <string.h>

/* A few digits alone are no number. Behind these they are the rest of one. */
static const char head[] = "9 9 9 9 ", head_bare[] = "9999";
enum { WORDS_MAX = 6 };

const char *tail_corrected(const struct dialogue *dialogue, const char *number, const char *text,
                           const struct read_options *options, struct arena *arena) {
    size_t len = strlen(number), head_len = strlen(head_bare);
    struct read_options asked = *options;
    asked.expected = SLOT_ORDER_NUMBER;
    asked.number = NULL;
    for (int word = 0; word < WORDS_MAX && *text != '\0'; word++) {
        struct reading *reading = ARENA_NEW(arena, struct reading);
        intents_read(dialogue->reader, arena_format(arena, "%s%s", head, text), &asked, arena, reading);
        const struct slot_reading *numbers = &reading->slots[SLOT_ORDER_NUMBER];
        for (int i = 0; i < numbers->count; i++) {
            const char *whole = numbers->candidates[i].value;
            size_t more = strlen(whole) > head_len ? strlen(whole) - head_len : 0;
            if (more > 0 && more < len && strncmp(whole, head_bare, head_len) == 0)
                return arena_format(arena, "%.*s%s", (int)(len - more), number, whole + head_len);
        }
        text += strcspn(text, " ");
        text += strspn(text, " ");
    }
    return NULL;
}
