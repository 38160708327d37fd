/* What the desk, which is the first loop's, and the hubs of the other loops have to tell each other. */
#pragma once
#include "bot/server/loop.h"

/* The desk's side: on to the hub that has the conversation, this loop's or another's. */
void crossing_act(void *context, const struct request *request, const char *id, void *ticket);
void crossing_typing(void *context, const char *conversation, const char *agent);
void crossing_place(void *context, const char *conversation, const struct place *place);

/* The hubs' side, on the thread of a loop that is not the first: on to the desk. */
void crossing_happened(struct loop *loop, const struct change *change);
void crossing_typed(struct loop *loop, const char *conversation);
void crossing_acted(struct loop *loop, void *ticket, const char *code, const char *why);
