// What the page says, in English and French.
const words = {
  title: ["Desk", "Bureau"], skip: ["Skip to the conversation", "Aller à la conversation"], search: ["Search", "Rechercher"],
  search_hint: ["Order number, reference or words  ( / )", "Numéro de commande, référence ou mots  ( / )"],
  notify: ["Notifications", "Notifications"], sound: ["Sound", "Son"], language: ["Language", "Langue"], keys: ["Keyboard", "Clavier"], sign_out: ["Sign out", "Se déconnecter"],
  queue: ["Queue", "File d’attente"], show: ["Show", "Afficher"], waiting: ["Waiting", "En attente"], mine: ["Mine", "Les miennes"], others: ["Colleagues", "Collègues"],
  which_queue: ["Queue", "File"], all_queues: ["All queues", "Toutes les files"], none_waiting: ["Nobody is waiting.", "Personne n’attend."], none_mine: ["You have no conversation.", "Vous n’avez aucune conversation."],
  none_others: ["No colleague has a conversation.", "Aucun collègue n’a de conversation."], none_found: ["Nothing was found.", "Aucun résultat."], found: ["Found", "Résultats"],
  transcript: ["Conversation", "Conversation"], choose: ["Choose a conversation from the queue, or press c to take the one that has waited longest.", "Choisissez une conversation dans la file, ou appuyez sur c pour prendre celle qui attend depuis le plus longtemps."],
  reply: ["Reply", "Réponse"], note: ["Private note", "Note privée"], kind: ["Write", "Écrire"], answers: ["Ready answers", "Réponses prêtes"], insert: ["Insert a ready answer…", "Insérer une réponse prête…"],
  send: ["Send", "Envoyer"], send_hint: ["Ctrl + Enter sends", "Ctrl + Entrée envoie"], sending: ["sending…", "envoi…"], order: ["Order", "Commande"],
  live: ["Live", "En direct"], connecting: ["Connecting…", "Connexion…"], lost: ["Connection lost: trying again. What you write is kept.", "Connexion perdue : nouvelle tentative. Ce que vous écrivez est conservé."],
  claim: ["Take", "Prendre"], return: ["Hand back to the assistant", "Rendre à l’assistant"], resolve: ["Resolve", "Résoudre"], transfer: ["Transfer", "Transférer"], release: ["Put back", "Remettre en file"], assign: ["Assign", "Attribuer"],
  cancel: ["Cancel", "Annuler"], why_resolve: ["What became of it?", "Qu’en est-il ?"], to_queue: ["To which queue?", "Vers quelle file ?"], to_agent: ["To whom?", "À qui ?"],
  reason_answered: ["Question answered", "Réponse donnée"], reason_refunded: ["Refunded", "Remboursé"], reason_replaced: ["Replaced", "Remplacé"], reason_carrier: ["Inquiry with the carrier", "Enquête auprès du transporteur"],
  reason_cancelled: ["Cancelled", "Annulé"], reason_no_reply: ["The customer does not reply", "Le client ne répond plus"], reason_duplicate: ["Duplicate", "Doublon"], reason_other: ["Other", "Autre"],
  customer: ["Customer", "Client"], bot: ["Assistant", "Assistant"], system: ["System", "Système"], you: ["You", "Vous"],
  why: ["Why?", "Pourquoi ?"], rule: ["Rule", "Règle"], understood: ["Understood", "Compris"], phrase: ["Phrase", "Formule"], score: ["score", "score"],
  types: ["The customer is typing…", "Le client écrit…"], agent_types: ["{name} is typing…", "{name} écrit…"], watch: ["{names} also looking at this", "Aussi consultée par {names}"],
  with: ["with {name}", "avec {name}"], waits: ["waiting", "en attente"], ended: ["closed", "terminée"], with_bot: ["with the assistant", "avec l’assistant"],
  not_whole: ["Earlier messages are not shown.", "Les messages plus anciens ne sont pas affichés."],
  no_order: ["No order is known in this conversation.", "Aucune commande n’est connue dans cette conversation."],
  tier_0: ["Not proved: say nothing of this order yet", "Non prouvé : ne rien dire de cette commande"], tier_1: ["Identity proved", "Identité prouvée"], tier_2: ["Identity proved, details too", "Identité prouvée, détails compris"],
  placed: ["Ordered", "Commandée"], promised: ["Promised", "Promise"], revised: ["New promise", "Nouvelle promesse"], dispatch: ["Leaves by", "Départ au plus tard"], hold: ["On hold", "En suspens"], option: ["Delivery", "Livraison"],
  contact: ["Contact", "Contact"], phone: ["Phone", "Téléphone"], postcode: ["Postcode", "Code postal"], parcel: ["Parcel {index} of {count}", "Colis {index} sur {count}"], one_parcel: ["Parcel", "Colis"],
  due: ["Expected", "Attendu"], late: ["{days} days late", "{days} jours de retard"], late_one: ["1 day late", "1 jour de retard"], on_time: ["on time", "à l’heure"], track: ["Follow it at the carrier", "Suivre chez le transporteur"], history: ["Checkpoints", "Étapes"], no_checkpoint: ["Not scanned yet.", "Pas encore scanné."],
  pickup: ["Pick-up point", "Point de retrait"], until: ["until", "jusqu’au"], items: ["Items", "Articles"], left_contact: ["Left to be reached", "Coordonnées laissées"],
  cut: ["Too long to be shown whole: the first items and parcels, the last checkpoints.", "Trop longue pour être affichée en entier : premiers articles et colis, dernières étapes."],
  act_take: ["{name} took the conversation", "{name} a pris la conversation"], act_return: ["{name} handed it back to the assistant", "{name} l’a rendue à l’assistant"], act_close: ["{name} resolved it: {text}", "{name} l’a résolue : {text}"],
  act_transfer: ["{name} transferred it to {text}", "{name} l’a transférée vers {text}"], act_release: ["{name} put it back", "{name} l’a remise en file"], act_assign: ["{name} gave it to {text}", "{name} l’a attribuée à {text}"],
  act_lost: ["The connection of {name} was lost; it waits again", "La connexion de {name} a été perdue ; elle attend de nouveau"], act_nobody: ["The customer was told that nobody is free yet", "Le client a été informé que personne n’est encore libre"], private: ["Private note of {name}", "Note privée de {name}"],
  err_taken: ["Somebody else has taken it.", "Quelqu’un d’autre l’a prise."], err_not_taken: ["Take the conversation first.", "Prenez d’abord la conversation."], err_not_open: ["It is not open any more.", "Elle n’est plus ouverte."], err_forbidden: ["You may not do that.", "Vous n’y êtes pas autorisé."],
  err_unknown: ["There is no such conversation for you to see.", "Cette conversation n’existe pas pour vous."], err_busy: ["Too much to do just now; try again.", "Trop à faire en ce moment ; réessayez."], err_failed: ["It could not be stored or found; try again.", "Échec de l’enregistrement ou de la recherche ; réessayez."],
  err_nobody: ["Nobody of this name works for this shop any more.", "Plus personne de ce nom ne travaille pour cette boutique."], err_invalid: ["The desk does not take this: it is empty or too long.", "Le bureau n’accepte pas cela : c’est vide ou trop long."],
  err_other: ["It could not be done: {text}", "Impossible : {text}"],
  news_waiting: ["A customer is waiting: {text}", "Un client attend : {text}"], news_said: ["New message: {text}", "Nouveau message : {text}"], claimed: ["The conversation is yours.", "La conversation est à vous."],
  agents_here: ["{count} at the desk", "{count} au bureau"], trouble: ["{count} hand-offs wait for the shop’s own system", "{count} transferts attendent le système de la boutique"], trouble_row: ["The shop’s own system could not be told: {text}", "Le système de la boutique n’a pas pu être informé : {text}"],
  key_help: ["Keyboard shortcuts", "Raccourcis clavier"], close: ["Close", "Fermer"], key_next: ["Next, previous conversation", "Conversation suivante, précédente"], key_claim: ["Take this one, or the one that has waited longest", "Prendre celle-ci, ou celle qui attend depuis le plus longtemps"],
  key_reply: ["Write a reply", "Écrire une réponse"], key_note: ["Write a private note", "Écrire une note privée"], key_ready: ["Ready answers", "Réponses prêtes"], key_send: ["Send", "Envoyer"], key_search: ["Search", "Rechercher"], key_esc: ["Leave the field, the search or the dialog", "Quitter le champ, la recherche ou le dialogue"], key_help_row: ["This list", "Cette liste"],
  canned_name: ["Name", "Nom"], canned_text: ["Text; empty deletes it. {customer}, {order} and {agent} are filled in.", "Texte ; laissé vide, la réponse est supprimée. {customer}, {order} et {agent} sont remplis."], save: ["Save", "Enregistrer"], saved: ["Saved.", "Enregistré."],
  just_now: ["now", "maintenant"], days: ["{days} d {hours} h", "{days} j {hours} h"], zone: ["times of {zone}", "heures de {zone}"], unread: ["unread", "non lu"], from_customer: ["customer", "client"],
  "human.refund": ["Refund", "Remboursement"], "human.return": ["Return", "Retour"], "human.exchange": ["Exchange", "Échange"], "human.damaged": ["Damaged article", "Article abîmé"], "human.wrong_item": ["Wrong article", "Mauvais article"],
  "human.missing_item": ["Missing article", "Article manquant"], "human.payment": ["Payment", "Paiement"], "human.invoice": ["Invoice", "Facture"], "human.account": ["Account", "Compte client"], "human.product": ["Question on an article", "Question sur un article"],
  "human.stock": ["Availability", "Disponibilité"], "human.complaint": ["Complaint", "Réclamation"], "human.legal": ["Legal matter", "Question juridique"], "human.safety": ["Safety", "Sécurité"], "human.person": ["Asks for a person", "Demande une personne"],
  "human.other": ["Other request", "Autre demande"], "action.cancel": ["Cancellation", "Annulation"], "action.address": ["Change of address", "Changement d’adresse"], "action.instructions": ["Delivery instructions", "Consignes de livraison"], "action.notify": ["Wants to be told", "Demande d’alerte"],
  "info.delivery_price": ["Price of delivery", "Prix de la livraison"], "info.delivery_time": ["Delivery times", "Délais de livraison"], "info.delivery_options": ["Ways of delivery", "Modes de livraison"], "info.returns_policy": ["Return rules", "Conditions de retour"], "info.time_left": ["How long there is", "Délai restant"], "info.opening_hours": ["Opening hours", "Horaires d’ouverture"],
  "topic.not_understood": ["Not understood", "Demande non comprise"], "topic.locked": ["Wrong proofs", "Vérification échouée"], "topic.not_received": ["Delivered, not received", "Livré mais non reçu"], "topic.lost": ["Lost parcel", "Colis perdu"], "topic.damaged": ["Damaged parcel", "Colis abîmé"],
  "topic.expired": ["No news of the parcel", "Colis sans nouvelles"], "topic.late": ["Late delivery", "Livraison en retard"], "topic.exception": ["Delivery held up", "Livraison bloquée"], "topic.returning": ["Parcel on its way back", "Colis en retour"], "topic.pickup_over": ["Pick-up time is over", "Délai de retrait dépassé"],
  "topic.order_unknown": ["Order not found", "Commande introuvable"], "topic.other": ["Other request", "Autre demande"],
  "queue.general": ["general", "général"], "queue.delivery": ["delivery", "livraison"], "queue.claims": ["claims", "litiges"], "queue.returns": ["returns", "retours"], "queue.orders": ["orders", "commandes"], "queue.payments": ["payments", "paiements"],
  "queue.products": ["products", "articles"], "queue.accounts": ["accounts", "comptes"], "queue.complaints": ["complaints", "réclamations"],
  "channel.phone": ["phone", "téléphone"], "channel.terminal": ["terminal", "terminal"],
  "status.placed": ["ordered", "commandé"], "status.confirmed": ["confirmed", "confirmé"], "status.on_hold": ["on hold", "en suspens"], "status.backorder": ["out of stock", "en rupture"], "status.preparing": ["being prepared", "en préparation"],
  "status.info_received": ["labelled", "étiqueté"], "status.in_transit": ["in transit", "en transit"], "status.customs": ["in customs", "en douane"], "status.out_for_delivery": ["out for delivery", "en cours de livraison"], "status.attempt_failed": ["attempt failed", "échec de livraison"],
  "status.ready_for_pickup": ["ready for pick-up", "à retirer"], "status.delivered": ["delivered", "livré"], "status.exception": ["held up", "bloqué"], "status.returning": ["on its way back", "en retour"], "status.returned": ["returned", "retourné"],
  "status.lost": ["lost", "perdu"], "status.damaged": ["damaged", "endommagé"], "status.cancelled": ["cancelled", "annulé"], "status.expired": ["no news", "sans nouvelles"], "status.unknown": ["unknown", "inconnu"],
  "hold.payment": ["payment", "paiement"], "hold.stock": ["stock", "stock"], "hold.address": ["address", "adresse"], "hold.fraud_check": ["security check", "contrôle de sécurité"], "hold.preorder": ["pre-order", "précommande"], "hold.customer": ["the customer’s wish", "souhait du client"], "hold.refunded": ["refunded", "remboursé"],
  "option.same_day": ["same day", "le jour même"], "option.standard": ["standard", "standard"], "option.express": ["express", "express"], "option.locker": ["locker", "consigne"], "option.pickup_point": ["pick-up point", "point de retrait"], "option.click_collect": ["click and collect", "retrait en magasin"],
};

export const languages = ["en", "fr"];
let language = 0;

export function setLanguage(name) {
  language = Math.max(0, languages.indexOf(name));
  document.documentElement.lang = languages[language];
}

export const locale = () => ["en-GB", "fr-FR"][language];

export function say(name, values = {}) {
  const sentence = words[name]?.[language] ?? name;
  return sentence.replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}

export const knows = (name) => name in words;

// What is written in the page itself.
export function spell(root = document) {
  for (const element of root.querySelectorAll("[data-word]")) element.textContent = say(element.dataset.word);
  for (const element of root.querySelectorAll("[data-placeholder]")) element.placeholder = say(element.dataset.placeholder);
  for (const element of root.querySelectorAll("[data-label]")) element.setAttribute("aria-label", say(element.dataset.label));
}

// A code of the server's by its name; what a shop has written itself stays as it is.
export const named = (kind, code = "") => (code.includes(".") ? words[code] : words[`${kind}.${code}`])?.[language] ?? code.replaceAll("_", " ");

// Times are the shop's, wherever the agent is: those of the open conversation's, where no zone is named.
let zone;

export function setZone(name) { zone = name; }

const draw = (options, ms, timeZone = zone) => new Intl.DateTimeFormat(locale(), { ...options, timeZone }).format(ms);
const day = { day: "numeric", month: "short" }, hour = { hour: "2-digit", minute: "2-digit" }, whole = { dateStyle: "short", timeStyle: "short" };
const halfYear = 26 * 7 * 86400000;

// The zone to name beside its times: one whose clocks differ from the agent's, now or in the other half of the year.
export function abroad(name = zone) {
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return name && [0, halfYear].some((later) => draw(whole, Date.now() + later, name) !== draw(whole, Date.now() + later, here)) ? name : undefined;
}

export function stamp(ms, name = zone) {
  const today = draw({ dateStyle: "short" }, ms, name) === draw({ dateStyle: "short" }, Date.now(), name);
  return today ? draw(hour, ms, name) : `${draw(day, ms, name)}, ${draw(hour, ms, name)}`;
}

// A moment of an order: a day, or a day with its time.
export function moment(text) {
  if (!text) return "";
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return draw({ weekday: "short", ...day }, new Date(`${text}T12:00:00Z`), "UTC");
  return draw({ weekday: "short", ...day, ...hour }, new Date(text));
}

export function waited(ms) {
  const minutes = Math.max(0, Math.floor(ms / 60000));
  if (minutes < 1) return say("just_now");
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 1440) return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")}`;
  return say("days", { days: Math.floor(minutes / 1440), hours: Math.floor((minutes % 1440) / 60) });
}
