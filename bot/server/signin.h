/* Who is signed in at the desk: a cookie whose hash is a session's. */
#pragma once
#include "bot/server/http.h"
#include "db/staff.h"

/* Whoever asks, in the request's arena; false: nobody who is signed in. hash: of the session, for
 * signin_again. */
bool signin_who(struct http_request *request, struct staff *staff, char hash[HASH_HEX_SIZE]);
/* Is that session still one? */
bool signin_again(struct loop *loop, const char *hash);
/* A request of our own page, exactly: the browser says where it comes from. */
bool signin_own_page(struct http_request *request);
