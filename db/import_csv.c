/* CSV: a row a line of an order. The first row of an order says what all of them have in common. */
#include "base/key.h"
#include "base/text.h"
#include "db/columns.h"
#include "db/intake.h"
#include <string.h>
#include <strings.h>

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

/* The rows of one order. */
struct group {
    char key[KEY_SIZE]; /* "" when none could be read */
    struct draft *draft;
    int64_t line;
    struct buffer raw;
    struct buffer first; /* the text of the first row's cells */
    bool open, bad;
    int line_room, parcel_room;
};

struct table {
    struct intake *intake;
    struct cells cells;
    struct columns columns;
    char *row;            /* the text of the row's cells, which the order may keep */
    struct buffer header; /* as it came, for the rejects */
    bool header_rejected;
    struct arena headings;
    struct group group;
};

static bool read_header(struct table *table, struct error *err) {
    struct cells *cells = &table->cells;
    const char *label = table->intake->options->label;
    if (!cells_begin(cells))
        return error_set(err, "%s:1: expected a header with column names, found an empty file", label);
    bool ok = cells_next(cells, err) == ROW_GOOD && intake_text_valid(cells->raw.bytes, cells->raw.len, err);
    if (ok && cells->count > CELLS_MAX)
        ok = error_set(err, "at most %d columns are read, found %d", CELLS_MAX, cells->count);
    if (!ok)
        return error_prefix(err, "%s:%lld", label, (long long)cells->line);
    buffer_add(&table->header, cells->raw.bytes, cells->raw.len);
    if (columns_map(&table->columns, cells, &table->headings)) {
        struct error why;
        if (*table->columns.unread) {
            error_set(&why, "warning: columns that are not known are not read: %s", table->columns.unread);
            intake_complain(table->intake, cells->line, &why);
        }
        table->intake->unprovable = !table->columns.has_proof;
        return true;
    }
    char found[64];
    TEXT_SET(found, table->header.bytes);
    found[strcspn(found, "\r\n")] = '\0';
    return error_set(
        err,
        "%s:%lld: expected a column with the order number (number, order number, Name, numéro de commande; "
        "docs/orders.md), found \"%s\"",
        label, (long long)cells->line, found);
}

/* Rows. */

/* `row`: the text of the row's cells. "" when all that may hold it are empty. */
static char *value_in(char *row, const struct cells *cells, const struct column *column) {
    for (int i = 0; i < column->count; i++) {
        char *value = row + cells->starts[column->cells[i]];
        if (*value > ' ' || value[strspn(value, " \t\r\n")])
            return value;
    }
    return row + cells->starts[column->cells[0]];
}

static char *value_of(const struct table *table, const struct column *column) {
    return value_in(table->row, &table->cells, column);
}

static bool set_value(struct table *table, void *base, uint64_t *given, const struct column *column,
                      char *value, struct error *err) {
    const struct record *record = columns_record(column->owner);
    if (draft_set(base, given, record, column->field, value, &table->intake->draft_options,
                  &table->intake->filling->arena, err))
        return true;
    return strcmp(record->fields[column->field].name, column->heading) == 0
               ? false
               : (error_prefix(err, "column \"%.60s\"", column->heading), false);
}

static const char *method_option(const char *method) {
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++)
        if (strcasestr(method, methods[i].word))
            return methods[i].option;
    return "";
}

/* Columns that say something about the order without being one of its fields. */
static bool set_word(struct table *table, struct draft *draft, const struct column *column, char *value,
                     struct error *err) {
    struct arena *arena = &table->intake->filling->arena;
    struct order *order = &draft->order;
    uint64_t bit = UINT64_C(1) << column->field;
    struct moment moment;
    switch (column->owner) {
    case OF_FULL_NAME:
        if (!text_empty(order->first_name))
            return true;
        value += strspn(value, " \t");
        value[strcspn(value, " \t")] = '\0';
        return set_value(table, order, &draft->given, column, value, err);
    case OF_SHIPPING_METHOD:
        if (!text_empty(order->option))
            return true;
        return set_value(table, order, &draft->given, column, arena_string(arena, method_option(value)), err);
    case OF_PAYMENT: {
        enum status payment = status_read(value, STATUS_OF_ORDER);
        draft_doubts(column->heading, value, payment, &table->intake->draft_options);
        if (payment == STATUS_UNKNOWN || order->state > STATUS_CONFIRMED)
            return true;
        if (payment == STATUS_ON_HOLD || payment == STATUS_CANCELLED) {
            order->state = payment;
            draft_reason(order, &draft->given, value);
        } else if (order->state == STATUS_UNKNOWN)
            order->state = STATUS_CONFIRMED;
        draft->given |= bit;
        return true;
    }
    case OF_CANCELLED:
        if (!*value)
            return true;
        if (!draft_moment(&moment, column->heading, value, &table->intake->draft_options, err))
            return false;
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
    for (int i = 0; i < table->columns.count; i++) {
        struct column *column = &table->columns.columns[i];
        if (column->owner == OF_LINE || column->owner == OF_PARCEL)
            continue;
        char *value = value_of(table, column);
        if (!first && (!*value || strcmp(value, column->seen) == 0))
            continue;
        if (!first && *column->seen && i > 0)
            return error_set(
                err, "%s: expected \"%.60s\" as in the order's row at line %lld, or nothing, found \"%.60s\"",
                column->heading, column->seen, (long long)table->group.line, value);
        if (first)
            column->seen = value_in(table->cells.text.bytes, &table->cells, column);
        bool ok = column->owner == OF_ORDER
                      ? set_value(table, &draft->order, &draft->given, column, value, err)
                      : set_word(table, draft, column, value, err);
        if (!ok)
            return false;
    }
    return true;
}

static bool owner_has_value(const struct table *table, enum owner owner, const char *but) {
    for (int i = 0; i < table->columns.count; i++) {
        const struct column *column = &table->columns.columns[i];
        if (column->owner == owner && *value_of(table, column) &&
            (!but || strcmp(columns_record(owner)->fields[column->field].name, but) != 0))
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
    for (int i = 0; i < table->columns.count && *ok; i++)
        if (table->columns.columns[i].owner == OF_PARCEL)
            *ok = set_value(table, &row.parcel, &row.given, &table->columns.columns[i],
                            value_of(table, &table->columns.columns[i]), err);
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
    if (table->columns.has_parcels) {
        line->given |= UINT64_C(1) << field_find(&record_line, "parcel");
        if (parcel)
            line->parcel = text_empty(parcel->parcel.id) ? parcel->parcel.tracking_number : parcel->parcel.id;
    }
    for (int i = 0; i < table->columns.count; i++)
        if (table->columns.columns[i].owner == OF_LINE &&
            !set_value(table, &line->line, &line->given, &table->columns.columns[i],
                       value_of(table, &table->columns.columns[i]), err))
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
        group->draft->lines_given = table->columns.has_lines;
        group->draft->parcels_given = table->columns.has_parcels;
        group->draft->partial = table->columns.has_lines || table->columns.has_parcels;
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
        struct buffer raw = group->raw, text = group->first;
        buffer_reset(&raw);
        *group = (struct group){.raw = raw, .first = text, .open = true, .line = table->cells.line};
        TEXT_SET(group->key, key);
        group->draft = intake_draft(table->intake);
    }
    buffer_add(&group->raw, table->cells.raw.bytes, table->cells.raw.len);
    return true;
}

/* The number in a row that could not be read. */
static void guess_key(const struct table *table, char key[KEY_SIZE]) {
    const char *bytes;
    size_t len = cells_guess(&table->cells, table->columns.columns[0].cells[0], &bytes);
    char text[KEY_SIZE] = "";
    if (len < sizeof text)
        memcpy(text, bytes, len);
    if (!text_valid(text, strlen(text)) || !key_number(key, text))
        key[0] = '\0';
}

/* What a row that can be read says of its order. */
static bool set_row(struct table *table, bool first, struct error *why) {
    struct cells *cells = &table->cells;
    struct draft_parcel *parcel = NULL;
    bool ok = true;
    table->row = arena_copy(&table->intake->filling->arena, cells->text.bytes, cells->text.len);
    if (!set_order(table, first, why))
        return false;
    if (first) {
        struct buffer text = table->group.first;
        table->group.first = cells->text;
        cells->text = text;
    }
    parcel = set_parcel(table, why, &ok);
    return ok && set_line(table, parcel, why);
}

static bool take_row(struct table *table, bool good, struct error *why, struct error *err) {
    const struct cells *cells = &table->cells;
    const struct column *number = &table->columns.columns[0];
    char key[KEY_SIZE];
    bool first;
    table->intake->line = cells->line;
    good = good && intake_text_valid(cells->raw.bytes, cells->raw.len, why);
    if (good && cells->count != table->columns.cell_count)
        good = error_set(why, "expected %d columns as in the header, found %d", table->columns.cell_count,
                         cells->count);
    if (!good)
        guess_key(table, key);
    else if (!key_number(key, value_in(cells->text.bytes, cells, number))) {
        key[0] = '\0';
        good = error_set(why, "%s: expected an order number, found \"%.60s\"", number->heading,
                         value_in(cells->text.bytes, cells, number));
    }
    if (!enter_group(table, key, &first, err))
        return false;
    /* Behind a bad row there is no first one to compare with. */
    if (good && !table->group.bad)
        good = set_row(table, first, why);
    if (!good)
        complain(table, cells->line, why);
    return true;
}

bool import_csv(struct intake *intake, struct error *err) {
    struct table table = {.intake = intake};
    struct error why;
    enum row_read read;
    cells_init(&table.cells, &intake->lines);
    arena_init(&table.headings);
    struct buffer *buffers[] = {&table.header, &table.group.raw, &table.group.first};
    for (size_t i = 0; i < sizeof buffers / sizeof buffers[0]; i++)
        buffer_init(buffers[i], table.cells.raw.max);
    bool ok = read_header(&table, err);
    while (ok && (read = cells_next(&table.cells, &why)) != ROW_NONE)
        ok = take_row(&table, read == ROW_GOOD, &why, err);
    ok = ok && end_group(&table, err);
    cells_clear(&table.cells);
    arena_clear(&table.headings);
    for (size_t i = 0; i < sizeof buffers / sizeof buffers[0]; i++)
        buffer_clear(buffers[i]);
    return ok;
}
