#include "bot/outbox/courier.h"
#include "base/text.h"
#include <string.h>
#include <strings.h>

enum { CONNECT_S = 5, REQUEST_S = 20, ANSWER_MAX = 1 << 20, AGAIN_MOST_S = 3600 };

static int progress(void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d) {
    const struct courier *courier = context;
    (void)a, (void)b, (void)c, (void)d;
    return atomic_load(courier->ending);
}

bool courier_open(struct courier *courier, const struct libcurl *curl, const char *ca,
                  const atomic_bool *ending, struct error *err) {
    *courier = (struct courier){.curl = curl, .easy = curl->easy_init(), .ca = ca, .ending = ending};
    return courier->easy || error_set(err, "libcurl cannot start");
}

void courier_close(struct courier *courier) {
    if (courier->easy)
        courier->curl->easy_cleanup(courier->easy);
    courier->easy = NULL;
}

void courier_begin(struct courier *courier, const char *url, const char *protocols, long seconds) {
    const struct libcurl *curl = courier->curl;
    CURL *easy = courier->easy;
    curl->easy_reset(easy);
    courier->trouble[0] = '\0';
    curl->easy_setopt(easy, CURLOPT_URL, url);
    curl->easy_setopt(easy, CURLOPT_PROTOCOLS_STR, protocols);
    curl->easy_setopt(easy, CURLOPT_ERRORBUFFER, courier->trouble);
    curl->easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl->easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S);
    curl->easy_setopt(easy, CURLOPT_TIMEOUT, seconds);
    curl->easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl->easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl->easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
    curl->easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, progress);
    curl->easy_setopt(easy, CURLOPT_XFERINFODATA, courier);
    if (!text_empty(courier->ca))
        curl->easy_setopt(easy, CURLOPT_CAINFO, courier->ca);
}

bool courier_run(struct courier *courier, struct error *err) {
    const struct libcurl *curl = courier->curl;
    CURLcode code = curl->easy_perform(courier->easy);
    if (code == CURLE_OK)
        return true;
    if (code == CURLE_ABORTED_BY_CALLBACK)
        return error_set(err, "broken off, because the service stops");
    return error_set(err, "%s", courier->trouble[0] ? courier->trouble : curl->easy_strerror(code));
}

/* What is over the limit ends the courier. */
static size_t take(char *bytes, size_t size, size_t count, void *context) {
    struct buffer *answer = context;
    buffer_add(answer, bytes, size * count);
    return answer->full ? 0 : size * count;
}

static struct curl_slist *headers_list(const struct libcurl *curl, const struct exchange *exchange) {
    static const char *const always[] = {"Content-Type: application/json", "Accept: application/json",
                                         "Expect:", NULL};
    struct curl_slist *list = NULL;
    for (const char *const *at = always; *at; at++)
        list = curl->slist_append(list, *at);
    for (const char *const *at = exchange->headers; at && *at; at++)
        list = curl->slist_append(list, *at);
    return list;
}

bool exchange_run(struct exchange *exchange, struct courier *courier, struct error *err) {
    const struct libcurl *curl = courier->curl;
    CURL *easy = courier->easy;
    curl_off_t again = 0;
    buffer_init(&exchange->answer, ANSWER_MAX);
    courier_begin(courier, exchange->url, "https,http", REQUEST_S);
    struct curl_slist *headers = headers_list(curl, exchange);
    curl->easy_setopt(easy, CURLOPT_USERAGENT, "wismo/" WISMO_VERSION);
    curl->easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl->easy_setopt(easy, CURLOPT_CUSTOMREQUEST, exchange->method);
    curl->easy_setopt(easy, CURLOPT_WRITEFUNCTION, take);
    curl->easy_setopt(easy, CURLOPT_WRITEDATA, &exchange->answer);
    if (exchange->body) {
        /* On a connection that has been used before, libcurl would ask again by itself when it breaks,
         * although the first may have been heard. */
        curl->easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
        curl->easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)strlen(exchange->body));
        curl->easy_setopt(easy, CURLOPT_POSTFIELDS, exchange->body);
    }
    bool good = courier_run(courier, err);
    curl->slist_free_all(headers);
    curl->easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &exchange->status);
    curl->easy_getinfo(easy, CURLINFO_RETRY_AFTER, &again);
    exchange->again_ms = (again < AGAIN_MOST_S ? again : AGAIN_MOST_S) * 1000;
    if (!good) {
        exchange->status = 0;
        return false;
    }
    return (exchange->status >= 200 && exchange->status < 300) ||
           error_set(err, "it answers %ld", exchange->status);
}

void exchange_clear(struct exchange *exchange) {
    if (exchange->answer.bytes)
        buffer_clear(&exchange->answer);
}
