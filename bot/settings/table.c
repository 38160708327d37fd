#include "bot/settings/table.h"
#include <ctype.h>

#define OF(field) offsetof(struct settings, field)
#define SHOP(field) offsetof(struct shop, field)
#define HOURS(weekday) (offsetof(struct shop, hours) + (weekday) * sizeof(struct hours))

enum {
    ALL = ~0u,
    DATA = VERB_SERVE | VERB_ASK | VERB_IMPORT | VERB_WHY | VERB_HANDOFFS | VERB_FORGET | VERB_EXPORT |
           VERB_DEMO | VERB_MISSES | VERB_REPLAY | VERB_CALL | VERB_STAFF,
    TALK = VERB_SERVE | VERB_ASK | VERB_CALL | VERB_HANDOFFS | VERB_REPLAY,
    READ = TALK | VERB_CLASSIFY | VERB_EVAL | VERB_WHY | VERB_MISSES,
    WHO = VERB_FORGET | VERB_EXPORT
};

const struct option_row option_rows[] = {
    {"conf", SCOPE_PROCESS, &written_file, OF(conf), "wismo.conf", ALL,
     "the configuration file; without one there is a single shop, \"default\""},
    {"db", SCOPE_PROCESS, &written_file, OF(db), "wismo.db", DATA, "the database"},
    {"listen", SCOPE_PROCESS, &written_text, OF(listen), "127.0.0.1", VERB_SERVE, "the address to serve on"},
    {"port", SCOPE_PROCESS, &written_port, OF(port), "8080", VERB_SERVE,
     "the port to serve on; 0 takes a free one and prints it"},
    {"admin_listen", SCOPE_PROCESS, &written_endpoint, OF(admin), "", VERB_SERVE,
     "an address and port for those who watch, such as 127.0.0.1:9464: /metrics, /healthz, /readyz "
     "(docs/watching.md)"},
    {"loops", SCOPE_PROCESS, &written_count, OF(loops), "1", VERB_SERVE,
     "how many threads answer chats, each with a share of them; everything else stays with the first"},
    {"connections", SCOPE_PROCESS, &written_port, OF(connections), "0", VERB_SERVE,
     "how many sockets at once; 0: as many as the system's limit of open files allows"},
    {"sockets_per_address", SCOPE_PROCESS, &written_port, OF(sockets_per_address), "200", VERB_SERVE,
     "how many chats of one address at once; 0: no limit"},
    {"per_address", SCOPE_PROCESS, &written_pace, OF(per_address), "30/300", VERB_SERVE,
     "messages a second, and at once, of one address; 0: no limit"},
    {"per_conversation", SCOPE_PROCESS, &written_pace, OF(per_conversation), "1/20", VERB_SERVE,
     "messages a second, and at once, of one conversation; 0: no limit"},
    {"agent_lost", SCOPE_PROCESS, &written_duration, OF(agent_lost), "60s", VERB_SERVE,
     "after so long the conversations of an agent whose connection is lost go back to the queue"},
    {"proxies", SCOPE_PROCESS, &written_addresses, OF(proxies), "", VERB_SERVE,
     "addresses, between blanks, of your reverse proxies: whom they forward for (X-Forwarded-For) is the "
     "customer"},
    {"tls_certificate", SCOPE_PROCESS, &written_file, OF(tls_certificate), "", VERB_SERVE | RELOADED,
     "a PEM file with the certificate, then those that vouch for it: https and wss are spoken; SIGHUP reads "
     "it again"},
    {"tls_key", SCOPE_PROCESS, &written_file, OF(tls_key), "", VERB_SERVE | RELOADED,
     "a PEM file with the certificate's private key, without a password"},
    {"memory_only", SCOPE_PROCESS, &written_yes_no, OF(memory_only), "no", VERB_SERVE,
     "writes nothing of conversations, which end with the process: for measurements"},
    {"log_level", SCOPE_PROCESS, &written_level, OF(log_level), "info", ALL,
     "what is logged: error, warning, info or debug"},
    {"log_format", SCOPE_PROCESS, &written_format, OF(log_format), "text", ALL,
     "how it is logged: text or json, a line an event"},
    {"intents", SCOPE_PROCESS, &written_folder, OF(intents), "", READ | RELOADED,
     "a folder with your own language files instead of the built-in intents/"},
    {"responses", SCOPE_PROCESS, &written_folder, OF(responses), "", TALK | RELOADED,
     "a folder with your own wordings instead of the built-in responses/"},
    {"keep_turns", SCOPE_PROCESS, &written_days, OF(keep_turns), "90", VERB_SERVE,
     "days after which what was said is deleted; 0 keeps it for ever"},
    {"keep_notes", SCOPE_PROCESS, &written_days, OF(keep_notes), "400", VERB_SERVE,
     "days after which the reasons of answers are deleted; 0 keeps them for ever"},
    {"keep_handoffs", SCOPE_PROCESS, &written_days, OF(keep_handoffs), "400", VERB_SERVE,
     "days after which closed hand-offs are deleted; 0 keeps them for ever"},
    {"keep_orders", SCOPE_PROCESS, &written_days, OF(keep_orders), "730", VERB_SERVE,
     "days after which orders that nobody touched are deleted; 0 keeps them for ever"},
    {"public_url", SCOPE_PROCESS, &written_public, OF(public_url), "", VERB_SERVE | RELOADED,
     "where the internet finds this service, such as https://wismo.example.com: what Twilio signs"},
    {"twilio_token", SCOPE_PROCESS, &written_secret, OF(twilio_token), "", VERB_SERVE | RELOADED,
     "the Twilio account's auth token, which proves that a call is Twilio's: \"file PATH\" or \"env NAME\""},
    {"relay_token", SCOPE_PROCESS, &written_secret, OF(relay_token), "", VERB_SERVE | RELOADED,
     "a secret in the address of a conversation relay that does not sign, such as Telnyx: \"file PATH\" or "
     "\"env NAME\""},
    {"jambonz_login", SCOPE_PROCESS, &written_secret, OF(jambonz_login), "", VERB_SERVE | RELOADED,
     "user:password of the jambonz application: \"file PATH\" or \"env NAME\""},
    {"turn_key", SCOPE_PROCESS, &written_secret, OF(turn_key), "", VERB_SERVE | RELOADED,
     "the bearer token of POST /v1/turn: \"file PATH\" or \"env NAME\""},
    {"smtp", SCOPE_PROCESS, &written_relay, OF(smtp), "", VERB_SERVE,
     "the relay for hand-offs by mail: \"smtps://mail.example:465 USER file PATH\" (or env NAME); smtp:// "
     "asks "
     "for STARTTLS, unless it is this machine"},
    {"mail_from", SCOPE_PROCESS, &written_mail, OF(mail_from), "", VERB_SERVE,
     "the address that hand-offs by mail come from"},
    {"handoff_give_up", SCOPE_PROCESS, &written_duration, OF(handoff_give_up), "24h", VERB_SERVE,
     "how long a hand-off is tried to be delivered to the shop's own system"},
    {"handoff_ca", SCOPE_PROCESS, &written_file, OF(handoff_ca), "", VERB_SERVE,
     "a file with the certificates that vouch for those systems and the relay, instead of the machine's own"},
    {"now", SCOPE_PROCESS, &written_moment, OF(now), "",
     VERB_SERVE | VERB_ASK | VERB_CALL | VERB_CLASSIFY | VERB_EVAL | VERB_DEMO | VERB_HANDOFFS | VERB_IMPORT,
     "stops the clock there, for tests and demonstrations"},

    {"name", SCOPE_SHOP, &written_text, SHOP(name), "", 0, "the shop's name as customers read it"},
    {"locale", SCOPE_SHOP, &written_locale, SHOP(locale), "en", 0,
     "the language of customers whose own is not known yet"},
    {"country", SCOPE_SHOP, &written_country, SHOP(country), "FR", 0,
     "where phone numbers and postcodes are from when they do not say"},
    {"time_zone", SCOPE_SHOP, &written_zone, SHOP(zone), "Europe/Paris", 0,
     "the zone in which days and times are said"},
    {"order_number", SCOPE_SHOP, &written_pattern, SHOP(number), "", 0,
     "a regular expression for the whole order number as printed; none: any plausible shape"},
    {"number_prefixes", SCOPE_SHOP, &written_texts, SHOP(number_prefixes), "{}", 0,
     "beginnings of an order number that customers may leave out"},
    {"origins", SCOPE_SHOP, &written_origins, SHOP(origins), "{}", 0,
     "the pages that may open a chat, exactly; none: only the page that wismo serves itself"},
    {"mon", SCOPE_SHOP, &written_hours, HOURS(1), "09:00-18:00", 0, "when a person is there on Mondays"},
    {"tue", SCOPE_SHOP, &written_hours, HOURS(2), "09:00-18:00", 0, "on Tuesdays"},
    {"wed", SCOPE_SHOP, &written_hours, HOURS(3), "09:00-18:00", 0, "on Wednesdays"},
    {"thu", SCOPE_SHOP, &written_hours, HOURS(4), "09:00-18:00", 0, "on Thursdays"},
    {"fri", SCOPE_SHOP, &written_hours, HOURS(5), "09:00-18:00", 0, "on Fridays"},
    {"sat", SCOPE_SHOP, &written_hours, HOURS(6), "closed", 0, "on Saturdays"},
    {"sun", SCOPE_SHOP, &written_hours, HOURS(7), "closed", 0, "on Sundays"},
    {"always_open", SCOPE_SHOP, &written_yes_no, SHOP(always_open), "no", 0,
     "a person is there day and night; the weekdays above do not count"},
    {"proof", SCOPE_SHOP, &written_proofs, SHOP(tier1),
     "{number+email, number+postcode, number+phone4, email+postcode, phone+postcode}", 0,
     "what must be shown before status, dates, carrier and link are told; each entry is enough"},
    {"proof_details", SCOPE_SHOP, &written_factors, SHOP(tier2_factors), "3", 0,
     "how many different things must be shown before articles, places, names and pick-up codes are told; 0: "
     "only to a signed token"},
    {"wrong_proofs", SCOPE_SHOP, &written_count, SHOP(wrong_proofs), "5", 0,
     "so many wrong proofs lock a conversation, and a person takes over"},
    {"stalled_days", SCOPE_SHOP, &written_count, SHOP(stalled_days), "3", 0,
     "after so many days without a scan the customer is told so"},
    {"inquiry_days", SCOPE_SHOP, &written_count, SHOP(inquiry_days), "3", 0,
     "working days in which a person answers on a parcel that was not received"},
    {"answer_within", SCOPE_SHOP, &written_duration, SHOP(answer_within), "5m", 0,
     "after so long a customer for whom nobody has come is asked for a contact"},
    {"carriers", SCOPE_SHOP, &written_carriers, SHOP(carriers), "{}", 0,
     "where a carrier shows a parcel, for parcels that come without a link: \"GLS = "
     "https://gls.example/{number}\""},
    {"queues", SCOPE_SHOP, &written_queues, SHOP(queues), "{}", 0,
     "your own names for the queues of hand-offs: \"claims = after-sales\""},
    {"handoff_to", SCOPE_SHOP, &written_target, SHOP(handoff_to), "desk", 0,
     "where hand-offs go (docs/handoff.md): \"desk\", \"webhook URL file PATH\", \"mail ADDRESS\" or "
     "\"chatwoot URL "
     "ACCOUNT INBOX file PATH\"; env NAME instead of file PATH"},
    {"info_link", SCOPE_SHOP, &written_link, SHOP(info_link), "", 0,
     "the page on delivery prices and delays, for questions before buying"},
    {"disclosure", SCOPE_SHOP, &written_text, SHOP(disclosure), "", 0,
     "your own first words, which must say that an automated assistant answers"},
    {"calls", SCOPE_SHOP, &written_calls, SHOP(calls), "{}", 0,
     "the numbers that customers of this shop call, and the language of each: \"+33123456789 fr\""},
    {"transfers", SCOPE_SHOP, &written_transfers, SHOP(transfers), "{}", 0,
     "where a call goes that a person must take, by queue, * for all others: \"* = dial +33123456780\", or "
     "sip, "
     "refer, enqueue, redirect, task"},
    {"ssml", SCOPE_SHOP, &written_ssml, SHOP(ssml), "none", 0,
     "how a telephone platform is given what to say: none (plain words), or say-as: digits and pauses are "
     "marked "
     "where its engine takes SSML"},
    {"tts_provider", SCOPE_SHOP, &written_engine, SHOP(engine), "", 0,
     "the engine that speaks at Twilio: Google, Amazon or ElevenLabs; none: the one of the account. SSML "
     "goes to the "
     "first two"},
    {"keys", SCOPE_SHOP, &written_keys, SHOP(keys), "{}", 0,
     "at most two keys that sign tokens: \"2026a file /etc/wismo/2026a.key\" or \"2026a env NAME\""},

    {"shop", SCOPE_FLAG, &written_id, OF(shop_id), "",
     VERB_ASK | VERB_CALL | VERB_CLASSIFY | VERB_EVAL | VERB_IMPORT | VERB_HANDOFFS | VERB_DEMO |
         VERB_MISSES | VERB_REPLAY | VERB_STAFF | WHO,
     "the shop, if there are several"},
    {"locale", SCOPE_FLAG, &written_locale, OF(locale), "", VERB_ASK | VERB_CALL | VERB_CLASSIFY | VERB_EVAL,
     "the language to begin with: fr, en, …"},
    {"json", SCOPE_FLAG, &written_flag, OF(json), "",
     VERB_ASK | VERB_CALL | VERB_EVAL | VERB_WHY | VERB_HANDOFFS | VERB_MISSES | VERB_REPLAY,
     "prints JSON, one object a line"},
    {"from", SCOPE_FLAG, &written_text, OF(from), "", VERB_CALL, "the number that calls: +33612345678"},
    {"conversation", SCOPE_FLAG, &written_text, OF(conversation), "", VERB_ASK,
     "goes on with this conversation"},
    {"token", SCOPE_FLAG, &written_text, OF(token), "", VERB_ASK,
     "what the shop's page would have signed for the customer (docs/tokens.md)"},
    {"voice", SCOPE_FLAG, &written_flag, OF(voice), "", VERB_CLASSIFY, "the lines were spoken, not typed"},
    {"format", SCOPE_FLAG, &written_text, OF(format), "", VERB_IMPORT, "csv or jsonl; else it is guessed"},
    {"dates", SCOPE_FLAG, &written_text, OF(dates), "", VERB_IMPORT,
     "dmy or mdy: what comes first in dates such as 01/03/2026"},
    {"rejects", SCOPE_FLAG, &written_file, OF(rejects), "", VERB_IMPORT,
     "where rejected rows go; else FILE.rejects"},
    {"wrong", SCOPE_FLAG, &written_file, OF(wrong), "", VERB_EVAL,
     "where the rows go that were read wrongly, tab-separated"},
    {"since", SCOPE_FLAG, &written_moment, OF(since), "", VERB_MISSES | VERB_REPLAY,
     "only conversations that have begun since"},
    {"data", SCOPE_FLAG, &written_folder, OF(data), "", VERB_REPLAY,
     "the folder with the changed intents/ or responses/"},
    {"email", SCOPE_FLAG, &written_text, OF(email), "", WHO, "the customer with this e-mail address"},
    {"phone", SCOPE_FLAG, &written_text, OF(phone), "", WHO, "the customer with this phone number"},
    {"order", SCOPE_FLAG, &written_text, OF(order), "", WHO, "the customer of this order"},
    {"agent", SCOPE_FLAG, &written_text, OF(agent), "", VERB_HANDOFFS,
     "who you are, as the customer reads it"},
    {"role", SCOPE_FLAG, &written_text, OF(role), "agent", VERB_STAFF, "agent or manager"},
    {"show", SCOPE_FLAG, &written_flag, OF(show), "", VERB_DEMO, "only prints what to type to try it"},
    {"print", SCOPE_FLAG, &written_flag, OF(print), "", VERB_DEMO,
     "prints the orders as JSON lines and stores nothing"},
    {"settings_table", SCOPE_FLAG, &written_flag, OF(settings_table), "", VERB_HELP,
     "prints the tables of settings of the README"},
    {"help", SCOPE_FLAG, &written_flag, OF(help), "", ALL, "explains the verb and its flags"},
    {0}};

void option_flag(char out[OPTION_NAME_MAX], const struct option_row *row) {
    size_t at = 0;
    for (; row->name[at] && at + 1 < OPTION_NAME_MAX; at++)
        out[at] = row->name[at] == '_' ? '-' : row->name[at];
    out[at] = 0;
}

void option_variable(char out[OPTION_NAME_MAX], const struct option_row *row) {
    int len = snprintf(out, OPTION_NAME_MAX, "WISMO_%s", row->name);
    for (int at = 0; at < len && at < OPTION_NAME_MAX; at++)
        out[at] = (char)toupper((unsigned char)out[at]);
}
