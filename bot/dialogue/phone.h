/* A conversation by phone: how it begins, what was really heard, what is said again, and what a spoken answer
 * ends with. Private to bot/dialogue. */
#pragma once
#include "bot/dialogue/reply.h"

void phone_begin(struct reply *reply); /* HELLO, after greet */
void phone_interrupted(struct reply *reply);
void phone_unanswered(struct reply *reply);
/* Words of the caller, once they are heard. True: that is all there was to them. */
bool phone_heard(struct reply *reply);
/* The question at the end of our last answer, in its own words. */
void phone_ask_again(struct reply *reply);

/* Hands over: puts through, or out of hours takes a number or a message. announced: it has been said. */
void phone_hand_over(struct reply *reply, const char *topic, bool announced);

/* After a hand-off: the number that calls, or another one, to call back. */
void phone_ask_contact(struct reply *reply);
bool phone_back_heard(struct reply *reply);
void phone_message(struct reply *reply);

/* Asks whose order it is by the number that calls; false when there is none, or it has been tried. */
bool phone_look_up(struct reply *reply);
void phone_found(struct reply *reply, const struct order_list *orders);

/* Before the words are joined: a last question, where nothing asks one, and not more than can be taken in. */
void phone_finish(struct reply *reply);
/* After all that was said: the caller is listened to, put through, or hung up on. */
void phone_close(struct reply *reply);
