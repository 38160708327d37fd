/* A chat whose conversation another loop owns: its frames go there as letters, and what it is told comes back
 * as letters. The owner's hub knows it as any listener. */
#pragma once
#include "bot/server/socket.h"

struct far;

/* All but fars_free on the thread of the socket. */
struct far *far_join(struct socket *socket, struct loop *owner);
void far_hear(struct far *far, const char *frame, size_t len);
bool far_known(const struct far *far); /* has it said who it is? */
void far_more(struct far *far);        /* the socket can take more of what it missed */
void far_leave(struct far *far);       /* the socket has closed, or goes elsewhere */
void fars_free(struct loop *loop);     /* of sockets that have been this loop's, at the end */

/* chat.c, for who listens to this loop's hub by `ear`: a frame of theirs, heard here, unless it asks for a
 * conversation of another loop, which is returned; and a frame for them, in loop->out, false when it is too
 * long. */
struct loop *chat_hear(struct loop *loop, struct ear *ear, const char *origin, const char *frame, size_t len);
bool chat_frame(struct loop *loop, const struct delivery *delivery);
