#include "intents/fold.h"
#include "base/text.h"
#include "intents/fold_sign.h"
#include "intents/intents.h"
#include <assert.h>
#include <endian.h>
#include <string.h>

enum { PARCEL_DIGITS = 8 };

struct writer {
    char *text;
    uint16_t *origin;
    int len, size;
};

static void put(struct writer *writer, char byte, int origin) {
    if (writer->len < writer->size) {
        writer->text[writer->len] = byte;
        writer->origin[writer->len++] = (uint16_t)origin;
    }
}

static void put_string(struct writer *writer, const char *string, int origin) {
    for (; *string; string++)
        put(writer, *string, origin);
}

/* Controls but the end of a line become a space, capitals small letters, a grave accent an apostrophe. */
static char fold_ascii(unsigned char byte) {
    byte = (unsigned char)(byte - 'A') < 26 ? byte | 0x20 : byte;
    byte = (byte < 0x20 && byte != '\n') || byte == 0x7F ? ' ' : byte;
    return (char)(byte == '`' ? '\'' : byte);
}

/* Most bytes are folded eight at once, as lanes of a number in which nothing carries over. */
enum { LANES = 8 };
static const uint64_t every_byte = UINT64_C(0x0101010101010101), top_bits = UINT64_C(0x8080808080808080),
                      every_second = UINT64_C(0x0001000100010001);

/* Is none of them a control or a grave accent? */
static bool are_plain(uint64_t bytes) {
    uint64_t none = (bytes + every_byte * (0x80 - ' ')) & ~(bytes + every_byte) &
                    ((bytes ^ every_byte * '`') + every_byte * 0x7F);
    return (none & top_bits) == top_bits;
}

static uint64_t fold_capitals(uint64_t bytes) {
    uint64_t capitals =
        (bytes + every_byte * (0x80 - 'A')) & ~(bytes + every_byte * (0x80 - 'Z' - 1)) & top_bits;
    return bytes | capitals >> 2;
}

static void count_up(uint16_t numbers[LANES], int from) {
    static const uint16_t steps[LANES] = {0, 1, 2, 3, 4, 5, 6, 7};
    uint64_t halves[2];
    memcpy(halves, steps, sizeof halves);
    halves[0] += (uint64_t)from * every_second;
    halves[1] += (uint64_t)from * every_second;
    memcpy(numbers, halves, sizeof halves);
}

/* Up to eight bytes, or to a sign beyond ASCII; returns how many. */
static int put_ascii(struct writer *writer, const char *at, int left, int origin) {
    int count = left < LANES ? left : LANES;
    uint64_t bytes = every_byte * ' ';
    if (count == LANES)
        memcpy(&bytes, at, LANES);
    else
        memcpy(&bytes, at, (size_t)count);
    uint64_t beyond = le64toh(bytes) & top_bits;
    if (beyond)
        count = __builtin_ctzll(beyond) / 8;
    bytes &= ~top_bits;
    if (writer->len + LANES > writer->size || !are_plain(bytes)) {
        for (int i = 0; i < count; i++)
            put(writer, fold_ascii((unsigned char)at[i]), origin + i);
        return count;
    }
    bytes = fold_capitals(bytes); /* what is behind the last is written over */
    memcpy(writer->text + writer->len, &bytes, sizeof bytes);
    count_up(writer->origin + writer->len, origin);
    writer->len += count;
    return count;
}

static void fold_plain(struct utterance *out, struct arena *arena) {
    int size = 2 * out->len + 16; /* more than any text of a person grows; what is over is dropped */
    struct writer writer = {arena_room(arena, (size_t)size + 1),
                            arena_room(arena, sizeof *out->origin * ((size_t)size + 1)), 0, size};
    const char *at = out->text, *end = out->text + out->len;
    char room[FOLD_SIGN_MAX];
    while (at < end) {
        int run = put_ascii(&writer, at, (int)(end - at), (int)(at - out->text));
        at += run;
        if (run == LANES || at == end)
            continue;
        int origin = (int)(at - out->text);
        put_string(&writer, fold_sign(text_next(&at), room), origin);
        out->beyond_ascii = true;
    }
    writer.text[writer.len] = '\0';
    writer.origin[writer.len] = (uint16_t)out->len;
    out->plain = writer.text;
    out->plain_len = writer.len;
    out->origin = writer.origin;
}

enum { LETTER = 1, DIGIT = 2, STOP = 4, COMMA = 8, MACHINE = 16, END = 32 };
/* What a byte of plain text may be; all beyond ASCII are of letters. */
static const uint8_t classes[256] = {['a' ... 'z'] = LETTER,
                                     [0x80 ... 0xFF] = LETTER,
                                     ['0' ... '9'] = DIGIT,
                                     ['?'] = STOP,
                                     ['!'] = STOP,
                                     [';'] = STOP,
                                     ['.'] = STOP,
                                     [','] = COMMA,
                                     [':'] = COMMA,
                                     ['('] = COMMA,
                                     [')'] = COMMA,
                                     ['\n'] = COMMA,
                                     ['&'] = MACHINE,
                                     ['@'] = MACHINE,
                                     ['\0'] = END};

static unsigned class_of(char byte) {
    return classes[(unsigned char)byte];
}

static bool is_letter(char byte) {
    return class_of(byte) == LETTER;
}

static bool is_digit(char byte) {
    return class_of(byte) == DIGIT;
}

/* "M. Dupont", "Dr. House", "no. 1042"; of longer words none is so frequent that it matters. */
static bool is_abbreviation(const struct word *word, char next) {
    static const char shortened[][3] = {"av", "bd", "dr", "fr", "hr", "mr", "ms", "sr", "st", "vs"},
                      numbering[][3] = {"nr", "no", "tf"};
    if (word->has_digit || word->len > 2)
        return false;
    for (size_t i = 0; i < sizeof shortened / sizeof shortened[0]; i++)
        if (strcmp(word->text, shortened[i]) == 0)
            return true;
    for (size_t i = 0; i < sizeof numbering / sizeof numbering[0]; i++)
        if (strcmp(word->text, numbering[i]) == 0)
            return is_digit(next);
    return word->len == 1;
}

/* "ht…" or "ww…": for few words it is worth comparing more. */
static bool is_link(const char *text) {
    return (text[0] == 'h' && text[1] == 't') || (text[0] == 'w' && text[1] == 'w');
}

static bool begins(const char *text, const char *with) {
    return strncmp(text, with, strlen(with)) == 0;
}

/* Where what is written for machines ends, "https://…", "@wismo", "&amp;", or `at`: none is there. An
 * e-mail's sign stands within a word. */
static int machine_end(const char *plain, int at) {
    enum { HANDLE_DIGITS = 5 };
    static const char links[][9] = {"https://", "http://", "www."},
                      signs[][7] = {"&amp;", "&lt;", "&gt;", "&quot;"};
    bool within = at > 0 && (is_letter(plain[at - 1]) || is_digit(plain[at - 1]));
    if (plain[at] == '&')
        for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
            if (begins(plain + at, signs[i]))
                return at + (int)strlen(signs[i]);
    for (size_t i = 0; is_link(plain + at) && !within && i < sizeof links / sizeof links[0]; i++)
        if (begins(plain + at, links[i]))
            return at + (int)strcspn(plain + at, " \n");
    if (plain[at] != '@' || within)
        return at;
    int end = at + 1;
    while (is_letter(plain[end]) || is_digit(plain[end]) || plain[end] == '_')
        end++;
    bool is_handle = is_letter(plain[at + 1]) || end - at > HANDLE_DIGITS;
    return is_handle && !(plain[end] == '.' && is_letter(plain[end + 1])) ? end : at;
}

/* "Not here.Where is it": both are longer than what stands around the dots of addresses and abbreviations. */
static bool is_long_word(const char *text) {
    enum { LONG = 4 };
    int len = 0;
    while (len < LONG && is_letter(text[len]))
        len++;
    return len == LONG;
}

/* Between two words: does a sentence end here? "where is it? I" yes; "M. Dupont", "1.5", "my parcel... late"
 * no. */
static bool ends_sentence(const struct utterance *out, const struct word *before, int begin) {
    for (int i = before->end; i < begin; i++) {
        int after = machine_end(out->plain, i);
        if (after > i) {
            i = after - 1;
            continue;
        }
        char byte = out->plain[i], next = out->plain[i + 1];
        if (byte == '?' || byte == '!' || byte == ';')
            return true;
        if (byte == '.' && next == '.')
            while (out->plain[i + 1] == '.')
                i++;
        else if (byte == '.' && (next == ' ' || next == '\n') && !is_abbreviation(before, out->plain[begin]))
            return true;
        else if (byte == '.' && is_long_word(out->plain + before->begin) && is_long_word(out->plain + begin))
            return true;
    }
    return false;
}

static int count_digits(const char *plain, int begin, int end) {
    int digits = 0;
    for (int i = begin; i < end; i++)
        digits += is_digit(plain[i]);
    return digits;
}

/* Words stand apart: a copy of the plain text holds them all, each with its NUL. Of what is written for
 * machines only numbers as long as a parcel's are words. */
static void split_words(struct utterance *out, struct arena *arena) {
    int limit = out->plain_len / 2 + 1;
    out->words = arena_room(arena, sizeof *out->words * (size_t)limit);
    const char *plain = out->plain;
    char *texts = arena_copy(arena, plain, (size_t)out->plain_len);
    unsigned between = 0; /* what stands between two words */
    for (int i = 0, machine = 0;;) {
        for (unsigned class; !((class = class_of(plain[i])) & (LETTER | DIGIT | END)); i++) {
            between |= class;
            if (class == MACHINE && i >= machine)
                machine = machine_end(plain, i);
        }
        if (class_of(plain[i]) == END)
            break;
        if (i >= machine && is_link(plain + i))
            machine = machine_end(plain, i);
        assert(out->count < limit);
        int begin = i;
        unsigned within = 0;
        uint32_t hash = fold_hash_first;
        for (unsigned class; (class = class_of(plain[i])) & (LETTER | DIGIT); i++) {
            within |= class;
            hash = fold_hash_on(hash, plain[i]);
        }
        if (begin < machine && count_digits(plain, begin, i) < PARCEL_DIGITS)
            continue;
        texts[i] = '\0';
        struct word *word = &out->words[out->count];
        *word = (struct word){.text = texts + begin,
                              .len = i - begin,
                              .hash = fold_hash_end(hash),
                              .begin = begin,
                              .end = i,
                              .elided = plain[i] == '\'' || (begin > 0 && plain[begin - 1] == '\''),
                              .sentence =
                                  out->count == 0 || (between & STOP && ends_sentence(out, word - 1, begin)),
                              .comma = between & COMMA,
                              .has_digit = within & DIGIT,
                              .has_letter = within & LETTER};
        out->has_digit |= word->has_digit;
        out->count++;
        between = 0;
    }
}

void fold_utterance(struct utterance *out, const char *text, struct arena *arena) {
    size_t len = strlen(text);
    if (len > UTTERANCE_MAX)
        for (len = UTTERANCE_MAX; len > 0 && ((unsigned char)text[len] & 0xC0) == 0x80;)
            len--;
    *out = (struct utterance){.text = text, .len = (int)len};
    fold_plain(out, arena);
    split_words(out, arena);
}

/* Words of small letters with single spaces, as most entries of a catalogue are. */
static bool is_folded(const char *text, size_t len) {
    for (size_t i = 0; i < len; i++)
        if (!(text[i] >= 'a' && text[i] <= 'z') && !is_digit(text[i]) &&
            !(text[i] == ' ' && i > 0 && i + 1 < len && text[i - 1] != ' '))
            return false;
    return true;
}

char *fold_words(const char *text, struct arena *arena) {
    size_t text_len = strlen(text);
    if (is_folded(text, text_len))
        return arena_copy(arena, text, text_len);
    struct utterance utterance;
    struct arena scratch;
    arena_init(&scratch);
    fold_utterance(&utterance, text, &scratch);
    char *folded = arena_alloc(arena, (size_t)utterance.plain_len + 2);
    size_t len = 0;
    for (int i = 0; i < utterance.count; i++) {
        if (i > 0)
            folded[len++] = ' ';
        memcpy(folded + len, utterance.words[i].text, (size_t)utterance.words[i].len);
        len += (size_t)utterance.words[i].len;
    }
    arena_clear(&scratch);
    return folded;
}
