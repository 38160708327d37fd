/* A world whose disk is an array, whose clock is a number, and whose listeners are lists of lines. */
#pragma once
#include "bot/hub/hub.h"

enum { DISK_TURNS = 256, HEARD_MAX = 64 };

struct heard {
    enum delivery_kind kind;
    int64_t seq, re;
    enum fault_code code;
    enum handling handling;
    bool resumed;
    char from[16], id[80], text[200], token[128], conversation[32], agent[64], field[64];
};

struct customer {
    struct listener listener; /* first */
    struct heard heard[HEARD_MAX];
    int count;
};

enum disk_mode { DISK_AT_ONCE, DISK_LATER, DISK_FAILS, DISK_FULL };

struct disk {
    enum disk_mode mode;
    bool reads_fail, turns_fail;
    int reads_to; /* reads see no more changes than these; 0: all */
    int64_t now_ms, wake_ms;
    struct arena arena;
    struct change *changes[DISK_TURNS]; /* as they were committed */
    int change_count;
    struct change *waiting;
    void *ticket;       /* of the commit that waits */
    int64_t look_up_ms; /* that each takes */
    int look_ups;
    int64_t refused;
    char why[128];
    struct world world;
};

void disk_init(struct disk *disk);
void disk_clear(struct disk *disk);
void disk_settle(struct disk *disk, struct hub *hub, bool ok); /* the commit that waits */
struct hub *disk_hub(struct disk *disk);
/* The newest row with this id, or NULL. */
const struct handoff *disk_handoff(const struct disk *disk);
const struct conversation *disk_row(const struct disk *disk, const char *id);
int disk_turns(const struct disk *disk, enum author author, const char *text); /* how many */
