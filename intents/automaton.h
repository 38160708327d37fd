/* Many literals sought at once (Aho, Corasick: "Efficient string matching", CACM 18/6, 1975), as a table with
 * a row a state and a column a byte class: the time depends on the text alone. Immutable once built. */
#pragma once
#include "base/error.h"
#include <stddef.h>
#include <stdint.h>

struct automaton;

/* owners[i] is what literals[i] stands for: found is told of it. Literals may repeat. NULL when there are too
 * many states (some 16 million) or literals is empty. */
struct automaton *automaton_new(const char *const *literals, const int *owners, int count, struct error *err);
void automaton_free(struct automaton *automaton);

/* Sets the bit of every owner one of whose literals stands in the text. */
void automaton_scan(const struct automaton *automaton, const char *text, size_t len, uint64_t *owners);
