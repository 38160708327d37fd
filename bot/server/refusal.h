/* Chats that are refused at the door, in the log: whoever embeds the widget finds out why it stays empty. */
#pragma once
#include <stddef.h>

struct loop;

/* `origin`: of the page, NULL or "" none told. At most ten lines at once and then one a minute of a loop,
 * with how many were left out. */
void refusal_log(struct loop *loop, const char *origin, const char *why, size_t len);
