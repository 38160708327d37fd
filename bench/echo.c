/* The floor that answers are measured against: libwebsockets on a libuv loop that sends back what it hears,
 * written inside RECEIVE. Prints its port.
 *
 *     bench_echo */
#include <libwebsockets.h>
#include <stdio.h>
#include <string.h>
#include <uv.h>

enum { FRAME_MAX = 1024 };

static int echo(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len) {
    unsigned char frame[LWS_PRE + FRAME_MAX];
    (void)user;
    if (reason != LWS_CALLBACK_RECEIVE)
        return 0;
    if (len > FRAME_MAX || !lws_is_final_fragment(wsi))
        return -1;
    memcpy(frame + LWS_PRE, in, len);
    return lws_write(wsi, frame + LWS_PRE, len, LWS_WRITE_TEXT) < 0 ? -1 : 0;
}

int main(void) {
    static const lws_retry_bo_t no_retry = {0};
    static const struct lws_protocols protocols[] = {{"echo", echo, 0, FRAME_MAX, 0, NULL, 0}, {0}};
    uv_loop_t loop;
    void *loops[] = {&loop};
    uv_loop_init(&loop);
    lws_set_log_level(LLL_ERR, NULL);
    struct lws_context_creation_info info = {.port = 0,
                                             .iface = "127.0.0.1",
                                             .protocols = protocols,
                                             .options =
                                                 LWS_SERVER_OPTION_LIBUV | LWS_SERVER_OPTION_EXPLICIT_VHOSTS,
                                             .foreign_loops = loops,
                                             .retry_and_idle_policy = &no_retry,
                                             .max_http_header_pool = 256};
    struct lws_context *context = lws_create_context(&info);
    struct lws_vhost *vhost = context ? lws_create_vhost(context, &info) : NULL;
    if (!vhost)
        return 1;
    printf("%d\n", lws_get_vhost_listen_port(vhost));
    fflush(stdout);
    return uv_run(&loop, UV_RUN_DEFAULT);
}
