/* Who is at the door: the address behind a socket, and how many chats each address has open. */
#pragma once
#include <stddef.h>

enum { VISITOR_MAX = 64 }; /* an address, with its end */

/* Whom to slow: the address of the peer, of IPv6 the network of 64 bits that one customer has; "" when it is
 * none. Behind a proxy that `proxies` (addresses between blanks) names it is what that says that it forwards
 * for (X-Forwarded-For), read from the end, because whatever stands before it was said by strangers. */
void visitor_behind(char out[VISITOR_MAX], const char *peer, const char *proxies, const char *forwarded);

/* On any thread. */
struct visitors;
struct visitors *visitors_new(void);
void visitors_free(struct visitors *visitors);
int visitors_count(struct visitors *visitors, const char *address);
void visitors_enter(struct visitors *visitors, const char *address);
void visitors_leave(struct visitors *visitors, const char *address);
