/* The calls of POST /v1/turn between their requests. */
#pragma once
struct loop;
struct turns;

struct turns *turns_new(struct loop *loop);
void turns_free(struct turns *turns);
void turns_sweep(struct turns *turns); /* every so often: forgets those that nobody asks about any more */
