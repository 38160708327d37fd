#include "bot/server/endpoints.h"
#include "base/text.h"

const struct endpoint *const endpoints[] = {&chat_endpoint, &desk_endpoint, &relay_endpoint,
                                            &jambonz_endpoint, NULL};

const struct endpoint *endpoint_find(const char *path) {
    for (int i = 0; endpoints[i]; i++)
        if (text_is(endpoints[i]->path, path))
            return endpoints[i];
    return NULL;
}
