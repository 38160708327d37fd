#include "bot/cli/who.h"

/* Of several shops none is guessed: a number may be another customer's in another one. */
static bool shop_named(struct settings *settings, struct error *err) {
    const char *names = settings->shops[0].id;
    for (int i = 1; i < settings->shop_count; i++)
        names = arena_format(&settings->arena, "%s, %s", names, settings->shops[i].id);
    return settings->shop_count == 1 || settings->shop_id[0] ||
           error_set(err, "expected --shop, which names one of %s", names);
}

bool who_named(struct who *who, struct settings *settings, struct error *err) {
    int given = (settings->email[0] != 0) + (settings->phone[0] != 0) + (settings->order[0] != 0);
    *who = (struct who){.query = {.shop = settings->shop->id, .count = 1}};
    who->query.values[0] = who->key;
    if (settings->argument_count)
        return error_set(err, "takes no argument, found \"%s\"", settings->arguments[0]);
    if (given != 1)
        return error_set(err, "expected one of --email, --phone and --order, found %d", given);
    if (!shop_named(settings, err))
        return false;
    if (settings->email[0]) {
        who->query.by = ORDER_BY_EMAIL;
        return key_email(who->key, settings->email) ||
               error_set(err, "--email: expected an e-mail address, found \"%s\"", settings->email);
    }
    if (settings->phone[0]) {
        who->query.by = ORDER_BY_PHONE;
        return key_phone(who->key, settings->phone, settings->shop->country) ||
               error_set(err, "--phone: expected a phone number, found \"%s\"", settings->phone);
    }
    who->query.by = ORDER_BY_KEY;
    return key_number(who->key, settings->order) ||
           error_set(err, "--order: expected an order number, found \"%s\"", settings->order);
}
