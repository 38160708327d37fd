/* CSV: a row a line of an order, header names through a table of aliases. libcsv reads cells; lines are
 * counted here, since it does not. */
#include "base/key.h"
#include "base/memory.h"
#include "base/text.h"
#include "db/intake.h"
#include <csv.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { COLUMNS_MAX = 256, ALTERNATIVES = 4 };

enum owner {
    OF_ORDER,
    OF_LINE,
    OF_PARCEL,
    OF_FULL_NAME, /* the rest are words that need a thought before they are a field */
    OF_SHIPPING_METHOD,
    OF_PAYMENT,
    OF_CANCELLED
};

/* What a column may be called, compared by letters and digits only, best first: the first that has a value in
 * a row is used. Our own names come first; then Shopify's export, WooCommerce's, and what French exports say.
 */
static const struct alias {
    enum owner owner;
    const char *field;
    const char *names;
} aliases[] = {
    {OF_ORDER, "number",
     "number|order number|order no|order|order name|name|increment_id|numéro de commande|n° commande|numéro|"
     "num commande|commande|référence commande|reference|référence|order id"},
    {OF_ORDER, "external_id", "external_id|id|shopify id"},
    {OF_ORDER, "placed_at",
     "placed_at|created at|order date|date created|date|date de commande|date commande|date_add"},
    {OF_ORDER, "state",
     "state|status|order status|fulfillment status|statut|état|statut commande|current_state"},
    {OF_ORDER, "option", "option|delivery option"},
    {OF_ORDER, "promised_from", "promised_from|delivery from"},
    {OF_ORDER, "promised_to",
     "promised_to|promised|promised date|promised delivery date|delivery date|livraison prévue|"
     "date de livraison prévue|date de livraison|delivery_date"},
    {OF_ORDER, "promise_origin", "promise_origin"},
    {OF_ORDER, "revised_from", "revised_from"},
    {OF_ORDER, "revised_to", "revised_to|revised date|revised delivery date|nouvelle date de livraison"},
    {OF_ORDER, "dispatch_by", "dispatch_by|ship by|expédition prévue|date d'expédition prévue"},
    {OF_ORDER, "hold_reason", "hold_reason"},
    {OF_ORDER, "hold_until", "hold_until"},
    {OF_ORDER, "cancellable", "cancellable|annulable"},
    {OF_ORDER, "email",
     "email|e-mail|customer email|billing email|e-mail address|email client|courriel|adresse e-mail"},
    {OF_ORDER, "phone",
     "phone|shipping phone|billing phone|telephone|phone number|mobile|téléphone|portable|téléphone "
     "livraison"},
    {OF_ORDER, "postcode",
     "postcode|shipping zip|shipping postcode|shipping postal code|postal code|zip|zip code|billing zip|"
     "billing postcode|code postal|code postal livraison|cp"},
    {OF_ORDER, "country",
     "country|shipping country|shipping country code|country code|billing country|pays|code pays"},
    {OF_ORDER, "locale", "locale|language|langue"},
    {OF_ORDER, "first_name",
     "first_name|firstname|shipping first name|customer first name|billing first name|prénom"},
    {OF_LINE, "sku", "line_sku|sku|lineitem sku|item sku|product sku|référence article|ref article"},
    {OF_LINE, "title",
     "line_title|title|lineitem name|item name|product name|product|item|article|produit|désignation"},
    {OF_LINE, "quantity", "line_quantity|quantity|lineitem quantity|qty|quantité|qté"},
    {OF_LINE, "state", "line_state|lineitem fulfillment status|item status|statut article"},
    {OF_LINE, "available", "line_available|available|available from|disponible le"},
    {OF_PARCEL, "id", "parcel|parcel_id|shipment|shipment id|colis"},
    {OF_PARCEL, "carrier", "carrier|tracking company|carrier name|shipping carrier|transporteur"},
    {OF_PARCEL, "tracking_number",
     "tracking_number|tracking|tracking no|tracking code|shipping_number|numéro de suivi|n° de suivi|suivi|"
     "numéro de colis"},
    {OF_PARCEL, "tracking_url", "tracking_url|tracking link|lien de suivi"},
    {OF_PARCEL, "status", "parcel_status|shipment status|tracking status|statut colis|statut livraison"},
    {OF_PARCEL, "status_at", "parcel_status_at|tracking updated at"},
    {OF_PARCEL, "reason", "parcel_reason|reason"},
    {OF_PARCEL, "estimated_from", "estimated_from"},
    {OF_PARCEL, "estimated_to",
     "estimated_to|estimated delivery|estimated delivery date|expected delivery|eta"},
    {OF_PARCEL, "first_estimated_from", "first_estimated_from"},
    {OF_PARCEL, "first_estimated_to", "first_estimated_to"},
    {OF_PARCEL, "next_attempt", "next_attempt"},
    {OF_PARCEL, "pickup_name", "pickup_name|pickup point|point relais"},
    {OF_PARCEL, "pickup_address", "pickup_address|adresse point relais"},
    {OF_PARCEL, "pickup_hours", "pickup_hours"},
    {OF_PARCEL, "pickup_code", "pickup_code"},
    {OF_PARCEL, "pickup_deadline", "pickup_deadline"},
    {OF_PARCEL, "delivered_at", "delivered_at|livré le"},
    {OF_PARCEL, "delivered_where", "delivered_where"},
    {OF_PARCEL, "delivered_to", "delivered_to|signed by"},
    {OF_PARCEL, "delivered_signed", "delivered_signed"},
    {OF_FULL_NAME, "first_name", "shipping name|customer name|full name|billing name|client"},
    {OF_SHIPPING_METHOD, "option", "shipping method|delivery method|mode de livraison|shipping_method"},
    {OF_PAYMENT, "state", "financial status|payment status|statut paiement"},
    {OF_CANCELLED, "state", "cancelled at|canceled at|annulée le"},
};

/* A shop's own names for a delivery option, by a word in them; others say nothing. */
static const struct {
    const char *word, *option;
} methods[] = {
    {"locker", "locker"},       {"consigne", "locker"},           {"relais", "pickup_point"},
    {"relay", "pickup_point"},  {"pickup point", "pickup_point"}, {"point retrait", "pickup_point"},
    {"click", "click_collect"}, {"collect", "click_collect"},     {"retrait", "click_collect"},
    {"same day", "same_day"},   {"same-day", "same_day"},         {"express", "express"},
    {"chrono", "express"},      {"overnight", "express"},         {"next day", "express"},
    {"standard", "standard"},   {"colissimo", "standard"},
};

/* A field and the cells that may hold it. */
struct target {
    enum owner owner;
    int field;
    const char *heading; /* as the file calls it */
    int cells[ALTERNATIVES];
    int count;
    const char *seen; /* its value in the order's first row */
};

/* The rows of one order. */
struct group {
    char key[KEY_SIZE]; /* "" when none could be read */
    struct draft *draft;
    int64_t line;
    struct buffer raw;
    bool open, bad;
    int line_room, parcel_room;
};

struct table {
    struct intake *intake;
    struct csv_parser parser;
    char delimiter;
    struct buffer cells; /* one after the other, NUL-terminated */
    size_t starts[COLUMNS_MAX];
    int cell_count;
    bool row_ended;
    struct buffer raw; /* of the record that is being read */
    int64_t raw_line;
    struct buffer header; /* as it came, for the rejects */
    int column_count, number_cell;
    struct target targets[sizeof aliases / sizeof aliases[0]];
    int target_count;
    bool has_lines, has_parcels, header_rejected;
    struct arena headings;
    struct group group;
};

/* Cells. */

static void take_cell(void *bytes, size_t len, void *context) {
    struct table *table = context;
    if (table->cell_count < COLUMNS_MAX) {
        table->starts[table->cell_count] = table->cells.len;
        buffer_add(&table->cells, bytes, len);
        buffer_add(&table->cells, "", 1);
    }
    table->cell_count++;
}

static void end_row(int end, void *context) {
    (void)end;
    ((struct table *)context)->row_ended = true;
}

static const char *cell(const struct table *table, int index) {
    return table->cells.bytes + table->starts[index];
}

static bool start_parser(struct table *table, struct error *err) {
    csv_free(&table->parser);
    if (csv_init(&table->parser, CSV_STRICT) != 0)
        return error_set(err, "out of memory");
    csv_set_delim(&table->parser, (unsigned char)table->delimiter);
    return true;
}

enum record_kind { RECORD_GOOD, RECORD_BAD, RECORD_END };

/* The first physical line is given up; what followed it within the broken record is read again. */
static enum record_kind give_up_line(struct table *table) {
    struct lines *lines = &table->intake->lines;
    size_t first = strcspn(table->raw.bytes, "\r\n");
    if (table->raw.bytes[first] == '\r' && table->raw.bytes[first + 1] == '\n')
        first++;
    if (first < table->raw.len)
        first++;
    lines_back(lines, table->raw.bytes + first, table->raw.len - first, table->raw_line);
    table->raw.len = first;
    table->raw.bytes[first] = '\0';
    struct error err;
    if (!start_parser(table, &err))
        memory_exhausted();
    return RECORD_BAD;
}

static enum record_kind next_record(struct table *table, struct error *why) {
    struct lines *lines = &table->intake->lines;
    buffer_reset(&table->raw);
    buffer_reset(&table->cells);
    table->cell_count = 0;
    table->row_ended = false;
    while (!table->row_ended) {
        if (!lines_next(lines)) {
            if (!table->raw.len)
                return RECORD_END;
            error_set(why, "a quote is opened and never closed");
            return give_up_line(table);
        }
        if (!table->raw.len)
            table->raw_line = lines->number;
        bool ended = lines->line.len && strchr("\r\n", lines->line.bytes[lines->line.len - 1]);
        buffer_add(&table->raw, lines->line.bytes, lines->line.len);
        if (!ended)
            buffer_add(&table->raw, "\n", 1);
        if (lines->over || table->raw.len > INTAKE_LINE_MAX) {
            error_set(why, "a row may have %d bytes; perhaps a quote is opened and never closed",
                      INTAKE_LINE_MAX);
            return give_up_line(table);
        }
        const char *from =
            ended ? lines->line.bytes : table->raw.bytes + table->raw.len - lines->line.len - 1;
        size_t len = lines->line.len + (ended ? 0 : 1);
        if (csv_parse(&table->parser, from, len, take_cell, end_row, table) != len) {
            error_set(why, "a quote stands where none may; quotes inside quotes are doubled");
            return give_up_line(table);
        }
        if (!table->row_ended && table->raw.len == len && table->cell_count == 0 &&
            strspn(table->raw.bytes, " \t\r\n") == len)
            buffer_reset(&table->raw); /* a blank line is no row */
    }
    return RECORD_GOOD;
}

/* The header. */

static bool name_matches(const char *heading, const char *names, int *rank) {
    char wanted[KEY_SIZE], key[KEY_SIZE], name[KEY_SIZE];
    if (!key_number(wanted, heading))
        return false;
    for (*rank = 0; *names; ++*rank) {
        size_t len = strcspn(names, "|");
        if (len < sizeof name) {
            memcpy(name, names, len);
            name[len] = '\0';
            if (key_number(key, name) && strcmp(key, wanted) == 0)
                return true;
        }
        names += len + (names[len] == '|');
    }
    return false;
}

static int best_column(const struct table *table, const char *names, const bool *used) {
    int best = -1, best_rank = 0, rank;
    for (int i = 0; i < table->column_count; i++)
        if (!used[i] && name_matches(cell(table, i), names, &rank) && (best < 0 || rank < best_rank)) {
            best = i;
            best_rank = rank;
        }
    return best;
}

static const struct record *record_of(enum owner owner) {
    return owner == OF_LINE ? &record_line : owner == OF_PARCEL ? &record_parcel : &record_order;
}

static void map_columns(struct table *table) {
    bool used[COLUMNS_MAX] = {false};
    for (size_t i = 0; i < sizeof aliases / sizeof aliases[0]; i++) {
        struct target *target = &table->targets[table->target_count];
        *target = (struct target){.owner = aliases[i].owner};
        /* An order has one number: a customer's "name" does not stand in for it. */
        int most = i == 0 ? 1 : ALTERNATIVES;
        for (int column;
             target->count < most && (column = best_column(table, aliases[i].names, used)) >= 0;) {
            used[column] = true;
            target->cells[target->count++] = column;
        }
        if (!target->count)
            continue;
        target->field = field_find(record_of(target->owner), aliases[i].field);
        target->heading = arena_string(&table->headings, cell(table, target->cells[0]));
        table->has_lines |= target->owner == OF_LINE;
        table->has_parcels |= target->owner == OF_PARCEL;
        table->target_count++;
    }
}

/* Comma, semicolon or tab: whichever the header has most of, outside quotes. */
static char find_delimiter(const char *line) {
    static const char candidates[] = ",;\t";
    int counts[3] = {0}, best = 0;
    bool quoted = false;
    for (; *line; line++) {
        const char *found = strchr(candidates, *line);
        quoted ^= *line == '"';
        if (found && !quoted)
            counts[found - candidates]++;
    }
    for (int i = 1; i < 3; i++)
        if (counts[i] > counts[best])
            best = i;
    return candidates[best];
}

static bool read_header(struct table *table, struct error *err) {
    struct lines *lines = &table->intake->lines;
    do
        if (!lines_next(lines))
            return error_set(err, "%s:1: expected a header with column names, found an empty file",
                             table->intake->options->label);
    while (strspn(lines->line.bytes, " \t\r\n") == lines->line.len);
    int64_t line = lines->number;
    table->delimiter = find_delimiter(lines->line.bytes);
    buffer_add(&table->raw, lines->line.bytes, lines->line.len);
    lines_back(lines, table->raw.bytes, table->raw.len, line - 1);
    if (!start_parser(table, err))
        return false;
    bool ok =
        next_record(table, err) == RECORD_GOOD && intake_text_valid(table->raw.bytes, table->raw.len, err);
    if (ok && table->cell_count > COLUMNS_MAX)
        ok = error_set(err, "at most %d columns are read, found %d", COLUMNS_MAX, table->cell_count);
    if (!ok)
        return error_prefix(err, "%s:%lld", table->intake->options->label, (long long)line);
    table->column_count = table->cell_count;
    buffer_add(&table->header, table->raw.bytes, table->raw.len);
    map_columns(table);
    if (table->target_count && table->targets[0].owner == OF_ORDER &&
        table->targets[0].field == field_find(&record_order, "number")) {
        table->number_cell = table->targets[0].cells[0];
        return true;
    }
    char found[64];
    TEXT_SET(found, table->header.bytes);
    found[strcspn(found, "\r\n")] = '\0';
    return error_set(
        err,
        "%s:%lld: expected a column with the order number (number, order number, Name, numéro de commande; "
        "docs/orders.md), found \"%s\"",
        table->intake->options->label, (long long)line, found);
}

/* Rows. */

static const char *value_of(const struct table *table, const struct target *target) {
    for (int i = 0; i < target->count; i++) {
        const char *value = cell(table, target->cells[i]);
        if (*value > ' ' || value[strspn(value, " \t\r\n")])
            return value;
    }
    return "";
}

static bool set_value(struct table *table, void *base, uint64_t *given, const struct target *target,
                      const char *value, struct error *err) {
    if (draft_set(base, given, record_of(target->owner), target->field, value, &table->intake->draft_options,
                  &table->intake->filling->arena, err))
        return true;
    const char *name = record_of(target->owner)->fields[target->field].name;
    return strcmp(name, target->heading) == 0
               ? false
               : (error_prefix(err, "column \"%.60s\"", target->heading), false);
}

static const char *method_option(const char *method) {
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++)
        if (strcasestr(method, methods[i].word))
            return methods[i].option;
    return "";
}

/* Columns that say something about the order without being one of its fields. */
static bool set_word(struct table *table, struct draft *draft, const struct target *target, const char *value,
                     struct error *err) {
    struct order *order = &draft->order;
    uint64_t bit = UINT64_C(1) << target->field;
    enum status payment = status_read(value, STATUS_OF_ORDER);
    struct moment moment;
    switch (target->owner) {
    case OF_FULL_NAME:
        if (!text_empty(order->first_name))
            return true;
        value = arena_copy(&table->intake->filling->arena, value, strcspn(value, " \t"));
        return set_value(table, order, &draft->given, target, value, err);
    case OF_SHIPPING_METHOD:
        if (!text_empty(order->option))
            return true;
        return set_value(table, order, &draft->given, target, method_option(value), err);
    case OF_PAYMENT:
        if (!*value || order->state > STATUS_CONFIRMED)
            return true;
        if (payment == STATUS_ON_HOLD) {
            order->hold_reason = "payment";
            draft->given |= UINT64_C(1) << field_find(&record_order, "hold_reason");
        }
        if (payment == STATUS_ON_HOLD || payment == STATUS_CANCELLED)
            order->state = payment;
        else if (order->state == STATUS_UNKNOWN)
            order->state = STATUS_CONFIRMED;
        draft->given |= bit;
        return true;
    case OF_CANCELLED:
        if (!*value)
            return true;
        if (!moment_parse(&moment, value, table->intake->draft_options.zone))
            return draft_expected(target->heading, "a time such as 2026-03-11T09:00:00+01:00", value, err);
        order->state = STATUS_CANCELLED;
        draft->given |= bit;
        return true;
    default:
        return true;
    }
}

/* The order's own columns: those of its first row count; a later row may repeat them or leave them empty. */
static bool set_order(struct table *table, bool first, struct error *err) {
    struct draft *draft = table->group.draft;
    for (int i = 0; i < table->target_count; i++) {
        struct target *target = &table->targets[i];
        if (target->owner == OF_LINE || target->owner == OF_PARCEL)
            continue;
        const char *value = value_of(table, target);
        if (!first && (!*value || strcmp(value, target->seen) == 0))
            continue;
        if (!first && *target->seen && target->field != field_find(&record_order, "number"))
            return error_set(
                err, "%s: expected \"%.60s\" as in the order's row at line %lld, or nothing, found \"%.60s\"",
                target->heading, target->seen, (long long)table->group.line, value);
        target->seen = arena_string(&table->intake->filling->arena, value);
        bool ok = target->owner == OF_ORDER
                      ? set_value(table, &draft->order, &draft->given, target, value, err)
                      : set_word(table, draft, target, value, err);
        if (!ok)
            return false;
    }
    return true;
}

static bool owner_has_value(const struct table *table, enum owner owner, const char *but) {
    for (int i = 0; i < table->target_count; i++) {
        const struct target *target = &table->targets[i];
        if (target->owner == owner && *value_of(table, target) &&
            (!but || strcmp(record_of(owner)->fields[target->field].name, but) != 0))
            return true;
    }
    return false;
}

/* An array of the draft with room for one more. */
static void *grow(struct arena *arena, void *items, size_t size, int count, int *room) {
    if (count < *room)
        return items;
    *room = *room ? *room * 2 : 4;
    void *more = arena_alloc(arena, size * (size_t)*room);
    return count ? memcpy(more, items, size * (size_t)count) : more;
}

/* The row's parcel: one of the order's so far, or a new one. NULL: none, or an error. */
static struct draft_parcel *set_parcel(struct table *table, struct error *err, bool *ok) {
    struct arena *arena = &table->intake->filling->arena;
    struct draft *draft = table->group.draft;
    struct draft_parcel row = {.given = 0}, *parcel = NULL;
    *ok = true;
    /* A carrier alone is what will carry it one day, not a parcel. */
    if (!owner_has_value(table, OF_PARCEL, "carrier"))
        return NULL;
    draft_empty(&row.parcel, &record_parcel);
    for (int i = 0; i < table->target_count && *ok; i++)
        if (table->targets[i].owner == OF_PARCEL)
            *ok = set_value(table, &row.parcel, &row.given, &table->targets[i],
                            value_of(table, &table->targets[i]), err);
    if (!*ok)
        return NULL;
    for (int i = 0; i < draft->parcel_count && !parcel; i++) {
        const struct parcel *other = &draft->parcels[i].parcel;
        bool named = !text_empty(row.parcel.id) || !text_empty(other->id);
        if (named ? text_is(row.parcel.id, other->id)
                  : text_is(row.parcel.tracking_number, other->tracking_number))
            parcel = &draft->parcels[i];
    }
    if (!parcel) {
        draft->parcels =
            grow(arena, draft->parcels, sizeof *parcel, draft->parcel_count, &table->group.parcel_room);
        parcel = &draft->parcels[draft->parcel_count++];
        *parcel = row;
        return parcel;
    }
    for (int i = 0; i < record_parcel.count; i++)
        if (!field_empty(&row.parcel, &record_parcel.fields[i]))
            field_copy(&parcel->parcel, &row.parcel, &record_parcel.fields[i]);
    return parcel;
}

static bool set_line(struct table *table, const struct draft_parcel *parcel, struct error *err) {
    struct arena *arena = &table->intake->filling->arena;
    struct draft *draft = table->group.draft;
    if (!owner_has_value(table, OF_LINE, NULL))
        return true;
    draft->lines =
        grow(arena, draft->lines, sizeof *draft->lines, draft->line_count, &table->group.line_room);
    struct draft_line *line = &draft->lines[draft->line_count++];
    *line = (struct draft_line){.parcel = ""};
    draft_empty(&line->line, &record_line);
    if (table->has_parcels) {
        line->given |= UINT64_C(1) << field_find(&record_line, "parcel");
        if (parcel)
            line->parcel = text_empty(parcel->parcel.id) ? parcel->parcel.tracking_number : parcel->parcel.id;
    }
    for (int i = 0; i < table->target_count; i++)
        if (table->targets[i].owner == OF_LINE &&
            !set_value(table, &line->line, &line->given, &table->targets[i],
                       value_of(table, &table->targets[i]), err))
            return false;
    return true;
}

/* Orders. */

static void complain(struct table *table, int64_t line, const struct error *why) {
    intake_complain(table->intake, line, why);
    table->group.bad = true;
}

/* False: the database failed. */
static bool end_group(struct table *table, struct error *err) {
    struct group *group = &table->group;
    struct error why;
    bool failed = false;
    if (!group->open)
        return true;
    group->open = false;
    table->intake->summary->read++;
    if (!group->bad) {
        group->draft->lines_given = table->has_lines;
        group->draft->parcels_given = table->has_parcels;
        group->draft->partial = table->has_lines || table->has_parcels;
        if (!intake_take(table->intake, group->draft, &failed, &why)) {
            if (failed)
                return error_set(err, "%s", why.text);
            complain(table, group->line, &why);
        }
    }
    if (!group->bad)
        return true;
    table->intake->summary->rejected++;
    if (!table->header_rejected)
        intake_rejected(table->intake, table->header.bytes, table->header.len);
    table->header_rejected = true;
    intake_rejected(table->intake, group->raw.bytes, group->raw.len);
    return true;
}

/* Makes the group of this key the open one; *first when it is a new one. */
static bool enter_group(struct table *table, const char *key, bool *first, struct error *err) {
    struct group *group = &table->group;
    *first = !group->open || !*key || strcmp(group->key, key) != 0;
    if (*first) {
        if (!end_group(table, err))
            return false;
        struct buffer raw = group->raw;
        buffer_reset(&raw);
        *group = (struct group){.raw = raw, .open = true, .line = table->raw_line};
        TEXT_SET(group->key, key);
        group->draft = intake_draft(table->intake);
    }
    buffer_add(&group->raw, table->raw.bytes, table->raw.len);
    return true;
}

/* The number in a row that could not be read: by the naked delimiters, which is right more often than not. */
static void guess_key(const struct table *table, char key[KEY_SIZE]) {
    const char *at = table->raw.bytes;
    for (int i = 0; i < table->number_cell; i++) {
        at += strcspn(at, (char[]){table->delimiter, '\0'});
        if (*at)
            at++;
    }
    size_t len = strcspn(at, (char[]){table->delimiter, '\r', '\n', '\0'});
    char text[KEY_SIZE] = "";
    if (len < sizeof text)
        memcpy(text, at, len);
    if (!text_valid(text, strlen(text)) || !key_number(key, text))
        key[0] = '\0';
}

static bool take_row(struct table *table, bool good, struct error *why, struct error *err) {
    char key[KEY_SIZE];
    bool first, ok = true;
    good = good && intake_text_valid(table->raw.bytes, table->raw.len, why);
    if (good && table->cell_count != table->column_count)
        good = error_set(why, "expected %d columns as in the header, found %d", table->column_count,
                         table->cell_count);
    if (!good)
        guess_key(table, key);
    else if (!key_number(key, value_of(table, &table->targets[0]))) {
        key[0] = '\0';
        good = error_set(why, "%s: expected an order number, found \"%.60s\"", table->targets[0].heading,
                         value_of(table, &table->targets[0]));
    }
    if (!enter_group(table, key, &first, err))
        return false;
    if (good && !table->group.bad) { /* behind a bad row there is no first one to compare with */
        struct draft_parcel *parcel = NULL;
        ok = set_order(table, first, why);
        if (ok)
            parcel = set_parcel(table, why, &ok);
        good = ok && set_line(table, parcel, why);
    }
    if (!good)
        complain(table, table->raw_line, why);
    return true;
}

bool import_csv(struct intake *intake, struct error *err) {
    struct table table = {.intake = intake};
    struct error why;
    enum record_kind kind;
    arena_init(&table.headings);
    struct buffer *buffers[] = {&table.cells, &table.raw, &table.header, &table.group.raw};
    for (size_t i = 0; i < sizeof buffers / sizeof buffers[0]; i++)
        buffer_init(buffers[i], 2 * INTAKE_LINE_MAX + 1024);
    bool ok = read_header(&table, err);
    while (ok && (kind = next_record(&table, &why)) != RECORD_END)
        ok = take_row(&table, kind == RECORD_GOOD, &why, err);
    ok = ok && end_group(&table, err);
    csv_free(&table.parser);
    arena_clear(&table.headings);
    for (size_t i = 0; i < sizeof buffers / sizeof buffers[0]; i++)
        buffer_clear(buffers[i]);
    return ok;
}
