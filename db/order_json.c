#include "db/order_json.h"
#include "db/field.h"

static void print_fields(struct json_out *out, const void *base, const struct record *record) {
    char scratch[MOMENT_SIZE];
    for (int i = 0; i < record->count; i++) {
        const struct field *field = &record->fields[i];
        if (field_empty(base, field) || field->check == CHECK_KEY)
            continue;
        switch (field->kind) {
        case FIELD_TEXT:
        case FIELD_MOMENT:
        case FIELD_STATUS:
            json_text(out, field->name, field_text(base, field, scratch));
            break;
        case FIELD_FLAG:
            json_flag(out, field->name, true);
            break;
        case FIELD_COUNT:
            json_number(out, field->name, FIELD_OF(int, base, field));
            break;
        case FIELD_MS:
            json_number(out, field->name, FIELD_OF(int64_t, base, field));
            break;
        case FIELD_INDEX:
            break; /* the id of the parcel, which its line cannot know */
        }
    }
}

void order_print(struct json_out *out, const char *key, const struct order *order) {
    json_open(out, key, '{');
    print_fields(out, order, &record_order);
    json_open(out, "lines", '[');
    for (int i = 0; i < order->line_count; i++) {
        const struct line *line = &order->lines[i];
        json_open(out, NULL, '{');
        print_fields(out, line, &record_line);
        if (line->parcel >= 0)
            json_text(out, "parcel", order->parcels[line->parcel].id);
        json_close(out, '}');
    }
    json_close(out, ']');
    json_open(out, "parcels", '[');
    for (int i = 0; i < order->parcel_count; i++) {
        const struct parcel *parcel = &order->parcels[i];
        json_open(out, NULL, '{');
        print_fields(out, parcel, &record_parcel);
        json_open(out, "checkpoints", '[');
        for (int k = 0; k < parcel->checkpoint_count; k++) {
            json_open(out, NULL, '{');
            print_fields(out, &parcel->checkpoints[k], &record_checkpoint);
            json_close(out, '}');
        }
        json_close(out, ']');
        json_close(out, '}');
    }
    json_close(out, ']');
    json_close(out, '}');
}
