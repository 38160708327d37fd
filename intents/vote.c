#include "intents/vote.h"
#include <string.h>

/* Scores are the share of such readings that proved right on messages nobody had seen when they were set. */
static const double strong_base = .88, strong_span = .1, weak_base = .55, weak_span = .2, beside_share = .6;

/* Tracking is proposed, or taken from weak patterns, on either side of agree, and taken from strong ones
 * below overrule; the model proposes other matters from propose_other on. docs/understanding.md shows how
 * they were chosen. */
static const double agree = .77, sure = .85, agree_part = .88, agree_beside = .4, overrule = .6,
                    overrule_beside = .5, overrule_short = .2, propose_other = .8;

/* Shorter messages are answers and follow-ups more often than not: rules know those better. */
enum { JUDGED_WORDS = 4 };

struct claim { /* the best hit for one intent */
    const struct intent *intent;
    const struct hit *hit;
    double score;
};

static const char learned_rule[] = "model";

static bool is_learned(const struct hit *hit) {
    return hit->probability > 0;
}

static int last_word(const struct hit *hit) {
    return hit->after > 0 ? hit->after - 1 : 0;
}

/* of: the part, or the clause, of each word. */
static bool share(const int *of, const struct hit *a, const struct hit *b) {
    return of[a->first] <= of[last_word(b)] && of[b->first] <= of[last_word(a)];
}

static bool is_meant(const struct pattern *unless, const struct pattern *meant) {
    return unless->target == TARGET_UNLESS && unless->about & intent_bit(meant->intent) &&
           (unless->intent >= 0 ? unless->intent == meant->intent
                                : strncmp(unless->name, meant->name, strlen(unless->name)) == 0);
}

static enum kind kind_of(const struct voices *voices, const struct hit *hit) {
    return voices->domain->intents[hit->pattern->intent].kind;
}

static bool is_of_person(enum kind kind) {
    return kind == KIND_HUMAN || kind == KIND_ACTION;
}

/* Tracking and what a person must do: a message may ask for both. */
static bool are_halves(enum kind a, enum kind b) {
    return (a == KIND_TRACK && is_of_person(b)) || (b == KIND_TRACK && is_of_person(a));
}

/* Is "unless" a hard negative of this hit? One is said in a single part of the message: what reaches over two
 * is none. */
static bool is_against(const struct voices *voices, const struct hit *unless, const struct hit *hit) {
    const int *part = voices->seen->part;
    return is_meant(unless->pattern, hit->pattern) && part[unless->first] == part[last_word(unless)];
}

/* Is it struck by a hard negative of its own clause? */
static bool is_struck_nearby(const struct voices *voices, const struct hit *hit) {
    for (int i = 0; i < voices->hit_count; i++)
        if (is_against(voices, &voices->hits[i], hit) && share(voices->seen->clause, &voices->hits[i], hit))
            return true;
    return false;
}

/* Does the other half of the message account for this hard negative? It does when a strong pattern of it
 * stands in the same clause, away from the hit, and is not struck there. */
static bool is_other_half_s(const struct voices *voices, const struct hit *unless, const struct hit *hit) {
    const struct hit *end = voices->hits + voices->hit_count;
    for (const struct hit *other = voices->hits; other < end; other++)
        if (other->pattern->target == TARGET_INTENT && !other->pattern->weak &&
            are_halves(kind_of(voices, hit), kind_of(voices, other)) &&
            share(voices->seen->clause, other, unless) && !share(voices->seen->clause, other, hit) &&
            !is_struck_nearby(voices, other))
            return true;
    return false;
}

/* Tracking of which the model is sure is not struck by the lesser half of the words: it has weighed them all.
 */
static bool is_outweighed(const struct voices *voices, const struct hit *unless, const struct hit *hit) {
    int words = last_word(unless) - unless->first + 1;
    return is_learned(hit) && hit->probability >= sure && kind_of(voices, hit) == KIND_TRACK &&
           2 * words < voices->free_words;
}

/* "unless" strikes an intent in the part of the message where it stands. */
static bool is_struck(const struct voices *voices, const struct hit *hit) {
    for (int i = 0; i < voices->hit_count; i++) {
        const struct hit *unless = &voices->hits[i];
        if (is_against(voices, unless, hit) && share(voices->seen->part, unless, hit) &&
            !is_outweighed(voices, unless, hit) &&
            (share(voices->seen->clause, unless, hit) || !is_other_half_s(voices, unless, hit)))
            return true;
    }
    return false;
}

static double score_of(const struct voices *voices, const struct hit *hit) {
    if (is_learned(hit))
        return hit->probability;
    double covered = (double)(hit->end - hit->begin) / voices->seen->len;
    return hit->pattern->weak ? weak_base + weak_span * covered : strong_base + strong_span * covered;
}

static double doubt_of(const struct voices *voices, const struct hit *hit) {
    if (voices->free_words < JUDGED_WORDS)
        return hit->pattern->weak && voices->free_words == voices->seen->count ? overrule_short : 0;
    if (hit->pattern->weak)
        return voices->beside_talk ? overrule : agree;
    return voices->evidence == EVIDENCE_BOTH ? overrule_beside : overrule;
}

static bool is_vetoed(const struct voices *voices, const struct hit *hit) {
    return voices->opinion && kind_of(voices, hit) == KIND_TRACK && voices->tracking < doubt_of(voices, hit);
}

static bool any_unless(const struct voices *voices) {
    for (int i = 0; i < voices->hit_count; i++)
        if (voices->hits[i].pattern->target == TARGET_UNLESS)
            return true;
    return false;
}

static int collect(const struct voices *voices, struct claim claims[HITS_MAX]) {
    int count = 0;
    bool unless = any_unless(voices);
    for (int i = 0; i < voices->hit_count; i++) {
        const struct hit *hit = &voices->hits[i];
        if (hit->pattern->target != TARGET_INTENT)
            continue;
        const struct intent *intent = &voices->domain->intents[hit->pattern->intent];
        if ((unless && is_struck(voices, hit)) || is_vetoed(voices, hit))
            continue;
        double score = score_of(voices, hit);
        int at = 0;
        while (at < count && claims[at].intent != intent)
            at++;
        if (at == count)
            claims[count++] = (struct claim){intent, hit, score};
        else if (score > claims[at].score)
            claims[at] = (struct claim){intent, hit, score};
    }
    return count;
}

static bool is_talk(const struct claim *claim) {
    return claim->intent->kind == KIND_SOCIAL;
}

/* Does b explain all the words of a, and more? */
static bool is_within(const struct claim *a, const struct claim *b) {
    return a->hit->begin >= b->hit->begin && a->hit->end <= b->hit->end &&
           b->hit->end - b->hit->begin > a->hit->end - a->hit->begin;
}

/* The model's tracking stands beside what a person must do. */
static bool is_other_half(const struct claim *claim) {
    return is_learned(claim->hit) && claim->intent->kind == KIND_TRACK;
}

/* What is dropped: weak beside strong, and a claim whose words a longer one explains. */
static int winnow(struct claim *claims, int count, bool *strong) {
    int kept = 0;
    struct claim all[HITS_MAX];
    memcpy(all, claims, sizeof *claims * (size_t)count);
    *strong = false;
    for (int i = 0; i < count; i++)
        *strong |= !all[i].hit->pattern->weak && !is_talk(&all[i]);
    for (int i = 0; i < count; i++) {
        bool drop = *strong && all[i].hit->pattern->weak && !is_talk(&all[i]) && !is_other_half(&all[i]);
        for (int j = 0; j < count && !drop; j++)
            drop = !is_learned(all[j].hit) && all[j].hit->pattern->weak <= all[i].hit->pattern->weak &&
                   !(*strong && all[j].hit->pattern->weak) && is_within(&all[i], &all[j]) &&
                   !are_halves(all[i].intent->kind, all[j].intent->kind);
        if (!drop)
            claims[kept++] = all[i];
    }
    return kept;
}

/* Tracking first, since it is answered at once; then by weight; small talk last. */
static int rank_of(const struct claim *claim) {
    static const int ranks[] = {[KIND_UNKNOWN] = 4, [KIND_TRACK] = 0, [KIND_ACTION] = 1,
                                [KIND_HUMAN] = 1,   [KIND_INFO] = 2,  [KIND_SOCIAL] = 3};
    return ranks[claim->intent->kind];
}

static bool goes_before(const struct claim *a, const struct claim *b) {
    if (rank_of(a) != rank_of(b))
        return rank_of(a) < rank_of(b);
    if (a->hit->pattern->weak != b->hit->pattern->weak)
        return b->hit->pattern->weak;
    return a->score > b->score;
}

static void sort(struct claim *claims, int count) {
    for (int i = 1; i < count; i++)
        for (int j = i; j > 0 && goes_before(&claims[j], &claims[j - 1]); j--) {
            struct claim moved = claims[j];
            claims[j] = claims[j - 1];
            claims[j - 1] = moved;
        }
}

static void propose_hit(struct voices *voices, int intent, double probability, int begin, int end) {
    struct pattern *pattern = ARENA_NEW(voices->arena, struct pattern);
    if (voices->hit_count == HITS_MAX)
        return;
    *pattern = (struct pattern){.target = TARGET_INTENT,
                                .name = voices->domain->intents[intent].name,
                                .intent = intent,
                                .weak = true};
    voices->hits[voices->hit_count++] = (struct hit){.pattern = pattern,
                                                     .begin = begin,
                                                     .end = end,
                                                     .first = seen_word(voices->seen, begin),
                                                     .after = seen_word(voices->seen, end),
                                                     .number_begin = -1,
                                                     .number_end = -1,
                                                     .probability = probability};
}

enum evidence vote_evidence(const struct reading *reading, bool strong) {
    bool track = false, other = false;
    for (int i = 0; i < reading->count; i++) {
        enum kind kind = reading->intents[i].intent->kind;
        track |= kind == KIND_TRACK;
        other |= kind != KIND_TRACK && kind != KIND_SOCIAL;
    }
    if (track)
        return !strong ? EVIDENCE_WEAK : other ? EVIDENCE_BOTH : EVIDENCE_STRONG;
    return strong ? EVIDENCE_OTHER : other ? EVIDENCE_WEAK_OTHER : EVIDENCE_NONE;
}

static bool is_in(const struct hit *hit, int first, int end) {
    return hit->first >= first && last_word(hit) < end;
}

enum evidence vote_evidence_of_part(const struct voices *voices, int first, int end) {
    enum evidence evidence = EVIDENCE_NONE;
    const struct hit *after = voices->hits + voices->hit_count;
    for (const struct hit *hit = voices->hits; hit < after; hit++)
        if (hit->pattern->target == TARGET_INTENT && kind_of(voices, hit) == KIND_TRACK &&
            evidence != EVIDENCE_STRONG && is_in(hit, first, end) && !is_struck_nearby(voices, hit))
            evidence = hit->pattern->weak ? EVIDENCE_WEAK : EVIDENCE_STRONG;
    return evidence;
}

static bool is_strong_tracking(enum evidence evidence) {
    return evidence == EVIDENCE_STRONG || evidence == EVIDENCE_BOTH;
}

static bool is_strong(enum evidence evidence) {
    return evidence == EVIDENCE_OTHER || is_strong_tracking(evidence);
}

static const enum kind others[] = {KIND_ACTION, KIND_INFO, KIND_HUMAN};

/* Where a strong pattern has read something else, the model has to be sure that tracking is meant, too. */
static bool proposes_tracking(const struct voices *voices) {
    return voices->tracking >= (voices->evidence == EVIDENCE_OTHER ? sure : agree) &&
           !is_strong_tracking(voices->evidence);
}

unsigned vote_proposes(const struct voices *voices) {
    unsigned kinds = proposes_tracking(voices) ? 1u << KIND_TRACK : 0;
    for (size_t i = 0; i < sizeof others / sizeof others[0] && !is_strong(voices->evidence); i++)
        if (voices->opinion->kinds[others[i]].probability >= propose_other)
            kinds |= 1u << others[i];
    return kinds;
}

bool vote_asks_parts(const struct voices *voices) {
    return voices->evidence == EVIDENCE_OTHER ||
           (voices->evidence == EVIDENCE_BOTH && voices->tracking < overrule_beside);
}

bool vote_proposes_part(const struct voices *voices, double probability) {
    return probability >= agree_part && voices->tracking >= agree_beside;
}

void vote_propose(struct voices *voices) {
    const struct opinion *opinion = voices->opinion;
    enum evidence evidence = voices->evidence;
    /* Which question about the parcel it is matters less than that it is one: both lead to its state. Where
     * a weak pattern has an answer to that, the likelier one goes first. */
    if (opinion->kinds[KIND_TRACK].intent >= 0 && proposes_tracking(voices))
        propose_hit(voices, opinion->kinds[KIND_TRACK].intent,
                    evidence == EVIDENCE_WEAK ? voices->tracking * opinion->kinds[KIND_TRACK].share
                                              : voices->tracking,
                    0, voices->seen->len);
    for (size_t i = 0; i < sizeof others / sizeof others[0] && !is_strong(evidence); i++) {
        int intent = opinion->kinds[others[i]].intent;
        double probability = opinion->kinds[others[i]].probability * opinion->kinds[others[i]].share;
        if (intent >= 0 && probability >= propose_other)
            propose_hit(voices, intent, probability, 0, voices->seen->len);
    }
}

void vote_propose_part(struct voices *voices, const struct opinion *opinion, double probability, int first,
                       int end) {
    const struct seen *seen = voices->seen;
    if (opinion->kinds[KIND_TRACK].intent < 0)
        return;
    voices->tracking = probability;
    propose_hit(voices, opinion->kinds[KIND_TRACK].intent, probability, seen->begin[first],
                end < seen->count ? seen->begin[end] : seen->len);
}

bool vote(const struct voices *voices, struct reading *out) {
    struct claim claims[HITS_MAX];
    bool strong;
    int count = winnow(claims, collect(voices, claims), &strong);
    out->count = 0;
    sort(claims, count);
    out->kind = count > 0 ? claims[0].intent->kind : KIND_UNKNOWN;
    for (int i = 0; i < count && out->count < READING_INTENTS; i++) {
        bool beside = i > 0 && is_talk(&claims[i]) && !is_talk(&claims[0]);
        double score = beside ? claims[i].score * beside_share : claims[i].score;
        if (i > 0 && score > out->intents[i - 1].score)
            score = out->intents[i - 1].score;
        out->intents[out->count++] = (struct read_intent){
            .intent = claims[i].intent,
            .score = score,
            .rule = is_learned(claims[i].hit) ? learned_rule : claims[i].hit->pattern->rule};
        if (claims[i].intent->kind == KIND_TRACK)
            out->kind = KIND_TRACK;
    }
    return strong;
}
