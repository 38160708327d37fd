/* The facts that an answer told, and where each comes from, packed as their note keeps them. Knows no
 * phrases: a fact has a name. */
#pragma once
#include "base/json.h"
#include "base/moment.h"

struct told_fact {
    const char *name; /* "due" */
    /* Its value: the moment if it is known, else the text, else the number. */
    struct moment moment;
    const char *text;
    int64_t number;
    /* Where it comes from: "order 1042 parcel 1 carrier". */
    const char *order; /* its number; NULL: `what` says it all */
    int parcel;        /* from 1; 0: the order itself */
    const char *what;
    struct moment scanned; /* of a checkpoint, by `scanner`; else NULL */
    const char *scanner;
    const struct told_fact *next;
};

struct facts {
    const char *bytes;
    size_t len; /* 0: none */
};

/* `order`: the number in their note, which is not written again. Too many of them are none. */
struct facts told_pack(struct arena *arena, const struct told_fact *told, const char *order);
/* Takes the first from `left`: its strings stand there. False: that was all, or the rest is damaged. */
bool told_next(struct facts *left, const char *order, struct told_fact *told);

/* As words; in the arena. */
const char *told_value(const struct told_fact *told, struct arena *arena);
const char *told_source(const struct told_fact *told, struct arena *arena);

/* [{"name","value","source"}]; a number is one in JSON too. */
void told_print(struct json_out *out, const char *key, struct facts facts, const char *order);
