#include "intents/seen.h"
#include "base/buffer.h"
#include <string.h>

enum { LONGEST_WORD = 40 };

/* "sooooo" → "soo", then "so": whichever is a word. */
static const char *shorten(const struct dictionary *dictionary, const char *word, int len,
                           struct arena *arena) {
    char shorter[LONGEST_WORD];
    for (int kept = 2; kept >= 1; kept--) {
        int out = 0;
        for (int i = 0, end; i < len; i = end) {
            for (end = i + 1; end < len && word[end] == word[i];)
                end++;
            for (int copies = end - i < 3 ? end - i : kept; copies > 0; copies--)
                shorter[out++] = word[i];
        }
        if (out == len)
            return NULL;
        if (dictionary_word(dictionary, shorter, out) || kept == 1)
            return arena_copy(arena, shorter, (size_t)out);
    }
    return NULL;
}

static const char *corrected(const struct word *word, const struct language *language,
                             const struct recogniser *recogniser, struct arena *arena) {
    if (word->has_digit || word->len < 3 || word->len >= LONGEST_WORD || word->entry ||
        recogniser_function_word(recogniser, word->text, word->len))
        return word->text;
    const char *shorter = shorten(&language->dictionary, word->text, word->len, arena);
    const char *text = shorter ? shorter : word->text;
    int len = (int)strlen(text);
    if (shorter && dictionary_word(&language->dictionary, text, len))
        return text;
    const char *meant = typo_correct(&language->typo, text, len);
    return meant ? meant : text;
}

static void add_mark(struct buffer *buffer, const struct word_mark *marks, int first, int end) {
    unsigned all = 0;
    const char *comma = "";
    for (int i = first; i < end; i++)
        all |= marks[i].marks;
    buffer_string(buffer, " <");
    for (int bit = 0; bit < MARK_COUNT; bit++)
        if (all & 1u << bit) {
            buffer_format(buffer, "%s%s", comma, mark_names[bit]);
            comma = ",";
        }
    buffer_string(buffer, ">");
}

void seen_make(struct seen *out, const struct utterance *utterance, const struct language *language,
               const struct recogniser *recogniser, const struct word_mark *marks, struct arena *arena) {
    struct buffer buffer;
    int part = 0, span;
    size_t size = (size_t)utterance->count + 1;
    *out = (struct seen){.begin = ARENA_ARRAY(arena, int, size),
                         .part = ARENA_ARRAY(arena, int, size),
                         .count = utterance->count};
    buffer_init(&buffer, (size_t)UTTERANCE_MAX * 16);
    for (int i = 0; i < utterance->count;) {
        const struct word *word = &utterance->words[i];
        int end = i + 1;
        if (i > 0 && word->sentence) {
            buffer_string(&buffer, " .");
            part++;
        } else if (i > 0 && dictionary_find(&language->dictionary, utterance->words, utterance->count, i,
                                            WORD_ALSO, &span))
            part++;
        while (marks[i].marks && end < utterance->count && marks[end].marks && marks[end].continues)
            end++;
        for (int j = i; j < end; j++) {
            out->begin[j] = (int)buffer.len;
            out->part[j] = part;
        }
        if (marks[i].marks)
            add_mark(&buffer, marks, i, end);
        else
            buffer_format(&buffer, " %s", corrected(word, language, recogniser, arena));
        i = end;
    }
    buffer_string(&buffer, " ");
    out->begin[utterance->count] = (int)buffer.len;
    out->len = (int)buffer.len;
    out->text = arena_copy(arena, buffer.bytes, buffer.len);
    buffer_clear(&buffer);
}

int seen_word(const struct seen *seen, int byte) {
    int low = 0, high = seen->count;
    while (low < high) {
        int middle = (low + high) / 2;
        if (seen->begin[middle] < byte)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}
