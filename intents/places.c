#include "intents/places.h"

/* The ways of a choice that begin with the word at a place. */
static uint64_t choose_worded(struct sifter *sifter, const struct shortcut *shortcut, int place) {
    const struct way *ways = sifter->sieve->ways + shortcut->ways;
    uint64_t reached = 0, after = UINT64_C(2) << place;
    for (const uint16_t *number = sifter->numbers[place]; *number != NUMBER_NONE; number++)
        for (int way = 0; way < shortcut->worded; way++)
            if (ways[way].word == *number &&
                (ways[way].next == NUMBER_NONE || places_of_number(sifter, ways[way].next) & after))
                reached |= places_follow(sifter, ways[way].actions, after);
    return reached;
}

static uint64_t choose_anew(struct sifter *sifter, const struct shortcut *shortcut, uint64_t at) {
    __builtin_prefetch(sifter->sieve->ways + shortcut->ways);
    uint64_t reached = shortcut->words == SET_EVERY ? 0 : places_among(sifter, shortcut->words, at) << 1,
             heads = shortcut->heads == SET_EVERY ? 0 : places_among(sifter, shortcut->heads, at);
    for (; heads; heads &= heads - 1)
        reached |= choose_worded(sifter, shortcut, __builtin_ctzll(heads));
    for (int way = shortcut->ways + shortcut->worded, end = shortcut->ways + shortcut->way_count; way < end;
         way++) {
        const struct way *other = &sifter->sieve->ways[way];
        uint64_t from = places_beginning(sifter, other->first, at);
        if (from)
            reached |= places_follow(sifter, other->actions, from);
    }
    return reached;
}

uint64_t places_choose(struct sifter *sifter, int index, uint64_t at) {
    struct chosen *chosen = &sifter->chosen[index % CHOSEN];
    if (chosen->stamp != sifter->stamp || chosen->index != index || chosen->at != at)
        *chosen = (struct chosen){sifter->stamp, index, at,
                                  choose_anew(sifter, &sifter->sieve->shortcuts[index], at)};
    return chosen->reached;
}

uint64_t places_follow(struct sifter *sifter, int actions, uint64_t at) {
    for (const struct action *action = &sifter->sieve->actions[actions]; at; action++) {
        uint64_t passed = action->maybe ? at : 0;
        switch (action->kind) {
        case ACTION_WORD:
            at = (at & places_of_number(sifter, action->number)) << 1;
            break;
        case ACTION_ANY:
            at = places_among(sifter, action->of, at) << 1;
            break;
        case ACTION_CHOICE:
            __builtin_prefetch(&sifter->sieve->shortcuts[action->of]);
            at = places_beginning(sifter, action[1].of, at);
            at = at ? places_choose(sifter, action->of, at) : 0;
            action++;
            break;
        case ACTION_SPOKEN:
            at = places_over(at, places_among(sifter, action->of, sifter->open), SPOKEN_NUMBER);
            break;
        case ACTION_ORDINAL: /* "the 14 th" */
            at = places_over(at, places_among(sifter, action->of, sifter->open), SPOKEN_NUMBER);
            at |= (at & sifter->open) << 1;
            break;
        case ACTION_GAP:
            at |= places_over(at, sifter->open, action->number);
            break;
        case ACTION_START:
            at &= sifter->starts;
            break;
        case ACTION_END:
            at &= sifter->ends;
            break;
        default:
            return at;
        }
        at |= passed;
    }
    return 0;
}
