#include "intents/automaton.h"
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct state {
    int32_t fallback; /* the longest proper suffix that is a state */
    int32_t output;   /* the nearest state on the way of fallbacks that ends a literal, itself included; -1 */
    int32_t owners;   /* the first of those whose literal ends here, in automaton->owners */
    int32_t owner_count;
    int32_t depth;
};

struct automaton {
    uint8_t class_of[256]; /* 0: in no literal */
    int classes;
    int count;
    int32_t *next; /* [state * classes + class] */
    struct state *states;
    int32_t *owners;
};

static void number_classes(struct automaton *automaton, const char *const *literals, int count) {
    automaton->classes = 1;
    for (int i = 0; i < count; i++)
        for (const unsigned char *byte = (const unsigned char *)literals[i]; *byte; byte++)
            if (automaton->class_of[*byte] == 0 && automaton->classes < 256)
                automaton->class_of[*byte] = (uint8_t)automaton->classes++;
}

/* Returns the state where the literal ends. */
static int insert(struct automaton *automaton, const char *literal) {
    int state = 0;
    for (const unsigned char *byte = (const unsigned char *)literal; *byte; byte++) {
        int32_t *next = &automaton->next[state * automaton->classes + automaton->class_of[*byte]];
        if (*next == 0)
            *next = automaton->count++;
        state = *next;
    }
    automaton->states[state].owner_count++;
    return state;
}

/* The owners of one state stand side by side. */
static void place_owners(struct automaton *automaton, const int *ends, const int *owners, int count) {
    int32_t place = 0;
    for (int i = 0; i < automaton->count; i++) {
        automaton->states[i].owners = place;
        place += automaton->states[i].owner_count;
        automaton->states[i].owner_count = 0;
    }
    for (int i = 0; i < count; i++) {
        struct state *state = &automaton->states[ends[i]];
        automaton->owners[state->owners + state->owner_count++] = owners[i];
    }
}

/* Breadth first, so that a state's fallback is finished before the state. */
static bool link_states(struct automaton *automaton) {
    int *queue = malloc(sizeof *queue * (size_t)automaton->count);
    int head = 0, tail = 0;
    if (!queue)
        return false;
    queue[tail++] = 0;
    while (head < tail) {
        int at = queue[head++];
        struct state *state = &automaton->states[at];
        int32_t *row = &automaton->next[at * automaton->classes];
        const int32_t *fallback_row = &automaton->next[state->fallback * automaton->classes];
        state->output = at == 0                  ? -1
                        : state->owner_count > 0 ? at
                                                 : automaton->states[state->fallback].output;
        for (int class = 0; class < automaton->classes; class ++) {
            int child = row[class];
            if (child > 0 && automaton->states[child].depth == 0) {
                automaton->states[child].depth = state->depth + 1;
                automaton->states[child].fallback = at == 0 ? 0 : fallback_row[class];
                queue[tail++] = child;
            } else if (child == 0 && at != 0)
                row[class] = fallback_row[class];
        }
    }
    free(queue);
    return true;
}

struct automaton *automaton_new(const char *const *literals, const int *owners, int count,
                                struct error *err) {
    struct automaton *automaton = calloc(1, sizeof *automaton);
    size_t bytes = 1;
    if (!automaton) {
        error_set(err, "out of memory for the automaton of literals");
        return NULL;
    }
    number_classes(automaton, literals, count);
    for (int i = 0; i < count; i++)
        bytes += strlen(literals[i]);
    size_t cells = bytes * (size_t)automaton->classes;
    int *ends = calloc((size_t)count + 1, sizeof *ends);
    if (cells < INT32_MAX) {
        automaton->next = calloc(cells, sizeof *automaton->next);
        automaton->states = calloc(bytes, sizeof *automaton->states);
        automaton->owners = calloc((size_t)count + 1, sizeof *automaton->owners);
    }
    if (!automaton->next || !automaton->states || !automaton->owners || !ends) {
        error_set(err, "the patterns need too much memory: %zu letters of literals", bytes);
        free(ends);
        automaton_free(automaton);
        return NULL;
    }
    automaton->count = 1;
    for (int i = 0; i < count; i++)
        ends[i] = insert(automaton, literals[i]);
    place_owners(automaton, ends, owners, count);
    free(ends);
    int32_t *fitted =
        realloc(automaton->next, sizeof *fitted * (size_t)automaton->count * (size_t)automaton->classes);
    automaton->next = fitted ? fitted : automaton->next;
    if (!link_states(automaton)) {
        error_set(err, "out of memory for the automaton of literals");
        automaton_free(automaton);
        return NULL;
    }
    return automaton;
}

void automaton_free(struct automaton *automaton) {
    if (!automaton)
        return;
    free(automaton->next);
    free(automaton->states);
    free(automaton->owners);
    free(automaton);
}

void automaton_scan(const struct automaton *automaton, const char *text, size_t len, uint64_t *owners) {
    int state = 0;
    for (size_t i = 0; i < len; i++) {
        state = automaton->next[state * automaton->classes + automaton->class_of[(unsigned char)text[i]]];
        for (int end = automaton->states[state].output; end >= 0;
             end = automaton->states[automaton->states[end].fallback].output) {
            const int32_t *owner = &automaton->owners[automaton->states[end].owners];
            for (int32_t left = automaton->states[end].owner_count; left > 0; left--, owner++)
                owners[*owner / 64] |= UINT64_C(1) << (*owner % 64);
        }
    }
}
