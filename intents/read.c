#include "base/text.h"
#include "intents/catalogue.h"
#include "intents/clauses.h"
#include "intents/dates.h"
#include "intents/mend.h"
#include "intents/sifter.h"
#include "intents/spoken.h"
#include "intents/vote.h"
#include <stdlib.h>
#include <string.h>

enum {
    SHORT_MESSAGE = 5,   /* words */
    ASKED_WORDS = 2,     /* the fewest that the model is asked about */
    CORRECTION_REACH = 6 /* words */
};
static const double called = .9; /* a number that a word names: "order 70115" */
static const double likelier =
    1; /* evidence of another language than the conversation's: one common word of it */

struct reader {
    const struct catalogue *catalogue;
    struct matcher *matcher;
    struct hit hits[HITS_MAX], apart[HITS_MAX]; /* of the attempt that is made, and of its sentences */
};

struct reader *reader_new(const struct catalogue *catalogue, struct error *err) {
    struct reader *reader = calloc(1, sizeof *reader);
    if (!reader) {
        error_set(err, "out of memory for a reader of utterances");
        return NULL;
    }
    reader->catalogue = catalogue;
    reader->matcher = matcher_new(catalogue, err);
    if (!reader->matcher) {
        reader_free(reader);
        return NULL;
    }
    return reader;
}

void reader_free(struct reader *reader) {
    if (!reader)
        return;
    matcher_free(reader->matcher);
    free(reader);
}

int64_t reader_limit_hits(const struct reader *reader) {
    return matcher_limit_hits(reader->matcher);
}

/* One message, read as one language. */
struct attempt {
    struct reading *reading;
    struct seen seen;
    struct hit *hits;
    int hit_count;
    bool strong;
};

struct turn {
    struct reader *reader;
    struct utterance *utterance;
    const struct read_options *options;
    struct arena *arena;
    int language; /* that it is thought to be of */
    int prior;
    const double *evidence;
    bool runs_on; /* from one sentence into the next without a sign, as it seems */
};

/* ---- slots that patterns give ---- */

static void add_yes_no(struct entities *entities, const struct attempt *attempt, const struct hit *hit) {
    bool whole = hit->begin == 0 && hit->end >= attempt->seen.len - 1,
         asked = entities->options->expected == SLOT_YES_NO;
    double score = whole ? .97 : hit->begin == 0 ? (asked ? .9 : .6) : asked ? .5 : 0;
    score *= hit->pattern->weak ? .7 : 1;
    int first = hit->first, end = hit->after;
    if (score > 0 && end > first)
        entities_add(entities, SLOT_YES_NO, hit->pattern->target == TARGET_YES ? "yes" : "no", score, first,
                     end);
}

static void add_choice(struct entities *entities, const struct attempt *attempt, const struct hit *hit) {
    bool likely = entities->options->expected == SLOT_CHOICE || attempt->seen.count <= SHORT_MESSAGE;
    int first = hit->first, end = hit->after;
    double covered = (double)(hit->end - hit->begin) / attempt->seen.len;
    if (end > first)
        entities_add(entities, SLOT_CHOICE, hit->pattern->name, (likely ? .85 : .5) + .1 * covered, first,
                     end);
}

/* "le 3.50": does the number before go on? */
static bool decimal(const struct utterance *utterance, int end) {
    char gap[GAP_SIZE];
    return end < utterance->count && utterance->words[end].has_digit &&
           (text_is(words_gap(utterance, end - 1, gap), ".") || text_is(gap, ","));
}

static void add_day(struct entities *entities, const struct attempt *attempt, const struct hit *hit) {
    int first = hit->first, end = hit->after;
    if (hit->number_begin < 0 || end <= first || decimal(entities->utterance, end))
        return;
    const char *number = arena_copy(entities->arena, attempt->seen.text + hit->number_begin,
                                    (size_t)(hit->number_end - hit->number_begin));
    int value = spoken_value(entities->language, number, entities->arena);
    if (value < 0 || value > 366)
        return;
    if (hit->pattern->target == TARGET_DAY)
        dates_add_day_of_month(entities, value, first, end);
    else
        dates_add_offset(entities, hit->pattern->target == TARGET_AGO ? -value : value, .85, first, end);
}

static const struct candidate *at_byte(const struct slot_reading *slot, int begin) {
    for (int i = 0; i < slot->count; i++)
        if (slot->candidates[i].begin == begin)
            return &slot->candidates[i];
    return NULL;
}

/* "no, 1042": what follows the marker closely replaces what stands before it. "order 70115, sorry to bother
 * you, 33000" may go on with the postcode. */
static void correct(struct entities *entities, struct attempt *attempt, const struct hit *hit) {
    static const enum slot correctable[] = {SLOT_ORDER_NUMBER, SLOT_TRACKING_NUMBER, SLOT_EMAIL,
                                            SLOT_POSTCODE,     SLOT_PHONE,           SLOT_DATE};
    const struct utterance *utterance = entities->utterance;
    int word = hit->after, end = word;
    if (word >= utterance->count)
        return;
    int from = utterance->origin[utterance->words[word].begin];
    while (end < utterance->count && end < word + CORRECTION_REACH &&
           (end == word || !(utterance->words[end].sentence || utterance->words[end - 1].has_digit)))
        end++;
    int to = utterance->origin[utterance->words[end - 1].end - 1];
    for (size_t i = 0; i < sizeof correctable / sizeof correctable[0]; i++) {
        struct slot_reading *slot = &entities->slots[correctable[i]];
        const struct slot_reading *postcodes = &entities->slots[SLOT_POSTCODE];
        bool corrects = false, named = false;
        for (int j = 0; j < slot->count; j++)
            named |= slot->candidates[j].begin < from && slot->candidates[j].score >= called;
        for (int j = 0; j < slot->count; j++) {
            const struct candidate *candidate = &slot->candidates[j];
            corrects |= candidate->begin >= from && candidate->begin <= to &&
                        candidate->score >= .4 && /* it was read as such in earnest */
                        !(named && correctable[i] == SLOT_ORDER_NUMBER && candidate->begin > from &&
                          at_byte(postcodes, candidate->begin));
        }
        if (!corrects)
            continue;
        attempt->reading->corrected = true;
        int kept = 0;
        for (int j = 0; j < slot->count; j++)
            if (slot->candidates[j].begin >= from)
                slot->candidates[kept++] = slot->candidates[j];
        slot->count = kept;
    }
}

static void read_slots(struct entities *entities, struct attempt *attempt) {
    const struct hit *last_correction = NULL;
    for (int i = 0; i < attempt->hit_count; i++) {
        const struct hit *hit = &attempt->hits[i];
        switch (hit->pattern->target) {
        case TARGET_YES:
        case TARGET_NO:
            add_yes_no(entities, attempt, hit);
            break;
        case TARGET_CHOICE:
            add_choice(entities, attempt, hit);
            break;
        case TARGET_IN:
        case TARGET_AGO:
        case TARGET_DAY:
            add_day(entities, attempt, hit);
            break;
        case TARGET_CORRECTION:
            if (!last_correction || hit->end > last_correction->end)
                last_correction = hit;
            break;
        case TARGET_INTENT:
        case TARGET_UNLESS:
            break;
        }
    }
    if (last_correction)
        correct(entities, attempt, last_correction);
}

/* "2" when one of several was asked for. */
static void read_bare_choice(struct entities *entities) {
    const struct utterance *utterance = entities->utterance;
    if (entities->options->expected != SLOT_CHOICE)
        return;
    for (int i = 0; i < utterance->count; i++)
        if (utterance->words[i].len == 1 && utterance->words[i].text[0] >= '1' &&
            utterance->words[i].text[0] <= '9')
            entities_add(entities, SLOT_CHOICE, utterance->words[i].text, .9, i, i + 1);
}

/* ---- the reading ---- */

static bool has_talk(const struct reading *reading) {
    for (int i = 0; i < reading->count; i++)
        if (reading->intents[i].intent->kind == KIND_SOCIAL)
            return true;
    return false;
}

/* Candidates are left as they are: there are many, and few are ever read. */
static void clear_reading(struct reading *reading) {
    memset(reading->intents, 0, sizeof reading->intents);
    for (int i = 0; i < SLOT_COUNT; i++)
        reading->slots[i].count = 0;
    reading->count = 0;
    reading->kind = KIND_UNKNOWN;
    reading->corrected = false;
}

/* What reading needs first lies anywhere in megabytes: it is on its way before it is needed. */
static void expect(const struct catalogue *catalogue, int index, const struct utterance *utterance) {
    dictionary_expect(&catalogue_use(catalogue, index)->dictionary, utterance->words, utterance->count);
    if (catalogue->models[index])
        model_expect(catalogue->models[index], utterance->words, utterance->count);
}

/* What a language knows of a message before its patterns are asked. */
struct view {
    int language;
    const struct model *model; /* there since the language is loaded; NULL: it has none */
    struct utterance utterance;
    struct word_mark *marks;
    const struct sight *sight;
    struct opinion *opinion; /* NULL: the model was not asked yet */
};

/* Everything is on its way while something else is done: the model sees before it is known whether it is
 * asked. */
static void look(struct turn *turn, struct entities *entities, struct view *view) {
    const struct catalogue *catalogue = turn->reader->catalogue;
    const struct language *language = entities->language;
    const struct model *model = view->model;
    struct word *words = turn->utterance->words;
    int count = turn->utterance->count;
    if (view->language != turn->prior)
        expect(catalogue, view->language, turn->utterance);
    dictionary_expect_entries(&language->dictionary, words, count);
    struct sight *glance = model ? model_glance(model, turn->utterance, turn->arena) : NULL;
    dictionary_look_up(&language->dictionary, words, count);
    sifter_expect(language->sieve, words, count);
    view->sight = model ? model_see(model, glance) : NULL;
    entities_read(entities);
    view->utterance = *turn->utterance;
    if (mend(&(struct sources){language, catalogue->recogniser, model}, &view->utterance, &entities->marks,
             turn->arena)) {
        entities->utterance = &view->utterance;
        view->sight = model ? model_see(model, model_glance(model, &view->utterance, turn->arena)) : NULL;
    }
    view->marks = entities->marks;
    sifter_expect_rows(language->sieve, view->utterance.words, view->utterance.count);
}

/* By patterns and model. */
static void judge(struct turn *turn, struct view *view, struct attempt *out) {
    const struct catalogue *catalogue = turn->reader->catalogue;
    struct reading *reading = out->reading;
    const struct utterance *utterance = &view->utterance;
    const struct model *model = view->model;
    seen_make(&out->seen, utterance, catalogue_use(catalogue, view->language), view->marks, turn->arena);
    reading->folded = out->seen.text;
    struct matcher *matcher = turn->reader->matcher;
    struct voices voices = {
        .hits = out->hits, .seen = &out->seen, .domain = &catalogue->domain, .arena = turn->arena};
    voices.free_words = clauses_free_words(utterance, view->marks, 0, utterance->count);
    matcher_look(matcher, view->language, &out->seen);
    voices.hit_count = matcher_try(matcher, ROUND_STRONG, voices.hits, 0);
    out->strong = vote(&voices, reading);
    if (!out->strong)
        matcher_expect(matcher, ROUND_WEAK);
    if (!view->opinion && view->sight && voices.free_words >= ASKED_WORDS) {
        view->opinion = ARENA_NEW(turn->arena, struct opinion);
        model_read(model, view->sight, view->opinion);
    }
    if (!out->strong) {
        voices.hit_count = matcher_try(matcher, ROUND_WEAK, voices.hits, voices.hit_count);
        vote(&voices, reading);
    }
    if (view->opinion) {
        voices.opinion = view->opinion;
        voices.evidence = vote_evidence(reading, out->strong);
        voices.tracking = model_track(model, view->opinion, voices.evidence);
        voices.beside_talk = voices.evidence == EVIDENCE_WEAK && has_talk(reading);
        /* Of words that may be another language's it can doubt what was read; what it makes of them is
         * chance. */
        bool proposes = view->language == turn->language ||
                        turn->evidence[view->language] - turn->evidence[turn->language] >= likelier;
        unsigned kinds = proposes ? vote_proposes(&voices) : 0;
        if (kinds) {
            model_read_intents(model, view->sight, kinds, view->opinion);
            vote_propose(&voices);
        }
        if (proposes && vote_asks_parts(&voices)) {
            voices.hit_count = matcher_try(matcher, ROUND_WEAK, voices.hits, voices.hit_count);
            clauses_ask(&(struct clauses){model, utterance, view->marks, &voices});
        }
        voices.hit_count = matcher_try(matcher, ROUND_UNLESS, voices.hits, voices.hit_count);
        out->strong = vote(&voices, reading);
    }
    out->hit_count = voices.hit_count;
}

static bool tracks(const struct attempt *attempt) {
    return attempt->strong && attempt->reading->kind == KIND_TRACK;
}

/* Patterns may reach beyond what seems to be a sentence, as who wrote them had read such messages; where they
 * find no tracking for all that, each sentence is read alone. */
static void judge_apart(struct turn *turn, struct view *view, struct attempt *out) {
    struct reading *reading = arena_room(turn->arena, sizeof *reading);
    struct attempt apart = {.reading = reading, .hits = turn->reader->apart};
    view->utterance.parted = true;
    clear_reading(reading);
    judge(turn, view, &apart);
    if (!tracks(&apart))
        return;
    memcpy(out->reading->intents, reading->intents, sizeof reading->intents);
    out->reading->count = reading->count;
    out->reading->kind = reading->kind;
    out->reading->folded = reading->folded;
    apart.reading = out->reading;
    *out = apart;
}

static struct attempt attempt(struct turn *turn, int index, struct reading *reading) {
    const struct catalogue *catalogue = turn->reader->catalogue;
    struct attempt out = {.reading = reading, .hits = turn->reader->hits};
    clear_reading(reading);
    struct entities entities = {
        .utterance = turn->utterance,
        .language = catalogue_use(catalogue, index),
        .recogniser = catalogue->recogniser,
        .options = turn->options,
        .arena = turn->arena,
        .slots = reading->slots,
        .marks = ARENA_ARRAY(turn->arena, struct word_mark, (size_t)turn->utterance->count + 1)};
    struct view view = {.language = index, .model = catalogue->models[index]};
    look(turn, &entities, &view);
    judge(turn, &view, &out);
    if (turn->runs_on && index == turn->language && !tracks(&out))
        judge_apart(turn, &view, &out);
    read_bare_choice(&entities);
    read_slots(&entities, &out);
    return out;
}

static bool understood(const struct attempt *attempt) {
    return attempt->strong || attempt->reading->slots[SLOT_YES_NO].count > 0;
}

/* Small talk is often one word that both languages have. */
static bool says_more(const struct attempt *a, double evidence, const struct attempt *b, double other) {
    return a->reading->count > 0 && b->reading->count == 0 &&
           (a->reading->kind != KIND_SOCIAL || evidence > other);
}

/* Digits and letters alone are of the language that is spoken, and mean nothing else. */
static bool is_bare(const struct reader *reader, struct utterance *utterance,
                    const struct read_options *options, int prior, struct arena *arena) {
    return spoken_alone(&(struct entities){.utterance = utterance,
                                           .language = catalogue_use(reader->catalogue, prior),
                                           .options = options,
                                           .arena = arena});
}

static const struct read_options no_options = {.expected = -1};

void intents_read(struct reader *reader, const char *text, const struct read_options *options,
                  struct arena *arena, struct reading *out) {
    const struct catalogue *catalogue = reader->catalogue;
    struct utterance utterance;
    double evidence[LANGUAGES_MAX];
    options = options ? options : &no_options;
    fold_utterance(&utterance, text, arena);
    int prior = catalogue_find_language(catalogue, options->locale);
    recognise_expect(catalogue->recogniser, &utterance);
    if (prior >= 0) /* most are of that */
        expect(catalogue, prior, &utterance);
    recognise(catalogue->recogniser, &utterance, evidence);
    bool bare = prior >= 0 && is_bare(reader, &utterance, options, prior, arena);
    struct recognised recognised =
        bare ? (struct recognised){.language = prior}
             : recognise_decide(evidence, catalogue->count, utterance.count, prior, options->guessed);
    /* Numbers in words are no reason to leave the conversation's language: "six" is misheard for "seis". */
    if (prior >= 0 && recognised.language != prior &&
        spoken_numbers(catalogue_use(catalogue, recognised.language), &utterance, arena))
        recognised = (struct recognised){.language = prior};
    int first = recognised.language < 0 ? 0 : recognised.language, language = first;
    catalogue_use(catalogue, first);
    const struct model *model = catalogue->models[first];
    bool runs_on = model && stops_mark(model_stops(model), &utterance);
    struct turn turn = {reader, &utterance, options, arena, first, prior, evidence, runs_on};
    struct attempt best = attempt(&turn, first, out);
    /* Nothing sure in that language: one that has as much evidence may understand it. */
    for (int i = 0; i < catalogue->count && !bare && !understood(&best); i++) {
        if (i == first || evidence[i] <= 0 || evidence[i] < evidence[first])
            continue;
        struct attempt other = attempt(&turn, i, arena_room(arena, sizeof *out));
        if (other.strong || says_more(&other, evidence[i], &best, evidence[language])) {
            best = other;
            language = i;
        }
    }
    if (best.reading != out)
        *out = *best.reading;
    if (bare) {
        memset(out->intents, 0, sizeof out->intents);
        out->count = 0;
        out->kind = KIND_UNKNOWN;
    }
    out->bare = bare;
    out->sure = best.strong && !bare;
    out->locale = catalogue->languages[language == first || prior < 0 ? language : first].code;
    out->locale_score = language == first ? recognised.score : 0;
}
