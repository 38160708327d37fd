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

int room_set_up_greeted(void **state) {
    room_set_up(state);
    room_hello(*state, NULL);
    return 0;
}

void room_greet(struct room *room, struct customer *customer) {
    hub_hear(room->hub, &customer->listener, &(struct message){.kind = MESSAGE_HELLO});
}

const struct heard *room_last(const struct customer *customer) {
    static const struct heard nothing = {.kind = (enum delivery_kind) - 1};
    return customer->count ? &customer->heard[customer->count - 1] : &nothing;
}

const struct heard *room_heard(const struct customer *customer, const char *text) {
    for (int i = 0; i < customer->count; i++)
        if (customer->heard[i].kind == DELIVERY_TURN && text_is(customer->heard[i].text, text))
            return &customer->heard[i];
    return NULL;
}

int room_turns(const struct customer *customer) {
    int count = 0;
    for (int i = 0; i < customer->count; i++)
        count += customer->heard[i].kind == DELIVERY_TURN;
    return count;
}

void room_forget(struct customer *customer) {
    customer->count = 0;
}

int64_t room_wait(struct room *room) {
    int64_t waited = room->disk.wake_ms - room->disk.now_ms;
    assert_true(room->disk.wake_ms > 0);
    room->disk.now_ms = room->disk.wake_ms;
    room->disk.wake_ms = 0; /* it has rung */
    hub_tick(room->hub);
    return waited;
}
