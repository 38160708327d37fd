/* The policy: from what matched to what was meant. README.md states it for people; this is the one place that
 * holds it. */
#pragma once
#include "intents/matcher.h"
#include "intents/model.h"

/* What speaks. */
struct voices {
    struct hit *hits;
    int hit_count;
    const struct opinion *opinion; /* of the model; NULL: it was not asked */
    enum evidence evidence;        /* of the rules alone, where it was asked */
    int free_words;                /* that are no number, date or address */
    bool beside_talk;              /* weak tracking beside small talk alone: "Great. What time?" */
    double tracking;               /* how probably the message is, rules and model together */
    const struct seen *seen;
    const struct domain *domain;
    struct arena *arena;
};

/* What a reading by rules alone says of tracking. */
enum evidence vote_evidence(const struct reading *reading, bool strong);

/* The same of the words from first to before end alone: patterns within them, hard negatives of the same
 * clause. */
enum evidence vote_evidence_of_part(const struct voices *voices, int first, int end);

/* Adds what the model proposes beside that to the hits, as weak patterns that reach over the whole message:
 * then hard negatives can strike it. */
void vote_propose(struct voices *voices);
/* The kinds, as bits, of which the model may have an intent to propose. */
unsigned vote_proposes(const struct voices *voices);
/* Has a strong pattern read something else, and is no tracking left standing beside it? Then what it leaves
 * over of the message is worth reading. */
bool vote_asks_parts(const struct voices *voices);
bool vote_proposes_part(const struct voices *voices, double probability);
/* Tracking, of the words from first to before end, of which that is the opinion; where it is likely enough.
 */
void vote_propose_part(struct voices *voices, const struct opinion *opinion, double probability, int first,
                       int end);

/* Fills intents, count and kind of the reading. True when a strong pattern of a matter (not small talk)
 * decided. */
bool vote(const struct voices *voices, struct reading *out);
