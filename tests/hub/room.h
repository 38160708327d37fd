/* A hub on a disk of its own, with a customer and another: what tests of the hub begin with. */
#pragma once
#include "tests/hub/disk.h"

struct room {
    struct disk disk;
    struct hub *hub;
    struct customer anna, other;
    char token[128], conversation[32]; /* of Anna's, once she has said hello */
};

int room_set_up(void **state);         /* nobody has said anything yet */
int room_set_up_greeted(void **state); /* Anna has said hello, and was welcomed */
int room_tear_down(void **state);
/* The process dies; another one comes up on the same disk, and Anna has hung up. */
void room_restart(struct room *room);
/* What a customer has heard: the newest, the turn with this text (NULL: none came), how many turns. */
const struct heard *room_last(const struct customer *customer);
const struct heard *room_heard(const struct customer *customer, const char *text);
int room_turns(const struct customer *customer);
void room_forget(struct customer *customer); /* … of what was heard until now */
void room_greet(struct room *room, struct customer *customer);
/* Runs the clock to where the hub wants to be woken; how long that was. */
int64_t room_wait(struct room *room);
/* Anna says hello to a shop (NULL: to the first) and is welcomed. */
void room_hello(struct room *room, const char *shop);
void room_say(struct room *room, struct customer *customer, const char *id, const char *text);
void room_resume(struct room *room, struct customer *customer, int64_t seq);
/* Somebody at the desk, or at the shop's own system (remote), asks something of Anna's conversation. */
void room_request(struct room *room, int64_t id, const char *verb, const char *agent, const char *text,
                  const char *remote);
