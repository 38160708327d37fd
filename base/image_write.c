#include "base/image.h"
#include "base/image_file.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { IMAGE_MAX = 64 << 20 };

/* All of the thing in one piece. */
struct copy {
    struct arena arena;
    char *begin;
    const void *thing;
};

/* Constants and what malloc gave stand there, for all that is asked of it here. Two small numbers side by
 * side may look like an address of the program, wherever it lies this time; of its addresses one in 32,768
 * looks like them. */
static bool is_of_program(uint64_t value) {
    extern const char __executable_start[];
    enum { SMALL = 1 << 16 };
    bool numbers = (uint32_t)value + SMALL < 2 * SMALL;
    return !numbers && value >= (uintptr_t)__executable_start && value < (uintptr_t)sbrk(0);
}

/* Is it that only what no member of a struct takes is not alike? */
static bool is_padded(uint64_t a, uint64_t b) {
    return (uint32_t)a == (uint32_t)b || a >> 32 == b >> 32;
}

static uint64_t alike(uint64_t a, uint64_t b) {
    for (uint64_t byte = 0xFF; byte; byte <<= 8)
        if ((a ^ b) & byte)
            a &= ~byte;
    return a;
}

static uint64_t *words_of(const struct copy *copy) {
    return (uint64_t *)(void *)copy->begin;
}

/* The words of the piece, and of each whether it is an address in it. Between what was allocated the address
 * sanitizer forbids to read. */
__attribute__((no_sanitize_address)) static bool compare(const struct copy *one, const struct copy *other,
                                                         uint64_t *words, uint64_t *bits, size_t count,
                                                         struct error *err) {
    const uint64_t *a = words_of(one), *b = words_of(other), first = (uintptr_t)a, second = (uintptr_t)b;
    for (size_t i = 0; i < count; i++) {
        bool address = a[i] - first < count * sizeof *a && a[i] - first == b[i] - second;
        if (!address && (a[i] == b[i] ? is_of_program(a[i]) : !is_padded(a[i], b[i])))
            return error_set(err, "%zu bytes from its beginning it points to what is not in its arena",
                             i * sizeof *a);
        words[i] = address ? a[i] - first : alike(a[i], b[i]);
        bits[i / 64] |= (uint64_t)address << i % 64;
    }
    return true;
}

static int len_of(uint32_t half) {
    return half ? 4 - __builtin_clz(half) / 8 : 0;
}

static void write_words(const uint64_t *words, size_t count, FILE *out) {
    static const char row[IMAGE_ROW];
    for (size_t i = 0; i < count; i++)
        fputc(len_of((uint32_t)words[i]) | len_of((uint32_t)(words[i] >> 32)) << 4, out);
    for (size_t i = 0; i < 2 * count; i++)
        for (uint32_t half = (uint32_t)(words[i / 2] >> i % 2 * 32); half; half >>= 8)
            fputc((int)(half & 0xFF), out);
    fwrite(row, sizeof row, 1, out);
}

static bool write_copies(const char *path, const struct copy *one, const struct copy *other,
                         struct error *err) {
    struct arena arena;
    struct image_header header = {.words = (uint64_t)(one->arena.next - one->begin + 511) / 512 * 64,
                                  .thing = (uint64_t)((const uint64_t *)one->thing - words_of(one))};
    arena_init(&arena);
    uint64_t *words = ARENA_ARRAY(&arena, uint64_t, header.words),
             *bits = ARENA_ARRAY(&arena, uint64_t, header.words / 64);
    bool alike = compare(one, other, words, bits, header.words, err), written = false;
    FILE *out = alike ? fopen(path, "we") : NULL;
    if (out) {
        fwrite(&header, sizeof header, 1, out);
        fwrite(bits, sizeof *bits, header.words / 64, out);
        write_words(words, header.words, out);
        written = !ferror(out);
        written = fclose(out) == 0 && written;
    }
    arena_clear(&arena);
    return alike && (written || error_set(err, "cannot write %s: %s", path, strerror(errno)));
}

bool image_write(const char *path, void *(*make)(void *context, struct arena *arena, struct error *err),
                 void *context, struct error *err) {
    struct copy copies[2];
    bool good = true;
    for (int i = 0; i < 2; i++) {
        struct copy *copy = &copies[i];
        arena_init(&copy->arena);
        copy->begin = arena_lines(&copy->arena, IMAGE_MAX);
        arena_return(&copy->arena, copy->begin, IMAGE_MAX, 0);
        good = good && (copy->thing = make(context, &copy->arena, err));
    }
    good = good && write_copies(path, &copies[0], &copies[1], err);
    arena_clear(&copies[0].arena);
    arena_clear(&copies[1].arena);
    return good;
}
