#include "intents/examples/lessons.h"
#include <string.h>

enum { FAMILY_BITS = 14, WORDS_MAX = (1 << FAMILY_BITS) * 3 / 4, NAME_MAX_LEN = 32 };

struct reading_families {
    char names[FAMILIES_MAX][NAME_MAX_LEN];
    int count;
    struct family_words words;
    uint32_t *table;
    uint64_t *of;
    struct arena *arena;
};

static int family_of(struct reading_families *from, const char *name) {
    for (int i = 0; i < from->count; i++)
        if (strcmp(from->names[i], name) == 0)
            return i;
    if (from->count == FAMILIES_MAX || strlen(name) >= NAME_MAX_LEN)
        return -1;
    memcpy(from->names[from->count], name, strlen(name) + 1);
    return from->count++;
}

static bool add_word(struct reading_families *from, int family, const char *word) {
    const char *folded = fold_words(word, from->arena);
    uint32_t hash = features_word(folded, (int)strlen(folded));
    uint32_t place = families_place(from->table, FAMILY_BITS, hash);
    if (strchr(folded, ' ') || !*folded || from->words.count == WORDS_MAX)
        return false;
    from->words.texts[from->words.count++] = folded;
    from->table[place] = hash;
    from->of[place] |= 1ull << family;
    return true;
}

static bool read_words(struct reading_families *from, const char *at, const char *name, struct error *err) {
    int family = -1, line = 1;
    while (*at) {
        size_t blank = strspn(at, " "), len = strcspn(at + blank, " \n");
        const char *word = arena_copy(from->arena, at + blank, len);
        at += blank;
        if (strcmp(word, "#") == 0) {
            len = strcspn(at += 2, "\n");
            family = family_of(from, arena_copy(from->arena, at, len));
        } else if (len > 0 && (family < 0 || !add_word(from, family, word)))
            return error_set(
                err,
                "intents/lessons/%s:%d:1: \"%s\": expected \"# family\" (%d at most), and words of it "
                "below, one word each",
                name, line, word, FAMILIES_MAX);
        at += len;
        line += *at == '\n';
        at += *at == '\n';
    }
    return true;
}

bool families_read(struct families *out, struct family_words *words, const struct data *lessons,
                   const char *file, struct arena *arena, struct error *err) {
    struct reading_families from = {.table = ARENA_ARRAY(arena, uint32_t, (size_t)1 << FAMILY_BITS),
                                    .of = ARENA_ARRAY(arena, uint64_t, (size_t)1 << FAMILY_BITS),
                                    .words.texts = ARENA_ARRAY(arena, const char *, WORDS_MAX),
                                    .arena = arena};
    const char *text = data_read(lessons, file, arena, NULL, err);
    if (!text || !read_words(&from, text, file, err))
        return false;
    *words = from.words;
    *out = (struct families){FAMILY_BITS, from.table, from.of};
    return true;
}
