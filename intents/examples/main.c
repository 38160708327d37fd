/* Reads a folder of catalogues and its lessons: wismo_examples INTENTS fr FILE writes what the model of a
 * language is made of (material.h), wismo_examples INTENTS fr.image FILE the language as it stands in memory
 * (base/image.h), wismo_examples INTENTS words FILE by which words languages are told (intents/recognise.h).
 */
#include "base/image.h"
#include "base/memory.h"
#include "base/text.h"
#include "intents/examples/words.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The catalogue is read here from its folder, and by rules alone. */
const struct data_file intents_embedded[] = {{0}}, intents_images[] = {{0}}, intents_models[] = {{0}},
                       intents_words[] = {{0}};

struct making {
    struct arena arena, scratch;
    struct examples examples;
    struct families families;
    struct family_words family_words;
    struct known_words words;
    const struct domain *domain;
    uint32_t *features;
    uint32_t count, size;
    struct material_gap *gaps;
    int gap_count, gap_size;
};

static int compare(const void *a, const void *b) {
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

/* The first of room for so many. */
static uint32_t *more(struct making *making, uint32_t count) {
    while (making->size - making->count < count) {
        uint32_t *grown = ARENA_ARRAY(&making->arena, uint32_t, 2 * (size_t)making->size);
        if (making->count)
            memcpy(grown, making->features, making->count * sizeof *grown);
        making->features = grown;
        making->size *= 2;
    }
    return making->features + making->count;
}

/* A message without a sign tells nothing of where one might stand. */
static void see_gaps(struct making *making, const struct utterance *utterance) {
    if (!strpbrk(utterance->plain, ".,;:!?"))
        return;
    for (int i = 1; i < utterance->count; i++) {
        making->gaps = memory_grown(making->gaps, making->gap_count, &making->gap_size, sizeof *making->gaps);
        struct material_gap *gap = &making->gaps[making->gap_count++];
        stops_features(utterance->words, utterance->count, i, gap->features);
        gap->stop = utterance->words[i].sentence || utterance->words[i].comma ? MEANT : NOT_MEANT;
    }
}

static struct material_example see_example(struct making *making, const struct example *example) {
    struct material_example row = {.begin = making->count,
                                   .fold = (uint32_t)example->fold,
                                   .evidence = example->evidence,
                                   .lesson = example->lesson};
    struct utterance utterance;
    fold_utterance(&utterance, example->text, &making->scratch);
    uint32_t *features = more(making, FEATURES_MAX);
    row.count = (uint32_t)features_read(&utterance, &making->families, features);
    qsort(features, row.count, sizeof *features, compare);
    making->count += row.count;
    see_gaps(making, &utterance);
    memcpy(row.kinds, example->kinds, sizeof row.kinds);
    arena_reset(&making->scratch);
    return row;
}

static struct material_word see_word(struct making *making, const struct word *word, int seen) {
    struct glimpse glimpse = features_glimpse(word, &making->families);
    struct material_word row = {
        .families = glimpse.families, .hash = glimpse.hash, .begin = making->count, .seen = (uint32_t)seen};
    row.count = (uint32_t)features_alone(word, &glimpse, more(making, FEATURES_ALONE));
    making->count += row.count;
    uint32_t *beside = more(making, MODEL_FAMILIES);
    for (int i = 0; i < MODEL_FAMILIES; i++)
        beside[i] = features_beside(glimpse.hash, i);
    making->count += MODEL_FAMILIES;
    return row;
}

/* The lesser one first; 0: none. */
static uint32_t see_families(struct making *making) {
    uint32_t begin = making->count;
    for (int one = 0; one < MODEL_FAMILIES; one++) {
        uint32_t *together = more(making, MODEL_FAMILIES);
        for (int other = 0; other < MODEL_FAMILIES; other++)
            together[other] = one <= other ? features_together(one, other) : 0;
        making->count += MODEL_FAMILIES;
    }
    return begin;
}

static bool write_material(struct making *making, const char *path, struct error *err) {
    const struct domain *domain = making->domain;
    struct material_header header = {
        (uint32_t)making->words.count, (uint32_t)domain->count, (uint32_t)making->examples.count, 0, 0, 0};
    struct material_word *words = ARENA_ARRAY(&making->arena, struct material_word, header.words);
    struct material_intent *intents = ARENA_ARRAY(&making->arena, struct material_intent, header.intents);
    struct material_example *examples = ARENA_ARRAY(&making->arena, struct material_example, header.examples);
    for (uint32_t i = 0; i < header.words; i++)
        words[i] = see_word(making, &making->words.words[i], making->words.seen[i]);
    for (uint32_t i = 0; i < header.intents; i++) {
        if (strlen(domain->intents[i].name) >= MODEL_NAME)
            return error_set(err, "%s: a name has at most %d bytes", domain->intents[i].name, MODEL_NAME - 1);
        TEXT_SET(intents[i].name, domain->intents[i].name);
        intents[i].kind = domain->intents[i].kind;
    }
    for (uint32_t i = 0; i < header.examples; i++)
        examples[i] = see_example(making, &making->examples.rows[i]);
    header.together = see_families(making);
    header.features = making->count;
    header.gaps = (uint32_t)making->gap_count;
    FILE *out = fopen(path, "we");
    if (!out)
        return error_set(err, "cannot write %s: %s", path, strerror(errno));
    fwrite(&header, sizeof header, 1, out);
    fwrite(words, sizeof *words, header.words, out);
    fwrite(intents, sizeof *intents, header.intents, out);
    fwrite(examples, sizeof *examples, header.examples, out);
    fwrite(making->features, sizeof *making->features, header.features, out);
    for (uint32_t i = 0; i < header.examples; i++)
        fwrite(making->examples.rows[i].intents, 1, header.intents, out);
    fwrite(making->gaps, sizeof *making->gaps, header.gaps, out);
    bool written = !ferror(out);
    return (fclose(out) == 0 && written) || error_set(err, "cannot write %s: %s", path, strerror(errno));
}

/* Of the folder's catalogues that of the language alone: another's must not change what is made of it. */
struct alone {
    struct data_file files[3];
    struct data data;
};

static bool open_alone(struct alone *alone, const char *folder, const char *code, struct arena *arena,
                       struct error *err) {
    const struct data all = {.folder = folder};
    *alone =
        (struct alone){.files = {{.name = "domain.json"}, {.name = arena_format(arena, "%s.json", code)}},
                       .data.embedded = alone->files};
    for (struct data_file *file = alone->files; file->name; file++) {
        size_t len;
        file->begin = data_read(&all, file->name, arena, &len, err);
        if (!file->begin)
            return false;
        file->end = file->begin + len;
    }
    return true;
}

static bool write_examples(const char *folder, const char *code, const char *path, struct error *err) {
    enum { FEATURES_FIRST = 1 << 20 };
    struct making making = {.size = FEATURES_FIRST};
    arena_init(&making.arena);
    arena_init(&making.scratch);
    making.features = ARENA_ARRAY(&making.arena, uint32_t, (size_t)making.size);
    struct data lessons = {.folder = arena_format(&making.arena, "%s/lessons", folder)};
    struct alone alone;
    struct catalogue *catalogue =
        open_alone(&alone, folder, code, &making.arena, err) ? catalogue_load(&alone.data, err) : NULL;
    const char *words = arena_format(&making.arena, "%s.words", code);
    bool good = catalogue &&
                families_read(&making.families, &making.family_words, &lessons, words, &making.arena, err) &&
                examples_read(&making.examples, catalogue, &lessons, err);
    if (good) {
        making.domain = &catalogue->domain;
        words_find(&making.words, &making.examples, &making.family_words, &making.arena);
        good = write_material(&making, path, err);
    }
    examples_clear(&making.examples);
    catalogue_free(catalogue);
    free(making.gaps);
    arena_clear(&making.arena);
    arena_clear(&making.scratch);
    return good;
}

struct imaged {
    const struct domain *domain;
    const struct alone *alone;
};

static void *make_language(void *context, struct arena *arena, struct error *err) {
    const struct imaged *imaged = context;
    struct language *language = ARENA_NEW(arena, struct language);
    if (!language_open(language, &imaged->alone->data, imaged->alone->files[1].name, arena, err) ||
        !language_load(language, imaged->domain, err))
        return NULL;
    memset(language, 0, offsetof(struct language, dictionary)); /* what is known without reading */
    return language;
}

static bool write_image(const char *folder, const char *code, const char *path, struct error *err) {
    struct arena arena;
    struct alone alone;
    arena_init(&arena);
    struct catalogue *catalogue =
        open_alone(&alone, folder, code, &arena, err) ? catalogue_load(&alone.data, err) : NULL;
    bool good =
        catalogue && image_write(path, make_language, &(struct imaged){&catalogue->domain, &alone}, err);
    catalogue_free(catalogue);
    arena_clear(&arena);
    return good;
}

static bool write_words(const char *folder, const char *path, struct error *err) {
    struct catalogue *catalogue = catalogue_load(&(struct data){.folder = folder}, err);
    struct arena arena;
    size_t len;
    if (!catalogue)
        return false;
    arena_init(&arena);
    const char *bytes = recogniser_make(catalogue->languages, catalogue->count, &arena, &len);
    FILE *out = fopen(path, "we");
    bool good = out && fwrite(bytes, 1, len, out) == len;
    if (out)
        good = fclose(out) == 0 && good;
    arena_clear(&arena);
    catalogue_free(catalogue);
    return good || error_set(err, "cannot write %s: %s", path, strerror(errno));
}

int main(int argc, char **argv) {
    struct error err = {""};
    if (argc != 4) {
        fputs("wismo_examples INTENTS LANGUAGE|LANGUAGE.image|words FILE\n", stderr);
        return 2;
    }
    char code[16];
    TEXT_SET(code, argv[2]);
    char *image = strstr(code, ".image");
    if (image)
        *image = '\0';
    bool good = text_is(code, "words") ? write_words(argv[1], argv[3], &err)
                : image                ? write_image(argv[1], code, argv[3], &err)
                                       : write_examples(argv[1], code, argv[3], &err);
    if (!good)
        fprintf(stderr, "wismo_examples: %s\n", err.text);
    return good ? 0 : 1;
}
