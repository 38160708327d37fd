/* The learned second opinion: its file, its features, and what its word is worth. */
#include "intents/model.h"
#include "intents/catalogue.h"
#include "intents/features.h"
#include "intents/worth.h"
#include "tests/intents/reading.h"
#include <math.h>

/* ---- a model of one word, "zorble", and two intents of the test's catalogue ---- */

enum { CLASSES = 4, WORD_PLACES = 2, ROWS = 3 * MODEL_ROW };

struct small {
    struct model_header header;
    struct model_kind_line kind_lines[1];
    struct model_intent_line intent_lines[1];
    struct model_word words[WORD_PLACES];
    uint64_t sets[1];
    struct model_class classes[CLASSES];
    uint32_t rows[ROWS];
    int8_t stops[STOPS_PLACES];
};

static uint32_t feature_of(const char *word) {
    struct utterance utterance;
    struct arena arena;
    uint32_t features[FEATURES_MAX];
    arena_init(&arena);
    fold_utterance(&utterance, word, &arena);
    assert_true(features_read(&utterance, NULL, features) > 0);
    arena_clear(&arena);
    return features[0]; /* the word itself comes before its pieces */
}

/* weight: what "zorble" says for tracking; without it the sum is the bias. */
static void make_small(struct small *out, int8_t weight, double bias, const char *intent) {
    uint32_t hash = feature_of("zorble");
    *out = (struct small){.header = {.format = MODEL_FORMAT,
                                     .classes = CLASSES,
                                     .kind_lines = 1,
                                     .intent_lines = 1,
                                     .words = WORD_PLACES,
                                     .sets = 1,
                                     .rows = ROWS,
                                     .trust = 1}};
    memcpy(out->header.magic, model_magic, sizeof out->header.magic);
    for (int i = 0; i < KIND_COUNT; i++)
        out->header.slopes[i] = out->header.sharpness[i] = 1;
    out->classes[0] = (struct model_class){.kind = KIND_TRACK, .scale = 1, .bias = (float)bias};
    out->classes[1] = (struct model_class){.kind = KIND_HUMAN, .bias = -20};
    out->classes[2] = (struct model_class){.kind = KIND_TRACK, .scale = 1};
    out->classes[3] = (struct model_class){.name = "track.arrival", .kind = KIND_TRACK};
    snprintf(out->classes[2].name, MODEL_NAME, "%s", intent);
    out->kind_lines[0].tags[0] = out->intent_lines[0].said[0].tag = model_tag(hash);
    out->kind_lines[0].kinds[0][0] = weight;
    out->intent_lines[0].said[0].class = 2;
    out->intent_lines[0].said[0].weight = weight;
}

static struct model **model_of(struct room *room, const char *language) {
    return &room->catalogue->models[catalogue_find_language(room->catalogue, language)];
}

/* Room's catalogue with that model for English. */
static void teach(struct room *room, struct small *small) {
    struct error err;
    struct model **model = model_of(room, "en");
    model_free(*model);
    *model = model_new((const char *)small, sizeof *small, &room->catalogue->domain, &err);
    if (!*model)
        fail_msg("%s", err.text);
}

static int room_forget(void **state) {
    struct room *room = *state;
    struct model **model = model_of(room, "en");
    model_free(*model);
    *model = NULL;
    return 0;
}

/* ---- policy ---- */

/* Without a model nothing tells which words are words: only those with a tilde are meant then. */
static void where_it_knows_the_words_any_of_the_patterns_is_forgiven_one_edit(void **state) {
    struct room *room = *state;
    struct small small;
    read_as(room, "my order is overdeu", "");
    make_small(&small, 0, 0, "track.where");
    small.header.votes[EVIDENCE_STRONG] = 3;
    uint32_t known = features_word("overdew", 7);
    small.words[model_word_place(known, WORD_PLACES)] = (struct model_word){.hash = known};
    teach(room, &small);
    read_as(room, "my order is overdeu", "track.late");
    read_as(room, "my order is overdew", ""); /* a word of its own */
}

static void it_proposes_where_no_strong_pattern_speaks(void **state) {
    struct room *room = *state;
    struct small small;
    read_as(room, "zorble zorble", "");
    make_small(&small, 100, -2, "track.where");
    teach(room, &small);
    read_as(room, "zorble zorble", "track.where");
    assert_string_equal(room->reading.intents[0].rule, "model");
    assert_int_equal(room->reading.kind, KIND_TRACK);
    assert_false(room->reading.sure);
    read_as(room, "nothing of the kind", "");
}

static void its_score_is_its_probability(void **state) {
    struct room *room = *state;
    struct small small;
    make_small(&small, 0, 2.5, "track.where");
    teach(room, &small);
    read_as(room, "plumbus plumbus", "track.where");
    assert_true(fabs(room->reading.intents[0].score - 1 / (1 + exp(-2.5))) < 1e-6);
}

static void in_doubt_it_keeps_silent(void **state) {
    struct room *room = *state;
    struct small small;
    make_small(&small, 0, 1.15, "track.where"); /* P = .76 */
    teach(room, &small);
    read_as(room, "zorble zorble", "");
    assert_int_equal(room->reading.kind, KIND_UNKNOWN);
}

static void a_strong_pattern_of_tracking_falls_only_where_both_together_find_it_unlikely(void **state) {
    struct room *room = *state;
    struct small small;
    make_small(&small, 0, -2.8, "track.where");
    small.header.votes[EVIDENCE_STRONG] = 3.25;
    teach(room, &small);
    read_as(room, "where is my order", "track.where"); /* P = .61 */
    small.header.votes[EVIDENCE_STRONG] = 3.15;
    read_as(room, "where is my order", ""); /* P = .59 */
}

static void one_beside_something_else_falls_a_little_later(void **state) {
    struct room *room = *state;
    struct small small;
    make_small(&small, 0, -2.8, "track.where");
    small.header.votes[EVIDENCE_BOTH] = 2.85; /* P = .51 */
    teach(room, &small);
    read_as(room, "where is my order? I want a refund", "track.where human.refund");
    small.header.votes[EVIDENCE_BOTH] = 2.75; /* P = .49 */
    read_as(room, "where is my order? I want a refund", "human.refund");
    small.header.votes[EVIDENCE_STRONG] = 5; /* P of what the refund leaves over = .9 */
    read_as(room, "where is my order? I want a refund", "track.where human.refund");
    small.header.votes[EVIDENCE_BOTH] = 1.85; /* P of the whole = .28 */
    read_as(room, "where is my order? I want a refund", "human.refund");
}

static void a_weak_pattern_needs_it_to_agree(void **state) {
    struct room *room = *state;
    struct small small;
    make_small(&small, 0, -1, "track.late");
    small.header.votes[EVIDENCE_WEAK] = 2.15;
    teach(room, &small);
    read_as(room, "please look at 84512 now", ""); /* P = .76 */
    small.header.votes[EVIDENCE_WEAK] = 2.25;
    read_as(room, "please look at 84512 now", "track.where track.late"); /* P = .78 */
}

static void it_speaks_beside_a_strong_pattern_of_something_else_where_it_is_sure(void **state) {
    struct room *room = *state;
    struct small small;
    make_small(&small, 0, 2.5, "track.late"); /* "refund" strikes track.where */
    small.header.votes[EVIDENCE_OTHER] = -.7; /* P = .858 */
    teach(room, &small);
    read_as(room, "zorble refund", "track.late human.refund");
    assert_int_equal(room->reading.kind, KIND_TRACK);
    assert_true(room->reading.sure);
    small.header.votes[EVIDENCE_OTHER] = -.8; /* P = .846 */
    read_as(room, "zorble refund", "human.refund");
}

static void numbers_alone_and_short_answers_are_for_the_rules(void **state) {
    struct room *room = *state;
    struct small small;
    make_small(&small, 0, -9, "track.late");
    teach(room, &small);
    read_as(room, "84512 please", "track.where");
    read_as(room, "it is 84512 please", "track.where");
    read_as(room, "please look at 84512 now", "");
    read_as(room, "my order please", "");
    make_small(&small, 0, -1.2, "track.late"); /* P = .23 */
    teach(room, &small);
    read_as(room, "my order please", "track.where");
    make_small(&small, 0, 9, "track.late");
    teach(room, &small);
    read_as(room, "84512 please", "track.where");
}

/* As read_as, when the model has no opinion about the message as a whole. */
static void read_in_doubt(struct room *room, struct small *small, const char *text, const char *expected) {
    struct utterance utterance;
    struct opinion opinion;
    fold_utterance(&utterance, text, &room->arena);
    const struct model *model = *model_of(room, "en");
    model_read(model, model_see(model, model_glance(model, &utterance, &room->arena)), &opinion);
    small->header.votes[EVIDENCE_OTHER] = -opinion.track;
    read_as(room, text, expected);
}

static void it_is_asked_about_what_strong_patterns_of_other_matters_leave_over(void **state) {
    struct room *room = *state;
    struct small small;
    make_small(&small, 100, -3, "track.late");
    teach(room, &small);
    read_in_doubt(room, &small, "I want a refund. It is a zorble", "track.late human.refund");
    read_in_doubt(room, &small, "I want a refund for a zorble", "human.refund");
    read_in_doubt(room, &small, "a refund, zorble", "human.refund"); /* too short */
    read_in_doubt(room, &small, "zorble zorble zorble, refund", "track.late human.refund");
    small.header.votes[EVIDENCE_OTHER] -= 1.5; /* P of the whole < .2 */
    read_as(room, "zorble zorble zorble, refund", "human.refund");
}

static void a_part_that_is_left_over_is_read_by_patterns_and_model(void **state) {
    struct room *room = *state;
    struct small small;
    make_small(&small, 0, 0, "track.where");
    small.header.votes[EVIDENCE_WEAK] = 2.05; /* P = .886 */
    teach(room, &small);
    read_as(room, "refund. my parcel please", "track.where human.refund");
    assert_string_equal(room->reading.intents[0].rule, "model");
    read_as(room, "refund, where we live; 84512 please", "track.where human.refund");
    read_as(room, "refund. my parcel refund please", "human.refund"); /* "unless" strikes in the part, too */
    small.header.votes[EVIDENCE_WEAK] = 1.95;                         /* P = .875 */
    read_as(room, "refund. my parcel please", "human.refund");
    small.header.votes[EVIDENCE_WEAK] = 9;
    small.header.votes[EVIDENCE_OTHER] = -.9; /* P of the whole = .29 */
    read_as(room, "refund. my parcel please", "human.refund");
}

static void it_is_not_asked_of_another_language(void **state) {
    struct room *room = *state;
    struct small small;
    make_small(&small, 0, 9, "track.where");
    teach(room, &small);
    read_as(room, "how is your dog", "track.where");
    read_as(room, "bonjour monsieur le facteur", "social.greeting");
}

static void a_hard_negative_beats_it_unless_it_is_sure_and_has_more_to_go_by(void **state) {
    struct room *room = *state;
    struct small small;
    make_small(&small, 0, 1.7, "track.where"); /* P = .846 */
    teach(room, &small);
    read_as(room, "zorble zorble", "track.where");
    read_as(room, "zorble nobody cares", "");
    read_as(room, "Zorble! Nobody cares.", ""); /* it speaks of the whole message */
    make_small(&small, 0, 1.8, "track.where");  /* P = .858 */
    teach(room, &small);
    read_as(room, "zorble nobody cares", "");
    read_as(room, "zorble zorble zorble nobody cares", "track.where");
}

static void it_stands_beside_weak_patterns_and_small_talk(void **state) {
    struct room *room = *state;
    struct small small;
    make_small(&small, 100, 0, "track.late");
    teach(room, &small);
    read_as(room, "hello zorble", "track.late social.greeting");
    read_as(room, "84512 zorble zorble", "track.late track.where");
}

static void a_domain_without_its_intents_is_left_to_the_rules(void **state) {
    struct room *room = *state;
    struct small small;
    make_small(&small, 100, 9, "track.somewhere");
    teach(room, &small);
    assert_false(model_fits(*model_of(room, "en")));
    make_small(&small, 100, 9, "track.where");
    teach(room, &small);
    assert_true(model_fits(*model_of(room, "en")));
}

/* ---- features ---- */

static int features_by(const char *text, const struct families *families, uint32_t out[FEATURES_MAX]) {
    struct utterance utterance;
    struct arena arena;
    arena_init(&arena);
    fold_utterance(&utterance, text, &arena);
    int count = features_read(&utterance, families, out);
    arena_clear(&arena);
    return count;
}

static int features_of(const char *text, uint32_t out[FEATURES_MAX]) {
    return features_by(text, NULL, out);
}

/* How many features of a stand in b. */
static int shared(const char *a, const char *b, const struct families *families) {
    static uint32_t x[FEATURES_MAX], y[FEATURES_MAX];
    int count = features_by(a, families, x), other = features_by(b, families, y), found = 0;
    for (int i = 0; i < count; i++)
        for (int j = 0; j < other; j++)
            if (x[i] == y[j]) {
                found++;
                break;
            }
    return found;
}

static void same_features(const char *a, const char *b, bool same) {
    static uint32_t x[FEATURES_MAX], y[FEATURES_MAX];
    int count = features_of(a, x), other = features_of(b, y);
    bool equal = count == other && memcmp(x, y, (size_t)count * sizeof *x) == 0;
    if (equal != same)
        fail_msg("\"%s\" and \"%s\": %s", a, b, equal ? "the same" : "different");
}

static void case_accents_and_the_digits_of_a_number_are_nothing_to_it(void **state) {
    (void)state;
    same_features("Où est le colis 1042 ?", "ou est le COLIS 9375?", true);
    same_features("order 1042", "order 10425", false);
    same_features("order 1042", "order a042", false);
    same_features("where is it", "it is where", false);
    same_features("late. where", "late where", false);
    same_features("where is it?", "where is it", false);
}

static void words_of_a_family_are_alike_to_it(void **state) {
    enum { BITS_OF_TEN = 4, TEN = 1 << BITS_OF_TEN };
    uint32_t words[TEN] = {0};
    uint64_t of[TEN] = {0};
    struct families families = {BITS_OF_TEN, words, of};
    (void)state;
    for (int i = 0; i < 2; i++) {
        uint32_t word = features_word(i ? "vase" : "lamp", 4),
                 place = families_place(words, BITS_OF_TEN, word);
        words[place] = word;
        of[place] = 1;
    }
    assert_int_equal(shared("no lamp", "no vases", &families), shared("no lamp", "no vase", &families));
    assert_true(shared("no lamp", "no vase", &families) > shared("no lamp", "no news", &families));
}

static void a_long_message_is_cut_not_overrun(void **state) {
    static uint32_t features[FEATURES_MAX];
    static char text[UTTERANCE_MAX];
    (void)state;
    for (size_t i = 0; i + 2 < sizeof text; i += 2)
        text[i] = (char)('a' + i % 26), text[i + 1] = i % 7 ? 'e' : ' ';
    assert_in_range(features_of(text, features), FEATURES_WORDS, FEATURES_MAX);
    assert_int_equal(features_of("", features), 0);
    assert_int_equal(features_of("?! …", features), 0);
}

/* ---- the file ---- */

static void damaged_bytes_are_refused(void **state) {
    struct room *room = *state;
    struct small small, damaged;
    struct error err;
    make_small(&small, 100, 0, "track.where");
    for (size_t len = 0; len < sizeof small; len += len < offsetof(struct small, stops) ? 1 : 1021) {
        char *cut = malloc(len + 1);
        memcpy(cut, &small, len);
        assert_null(model_new(cut, len, &room->catalogue->domain, &err));
        free(cut);
    }
    assert_non_null(strstr(err.text, "build wismo again"));
    uint32_t *const fields[] = {
        &damaged.header.format,        &damaged.header.classes,     &damaged.header.kind_lines,
        &damaged.header.intent_lines,  &damaged.header.words,       &damaged.header.sets,
        &damaged.header.rows,          &damaged.header.families[0], &damaged.kind_lines[0].more,
        &damaged.intent_lines[0].more, &damaged.classes[1].kind,    (uint32_t *)damaged.header.magic};
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        for (int bit = 3; bit < 32; bit += 4) {
            damaged = small;
            *fields[i] ^= 1u << bit;
            if (model_new((const char *)&damaged, sizeof damaged, &room->catalogue->domain, &err))
                fail_msg("field %zu, bit %d", i, bit);
        }
    damaged = small;
    damaged.words[0].hash = damaged.words[1].hash = 1; /* a search would not end */
    assert_null(model_new((const char *)&damaged, sizeof damaged, &room->catalogue->domain, &err));
    damaged = small;
    damaged.words[0].row = ROWS / MODEL_ROW; /* a row that is not there */
    assert_null(model_new((const char *)&damaged, sizeof damaged, &room->catalogue->domain, &err));
    damaged = small;
    damaged.words[0].set = 1; /* families that are not there */
    assert_null(model_new((const char *)&damaged, sizeof damaged, &room->catalogue->domain, &err));
    damaged = small;
    damaged.header.families[MODEL_FAMILIES - 1] = ROWS / MODEL_ROW; /* a row that is not there */
    assert_null(model_new((const char *)&damaged, sizeof damaged, &room->catalogue->domain, &err));
    damaged = small;
    damaged.rows[0] = damaged.rows[1] = ~0u; /* one that says more than is there */
    assert_null(model_new((const char *)&damaged, sizeof damaged, &room->catalogue->domain, &err));
    damaged = small;
    damaged.rows[2] = ROWS; /* the same */
    assert_null(model_new((const char *)&damaged, sizeof damaged, &room->catalogue->domain, &err));
    damaged = small;
    damaged.classes[3].name[0] = '\0'; /* a kind after an intent */
    assert_null(model_new((const char *)&damaged, sizeof damaged, &room->catalogue->domain, &err));
    damaged = small;
    damaged.intent_lines[0].said[0].class = CLASSES; /* a class that is not there */
    assert_null(model_new((const char *)&damaged, sizeof damaged, &room->catalogue->domain, &err));
}

/* ---- those that are built in ---- */

static double tracking(const struct model *model, const char *text) {
    struct utterance utterance;
    struct opinion opinion;
    struct arena arena;
    arena_init(&arena);
    fold_utterance(&utterance, text, &arena);
    model_read(model, model_see(model, model_glance(model, &utterance, &arena)), &opinion);
    arena_clear(&arena);
    for (int i = 0; i < KIND_COUNT; i++) {
        assert_true(opinion.kinds[i].probability >= 0 && opinion.kinds[i].probability <= 1);
        assert_true(opinion.kinds[i].share >= 0 && opinion.kinds[i].share <= 1);
    }
    return opinion.kinds[KIND_TRACK].probability;
}

static void each_built_in_one_has_learned_its_catalogue(void **state) {
    struct data data = {.embedded = intents_embedded};
    struct error err = {{0}};
    struct catalogue *catalogue = catalogue_load(&data, &err);
    (void)state;
    if (!catalogue)
        fail_msg("%s", err.text);
    for (int i = 0; i < catalogue->count; i++) {
        const char *name;
        json_t *intent, *value, *root = language_json(catalogue_use(catalogue, i), &err);
        size_t j;
        int examples = 0, right = 0;
        const struct model *model = catalogue->models[i];
        assert_non_null(model);
        json_object_foreach(json_object_get(root, "intents"), name, intent)
            json_array_foreach(json_object_get(intent, "examples"), j, value) {
            const struct intent *meant = catalogue_intent(catalogue, name);
            if (!json_is_string(value) || !meant)
                continue;
            examples++;
            right += (tracking(model, json_string_value(value)) > .5) == (meant->kind == KIND_TRACK);
        }
        json_array_foreach(json_object_get(root, "nothing"), j, value) {
            examples++;
            right += tracking(model, json_string_value(value)) < .5;
        }
        assert_true(examples > 500);
        if (right <= .95 * examples)
            fail_msg("%s: %d of %d", catalogue->languages[i].code, right, examples);
        assert_true(tracking(model, "") == 0);
        json_decref(root);
    }
    catalogue_free(catalogue);
}

struct parts {
    struct model_word *words;
    uint32_t *rows;
};

/* A copy in which no word or family says anything beside another. */
static char *without_rows(const struct data_file *file, struct parts *parts) {
    size_t len = (size_t)(file->end - file->begin);
    char *bytes = malloc(len);
    struct model_header *header = (struct model_header *)(void *)bytes;
    memcpy(bytes, file->begin, len);
    parts->words = (struct model_word *)(void *)(bytes + sizeof *header +
                                                 header->kind_lines * sizeof(struct model_kind_line) +
                                                 header->intent_lines * sizeof(struct model_intent_line));
    parts->rows = (uint32_t *)(void *)(bytes + len - STOPS_PLACES) - header->rows;
    memset(parts->rows, 0, header->rows * sizeof *parts->rows);
    return bytes;
}

/* Words added up are passed over, too: their families are all that is left of them. */
static char *without_sums(const struct data_file *file) {
    struct parts parts;
    char *bytes = without_rows(file, &parts);
    const struct model_header *header = (const struct model_header *)(const void *)bytes;
    for (uint32_t i = 0; i < header->words; i++) {
        struct model_word *word = &parts.words[i];
        word->hash = word->set == 0 && word->hash != 0 ? ~word->hash : word->hash;
    }
    return bytes;
}

static void a_known_word_weighs_what_its_pieces_weigh(void **state) {
    struct room *room = *state;
    struct data data = {.embedded = intents_embedded};
    struct error err = {{0}};
    struct catalogue *catalogue = catalogue_load(&data, &err);
    assert_non_null(catalogue);
    for (const struct data_file *file = intents_models; file->name; file++) {
        size_t len = (size_t)(file->end - file->begin);
        struct parts parts;
        char *sums = without_rows(file, &parts), *bytes = without_sums(file);
        struct model *whole = model_new(sums, len, &catalogue->domain, &err),
                     *pieces = model_new(bytes, len, &catalogue->domain, &err);
        int language = catalogue_find_language(catalogue, file->name), count = 0, same = 0;
        const char *name;
        json_t *intent, *value, *root = language_json(catalogue_use(catalogue, language), &err);
        size_t i;
        assert_non_null(whole);
        assert_non_null(pieces);
        json_object_foreach(json_object_get(root, "intents"), name, intent)
            json_array_foreach(json_object_get(intent, "counter_examples"), i, value) {
            struct utterance utterance;
            struct opinion a, b;
            if (!json_is_string(value))
                continue;
            arena_reset(&room->arena);
            fold_utterance(&utterance, json_string_value(value), &room->arena);
            model_read(whole, model_see(whole, model_glance(whole, &utterance, &room->arena)), &a);
            model_read(pieces, model_see(pieces, model_glance(pieces, &utterance, &room->arena)), &b);
            assert_int_equal(a.worth, b.worth);
            same += a.track == b.track;
            count++;
        }
        /* Of a hash a line keeps all but a few bits: rarely a piece is taken for another. */
        assert_true(count > 100 && same > .99 * count);
        model_free(whole);
        model_free(pieces);
        free(sums);
        free(bytes);
        json_decref(root);
    }
    catalogue_free(catalogue);
}

static double odds_with_rows(struct room *room, const struct small *small, const char *text) {
    struct error err;
    struct utterance utterance;
    struct opinion opinion;
    struct model *model = model_new((const char *)small, sizeof *small, &room->catalogue->domain, &err);
    assert_non_null(model);
    fold_utterance(&utterance, text, &room->arena);
    model_read(model, model_see(model, model_glance(model, &utterance, &room->arena)), &opinion);
    model_free(model);
    return opinion.track;
}

static void a_word_says_more_beside_a_family_in_the_same_sentence(void **state) {
    enum { OF_LONG_NUMBERS = FAMILIES_MAX + 1 };
    struct room *room = *state;
    struct small small;
    make_small(&small, 0, 0, "track.where");
    uint32_t word = features_word("zorble", 6);
    small.words[model_word_place(word, WORD_PLACES)] =
        (struct model_word){.hash = word, .worth = WORTH_WHOLE, .row = 1};
    small.rows[MODEL_ROW + 1] = 1u << (OF_LONG_NUMBERS - 32);
    *(int8_t *)&small.rows[MODEL_ROW + 3] = 100;
    assert_true(odds_with_rows(room, &small, "zorble 84512") > 0);
    assert_true(odds_with_rows(room, &small, "84512 it is, the zorble") > 0);
    assert_true(odds_with_rows(room, &small, "zorble. 84512") == 0);
    assert_true(odds_with_rows(room, &small, "zorble blue") == 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(where_it_knows_the_words_any_of_the_patterns_is_forgiven_one_edit,
                                        room_tidy, room_forget),
        cmocka_unit_test_setup_teardown(it_proposes_where_no_strong_pattern_speaks, room_tidy, room_forget),
        cmocka_unit_test_setup_teardown(its_score_is_its_probability, room_tidy, room_forget),
        cmocka_unit_test_setup_teardown(in_doubt_it_keeps_silent, room_tidy, room_forget),
        cmocka_unit_test_setup_teardown(
            a_strong_pattern_of_tracking_falls_only_where_both_together_find_it_unlikely, room_tidy,
            room_forget),
        cmocka_unit_test_setup_teardown(one_beside_something_else_falls_a_little_later, room_tidy,
                                        room_forget),
        cmocka_unit_test_setup_teardown(a_weak_pattern_needs_it_to_agree, room_tidy, room_forget),
        cmocka_unit_test_setup_teardown(it_speaks_beside_a_strong_pattern_of_something_else_where_it_is_sure,
                                        room_tidy, room_forget),
        cmocka_unit_test_setup_teardown(numbers_alone_and_short_answers_are_for_the_rules, room_tidy,
                                        room_forget),
        cmocka_unit_test_setup_teardown(it_is_asked_about_what_strong_patterns_of_other_matters_leave_over,
                                        room_tidy, room_forget),
        cmocka_unit_test_setup_teardown(a_part_that_is_left_over_is_read_by_patterns_and_model, room_tidy,
                                        room_forget),
        cmocka_unit_test_setup_teardown(it_is_not_asked_of_another_language, room_tidy, room_forget),
        cmocka_unit_test_setup_teardown(a_hard_negative_beats_it_unless_it_is_sure_and_has_more_to_go_by,
                                        room_tidy, room_forget),
        cmocka_unit_test_setup_teardown(it_stands_beside_weak_patterns_and_small_talk, room_tidy,
                                        room_forget),
        cmocka_unit_test_setup_teardown(a_domain_without_its_intents_is_left_to_the_rules, room_tidy,
                                        room_forget),
        CLAIM(case_accents_and_the_digits_of_a_number_are_nothing_to_it),
        CLAIM(words_of_a_family_are_alike_to_it),
        CLAIM(a_long_message_is_cut_not_overrun),
        CLAIM(damaged_bytes_are_refused),
        CLAIM(each_built_in_one_has_learned_its_catalogue),
        CLAIM(a_word_says_more_beside_a_family_in_the_same_sentence),
        CLAIM(a_known_word_weighs_what_its_pieces_weigh),
    };
    return cmocka_run_group_tests(tests, room_open, room_close);
}
