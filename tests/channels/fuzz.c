/* Any bytes are a message or a fault, and the fault can be written as a frame. */
#include "bot/channels/chat.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    struct arena arena;
    struct message message;
    struct fault fault;
    struct buffer out;
    arena_init(&arena);
    buffer_init(&out, CHAT_OUT_MAX);
    if (!chat_read((const char *)bytes, len, &arena, &message, &fault))
        chat_write(&out, &(struct delivery){.kind = DELIVERY_FAULT, .fault = &fault});
    buffer_clear(&out);
    arena_clear(&arena);
    return 0;
}
