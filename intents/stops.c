#include "intents/stops.h"
#include "intents/features.h"

enum { WORDS_MIN = 7 /* of what is shorter, little is more than one sentence */ };

static const uint32_t prime = 16777619u, seed_before = 0x6C8E9CF5u, seed_after = 0x35A1B0D3u,
                      seed_both = 0x4F6CDD1Du, seed_two = 0x1B56C4E9u, edge = 0x9E3779B9u;

static uint32_t place_of(uint32_t seed, uint32_t one, uint32_t other) {
    return ((seed ^ one) * prime ^ other) * 0x85EBCA6Bu >> (32 - STOPS_BITS);
}

void stops_features(const struct word *words, int count, int word, uint32_t out[STOPS_FEATURES]) {
    uint32_t before = features_hash(&words[word - 1]), after = features_hash(&words[word]),
             next = word + 1 < count ? features_hash(&words[word + 1]) : edge;
    out[0] = place_of(seed_before, before, 0);
    out[1] = place_of(seed_after, after, 0);
    out[2] = place_of(seed_both, before, after);
    out[3] = place_of(seed_two, after, next);
}

static bool has_stops(const struct utterance *utterance) {
    for (int i = 1; i < utterance->count; i++)
        if (utterance->words[i].sentence)
            return true;
    return false;
}

bool stops_mark(struct stops stops, struct utterance *utterance) {
    if (utterance->count < WORDS_MIN || has_stops(utterance))
        return false;
    bool any = false;
    for (int i = 1; i < utterance->count; i++) {
        uint32_t features[STOPS_FEATURES];
        int sum = stops.bias;
        stops_features(utterance->words, utterance->count, i, features);
        for (int j = 0; j < STOPS_FEATURES; j++)
            sum += stops.table[features[j]];
        utterance->words[i].begins = sum > 0;
        any |= sum > 0;
    }
    return any;
}
