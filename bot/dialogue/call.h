/* A conversation by phone: what a spoken answer ends with. Private to bot/dialogue. */
#pragma once
#include "bot/dialogue/reply.h"

/* After all that was said: the caller is listened to, put through, or hung up on. */
void call_close(struct reply *reply);
