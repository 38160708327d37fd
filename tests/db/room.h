/* A database of one test: in a folder of its own, gone when the test is over. */
#pragma once
#include "base/calendar.h"
#include "db/import.h"
#include "db/store.h"
#include "tests/claims.h"

struct room {
    char folder[64], path[96];
    struct store *store;
    struct arena arena;
    struct zone *zone;
    char complaints[256 * 1024]; /* of the last import, one a line */
    char *rejects;               /* what the last import rejected; NULL before one */
};

void room_open(struct room *room);
void room_close(struct room *room);

/* Imports a text; fails the test when the database does. */
struct import_summary room_import(struct room *room, const char *text, size_t len);
#define IMPORT(room, text) room_import((room), (text), sizeof(text) - 1)
struct order *room_order(struct room *room, const char *key); /* NULL: none */
enum found room_find(struct room *room, enum order_by by, const char *value, struct order_list *list);

/* The whole file's bytes, in the arena. "" when there is no such file. */
const char *room_bytes(struct room *room, const char *path, size_t *len);

/* Deterministic, so that a failure can be seen again. */
uint32_t room_random(uint32_t *seed);

enum { NOW_S = 1773216000 }; /* Wednesday 11 March 2026, 08:00 UTC */
#define NOW_MS ((int64_t)NOW_S * 1000)
