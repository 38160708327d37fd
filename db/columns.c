#include "db/columns.h"
#include "base/key.h"
#include "base/text.h"
#include <string.h>

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

static int best_column(const struct cells *header, const char *names, const bool *used) {
    int best = -1, best_rank = 0, rank;
    for (int i = 0; i < header->count; i++)
        if (!used[i] && name_matches(cells_at(header, i), names, &rank) && (best < 0 || rank < best_rank)) {
            best = i;
            best_rank = rank;
        }
    return best;
}

const struct record *columns_record(enum owner owner) {
    return owner == OF_LINE ? &record_line : owner == OF_PARCEL ? &record_parcel : &record_order;
}

static const char *unread(const struct cells *header, const bool *used, struct arena *arena) {
    const char *names = "";
    for (int i = 0; i < header->count; i++)
        if (!used[i] && !text_empty(cells_at(header, i)))
            names = arena_format(arena, "%s%s\"%.60s\"", names, *names ? ", " : "", cells_at(header, i));
    return names;
}

static bool proves(const struct column *column) {
    const char *field = columns_record(column->owner)->fields[column->field].name;
    return column->owner == OF_ORDER &&
           (text_is(field, "email") || text_is(field, "phone") || text_is(field, "postcode"));
}

bool columns_map(struct columns *columns, const struct cells *header, struct arena *arena) {
    bool used[CELLS_MAX] = {false};
    *columns = (struct columns){.cell_count = header->count};
    for (size_t i = 0; i < sizeof aliases / sizeof aliases[0]; i++) {
        struct column *column = &columns->columns[columns->count];
        *column = (struct column){.owner = aliases[i].owner};
        /* An order has one number: a customer's "name" does not stand in for it. */
        int most = i == 0 ? 1 : ALTERNATIVES;
        for (int best; column->count < most && (best = best_column(header, aliases[i].names, used)) >= 0;) {
            used[best] = true;
            column->cells[column->count++] = best;
        }
        if (!column->count)
            continue;
        column->field = field_find(columns_record(column->owner), aliases[i].field);
        column->heading = arena_string(arena, cells_at(header, column->cells[0]));
        columns->has_lines |= column->owner == OF_LINE;
        columns->has_parcels |= column->owner == OF_PARCEL;
        columns->has_proof |= proves(column);
        columns->count++;
    }
    columns->unread = unread(header, used, arena);
    return columns->count && columns->columns[0].owner == OF_ORDER &&
           columns->columns[0].field == field_find(&record_order, "number");
}
