#include "bot/outbox/errand.h"

const char *errand_mark(struct errand *errand, const char *name, struct error *err) {
    const char *value = "";
    if (store_mark(errand->store, errand->what->handoff, name, errand->arena, &value, err) != FOUND)
        return "";
    return value;
}

bool errand_set_mark(struct errand *errand, const char *name, const char *value, struct error *err) {
    return store_mark_set(errand->store, errand->what->handoff, name, value, err);
}

const char *errand_keep(struct errand *errand, struct buffer *buffer, struct error *err) {
    const char *kept = buffer->full ? NULL : arena_copy(errand->arena, buffer->bytes, buffer->len);
    if (!kept)
        error_set(err, "what is to be told is over %zu bytes", buffer->max);
    buffer_clear(buffer);
    return kept;
}
