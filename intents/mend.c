#include "intents/mend.h"
#include "intents/numbering.h"
#include <string.h>

enum {
    SHORTEST = 3,
    LONGEST = 40,
    STRANGE_MAX = 32, /* words of a message that are looked into: no text is slow */
    PIECES_MAX = 5,   /* that one word falls into */
    PIECE_MIN = 2,    /* the first may be shorter: "jattends" */
    FREQUENT_LEN = 3, /* pieces up to that are the most frequent words only */
    JOINED_MIN = 5
};

/* What knows words. */
struct mending {
    const struct language *language;
    const struct recogniser *recogniser;
    const struct model *model;
    struct arena *arena;
    int strange_left;
};

static const struct entry *entry_of(const struct mending *mending, const char *text, int len) {
    return dictionary_word(&mending->language->dictionary, text, len);
}

static bool model_has(const struct mending *mending, const char *text, int len) {
    return mending->model && model_knows(mending->model, fold_hash(text, (size_t)len));
}

static bool is_plain(const struct word *word, const struct word_mark *mark) {
    return !mark->marks && !word->has_digit;
}

/* The patterns do not know it. */
static bool is_strange(const struct mending *mending, const struct word *word, const struct word_mark *mark) {
    return !word->entry && is_plain(word, mark) && word->len >= SHORTEST && word->len < LONGEST &&
           !recogniser_function_word(mending->recogniser, word);
}

/* Nobody does. */
static bool is_unknown(const struct mending *mending, const struct word *word) {
    return !word->entry && !model_has(mending, word->text, word->len) &&
           !recogniser_function_word(mending->recogniser, word);
}

static void respell(const struct mending *mending, struct word *word, const char *text, int len) {
    word->text = text;
    word->len = len;
    word->hash = fold_hash(text, (size_t)len);
    word->entry = entry_of(mending, text, len);
}

/* "sooooo" → "soo", then "so": whichever is a word. */
static void shorten(const struct mending *mending, struct word *word) {
    char shorter[LONGEST];
    for (int kept = 2; kept >= 1; kept--) {
        int out = 0;
        for (int i = 0, end; i < word->len; i = end) {
            for (end = i + 1; end < word->len && word->text[end] == word->text[i];)
                end++;
            for (int copies = end - i < 3 ? end - i : kept; copies > 0; copies--)
                shorter[out++] = word->text[i];
        }
        if (out == word->len)
            return;
        if (kept == 1 || entry_of(mending, shorter, out)) {
            respell(mending, word, arena_copy(mending->arena, shorter, (size_t)out), out);
            return;
        }
    }
}

static bool correct(const struct mending *mending, const struct typo *typo, int edits, struct word *word) {
    const char *meant = typo_correct(typo, word->text, word->len, edits);
    if (meant)
        respell(mending, word, meant, (int)strlen(meant));
    return meant != NULL;
}

static bool is_piece(const struct mending *mending, const char *text, int len, uint32_t hash) {
    const struct entry *entry = dictionary_hashed(&mending->language->dictionary, text, len, hash);
    if (len <= FREQUENT_LEN)
        return entry && entry->flags & WORD_FUNCTION;
    return entry || (mending->model && model_knows(mending->model, hash));
}

/* What patterns know by how it begins ("deliver*") still begins so. */
static bool keeps_beginning(const struct mending *mending, const struct word *word, int len) {
    return numbering_begins(mending->language, word->text, len) ||
           !numbering_begins(mending->language, word->text, word->len);
}

/* Finds the fewest words that it is made of, and where they end; returns how many, 0: it is made of none. */
static int split(const struct mending *mending, const struct word *word, int first_min,
                 int ends[PIECES_MAX]) {
    if (first_min < PIECE_MIN && !is_piece(mending, word->text, 1, fold_hash(word->text, 1)))
        return 0;
    int fewest[LONGEST], last[LONGEST]; /* of what ends there: pieces, and where the last begins */
    for (int end = 0; end <= word->len; end++)
        fewest[end] = end > 0 ? PIECES_MAX + 1 : 0;
    for (int begin = 0; begin < word->len; begin++) {
        uint32_t hash = fold_hash_first;
        int least = begin > 0 ? PIECE_MIN : first_min, pieces = fewest[begin] + 1;
        for (int end = begin + 1; pieces <= PIECES_MAX && end <= word->len; end++) {
            hash = fold_hash_on(hash, word->text[end - 1]);
            if (end - begin >= least && pieces < fewest[end] &&
                is_piece(mending, word->text + begin, end - begin, fold_hash_end(hash))) {
                fewest[end] = pieces;
                last[end] = begin;
            }
        }
    }
    int count = fewest[word->len];
    if (count < 2 || count > PIECES_MAX)
        return 0;
    for (int i = count, end = word->len; i > 0; end = last[end])
        ends[--i] = end;
    return keeps_beginning(mending, word, ends[0]) ? count : 0;
}

static void put_pieces(const struct mending *mending, const struct word *word, const int *ends, int count,
                       struct word *out) {
    for (int i = 0, begin = 0; i < count; begin = ends[i++]) {
        out[i] = *word;
        out[i].begin = word->begin + begin;
        out[i].end = i + 1 < count ? word->begin + ends[i] : word->end;
        out[i].sentence &= i == 0;
        out[i].begins &= i == 0;
        out[i].comma &= i == 0;
        int len = ends[i] - begin;
        respell(mending, &out[i], arena_copy(mending->arena, word->text + begin, (size_t)len), len);
    }
}

/* Returns how many words it has become. What stands in the file with a tilde is meant more often than what
 * else is near. */
static int put_right(const struct mending *mending, const struct word *word, struct word *out) {
    bool known = model_has(mending, word->text, word->len);
    int ends[PIECES_MAX], count = 0;
    struct word meant = *word;
    shorten(mending, &meant);
    if (!meant.entry && !known)
        count = split(mending, &meant, PIECE_MIN, ends);
    if (!meant.entry && !count && !correct(mending, &mending->language->meant, 2, &meant) && !known &&
        mending->model && !correct(mending, &mending->language->near, 1, &meant))
        count = split(mending, &meant, 1, ends);
    if (count) {
        put_pieces(mending, &meant, ends, count, out);
        return count;
    }
    *out = known ? *word : meant;
    out->entry = meant.entry;
    return 1;
}

/* "par cel", where one of the two is no word and both together are. */
static bool join(const struct mending *mending, const struct word words[2], struct word *out) {
    char text[LONGEST];
    int len = words[0].len + words[1].len;
    if (len < JOINED_MIN || len >= LONGEST || words[1].sentence || words[1].begins || words[1].comma ||
        !(is_unknown(mending, &words[0]) || is_unknown(mending, &words[1])))
        return false;
    memcpy(text, words[0].text, (size_t)words[0].len);
    memcpy(text + words[0].len, words[1].text, (size_t)words[1].len);
    if (!entry_of(mending, text, len) && !model_has(mending, text, len))
        return false;
    *out = words[0];
    out->end = words[1].end;
    respell(mending, out, arena_copy(mending->arena, text, (size_t)len), len);
    return true;
}

bool mend(const struct sources *sources, struct utterance *utterance, struct word_mark **marks,
          struct arena *arena) {
    struct mending mending = {sources->language, sources->recogniser, sources->model, arena, STRANGE_MAX};
    const struct word *words = utterance->words;
    int count = utterance->count, first = 0, out = 0;
    while (first < count && !is_strange(&mending, &words[first], &(*marks)[first]))
        first++;
    if (first == count)
        return false;
    size_t room = (size_t)count + STRANGE_MAX * (PIECES_MAX - 1);
    struct word *mended = arena_room(arena, sizeof *mended * room);
    struct word_mark *mended_marks = arena_room(arena, sizeof *mended_marks * (room + 1));
    for (int i = 0; i < count; i++) {
        const struct word_mark *mark = &(*marks)[i];
        int become = 1;
        mended[out] = words[i];
        if (i + 1 < count && is_plain(&words[i], mark) && is_plain(&words[i + 1], mark + 1) &&
            join(&mending, words + i, &mended[out]))
            i++;
        else if (mending.strange_left > 0 && is_strange(&mending, &words[i], mark)) {
            become = put_right(&mending, &words[i], &mended[out]);
            mending.strange_left--;
        }
        while (become-- > 0)
            mended_marks[out++] = *mark;
    }
    utterance->words = mended;
    utterance->count = out;
    *marks = mended_marks;
    return true;
}
