/* Who comes in by the gate of several loops: a connection that asks for a chat goes to the loop that carries
 * the fewest, all others stay with the first. It is only looked at, not read; who says too little to be known
 * stays too, and is served as well. On the first loop's thread. */
#pragma once

struct loop;

void porter_show(struct loop *first, int fd); /* takes it over */
void porter_tick(struct loop *first);         /* every second: who has said nothing for long goes */
void porter_close(struct loop *loop);
