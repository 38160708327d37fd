/* The one table of statuses, and the crosswalk from the words of other systems. */
#include "base/key.h"
#include "db/order.h"
#include "db/status_words.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { FINAL = 1, WITH_CARRIER = 2 };

static const struct {
    const char *name;
    int means;
} statuses[STATUS_COUNT] = {
    [STATUS_UNKNOWN] = {"unknown", 0},
    [STATUS_PLACED] = {"placed", 0},
    [STATUS_CONFIRMED] = {"confirmed", 0},
    [STATUS_ON_HOLD] = {"on_hold", 0},
    [STATUS_BACKORDER] = {"backorder", 0},
    [STATUS_PREPARING] = {"preparing", 0},
    [STATUS_INFO_RECEIVED] = {"info_received", 0},
    [STATUS_IN_TRANSIT] = {"in_transit", WITH_CARRIER},
    [STATUS_CUSTOMS] = {"customs", WITH_CARRIER},
    [STATUS_OUT_FOR_DELIVERY] = {"out_for_delivery", WITH_CARRIER},
    [STATUS_ATTEMPT_FAILED] = {"attempt_failed", WITH_CARRIER},
    [STATUS_READY_FOR_PICKUP] = {"ready_for_pickup", WITH_CARRIER},
    [STATUS_DELIVERED] = {"delivered", FINAL | WITH_CARRIER},
    [STATUS_EXCEPTION] = {"exception", WITH_CARRIER},
    [STATUS_RETURNING] = {"returning", WITH_CARRIER},
    [STATUS_RETURNED] = {"returned", FINAL | WITH_CARRIER},
    [STATUS_LOST] = {"lost", FINAL | WITH_CARRIER},
    [STATUS_DAMAGED] = {"damaged", WITH_CARRIER},
    [STATUS_CANCELLED] = {"cancelled", FINAL},
    [STATUS_EXPIRED] = {"expired", WITH_CARRIER},
};

enum { ORDER = STATUS_OF_ORDER, PARCEL = STATUS_OF_PARCEL, BOTH = ORDER | PARCEL };

/* Words as key_number writes them. Sources: the public enumerations of AfterShip (tags and sub-statuses),
 * EasyPost, Shippo, Shopify, WooCommerce, 17TRACK, schema.org, La Poste Suivi v2 and UPU EMSEVT. "Completed"
 * and "fulfilled" are the merchant's work done, not a delivery; La Poste's MD2 is "out for delivery",
 * whatever others make of it. */
static const struct word {
    const char *word;
    enum status status;
    int subject;
} words[] = {
    /* shops: Shopify, WooCommerce, schema.org, PrestaShop, Magento */
    {"AUTHORIZED", STATUS_CONFIRMED, ORDER},
    {"AWAITINGPAYMENT", STATUS_ON_HOLD, ORDER},
    {"BACKORDERED", STATUS_BACKORDER, ORDER},
    {"CANCELED", STATUS_CANCELLED, BOTH},
    {"COMPLETE", STATUS_IN_TRANSIT, ORDER},
    {"COMPLETED", STATUS_IN_TRANSIT, ORDER},
    {"DRAFT", STATUS_PLACED, ORDER},
    {"FAILED", STATUS_ON_HOLD, ORDER},
    {"FULFILLED", STATUS_IN_TRANSIT, BOTH},
    {"HOLDED", STATUS_ON_HOLD, ORDER},
    {"INPROGRESS", STATUS_PREPARING, ORDER},
    {"LABELVOIDED", STATUS_CANCELLED, PARCEL},
    {"MARKEDASFULFILLED", STATUS_IN_TRANSIT, BOTH},
    {"NEW", STATUS_PLACED, ORDER},
    {"OPEN", STATUS_CONFIRMED, ORDER},
    {"ORDERCANCELLED", STATUS_CANCELLED, ORDER},
    {"ORDERDELIVERED", STATUS_DELIVERED, ORDER},
    {"ORDERED", STATUS_PLACED, ORDER},
    {"ORDERINTRANSIT", STATUS_IN_TRANSIT, ORDER},
    {"ORDERPAYMENTDUE", STATUS_ON_HOLD, ORDER},
    {"ORDERPICKUPAVAILABLE", STATUS_READY_FOR_PICKUP, ORDER},
    {"ORDERPROBLEM", STATUS_EXCEPTION, ORDER},
    {"ORDERPROCESSING", STATUS_PREPARING, ORDER},
    {"ORDERRETURNED", STATUS_RETURNED, ORDER},
    {"PAID", STATUS_CONFIRMED, ORDER},
    {"PARTIAL", STATUS_PREPARING, ORDER},
    {"PARTIALLYFULFILLED", STATUS_PREPARING, ORDER},
    {"PARTIALLYPAID", STATUS_CONFIRMED, ORDER},
    {"PARTIALLYREFUNDED", STATUS_CONFIRMED, ORDER},
    {"PARTIALLYSHIPPED", STATUS_PREPARING, ORDER},
    {"PAYMENTREVIEW", STATUS_ON_HOLD, ORDER},
    {"PENDING", STATUS_ON_HOLD, ORDER},
    {"PENDINGFULFILLMENT", STATUS_CONFIRMED, ORDER},
    {"PENDINGPAYMENT", STATUS_ON_HOLD, ORDER},
    {"PROCESSING", STATUS_PREPARING, ORDER},
    {"REFUNDED", STATUS_CANCELLED, ORDER},
    {"REQUESTDECLINED", STATUS_CANCELLED, ORDER},
    {"RESTOCKED", STATUS_CANCELLED, ORDER},
    {"SCHEDULED", STATUS_ON_HOLD, ORDER},
    {"SHIPPED", STATUS_IN_TRANSIT, BOTH},
    {"TRASH", STATUS_CANCELLED, ORDER},
    {"UNFULFILLED", STATUS_CONFIRMED, ORDER},
    {"VOIDED", STATUS_CANCELLED, ORDER},
    /* Shopify's fulfilments */
    {"ATTEMPTEDDELIVERY", STATUS_ATTEMPT_FAILED, PARCEL},
    {"CARRIERPICKEDUP", STATUS_IN_TRANSIT, PARCEL},
    {"CONFIRMED", STATUS_INFO_RECEIVED, PARCEL},
    {"DELAYED", STATUS_EXCEPTION, PARCEL},
    {"FAILURE", STATUS_EXCEPTION, PARCEL},
    {"LABELPRINTED", STATUS_INFO_RECEIVED, PARCEL},
    {"LABELPURCHASED", STATUS_INFO_RECEIVED, PARCEL},
    {"NOTDELIVERED", STATUS_RETURNING, PARCEL},
    {"PICKEDUP", STATUS_DELIVERED, PARCEL},
    {"SUBMITTED", STATUS_PREPARING, PARCEL},
    /* AfterShip, 17TRACK, TrackingMore */
    {"ATTEMPTFAIL", STATUS_ATTEMPT_FAILED, PARCEL},
    {"ATTEMPTFAIL001", STATUS_ATTEMPT_FAILED, PARCEL},
    {"ATTEMPTFAIL002", STATUS_ATTEMPT_FAILED, PARCEL},
    {"ATTEMPTFAIL003", STATUS_ATTEMPT_FAILED, PARCEL},
    {"AVAILABLEFORPICKUP", STATUS_READY_FOR_PICKUP, PARCEL},
    {"AVAILABLEFORPICKUP001", STATUS_READY_FOR_PICKUP, PARCEL},
    {"DELIVERED001", STATUS_DELIVERED, PARCEL},
    {"DELIVERED002", STATUS_DELIVERED, PARCEL},
    {"DELIVERED003", STATUS_DELIVERED, PARCEL},
    {"DELIVERED004", STATUS_DELIVERED, PARCEL},
    {"DELIVERED005", STATUS_DELIVERED, PARCEL},
    {"DELIVERYFAILURE", STATUS_ATTEMPT_FAILED, PARCEL},
    {"EXCEPTION001", STATUS_EXCEPTION, PARCEL},
    {"EXCEPTION002", STATUS_EXCEPTION, PARCEL},
    {"EXCEPTION003", STATUS_EXCEPTION, PARCEL},
    {"EXCEPTION004", STATUS_CUSTOMS, PARCEL},
    {"EXCEPTION005", STATUS_EXCEPTION, PARCEL},
    {"EXCEPTION006", STATUS_EXCEPTION, PARCEL},
    {"EXCEPTION007", STATUS_EXCEPTION, PARCEL},
    {"EXCEPTION008", STATUS_EXCEPTION, PARCEL},
    {"EXCEPTION009", STATUS_EXCEPTION, PARCEL},
    {"EXCEPTION010", STATUS_RETURNING, PARCEL}, /* 010 and 011 are worded alike: claim the lesser */
    {"EXCEPTION011", STATUS_RETURNING, PARCEL},
    {"EXCEPTION012", STATUS_DAMAGED, PARCEL},
    {"EXCEPTION013", STATUS_LOST, PARCEL},
    {"EXCEPTION016", STATUS_EXCEPTION, PARCEL},
    {"EXCEPTION017", STATUS_EXCEPTION, PARCEL},
    {"EXCEPTION018", STATUS_CUSTOMS, PARCEL},
    {"EXPIRED001", STATUS_EXPIRED, PARCEL},
    {"INFORECEIVED001", STATUS_INFO_RECEIVED, PARCEL},
    {"INTRANSIT001", STATUS_IN_TRANSIT, PARCEL},
    {"INTRANSIT002", STATUS_IN_TRANSIT, PARCEL},
    {"INTRANSIT003", STATUS_IN_TRANSIT, PARCEL},
    {"INTRANSIT004", STATUS_IN_TRANSIT, PARCEL},
    {"INTRANSIT005", STATUS_IN_TRANSIT, PARCEL}, /* customs cleared: it moves again */
    {"INTRANSIT006", STATUS_CUSTOMS, PARCEL},
    {"INTRANSIT007", STATUS_IN_TRANSIT, PARCEL},
    {"INTRANSIT008", STATUS_IN_TRANSIT, PARCEL},
    {"INTRANSIT009", STATUS_IN_TRANSIT, PARCEL},
    {"NOTFOUND", STATUS_INFO_RECEIVED, PARCEL},
    {"OUTFORDELIVERY001", STATUS_OUT_FOR_DELIVERY, PARCEL},
    {"OUTFORDELIVERY003", STATUS_OUT_FOR_DELIVERY, PARCEL},
    {"OUTFORDELIVERY004", STATUS_OUT_FOR_DELIVERY, PARCEL},
    {"PENDING", STATUS_INFO_RECEIVED, PARCEL},
    {"PENDING001", STATUS_INFO_RECEIVED, PARCEL},
    {"PICKUP", STATUS_READY_FOR_PICKUP, PARCEL},
    {"UNDELIVERED", STATUS_ATTEMPT_FAILED, PARCEL},
    /* EasyPost, Shippo */
    {"ADDRESSCORRECTION", STATUS_EXCEPTION, PARCEL},
    {"ADDRESSISSUE", STATUS_EXCEPTION, PARCEL},
    {"ARRIVEDATDESTINATION", STATUS_IN_TRANSIT, PARCEL},
    {"ARRIVEDATFACILITY", STATUS_IN_TRANSIT, PARCEL},
    {"ARRIVEDATPICKUPLOCATION", STATUS_READY_FOR_PICKUP, PARCEL},
    {"AWAITINGINFORMATION", STATUS_INFO_RECEIVED, PARCEL},
    {"CONTACTCARRIER", STATUS_EXCEPTION, PARCEL},
    {"DELIVERYATTEMPTED", STATUS_ATTEMPT_FAILED, PARCEL},
    {"DELIVERYEXCEPTION", STATUS_ATTEMPT_FAILED, PARCEL},
    {"DELIVERYRESCHEDULED", STATUS_IN_TRANSIT, PARCEL},
    {"DELIVERYSCHEDULED", STATUS_IN_TRANSIT, PARCEL},
    {"DEPARTEDFACILITY", STATUS_IN_TRANSIT, PARCEL},
    {"DEPARTEDORIGINFACILITY", STATUS_IN_TRANSIT, PARCEL},
    {"ERROR", STATUS_EXCEPTION, PARCEL},
    {"HELD", STATUS_EXCEPTION, PARCEL},
    {"INFORMATIONRECEIVED", STATUS_INFO_RECEIVED, PARCEL},
    {"LABELCREATED", STATUS_INFO_RECEIVED, PARCEL},
    {"LOCATIONINACCESSIBLE", STATUS_ATTEMPT_FAILED, PARCEL},
    {"MISSORTED", STATUS_EXCEPTION, PARCEL},
    {"NOTICELEFT", STATUS_ATTEMPT_FAILED, PARCEL},
    {"PACKAGEACCEPTED", STATUS_IN_TRANSIT, PARCEL},
    {"PACKAGEARRIVED", STATUS_IN_TRANSIT, PARCEL},
    {"PACKAGEDAMAGED", STATUS_DAMAGED, PARCEL},
    {"PACKAGEDEPARTED", STATUS_IN_TRANSIT, PARCEL},
    {"PACKAGEDISPOSED", STATUS_LOST, PARCEL},
    {"PACKAGEFORWARDED", STATUS_IN_TRANSIT, PARCEL},
    {"PACKAGEHELD", STATUS_EXCEPTION, PARCEL},
    {"PACKAGELOST", STATUS_LOST, PARCEL},
    {"PACKAGEPROCESSED", STATUS_IN_TRANSIT, PARCEL},
    {"PACKAGEPROCESSING", STATUS_IN_TRANSIT, PARCEL},
    {"PACKAGEUNCLAIMED", STATUS_RETURNING, PARCEL},
    {"PACKAGEUNDELIVERABLE", STATUS_EXCEPTION, PARCEL},
    {"PICKUPAVAILABLE", STATUS_READY_FOR_PICKUP, PARCEL},
    {"PRETRANSIT", STATUS_INFO_RECEIVED, PARCEL},
    {"RECEIVEDATDESTINATIONFACILITY", STATUS_IN_TRANSIT, PARCEL},
    {"RECEIVEDATORIGINFACILITY", STATUS_IN_TRANSIT, PARCEL},
    {"REFUSED", STATUS_EXCEPTION, PARCEL},
    {"RESCHEDULEDELIVERY", STATUS_ATTEMPT_FAILED, PARCEL},
    {"RETURN", STATUS_RETURNING, PARCEL},
    {"RETURNTOSENDER", STATUS_RETURNING, PARCEL},
    {"TRANSFERREDTODESTINATIONCARRIER", STATUS_IN_TRANSIT, PARCEL},
    {"TRANSIT", STATUS_IN_TRANSIT, PARCEL},
    {"TRANSITEXCEPTION", STATUS_EXCEPTION, PARCEL},
    {"WEATHERDELAY", STATUS_EXCEPTION, PARCEL},
    /* La Poste, Colissimo, Chronopost */
    {"AG1", STATUS_READY_FOR_PICKUP, PARCEL},
    {"DI0", STATUS_DELIVERED, PARCEL},
    {"DI1", STATUS_DELIVERED, PARCEL},
    {"DI2", STATUS_RETURNED, PARCEL},
    {"DI3", STATUS_EXCEPTION, PARCEL},
    {"DO1", STATUS_CUSTOMS, PARCEL},
    {"DO2", STATUS_IN_TRANSIT, PARCEL},
    {"DO3", STATUS_CUSTOMS, PARCEL},
    {"DR1", STATUS_INFO_RECEIVED, PARCEL},
    {"DR2", STATUS_INFO_RECEIVED, PARCEL},
    {"EP1", STATUS_IN_TRANSIT, PARCEL},
    {"ET1", STATUS_IN_TRANSIT, PARCEL},
    {"ET2", STATUS_IN_TRANSIT, PARCEL},
    {"ET3", STATUS_IN_TRANSIT, PARCEL},
    {"ET4", STATUS_IN_TRANSIT, PARCEL},
    {"ID0", STATUS_CUSTOMS, PARCEL},
    {"MD2", STATUS_OUT_FOR_DELIVERY, PARCEL},
    {"ND1", STATUS_ATTEMPT_FAILED, PARCEL},
    {"PB1", STATUS_EXCEPTION, PARCEL},
    {"PB2", STATUS_IN_TRANSIT, PARCEL},
    {"PC1", STATUS_IN_TRANSIT, PARCEL},
    {"PC2", STATUS_IN_TRANSIT, PARCEL},
    {"RE1", STATUS_RETURNING, PARCEL},
    /* UPU EMSEVT */
    {"EDA", STATUS_EXCEPTION, PARCEL},
    {"EDB", STATUS_CUSTOMS, PARCEL},
    {"EDC", STATUS_IN_TRANSIT, PARCEL},
    {"EDD", STATUS_IN_TRANSIT, PARCEL},
    {"EDE", STATUS_IN_TRANSIT, PARCEL},
    {"EDF", STATUS_EXCEPTION, PARCEL},
    {"EDG", STATUS_OUT_FOR_DELIVERY, PARCEL},
    {"EDH", STATUS_READY_FOR_PICKUP, PARCEL},
    {"EDX", STATUS_EXCEPTION, PARCEL},
    {"EMA", STATUS_IN_TRANSIT, PARCEL},
    {"EMB", STATUS_IN_TRANSIT, PARCEL},
    {"EMC", STATUS_IN_TRANSIT, PARCEL},
    {"EMD", STATUS_IN_TRANSIT, PARCEL},
    {"EME", STATUS_CUSTOMS, PARCEL},
    {"EMF", STATUS_IN_TRANSIT, PARCEL},
    {"EMG", STATUS_IN_TRANSIT, PARCEL},
    {"EMH", STATUS_ATTEMPT_FAILED, PARCEL},
    {"EMI", STATUS_DELIVERED, PARCEL},
    {"EMJ", STATUS_IN_TRANSIT, PARCEL},
    {"EMK", STATUS_IN_TRANSIT, PARCEL},
    {"EXA", STATUS_CUSTOMS, PARCEL},
    {"EXB", STATUS_CUSTOMS, PARCEL},
    {"EXC", STATUS_IN_TRANSIT, PARCEL},
    {"EXD", STATUS_EXCEPTION, PARCEL},
    {"EXX", STATUS_CANCELLED, PARCEL},
};

const char *status_name(enum status status) {
    return status < STATUS_COUNT ? statuses[status].name : statuses[STATUS_UNKNOWN].name;
}

enum status status_named(const char *name) {
    for (enum status status = STATUS_UNKNOWN; name && status < STATUS_COUNT; status++)
        if (statuses[status].name[0] == name[0] && strcmp(statuses[status].name, name) == 0)
            return status;
    return STATUS_UNKNOWN;
}

/* WooCommerce stores its own with a prefix: "wc-processing". */
static bool key_of(char key[KEY_SIZE], const char *word) {
    return word && key_number(key, word + (strncasecmp(word, "wc-", 3) == 0 ? 3 : 0));
}

const char *status_reason(const char *word) {
    static const struct {
        const char *word, *reason;
    } reasons[] = {
        {"AWAITINGPAYMENT", "payment"}, {"FAILED", "payment"},  {"ORDERPAYMENTDUE", "payment"},
        {"PAYMENTREVIEW", "payment"},   {"PENDING", "payment"}, {"PENDINGPAYMENT", "payment"},
        {"REFUNDED", "refunded"},
    };
    char key[KEY_SIZE];
    if (!key_of(key, word))
        return "";
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
        if (strcmp(reasons[i].word, key) == 0)
            return reasons[i].reason;
    const struct status_words *said = status_words_find(key, STATUS_OF_ORDER);
    return said && said->reason ? said->reason : "";
}

static enum status read_key(const char *key, enum status_subject subject) {
    char name[KEY_SIZE];
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (words[i].word[0] == key[0] && (words[i].subject & subject) && strcmp(words[i].word, key) == 0)
            return words[i].status;
    for (enum status status = STATUS_PLACED; status < STATUS_COUNT; status++)
        if (key_number(name, statuses[status].name) && strcmp(name, key) == 0)
            return status;
    const struct status_words *said = status_words_find(key, subject);
    return said ? said->status : STATUS_UNKNOWN;
}

enum status status_read(const char *word, enum status_subject subject) {
    char key[KEY_SIZE];
    enum status exact = status_named(word);
    /* "confirmed" is ours for an order; of a parcel Shopify means by it that a label exists. */
    if (exact != STATUS_UNKNOWN && !(exact == STATUS_CONFIRMED && subject == STATUS_OF_PARCEL))
        return exact;
    if (!key_of(key, word))
        return STATUS_UNKNOWN;
    enum status status = read_key(key, subject);
    if (status != STATUS_UNKNOWN)
        return status;
    const char *core = status_words_core(key);
    return core == key ? STATUS_UNKNOWN : read_key(core, subject);
}

bool status_final(enum status status) {
    return status < STATUS_COUNT && (statuses[status].means & FINAL);
}

bool status_with_carrier(enum status status) {
    return status < STATUS_COUNT && (statuses[status].means & WITH_CARRIER);
}

enum status order_derive(const struct order *order) {
    enum status least = STATUS_UNKNOWN, worst = STATUS_UNKNOWN;
    bool packed = false, unpacked = false, cancelled = order->line_count > 0;
    for (int i = 0; i < order->parcel_count; i++) {
        enum status status = order->parcels[i].status;
        if (status == STATUS_UNKNOWN || status == STATUS_CANCELLED)
            continue; /* a voided label says nothing of the order */
        if (!status_final(status)) {
            if (least == STATUS_UNKNOWN || status < least)
                least = status;
        } else if (status > worst)
            worst = status;
    }
    for (int i = 0; i < order->line_count; i++) {
        const struct line *line = &order->lines[i];
        packed |= line->parcel >= 0;
        cancelled &= line->state == STATUS_CANCELLED;
        unpacked |= line->parcel < 0 && !status_final(line->state) && !status_with_carrier(line->state);
    }
    if (least == STATUS_UNKNOWN && worst == STATUS_UNKNOWN)
        return cancelled ? STATUS_CANCELLED : STATUS_UNKNOWN;
    /* Something of a split order has not been packed yet: the order as a whole is not further than that. */
    if (packed && unpacked)
        return STATUS_PREPARING;
    return least != STATUS_UNKNOWN ? least : worst;
}
