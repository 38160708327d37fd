/* Any bytes behind a good check are a card or are refused with a reason; what is read packs into a card that
 * reads the same: build/fuzz/tests/db/fuzz_db_card -max_len=2048 */
#include "db/card.h"
#include "tests/db/card_sign.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void must_pack_alike(const struct order *order, struct arena *arena) {
    struct buffer once, twice;
    struct error err = {""};
    buffer_init(&once, CARD_MAX);
    buffer_init(&twice, CARD_MAX);
    card_pack(&once, order);
    struct order *again = card_unpack(once.bytes, once.len, arena, &err);
    assert(again);
    card_pack(&twice, again);
    assert(once.len == twice.len && memcmp(once.bytes, twice.bytes, once.len) == 0);
    buffer_clear(&once);
    buffer_clear(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    struct arena arena;
    struct error err = {""};
    arena_init(&arena);
    char *card = arena_copy(&arena, (const char *)bytes, len);
    if (len >= 4)
        card_sign(card, len);
    struct order *order = card_unpack(card, len, &arena, &err);
    assert(order || err.text[0]);
    if (order)
        must_pack_alike(order, &arena);
    arena_clear(&arena);
    return 0;
}
