/* Moving the write-ahead log into the database beside the writer: a thread with a connection of its own, so
 * that nobody's commit waits for 32 MB. What is committed meanwhile is left to the writer, and is little. */
#pragma once
#include "base/error.h"
#include <stdbool.h>

struct backfill;

struct backfill *backfill_open(const char *path, struct error *err);
void backfill_close(struct backfill *backfill); /* when it is through with what it does */

/* Begins, unless it has: true once it is through, and the next call begins anew. Never waits. */
bool backfill_done(struct backfill *backfill);
