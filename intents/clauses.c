#include "intents/clauses.h"

enum { WORDS_MIN = 3, MATCHED_WORDS_MIN = 2 };

static bool is_of_people(const struct voices *voices, const struct hit *hit) {
    if (hit->pattern->target != TARGET_INTENT || hit->pattern->weak)
        return false;
    enum kind kind = voices->domain->intents[hit->pattern->intent].kind;
    return kind != KIND_TRACK && kind != KIND_SOCIAL;
}

/* Every comma parts, too: what is left over is put together again. */
static bool begins_clause(const struct clauses *clauses, int word) {
    const int *clause = clauses->voices->seen->clause;
    return word == 0 || clause[word] != clause[word - 1] || clauses->utterance->words[word].comma;
}

static int end_of_clause(const struct clauses *clauses, int word) {
    do
        word++;
    while (word < clauses->utterance->count && !begins_clause(clauses, word));
    return word;
}

static bool is_taken(const struct voices *voices, int first, int end) {
    for (int i = 0; i < voices->hit_count; i++) {
        const struct hit *hit = &voices->hits[i];
        if (is_of_people(voices, hit) && hit->first < end && hit->after > first)
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
    enum evidence evidence = vote_evidence_of_part(clauses->voices, first, end);
    if (clauses_free_words(clauses->utterance, clauses->marks, first, end) <
        (evidence == EVIDENCE_NONE ? WORDS_MIN : MATCHED_WORDS_MIN))
        return;
    part.words += first;
    part.count = end - first;
    const struct sight *sight =
        model_see(clauses->model, model_glance(clauses->model, &part, clauses->voices->arena));
    model_read(clauses->model, sight, &opinion);
    double probability = model_track(clauses->model, &opinion, evidence);
    if (!vote_proposes_part(clauses->voices, probability))
        return;
    model_read_intents(clauses->model, sight, 1u << KIND_TRACK, &opinion);
    vote_propose_part(clauses->voices, &opinion, probability, first, end);
}

/* What lies between clauses of other matters is one piece. */
void clauses_ask(const struct clauses *clauses) {
    int begin = 0;
    const struct voices rules = *clauses->voices; /* without what is proposed on the way */
    for (int first = 0, end; first < clauses->utterance->count; first = end) {
        end = end_of_clause(clauses, first);
        if (is_taken(&rules, first, end)) {
            ask(clauses, begin, first);
            begin = end;
        }
    }
    if (begin > 0)
        ask(clauses, begin, clauses->utterance->count);
}
