#include "intents/seen.h"
#include <string.h>

enum {
    MARKS_LEN = 96, /* more than all marks of one word take, the end of a sentence before them included */
    CORRECTION_LEN =
        8 /* more than a word grows by its correction, a space, and the end of a sentence before it */
};

static char *put(char *at, const char *text, size_t len) {
    memcpy(at, text, len);
    return at + len;
}

static char *put_mark(char *at, unsigned marks) {
    bool comma = false;
    at = put(at, " <", 2);
    for (int bit = 0; bit < MARK_COUNT; bit++)
        if (marks & 1u << bit) {
            if (comma)
                *at++ = ',';
            at = put(at, mark_names[bit], strlen(mark_names[bit]));
            comma = true;
        }
    *at++ = '>';
    return at;
}

/* ", where"; "and where". */
static bool begins_clause(const struct utterance *utterance, const struct dictionary *dictionary, int word) {
    const struct word *words = utterance->words;
    int span, joined = 0;
    bool joins = dictionary_find(dictionary, words, utterance->count, word, WORD_JOINS, &joined);
    return (joins || words[word].comma) &&
           dictionary_find(dictionary, words, utterance->count, word + joined, WORD_BEGINS, &span);
}

void seen_make(struct seen *out, const struct utterance *utterance, const struct language *language,
               const struct word_mark *marks, struct arena *arena) {
    int part = 0, clause = 0, span;
    size_t count = (size_t)utterance->count, room = 2;
    *out = (struct seen){.begin = arena_room(arena, sizeof *out->begin * (count + 1)),
                         .part = arena_room(arena, sizeof *out->part * (count + 1)),
                         .clause = arena_room(arena, sizeof *out->clause * (count + 1)),
                         .count = utterance->count,
                         .tokens = arena_room(arena, sizeof *out->tokens * count * 2)};
    out->part[count] = out->clause[count] = 0;
    for (size_t i = 0; i < count; i++)
        room += marks[i].marks ? MARKS_LEN : (size_t)utterance->words[i].len + CORRECTION_LEN;
    char *text = arena_room(arena, room), *at = text;
    for (int i = 0; i < utterance->count;) {
        const struct word *word = &utterance->words[i];
        int end = i + 1;
        if (i > 0 && (word->sentence || (word->begins && utterance->parted))) {
            at = put(at, " .", 2);
            out->tokens[out->token_count++] =
                (struct token){.stop = true, .begin = (int)(at - text) - 2, .word = i};
            part++;
            clause++;
        } else if (i > 0 && dictionary_find(&language->dictionary, utterance->words, utterance->count, i,
                                            WORD_ALSO, &span)) {
            part++;
            clause++;
        } else if (i > 0 && begins_clause(utterance, &language->dictionary, i))
            clause++;
        uint16_t all = marks[i].marks;
        out->begin[i] = (int)(at - text);
        out->part[i] = part;
        out->clause[i] = clause;
        for (; all && end < utterance->count && marks[end].marks && marks[end].continues; end++) {
            out->begin[end] = (int)(at - text);
            out->part[end] = part;
            out->clause[end] = clause;
            all |= marks[end].marks;
        }
        struct token *token = &out->tokens[out->token_count++];
        int begin = (int)(at - text);
        if (all) {
            *token = (struct token){.marks = all};
            at = put_mark(at, all);
        } else {
            *token = (struct token){.entry = word->entry, .text = word->text, .len = word->len};
            if (word->entry) {
                token->text = word->entry->key;
                token->len = word->entry->len;
            }
            *at++ = ' ';
            at = put(at, token->text, (size_t)token->len);
        }
        token->begin = begin;
        token->word = i;
        i = end;
    }
    *at++ = ' ';
    out->begin[utterance->count] = (int)(at - text);
    out->len = (int)(at - text);
    *at = '\0';
    out->text = text;
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
