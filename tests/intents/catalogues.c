/* The catalogues that the binary carries: are they sound, and do they teach every intent? */
#include "base/image.h"
#include "base/text.h"
#include "intents/language.h"
#include "tests/claims.h"
#include <pthread.h>
#include <string.h>
#include <uthash.h>

enum { EXAMPLES_LEAST = 6 };

static const struct data embedded = {.embedded = intents_embedded};

static struct catalogue *carried(void) {
    struct error err = {{0}};
    struct catalogue *catalogue = catalogue_load(&embedded, &err);
    if (!catalogue)
        fail_msg("%s", err.text);
    return catalogue;
}

static json_t *file_of(const char *name, struct arena *arena) {
    struct error err = {{0}};
    size_t len;
    const char *text = data_read(&embedded, name, arena, &len, &err);
    json_t *root = text ? json_read(text, len, &json_file_limits, name, &err) : NULL;
    if (!root)
        fail_msg("%s", err.text);
    return root;
}

static void tell(const char *message, void *context) {
    (void)context;
    print_error("%s\n", message);
}

static void they_read_their_own_examples(void **state) {
    (void)state;
    struct catalogue *catalogue = carried();
    assert_int_equal(catalogue_check(catalogue, tell, NULL), 0);
    catalogue_free(catalogue);
}

static void an_image_that_is_cut_or_too_long_is_refused(void **state) {
    struct arena arena;
    (void)state;
    arena_init(&arena);
    assert_non_null(intents_images[0].name);
    for (const struct data_file *file = intents_images; file->name; file++) {
        size_t len = (size_t)(file->end - file->begin);
        assert_non_null(image_open(file->begin, len, &arena));
        assert_null(image_open(file->begin, len - 1, &arena));
        assert_null(image_open(file->begin, len + 1, &arena));
        assert_null(image_open(file->begin, len / 2, &arena));
        assert_null(image_open(file->begin, 1, &arena));
        arena_reset(&arena);
    }
    arena_clear(&arena);
}

static void *read_all(void *context) {
    const struct catalogue *catalogue = context;
    static const char *const texts[] = {"where is my order", "où est ma commande", "84512", "bonjour",
                                        "thanks"};
    struct error err;
    struct reader *reader = reader_new(catalogue, &err);
    struct arena arena;
    struct reading reading;
    size_t understood = 0;
    arena_init(&arena);
    for (size_t i = 0; reader && i < sizeof texts / sizeof texts[0]; i++) {
        intents_read(reader, texts[i], NULL, &arena, &reading);
        understood += reading.count > 0;
    }
    arena_clear(&arena);
    reader_free(reader);
    return (void *)understood;
}

static void threads_may_begin_to_read_at_once(void **state) {
    enum { THREADS = 4 };
    (void)state;
    struct catalogue *catalogue = carried();
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, read_all, catalogue), 0);
    for (int i = 0; i < THREADS; i++) {
        void *understood;
        pthread_join(threads[i], &understood);
        assert_true((size_t)understood >= 4);
    }
    catalogue_free(catalogue);
}

static void every_intent_is_taught_in_every_language(void **state) {
    (void)state;
    struct arena arena;
    arena_init(&arena);
    json_t *domain = file_of("domain.json", &arena), *row;
    size_t i;
    for (const struct data_file *file = intents_embedded; file->name; file++) {
        const char *name = file->name;
        if (text_is(name, "domain.json"))
            continue;
        json_t *root = file_of(name, &arena);
        json_array_foreach(json_object_get(domain, "intents"), i, row) {
            const char *intent = json_string_value(json_object_get(row, "name"));
            json_t *taught = json_object_get(json_object_get(root, "intents"), intent);
            size_t examples = json_array_size(json_object_get(taught, "examples")),
                   counter_examples = json_array_size(json_object_get(taught, "counter_examples"));
            if (examples < EXAMPLES_LEAST || counter_examples < EXAMPLES_LEAST)
                fail_msg("%s: %s has %zu examples and %zu counter-examples, expected %d of each", name,
                         intent, examples, counter_examples, EXAMPLES_LEAST);
        }
        json_decref(root);
    }
    json_decref(domain);
    arena_clear(&arena);
}

struct sentence {
    const char *text, *intent;
    UT_hash_handle hh;
};

static void each_stands_once(struct sentence **sentences, const char *file, const char *intent, json_t *value,
                             struct arena *arena) {
    const char *text = json_string_value(json_is_object(value) ? json_object_get(value, "text") : value);
    struct sentence *known;
    assert_non_null(text);
    HASH_FIND_STR(*sentences, text, known);
    if (known)
        fail_msg("%s: \"%s\" is an example of %s and of %s", file, text, known->intent, intent);
    known = ARENA_NEW(arena, struct sentence);
    *known = (struct sentence){.text = text, .intent = intent};
    HASH_ADD_KEYPTR(hh, *sentences, known->text, strlen(known->text), known);
}

static void no_sentence_is_an_example_of_two_intents(void **state) {
    (void)state;
    struct arena arena;
    arena_init(&arena);
    for (const struct data_file *file = intents_embedded; file->name; file++) {
        const char *name = file->name, *intent;
        struct sentence *sentences = NULL;
        if (text_is(name, "domain.json"))
            continue;
        json_t *root = file_of(name, &arena), *taught, *value;
        size_t i;
        json_object_foreach(json_object_get(root, "intents"), intent, taught)
            json_array_foreach(json_object_get(taught, "examples"), i, value)
                each_stands_once(&sentences, name, intent, value, &arena);
        HASH_CLEAR(hh, sentences);
        json_decref(root);
    }
    arena_clear(&arena);
}

static void an_intent_says_what_the_dialogue_needs_of_its_kind(void **state) {
    (void)state;
    struct arena arena;
    arena_init(&arena);
    struct catalogue *catalogue = carried();
    json_t *domain = file_of("domain.json", &arena), *row;
    size_t i;
    json_array_foreach(json_object_get(domain, "intents"), i, row) {
        const struct intent *intent =
            catalogue_intent(catalogue, json_string_value(json_object_get(row, "name")));
        assert_non_null(intent);
        bool complete =
            intent->meaning[0] && (intent->kind != KIND_TRACK || intent->aspect[0]) &&
            (intent->kind != KIND_HUMAN || intent->queue[0]) &&
            ((intent->kind != KIND_SOCIAL && intent->kind != KIND_ACTION && intent->kind != KIND_INFO) ||
             intent->act[0]);
        if (!complete)
            fail_msg("%s lacks its meaning, aspect, queue or act", intent->name);
        assert_int_equal(strncmp(intent->name, kind_name(intent->kind), strlen(kind_name(intent->kind))), 0);
    }
    json_decref(domain);
    catalogue_free(catalogue);
    arena_clear(&arena);
}

int main(void) {
    const struct CMUnitTest claims[] = {
        cmocka_unit_test(they_read_their_own_examples),
        cmocka_unit_test(an_image_that_is_cut_or_too_long_is_refused),
        cmocka_unit_test(threads_may_begin_to_read_at_once),
        cmocka_unit_test(every_intent_is_taught_in_every_language),
        cmocka_unit_test(no_sentence_is_an_example_of_two_intents),
        cmocka_unit_test(an_intent_says_what_the_dialogue_needs_of_its_kind),
    };
    return cmocka_run_group_tests(claims, NULL, NULL);
}
