/* Any bytes are a message or a fault, and the fault can be written as a frame; and a frame means the same
 * when the name of its type is written with an escape, which keeps it off the short way. */
#include "base/text.h"
#include "bot/channels/chat.h"
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void escape_type(const char *bytes, size_t len, struct buffer *out) {
    static const char plain[] = "\"type\"", escaped[] = "\"\\u0074ype\"";
    for (size_t i = 0; i < len;)
        if (len - i >= sizeof plain - 1 && memcmp(bytes + i, plain, sizeof plain - 1) == 0) {
            buffer_string(out, escaped);
            i += sizeof plain - 1;
        } else
            buffer_add(out, bytes + i++, 1);
}

static bool same(const struct message *a, const struct message *b) {
    return a->kind == b->kind && text_is(a->id, b->id) && text_is(a->text, b->text) &&
           text_is(a->choice, b->choice) && text_is(a->shop, b->shop) && text_is(a->locale, b->locale) &&
           text_is(a->token, b->token) && text_is(a->resume, b->resume) && a->seq == b->seq &&
           a->rating == b->rating;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    struct arena arena;
    struct message message, other;
    struct fault fault, same_fault;
    struct buffer out;
    arena_init(&arena);
    buffer_init(&out, CHAT_OUT_MAX);
    bool good = chat_read((const char *)bytes, len, &arena, &message, &fault);
    if (!good)
        chat_write(&out, &(struct delivery){.kind = DELIVERY_FAULT, .fault = &fault});
    buffer_reset(&out);
    escape_type((const char *)bytes, len, &out);
    if (out.len <= CHAT_FRAME_MAX) {
        bool again = chat_read(out.bytes, out.len, &arena, &other, &same_fault);
        if (good != again || (good && (!same(&message, &other) || !text_is(fault.id, same_fault.id))) ||
            (!good && fault.code != same_fault.code))
            abort();
    }
    buffer_clear(&out);
    arena_clear(&arena);
    return 0;
}
