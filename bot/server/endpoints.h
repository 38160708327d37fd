/* The endpoints for WebSockets, each in a file of its name. */
#pragma once
#include "bot/server/socket.h"

extern const struct endpoint chat_endpoint;    /* /chat, wismo.chat.v1 */
extern const struct endpoint desk_endpoint;    /* /desk/live, wismo.desk.v1 */
extern const struct endpoint relay_endpoint;   /* /voice/twilio */
extern const struct endpoint jambonz_endpoint; /* /voice/jambonz, ws.jambonz.org */
