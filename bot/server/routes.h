/* The handlers of the routes, each group in a file of its name. */
#pragma once
#include "bot/server/http.h"

enum http_when page_get(struct http_request *request, struct http_reply *reply);
enum http_when health_get(struct http_request *request, struct http_reply *reply);
