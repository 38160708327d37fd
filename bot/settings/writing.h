/* Kinds of values: how each is written, checked and kept. Private to bot/settings. */
#pragma once
#include "base/arena.h"
#include "base/error.h"

struct writing {
    const char *argument; /* as help shows it: "FILE"; NULL: a flag without value */
    const char *expected; /* "a number from 0 to 65535" */
    bool list;
    long min, max; /* numbers */
    /* Writes the field. Values live in the arena already. False + error without place. */
    bool (*set)(const struct writing *writing, struct arena *arena, void *field, const char *const *values,
                int count, struct error *err);
};

extern const struct writing written_text, written_file, written_folder, written_flag, written_port,
    written_days, written_count, written_level, written_moment, written_id, written_locale, written_country,
    written_zone, written_pattern, written_texts, written_origins, written_hours, written_yes_no,
    written_proofs, written_link, written_keys, written_queues, written_carriers, written_factors,
    written_pace, written_addresses, written_public, written_secret, written_calls, written_transfers,
    written_target, written_relay, written_duration, written_mail, written_endpoint, written_format,
    written_ssml, written_engine;

/* For kinds with a file of their own. The sentence that every kind of a single value fails with; and the
 * secret that "file PATH" or "env NAME" leads to, in the arena, NULL + error. */
bool writing_refuse(const struct writing *writing, const char *value, struct error *err);
const char *writing_secret(const char *source, const char *place, struct arena *arena, struct error *err);
/* "name = value" at *value; the name is cut off in place. False when there is no " = ". */
bool writing_pair(char *text, const char **value);
