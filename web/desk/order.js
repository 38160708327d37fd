// The order panel: what is known of each order that the conversation is about.
import { at, link, make } from "./make.js";
import { moment, named, say } from "./words.js";

const stages = ["placed", "preparing", "in_transit", "out_for_delivery", "delivered"];
const reached = {
  placed: 0, confirmed: 0, on_hold: 0, backorder: 0, preparing: 1, info_received: 1, in_transit: 2, customs: 2, exception: 2, lost: 2, damaged: 2, expired: 2, returning: 2, returned: 2,
  out_for_delivery: 3, attempt_failed: 3, ready_for_pickup: 3, delivered: 4,
};
const bad = new Set(["exception", "lost", "damaged", "returning", "returned", "attempt_failed", "expired", "on_hold", "cancelled"]);

function fact(list, word, value) {
  if (value) list.append(make("dt", { text: say(word) }), make("dd", {}, value));
}

const span = (from, to) => [from, to].filter(Boolean).map(moment).filter((text, i, all) => all.indexOf(text) === i).join(" – ");

// Days late, 0 on time; null (or undefined): nobody can tell.
function lateness(days) {
  if (days > 0) return make("span", { class: "chip bad", text: days === 1 ? say("late_one") : say("late", { days }) });
  return days === 0 && make("span", { class: "chip good", text: say("on_time") });
}

function track(status) {
  const now = reached[status] ?? 0;
  return make("ol", { class: `track${bad.has(status) ? " stopped" : ""}`, "aria-hidden": "true" },
    ...stages.map((stage, i) => make("li", { class: i < now ? "done" : i === now ? "now" : "", title: named("status", stage) })));
}

function parcelCard(parcel, late, index, count) {
  const facts = make("dl", { class: "pairs" });
  fact(facts, "due", span(parcel.estimated_from, parcel.estimated_to));
  if (parcel.pickup_name) fact(facts, "pickup", [parcel.pickup_name, parcel.pickup_address, parcel.pickup_hours].filter(Boolean).join(" · "));
  if (parcel.pickup_deadline) fact(facts, "until", moment(parcel.pickup_deadline));
  const checkpoints = [...(parcel.checkpoints ?? [])].reverse();
  return make("section", { class: "parcel" },
    make("div", { class: "parcel-top" },
      make("h4", { text: count > 1 ? say("parcel", { index: index + 1, count }) : say("one_parcel") }),
      make("span", { class: `chip ${bad.has(parcel.status) ? "bad" : "plain"}`, text: named("status", parcel.status) }), lateness(late)),
    track(parcel.status),
    make("p", { class: "quiet" }, [parcel.carrier, parcel.tracking_number].filter(Boolean).join(" · ")),
    facts,
    parcel.tracking_url && make("p", {}, link(parcel.tracking_url, say("track"))),
    make("details", { open: index === 0 && checkpoints.length > 0 },
      make("summary", { text: `${say("history")} (${checkpoints.length})` }),
      checkpoints.length === 0 ? make("p", { class: "quiet", text: say("no_checkpoint") })
        : make("ol", { class: "checkpoints" }, ...checkpoints.map((point) => make("li", {},
          make("time", { text: moment(point.at) }), make("span", { text: point.label || named("status", point.status) }),
          point.place && make("span", { class: "quiet", text: point.place }))))));
}

function orderCard({ order, tier, cut, late, parcels: count }) {
  const facts = make("dl", { class: "pairs" });
  fact(facts, "placed", moment(order.placed_at));
  fact(facts, "promised", span(order.promised_from, order.promised_to));
  fact(facts, "revised", span(order.revised_from, order.revised_to));
  fact(facts, "dispatch", moment(order.dispatch_by));
  fact(facts, "hold", [named("hold", order.hold_reason), moment(order.hold_until)].filter(Boolean).join(" · "));
  fact(facts, "option", named("option", order.option));
  fact(facts, "contact", [order.first_name, order.email].filter(Boolean).join(" · "));
  fact(facts, "phone", order.phone);
  fact(facts, "postcode", [order.postcode, order.country].filter(Boolean).join(" "));
  const parcels = order.parcels ?? [], lines = order.lines ?? [];
  return make("article", { class: "order" },
    make("div", { class: "parcel-top" }, make("h3", { text: order.number }), order.state && make("span", { class: `chip ${bad.has(order.state) ? "bad" : "plain"}`, text: named("status", order.state) })),
    make("p", { class: `proof tier-${tier}`, text: say(`tier_${tier}`) }),
    facts,
    cut && make("p", { class: "quiet", text: say("cut") }),
    ...parcels.map((parcel, i) => parcelCard(parcel, late?.[i], i, count ?? parcels.length)),
    lines.length > 0 && make("section", {}, make("h4", { text: say("items") }),
      make("ul", { class: "lines" }, ...lines.map((line) => make("li", {}, make("span", { text: line.title ?? line.sku ?? "" }), make("span", { class: "quiet", text: `× ${line.quantity ?? 1}` }))))));
}

export function drawOrders(orders, handoff) {
  at("facts").replaceChildren(...[
    handoff?.contact && make("p", { class: "left-contact" }, make("span", { class: "quiet", text: `${say("left_contact")} ` }), make("strong", { text: handoff.contact })),
    handoff?.trouble && make("p", { class: "proof tier-0", text: say("trouble_row", { text: handoff.trouble }) }),
    ...(orders.length ? orders.map(orderCard) : [make("p", { class: "empty", text: say("no_order") })]),
  ].filter(Boolean));
}
