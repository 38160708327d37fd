#include "intents/clauses.h"
#include <string.h>

enum { WORDS_MIN = 3 };

static bool is_of_people(const struct voices *voices, const struct hit *hit) {
    if (hit->pattern->target != TARGET_INTENT || hit->pattern->weak)
        return false;
    enum kind kind = voices->domain->intents[hit->pattern->intent].kind;
    return kind != KIND_TRACK && kind != KIND_SOCIAL;
}

/* Sentences and commas part clauses. */
static bool begins_clause(const struct utterance *utterance, int word) {
    if (word == 0 || utterance->words[word].sentence)
        return true;
    for (int at = utterance->words[word - 1].end; at < utterance->words[word].begin; at++)
        if (strchr(",:()\n", utterance->plain[at]))
            return true;
    return false;
}

static int end_of_clause(const struct utterance *utterance, int word) {
    do
        word++;
    while (word < utterance->count && !begins_clause(utterance, word));
    return word;
}

static bool is_taken(const struct voices *voices, int first, int end) {
    for (int i = 0; i < voices->hit_count; i++) {
        const struct hit *hit = &voices->hits[i];
        if (is_of_people(voices, hit) && seen_word(voices->seen, hit->begin) < end &&
            seen_word(voices->seen, hit->end) > first)
            return true;
    }
    return false;
}

int clauses_free_words(const struct utterance *utterance, const struct word_mark *marks, int first, int end) {
    int count = 0;
    for (int i = first; i < end; i++)
        count += marks[i].marks == 0 && !utterance->words[i].has_digit;
    return count;
}

static void ask(const struct clauses *clauses, int first, int end) {
    struct utterance part = *clauses->utterance;
    struct opinion opinion;
    if (clauses_free_words(clauses->utterance, clauses->marks, first, end) < WORDS_MIN)
        return;
    part.words += first;
    part.count = end - first;
    model_read(clauses->model, &part, &opinion);
    double probability = model_track(clauses->model, &opinion, EVIDENCE_NONE);
    if (!vote_proposes_part(probability))
        return;
    model_read_intents(clauses->model, &part, &opinion);
    vote_propose_part(clauses->voices, &opinion, probability, first, end);
}

/* What lies between clauses of other matters is one piece. */
void clauses_ask(const struct clauses *clauses) {
    const struct utterance *utterance = clauses->utterance;
    int begin = 0, count = clauses->voices->hit_count;
    struct voices rules = *clauses->voices;
    for (int first = 0, end; first < utterance->count; first = end) {
        end = end_of_clause(utterance, first);
        rules.hit_count = count;
        if (is_taken(&rules, first, end)) {
            ask(clauses, begin, first);
            begin = end;
        }
    }
    if (begin > 0)
        ask(clauses, begin, utterance->count);
}
