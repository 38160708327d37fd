/* The handlers of the routes, each group in a file of its name. */
#pragma once
#include "bot/server/http.h"

enum http_when page_get(struct http_request *request, struct http_reply *reply);
enum http_when desk_get(struct http_request *request, struct http_reply *reply);
enum http_when desk_file_get(struct http_request *request, struct http_reply *reply);
enum http_when desk_login_post(struct http_request *request, struct http_reply *reply);
enum http_when desk_logout_post(struct http_request *request, struct http_reply *reply);
enum http_when health_get(struct http_request *request, struct http_reply *reply);
enum http_when turn_post(struct http_request *request, struct http_reply *reply);

/* admin.c */
enum http_when admin_metrics(struct http_request *request, struct http_reply *reply);
enum http_when admin_ready(struct http_request *request, struct http_reply *reply);

/* handback.c: what a shop's own system says to its customers: by a signed request, by Chatwoot's webhook. */
enum http_when handback_reply(struct http_request *request, struct http_reply *reply);
enum http_when handback_chatwoot(struct http_request *request, struct http_reply *reply);

/* twilio.c: what to do with a new call, with one whose relay has ended, with one that was dialled. */
enum http_when twilio_answer(struct http_request *request, struct http_reply *reply);
enum http_when twilio_action(struct http_request *request, struct http_reply *reply);
enum http_when twilio_dialed(struct http_request *request, struct http_reply *reply);
