/* The accent of wismo.chat.v1 (docs/chat.md): JSON text frames to messages, deliveries to frames. Opens no
 * socket, keeps no conversation. */
#pragma once
#include "base/arena.h"
#include "base/buffer.h"
#include "bot/channels/message.h"

#define CHAT_PROTOCOL "wismo.chat.v1"

enum {
    CHAT_FRAME_MAX = 16 * 1024, /* bytes of a frame that is read */
    CHAT_TEXT_MAX = 2000,       /* code points of what a customer says */
    CHAT_ID_MAX = 64,
    CHAT_OUT_MAX = 64 * 1024 /* bytes of a frame that is written */
};

/* False: the frame is no message, and fault says why (its strings live in the arena too). */
bool chat_read(const char *frame, size_t len, struct arena *arena, struct message *message,
               struct fault *fault);
/* Appends one frame. DELIVERY_END is none: nothing is added, chat_close_code says how to hang up. */
void chat_write(struct buffer *out, const struct delivery *delivery);
int chat_close_code(const struct delivery *delivery); /* 1000, 1008 … */
