#include "base/text.h"
#include "bot/cli/cli.h"

const struct verb_row verb_rows[] = {
    {"serve", VERB_SERVE, "", "answers customers over HTTP and WebSocket until it is stopped",
     "SIGTERM and SIGINT stop it after what is under way; SIGHUP reads settings and catalogues again.\n",
     serve_run},
    {"ask", VERB_ASK, "[TEXT…]", "holds a conversation here, without a server",
     "Without TEXT each line of standard input is something that the customer says. With --json one object "
     "a\n"
     "line: "
     "{\"conversation\",\"replies\":[{\"text\",\"phrase\"}],\"intent\",\"kind\",\"order\",\"handoff\"}.\n",
     ask_run},
    {"call", VERB_CALL, "", "plays a phone call here: what would be said, and how long it takes",
     "Each line of standard input is something that the caller says, or does:\n"
     "  [keys 1 2 #]  [silence 8 s]  [interrupts \"what was heard of us\"]  [hangs up]  [drops]  [calls "
     "again]\n"
     "  [nobody answers] after a transfer; [confidence 0.4] before words: how sure the recogniser was\n"
     "The clock moves only by what is said and by silences. With --json one object for each line, and one "
     "before for\nthe greeting: {\"conversation\",\"heard\",\"say\":[{\"text\",\"phrase\","
     "\"firm\"}],\"listen\",\"transfer\",\"end\",\n\"seconds\",\"intent\",\"kind\","
     "\"order\",\"handoff\"}.\n",
     call_run},
    {"import", VERB_IMPORT, "FILE|-", "reads orders from CSV or JSON lines; the same order again updates it",
     "Rejected orders are named on standard error and copied to FILE.rejects; the exit status is then 1.\n"
     "docs/orders.md describes both formats.\n",
     import_verb_run},
    {"check", VERB_CHECK, "[DIR]", "are the catalogues sound: those inside, or DIR/intents and DIR/responses",
     NULL, check_run},
    {"classify", VERB_CLASSIFY, "", "reads one utterance a line and prints what was understood as JSON",
     "{\"locale\",\"kind\",\"intent\",\"score\",\"also\":[{\"intent\",\"kind\"}],\"slots\":{…}}, one object "
     "for each line,\n"
     "blank ones included. --locale is what the language is thought to be beforehand.\n",
     classify_run},
    {"eval", VERB_EVAL, "FILE|-", "measures how well labelled messages are understood",
     "FILE is tab-separated with a header and without quoting. Columns: text; label (or our_label): "
     "tracking, "
     "mixed or\nnot_tracking, where mixed counts as tracking; lang, channel (phone: read as spoken), fine; "
     "ambiguous, whose rows\nwith 1 are left out. All but the first two may be missing. False answers are "
     "the "
     "rows of not_tracking that were\nread as tracking. In parentheses: 95 % intervals (Wilson).\n",
     eval_run},
    {"misses", VERB_MISSES, "",
     "what customers wrote that was not understood, was corrected or ended with a person, most frequent "
     "first",
     "Messages that are alike stand together, as lines for the \"examples\" of a catalogue. E-mails, phones "
     "and\n"
     "postcodes are left out.\n",
     misses_run},
    {"replay", VERB_REPLAY, "",
     "stored conversations with a changed catalogue: what would be read or answered differently",
     "--data DIR holds the changed intents/, responses/ or both. Exit status 1 when anything differs. "
     "Nothing is\n"
     "written.\n",
     replay_run},
    {"why", VERB_WHY, "CONVERSATION",
     "explains each answer of a conversation: rule, facts and their sources, phrase", NULL, why_run},
    {"handoffs", VERB_HANDOFFS, "[take|say|return|close|retry ID [TEXT…]]",
     "the queue of conversations that wait for a person",
     "Without a verb it lists those that are open. ID is the hand-off's, or its conversation's.\n"
     "  take ID        the conversation is yours; the assistant is silent\n"
     "  say ID TEXT    answers the customer\n"
     "  return ID      the assistant answers again\n"
     "  close ID       ends it\n"
     "  retry ID       what could not be told to your own system is tried again\n",
     handoffs_run},
    {"staff", VERB_STAFF, "add|list|remove|password [NAME]", "who may sign in at the desk (/desk)",
     "NAME is what customers read. The password is asked for, or read as a line of standard input.\n"
     "  add NAME       with --role agent or manager, for all shops or the one of --shop\n"
     "  list           who there is\n"
     "  remove NAME    and signs out\n"
     "  password NAME  a new one; signs out\n",
     staff_run},
    {"forget", VERB_FORGET, "",
     "erases a customer of a shop, by --email, --phone or --order, from everything", NULL, forget_run},
    {"export", VERB_EXPORT, "",
     "prints all that is stored on a customer of a shop, by --email, --phone or --order, as JSON", NULL,
     export_run},
    {"demo", VERB_DEMO, "", "makes a database with demo orders, one for every situation",
     "--show only prints what to type; --print prints the orders and stores nothing.\n", demo_run},
    {"help", VERB_HELP, "[VERB]", "explains a verb", NULL, help_run},
    {"version", VERB_VERSION, "", "prints the version", NULL, version_run},
    {0}};

const struct verb_row *verb_named(const char *name) {
    for (const struct verb_row *row = verb_rows; row->name; row++)
        if (text_is(row->name, name))
            return row;
    return NULL;
}

void verb_help(const struct verb_row *row, FILE *out) {
    fprintf(out, "wismo %s [FLAGS]%s%s\n\n  %s\n\n", row->name, row->usage[0] ? " " : "", row->usage,
            row->sentence);
    if (row->more)
        fprintf(out, "%s\n", row->more);
    fputs("Flags\n", out);
    settings_print_flags(row->verb, out);
}

void verbs_help(FILE *out) {
    fputs("wismo VERB [FLAGS] …: answers \"where is my order?\" from order data\n\n", out);
    for (const struct verb_row *row = verb_rows; row->name; row++)
        fprintf(out, "  %-9s %s\n", row->name, row->sentence);
    fputs("\nwismo VERB --help lists the flags of a verb.\n", out);
}
