#include "db/field.h"
#include <string.h>

enum { SHORT = 64, NAME = 120, TITLE = 300, LONG = 500, ADDRESS = 2000 };

#define TEXT(name, member, max, check)                                                                       \
    { name, FIELD_TEXT, offsetof(struct OWNER, member), max, check }
#define OTHER(name, kind, member)                                                                            \
    { name, kind, offsetof(struct OWNER, member), 0, CHECK_ANY }

#define OWNER order
static const struct field order_fields[] = {
    TEXT("number", number, SHORT, CHECK_NUMBER),
    TEXT("key", key, SHORT, CHECK_KEY),
    TEXT("external_id", external_id, NAME, CHECK_ANY),
    OTHER("placed_at", FIELD_MOMENT, placed_at),
    OTHER("state", FIELD_STATUS, state),
    TEXT("option", option, SHORT, CHECK_OPTION),
    OTHER("promised_from", FIELD_MOMENT, promise.from),
    OTHER("promised_to", FIELD_MOMENT, promise.to),
    TEXT("promise_origin", promise_origin, SHORT, CHECK_ORIGIN),
    OTHER("revised_from", FIELD_MOMENT, revised.from),
    OTHER("revised_to", FIELD_MOMENT, revised.to),
    OTHER("dispatch_by", FIELD_MOMENT, dispatch_by),
    TEXT("hold_reason", hold_reason, NAME, CHECK_ANY),
    OTHER("hold_until", FIELD_MOMENT, hold_until),
    OTHER("cancellable", FIELD_FLAG, cancellable),
    TEXT("email", email, 254, CHECK_EMAIL),
    TEXT("phone", phone, SHORT, CHECK_PHONE),
    TEXT("postcode", postcode, SHORT, CHECK_ANY),
    TEXT("country", country, SHORT, CHECK_COUNTRY),
    TEXT("locale", locale, SHORT, CHECK_LOCALE),
    TEXT("first_name", first_name, NAME, CHECK_ANY),
};
#undef OWNER

#define OWNER line
static const struct field line_fields[] = {
    TEXT("sku", sku, NAME, CHECK_ANY),        TEXT("title", title, TITLE, CHECK_ANY),
    OTHER("quantity", FIELD_COUNT, quantity), OTHER("state", FIELD_STATUS, state),
    OTHER("parcel", FIELD_INDEX, parcel),     OTHER("available", FIELD_MOMENT, available),
};
#undef OWNER

#define OWNER parcel
static const struct field parcel_fields[] = {
    TEXT("id", id, SHORT, CHECK_ANY),
    TEXT("carrier", carrier, NAME, CHECK_ANY),
    TEXT("tracking_number", tracking_number, SHORT, CHECK_ANY),
    TEXT("tracking_url", tracking_url, ADDRESS, CHECK_URL),
    OTHER("status", FIELD_STATUS, status),
    OTHER("status_at", FIELD_MOMENT, status_at),
    TEXT("reason", reason, LONG, CHECK_ANY),
    OTHER("estimated_from", FIELD_MOMENT, estimate.from),
    OTHER("estimated_to", FIELD_MOMENT, estimate.to),
    OTHER("first_estimated_from", FIELD_MOMENT, first_estimate.from),
    OTHER("first_estimated_to", FIELD_MOMENT, first_estimate.to),
    OTHER("next_attempt", FIELD_MOMENT, next_attempt),
    TEXT("pickup_name", pickup.name, TITLE, CHECK_ANY),
    TEXT("pickup_address", pickup.address, LONG, CHECK_ANY),
    TEXT("pickup_hours", pickup.hours, LONG, CHECK_ANY),
    TEXT("pickup_code", pickup.code, SHORT, CHECK_ANY),
    OTHER("pickup_deadline", FIELD_MOMENT, pickup.deadline),
    OTHER("delivered_at", FIELD_MOMENT, proof.at),
    TEXT("delivered_where", proof.where, TITLE, CHECK_ANY),
    TEXT("delivered_to", proof.to, NAME, CHECK_ANY),
    OTHER("delivered_signed", FIELD_FLAG, proof.signed_for),
};
#undef OWNER

#define OWNER checkpoint
static const struct field checkpoint_fields[] = {
    OTHER("at", FIELD_MOMENT, at),
    OTHER("status", FIELD_STATUS, status),
    TEXT("code", code, SHORT, CHECK_ANY),
    TEXT("label", label, LONG, CHECK_ANY),
    TEXT("place", place, TITLE, CHECK_ANY),
    TEXT("source", source, NAME, CHECK_ANY),
    OTHER("received_ms", FIELD_MS, received_ms),
};
#undef OWNER

static const struct order empty_order = {.shop = "",
                                         .number = "",
                                         .key = "",
                                         .external_id = "",
                                         .option = "",
                                         .promise_origin = "",
                                         .hold_reason = "",
                                         .email = "",
                                         .phone = "",
                                         .postcode = "",
                                         .country = "",
                                         .locale = "",
                                         .first_name = ""};
static const struct line empty_line = {.sku = "", .title = "", .parcel = -1};
static const struct parcel empty_parcel = {.id = "",
                                           .carrier = "",
                                           .tracking_number = "",
                                           .tracking_url = "",
                                           .reason = "",
                                           .pickup = {.name = "", .address = "", .hours = "", .code = ""},
                                           .proof = {.where = "", .to = ""}};
static const struct checkpoint empty_checkpoint = {.code = "", .label = "", .place = "", .source = ""};

#define RECORD(struct_name, name, subject)                                                                   \
    const struct record record_##struct_name = {                                                             \
        name,    struct_name##_fields, sizeof struct_name##_fields / sizeof struct_name##_fields[0],         \
        subject, &empty_##struct_name, sizeof empty_##struct_name}
RECORD(order, "order", STATUS_OF_ORDER);
RECORD(line, "line", STATUS_OF_ORDER | STATUS_OF_PARCEL);
RECORD(parcel, "parcel", STATUS_OF_PARCEL);
RECORD(checkpoint, "checkpoint", STATUS_OF_PARCEL);

int field_find(const struct record *record, const char *name) {
    for (int i = 0; i < record->count; i++)
        if (record->fields[i].name[0] == name[0] && strcmp(record->fields[i].name, name) == 0)
            return i;
    return -1;
}

bool field_empty(const void *base, const struct field *field) {
    switch (field->kind) {
    case FIELD_TEXT: {
        const char *text = FIELD_OF(char *, base, field);
        return !text || !*text;
    }
    case FIELD_MOMENT:
        return FIELD_OF(struct moment, base, field).kind == MOMENT_NONE;
    case FIELD_STATUS:
        return FIELD_OF(enum status, base, field) == STATUS_UNKNOWN;
    case FIELD_FLAG:
        return !FIELD_OF(bool, base, field);
    case FIELD_COUNT:
        return FIELD_OF(int, base, field) == 0;
    case FIELD_INDEX:
        return FIELD_OF(int, base, field) < 0;
    case FIELD_MS:
        return FIELD_OF(int64_t, base, field) == 0;
    }
    return true;
}

void field_copy(void *to, const void *from, const struct field *field) {
    static const size_t sizes[] = {
        [FIELD_TEXT] = sizeof(char *),        [FIELD_MOMENT] = sizeof(struct moment),
        [FIELD_STATUS] = sizeof(enum status), [FIELD_FLAG] = sizeof(bool),
        [FIELD_COUNT] = sizeof(int),          [FIELD_INDEX] = sizeof(int),
        [FIELD_MS] = sizeof(int64_t)};
    memcpy((char *)to + field->offset, (const char *)from + field->offset, sizes[field->kind]);
}

const char *field_text(const void *base, const struct field *field, char scratch[MOMENT_SIZE]) {
    switch (field->kind) {
    case FIELD_TEXT: {
        const char *text = FIELD_OF(char *, base, field);
        return text ? text : "";
    }
    case FIELD_MOMENT:
        moment_print(scratch, FIELD_OF(struct moment, base, field));
        return scratch;
    case FIELD_STATUS:
        return field_empty(base, field) ? "" : status_name(FIELD_OF(enum status, base, field));
    default:
        return "";
    }
}
