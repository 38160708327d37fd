/* How Twilio, and whoever speaks as it does, proves who it is. */
#pragma once
#include "bot/server/http.h"

#define TWILIO_SIGNATURE "x-twilio-signature"

/* Has it signed this address of ours and these fields of the body? A socket has none. */
bool twilio_signed(struct http_request *request, const struct http_field *fields, int count);
/* Is ?token= the one that we expect of those that do not sign? */
bool twilio_token_shown(struct http_request *request);
void twilio_refuse(struct http_reply *reply);
