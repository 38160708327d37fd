#include "tests/hub/room.h"
#include "base/text.h"
#include "tests/claims.h"
#include <stdlib.h>

static void come(struct room *room) {
    room->hub = disk_hub(&room->disk);
    room->anna = (struct customer){.listener = {.address = "192.0.2.1", .channel = "chat"}};
    room->other = (struct customer){.listener = {.address = "192.0.2.2", .channel = "chat"}};
}

int room_set_up(void **state) {
    struct room *room = calloc(1, sizeof *room);
    assert_non_null(room);
    disk_init(&room->disk);
    come(room);
    *state = room;
    return 0;
}

int room_tear_down(void **state) {
    struct room *room = *state;
    hub_free(room->hub);
    disk_clear(&room->disk);
    free(room);
    return 0;
}

void room_restart(struct room *room) {
    struct customer other = room->other;
    hub_free(room->hub);
    come(room);
    room->other = other;
}

void room_hello(struct room *room, const char *shop) {
    hub_hear(room->hub, &room->anna.listener, &(struct message){.kind = MESSAGE_HELLO, .shop = shop});
    TEXT_SET(room->token, room->anna.heard[0].token);
    TEXT_SET(room->conversation, room->anna.heard[0].conversation);
}

void room_say(struct room *room, struct customer *customer, const char *id, const char *text) {
    hub_hear(room->hub, &customer->listener, &(struct message){.kind = MESSAGE_SAY, .id = id, .text = text});
}

void room_resume(struct room *room, struct customer *customer, int64_t seq) {
    hub_hear(room->hub, &customer->listener,
             &(struct message){.kind = MESSAGE_HELLO, .resume = room->token, .seq = seq});
}

void room_request(struct room *room, int64_t id, const char *verb, const char *agent, const char *text,
                  const char *remote) {
    hub_request(room->hub, &(struct request){.id = id,
                                             .conversation = room->conversation,
                                             .verb = verb,
                                             .agent = agent,
                                             .text = text,
                                             .remote = remote});
}
