#include "base/key.h"
#include "base/memory.h"
#include "base/text.h"
#include "db/card.h"
#include "db/kept.h"
#include "db/pack.h"
#include "db/sqlite.h"
#include <stdlib.h>
#include <string.h>
#define uthash_fatal(message) memory_exhausted()
#define HASH_FUNCTION(key, len, hash) ((hash) = pack_check((const char *)(key), (len)))
#include <uthash.h>
/* Cards lie anywhere in memory: each that is passed on the way to the one that is meant is waited for. */
#undef HASH_BKT_CAPACITY_THRESH
#define HASH_BKT_CAPACITY_THRESH 4U

enum { KEPT_MAX = 8 << 20, KEPT_CARD_MAX = 8 * 1024, KEPT_NAME_MAX = 64 + KEY_SIZE };

struct kept {
    const struct quiet *quiet;
    uint32_t since;   /* the counter when the first of these was read */
    uint32_t version; /* of what is kept: goes up when all of it is to be forgotten */
    uint32_t tried;   /* … when a try at proof was looked up last */
    size_t size;      /* of all cards, in bytes */
    struct kept_card {
        UT_hash_handle hh;
        int64_t updated_ms;
        uint32_t version;
        uint32_t size; /* of all this */
        char name[];   /* behind it, to the end, the packed card */
    } * cards;         /* in the order in which they came */
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

/* Before the commit, whose number is known already: nobody else may write meanwhile. A reader that came
 * between a commit and a word after it would forget all that it has kept. */
uint64_t sqlite_tell_quiet(struct store *store) {
    uint64_t told = store->quiet ? atomic_load(&store->quiet->span) : 0;
    if (!store->counter || !store->quiet)
        return told;
    uint32_t first = (uint32_t)(told >> 32), last = (uint32_t)told, before = *store->counter;
    if (last != before)
        first = before; /* somebody else has written in between */
    atomic_store(&store->quiet->span, (uint64_t)first << 32 | (before + 1));
    return told;
}

void sqlite_unsay_quiet(struct store *store, uint64_t told) {
    if (store->quiet)
        atomic_store(&store->quiet->span, told);
}

void store_keep(struct store *store, const struct quiet *quiet) {
    store->counter = counter_of(store);
    store->kept = calloc(1, sizeof *store->kept);
    if (!store->kept)
        memory_exhausted();
    store->kept->quiet = quiet;
    store->kept->version = 1;
}

static void drop(struct kept *kept, struct kept_card *card) {
    kept->size -= card->size;
    HASH_DEL(kept->cards, card);
    free(card);
}

void sqlite_kept_free(struct kept *kept) {
    while (kept && kept->cards)
        drop(kept, kept->cards);
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

/* The name under which a card is kept: the shop, a NUL, the order's key. 0: under none. */
static size_t name_of(char name[KEPT_NAME_MAX], const char *shop, const char *key) {
    size_t shop_size = strlen(shop) + 1, key_len = strlen(key);
    if (shop_size + key_len > KEPT_NAME_MAX)
        return 0;
    memcpy(name, shop, shop_size);
    memcpy(name + shop_size, key, key_len);
    return shop_size + key_len;
}

/* NULL: not kept, or not any more. */
static struct kept_card *find(struct kept *kept, const char *name, size_t name_len) {
    struct kept_card *card;
    HASH_FIND(hh, kept->cards, name, name_len, card);
    if (!card || card->version == kept->version)
        return card;
    drop(kept, card);
    return NULL;
}

static void keep(struct store *store, const char *name, size_t name_len, const struct order *order) {
    struct kept *kept = store->kept;
    struct buffer *packed = &store->card;
    if (!packed->bytes)
        buffer_init(packed, CARD_MAX);
    buffer_reset(packed);
    card_pack(packed, order);
    if (packed->full || packed->len > KEPT_CARD_MAX)
        return;
    size_t size = sizeof(struct kept_card) + name_len + packed->len;
    struct kept_card *card = malloc(size);
    if (!card)
        memory_exhausted();
    card->updated_ms = order->updated_ms;
    card->version = kept->version;
    card->size = (uint32_t)size;
    memcpy(card->name, name, name_len);
    memcpy(card->name + name_len, packed->bytes, packed->len);
    HASH_ADD_KEYPTR(hh, kept->cards, card->name, name_len, card);
    for (kept->size += size; kept->size > KEPT_MAX;)
        drop(kept, kept->cards);
}

enum found store_orders_kept(struct store *store, const struct order_query *query, struct arena *arena,
                             struct order_list *out, struct error *err) {
    struct kept *kept = store->kept;
    char name[KEPT_NAME_MAX];
    bool one = query->by == ORDER_BY_KEY && query->count == 1;
    size_t name_len = one ? name_of(name, query->shop, query->values[0]) : 0;
    if (!kept || !store->counter || !name_len)
        return store_orders(store, query, arena, out, err);
    refresh(store);
    struct kept_card *card = find(kept, name, name_len);
    if (!card) {
        enum found found = store_orders(store, query, arena, out, err);
        if (found == FOUND)
            keep(store, name, name_len, out->orders[0]);
        return found;
    }
    struct order *order = card_read(card->name + name_len, card->size - sizeof *card - name_len, arena, err);
    if (!order)
        return FAILED;
    order->shop = arena_string(arena, query->shop);
    order->updated_ms = card->updated_ms;
    out->orders = ARENA_ARRAY(arena, struct order *, 1);
    out->orders[0] = order;
    out->count = 1;
    const UT_hash_table *table = card->hh.tbl;
    out->near[0] = &table->buckets[card->hh.hashv & (table->num_buckets - 1)];
    out->near[1] = card;
    return FOUND;
}

enum found store_orders_tried(struct store *store, const struct order_query *query, struct arena *arena,
                              struct order_list *out, struct error *err) {
    if (store->kept && store->counter) {
        refresh(store);
        store->kept->tried = store->kept->version;
    }
    return store_orders(store, query, arena, out, err);
}

void store_order_proved(struct store *store, const struct order *order) {
    struct kept *kept = store->kept;
    char name[KEPT_NAME_MAX];
    size_t name_len = kept ? name_of(name, order->shop, order->key) : 0;
    if (name_len && kept->tried == kept->version && !find(kept, name, name_len))
        keep(store, name, name_len, order);
}
