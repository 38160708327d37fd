/* The sieve against PCRE2 itself, with the carried catalogues and their own examples. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "intents/catalogue.h"
#include "intents/mend.h"
#include "intents/sifter.h"
#include "tests/intents/reading.h"
#include <pcre2.h>

enum { EXAMPLES_MAX = 400, EACH = 9 };

static struct seen see(struct room *room, const struct language *language, const char *text) {
    struct utterance utterance;
    struct seen seen;
    static const struct read_options options = {.country = "", .expected = -1};
    fold_utterance(&utterance, text, &room->arena);
    dictionary_look_up(&language->dictionary, utterance.words, utterance.count);
    struct slot_reading *slots = ARENA_ARRAY(&room->arena, struct slot_reading, SLOT_COUNT);
    struct entities entities = {&utterance,
                                language,
                                room->catalogue->recogniser,
                                &options,
                                &room->arena,
                                slots,
                                ARENA_ARRAY(&room->arena, struct word_mark, (size_t)utterance.count + 1)};
    entities_read(&entities);
    mend(&(struct sources){language, room->catalogue->recogniser, NULL}, &utterance, &entities.marks,
         &room->arena);
    seen_make(&seen, &utterance, language, entities.marks, &room->arena);
    return seen;
}

/* Some of the examples, and some of them one after the other: longer than what is looked at together. */
static int gather(const struct language *language, struct seen seen[EXAMPLES_MAX], struct room *room) {
    const char *name, *all = "";
    json_t *intent, *example;
    size_t i, heard = 0;
    int count = 0;
    struct error err;
    json_t *root = language_json(language, &err);
    json_object_foreach(json_object_get(root, "intents"), name, intent) {
        json_array_foreach(json_object_get(intent, "examples"), i, example) {
            const char *text = arena_string(
                &room->arena,
                json_string_value(json_is_object(example) ? json_object_get(example, "text") : example));
            if (heard++ % EACH > 0 || count + 1 >= EXAMPLES_MAX)
                continue;
            seen[count++] = see(room, language, text);
            if (heard % 2 == 0) {
                all = arena_format(&room->arena, "%s. %s", all, text);
                seen[count++] = see(room, language, all);
                if (strlen(all) > 800)
                    all = "";
            }
        }
    }
    json_decref(root);
    return count;
}

static bool has_numbers(const struct step *steps) {
    for (const struct step *step = steps; step; step = step->next) {
        if (step->kind == STEP_NUMBER || step->kind == STEP_ORDINAL ||
            (step->kind == STEP_MARK && step->number == MARK_NUMBER_DATE))
            return true;
        for (int i = 0; step->choice && i < step->choice->count; i++)
            if (has_numbers(step->choice->ways[i]))
                return true;
    }
    return false;
}

static pcre2_code *compile(struct room *room, const struct language *language,
                           const struct pattern *pattern) {
    int code;
    size_t offset;
    const char *source = expression_write(pattern->steps, &language->expression_words, &room->arena);
    pcre2_code *compiled = pcre2_compile((PCRE2_SPTR)source, PCRE2_ZERO_TERMINATED, 0, &code, &offset, NULL);
    if (!compiled)
        fail_msg("%s: %s does not compile", pattern->rule, source);
    pcre2_jit_compile(compiled, PCRE2_JIT_COMPLETE);
    return compiled;
}

static void note(void *context, int pattern) {
    ((bool *)context)[pattern] = true;
}

/* What PCRE2 matches, passes; what passes, PCRE2 matches, from there to there, unless numbers or dates in
 * words are concerned. Returns how many matches the sieve told whole. */
static int compare(struct sifter *sifter, const struct pattern *pattern, pcre2_code *code,
                   pcre2_match_data *data, const struct seen *seen, bool passes) {
    bool matched = pcre2_match(code, (PCRE2_SPTR)seen->text, (size_t)seen->len, 0, 0, data, NULL) >= 0;
    int begin, end;
    if (matched ? !passes : passes && !has_numbers(pattern->steps))
        fail_msg("%s %s on \"%s\"", pattern->rule, matched ? "was sifted out" : "passed", seen->text);
    if (!passes || !sifter_match(sifter, pattern->sifted, 0, &begin, &end) || end < 0)
        return 0;
    const size_t *pair = pcre2_get_ovector_pointer(data);
    int first = seen->tokens[begin].begin,
        after = end < seen->token_count ? seen->tokens[end].begin : seen->len - 1;
    if (!matched || (int)pair[0] != first || (int)pair[1] != after)
        fail_msg("%s matches \"%s\" to \"%s\", not to \"%s\"", pattern->rule, seen->text + pair[0],
                 seen->text + pair[1], seen->text + after);
    return 1;
}

static int compare_all(struct room *room, struct sifter *sifter, const struct language *language,
                       const struct seen *seen, int count) {
    pcre2_code **codes = ARENA_ARRAY(&room->arena, pcre2_code *, (size_t)language->pattern_count);
    bool *passed = ARENA_ARRAY(&room->arena, bool, (size_t)language->pattern_count);
    pcre2_match_data *data = pcre2_match_data_create(2, NULL);
    int told = 0;
    for (int i = 0; i < language->pattern_count; i++)
        if (language->patterns[i].steps && language->patterns[i].twin == i)
            codes[i] = compile(room, language, &language->patterns[i]);
    for (int j = 0; j < count; j++) {
        memset(passed, 0, sizeof *passed * (size_t)language->pattern_count);
        sifter_look(sifter, language->sieve, &seen[j], language);
        for (int round = 0; round < SIEVE_ROUNDS; round++)
            sifter_sift(sifter, round, UINT64_MAX, note, passed);
        for (int i = 0; i < language->pattern_count; i++)
            if (codes[i])
                told += compare(sifter, &language->patterns[i], codes[i], data, &seen[j], passed[i]);
    }
    for (int i = 0; i < language->pattern_count; i++)
        pcre2_code_free(codes[i]);
    pcre2_match_data_free(data);
    return told;
}

static void what_matches_and_nothing_else_passes_from_end_to_end(void **state) {
    struct room *room = *state;
    struct sifter *sifter = sifter_new();
    for (int i = 0; i < room->catalogue->count; i++) {
        static struct seen seen[EXAMPLES_MAX];
        const struct language *language = catalogue_use(room->catalogue, i);
        int count = gather(language, seen, room);
        assert_true(count > 0);
        assert_true(compare_all(room, sifter, language, seen, count) > count / 2);
        arena_reset(&room->arena);
    }
    sifter_free(sifter);
}

int main(void) {
    const struct CMUnitTest claims[] = {
        cmocka_unit_test(what_matches_and_nothing_else_passes_from_end_to_end)};
    return cmocka_run_group_tests(claims, room_open_built_in, room_close);
}
