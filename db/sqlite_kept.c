#include "base/key.h"
#include "base/memory.h"
#include "base/text.h"
#include "db/card.h"
#include "db/kept.h"
#include "db/sqlite.h"
#include <stdlib.h>
#include <string.h>

enum { KEPT = 1024, KEPT_CARD_MAX = 8 * 1024 };

struct kept {
    const struct quiet *quiet;
    uint32_t since;   /* the counter when the first of these was read */
    uint32_t version; /* of what is kept: goes up when all of it is to be forgotten */
    struct kept_card {
        char shop[64], key[KEY_SIZE];
        uint32_t version;
        int64_t updated_ms;
        struct buffer packed;
    } cards[KEPT];
};

/* Number of commits, of whatever process (https://sqlite.org/walformat.html: "iChange"). It is read where it
 * stands, in memory that all connections share: asking SQLite for it takes three system calls. */
static const volatile uint32_t *counter_of(struct store *store) {
    enum { INDEX_SIZE = 32 * 1024, PLACE = 2 };
    sqlite3_file *file = NULL;
    volatile void *index = NULL;
    if (sqlite3_file_control(store->db, "main", SQLITE_FCNTL_FILE_POINTER, &file) != SQLITE_OK || !file ||
        !file->pMethods || file->pMethods->iVersion < 2 ||
        file->pMethods->xShmMap(file, 0, INDEX_SIZE, 0, &index) != SQLITE_OK || !index)
        return NULL;
    return (const volatile uint32_t *)index + PLACE;
}

void store_tell_quiet(struct store *store, struct quiet *quiet) {
    store->counter = counter_of(store);
    store->quiet = quiet;
}

void sqlite_tell_quiet(struct store *store, uint32_t before) {
    uint64_t span = atomic_load(&store->quiet->span);
    uint32_t first = (uint32_t)(span >> 32), last = (uint32_t)span;
    if (last != before)
        first = before; /* somebody else has written in between */
    atomic_store(&store->quiet->span, (uint64_t)first << 32 | (before + 1));
}

void store_keep(struct store *store, const struct quiet *quiet) {
    store->counter = counter_of(store);
    store->kept = calloc(1, sizeof *store->kept);
    if (!store->kept)
        memory_exhausted();
    store->kept->quiet = quiet;
    store->kept->version = 1;
}

void sqlite_kept_free(struct kept *kept) {
    for (int i = 0; kept && i < KEPT; i++)
        buffer_clear(&kept->cards[i].packed);
    free(kept);
}

/* Forgets what is kept unless all commits since it was read were quiet. */
static void refresh(struct store *store) {
    struct kept *kept = store->kept;
    uint32_t now = *store->counter;
    if (now == kept->since)
        return;
    uint64_t span = atomic_load(&kept->quiet->span);
    uint32_t first = (uint32_t)(span >> 32), quiet = (uint32_t)span - first;
    if (kept->since - first <= quiet && now - first <= quiet)
        return;
    kept->version++;
    kept->since = now;
    store_rest(store); /* what is read next is of after that */
}

static struct kept_card *card_of(struct kept *kept, const char *shop, const char *key) {
    return &kept->cards[(pack_check(key, strlen(key)) ^ pack_check(shop, strlen(shop))) % KEPT];
}

static void keep(struct kept_card *card, uint32_t version, const struct order_query *query,
                 const struct order *order) {
    struct buffer packed;
    buffer_init(&packed, KEPT_CARD_MAX);
    card_pack(&packed, order);
    card->version = 0;
    if (packed.full || !TEXT_SET(card->shop, query->shop) || !TEXT_SET(card->key, query->values[0])) {
        buffer_clear(&packed);
        return;
    }
    buffer_clear(&card->packed);
    card->packed = packed;
    card->updated_ms = order->updated_ms;
    card->version = version;
}

enum found store_orders_kept(struct store *store, const struct order_query *query, struct arena *arena,
                             struct order_list *out, struct error *err) {
    if (!store->kept || !store->counter || query->by != ORDER_BY_KEY || query->count != 1)
        return store_orders(store, query, arena, out, err);
    refresh(store);
    uint32_t version = store->kept->version;
    struct kept_card *card = card_of(store->kept, query->shop, query->values[0]);
    if (card->version != version || !text_is(card->key, query->values[0]) ||
        !text_is(card->shop, query->shop)) {
        enum found found = store_orders(store, query, arena, out, err);
        if (found == FOUND)
            keep(card, version, query, out->orders[0]);
        return found;
    }
    struct order *order = card_unpack(card->packed.bytes, card->packed.len, arena, err);
    if (!order)
        return FAILED;
    order->shop = arena_string(arena, query->shop);
    order->updated_ms = card->updated_ms;
    out->orders = ARENA_ARRAY(arena, struct order *, 1);
    out->orders[0] = order;
    out->count = 1;
    return FOUND;
}
