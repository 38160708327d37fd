// Amazon Connect: a Lambda function between a contact flow and POST /v1/turn. Set WISMO_URL and WISMO_TURN_KEY in its
// environment; docs/phone-turn.md tells how the flow uses it.
export async function handler(event) {
  const contact = event.Details.ContactData, { text, digits, noinput, unanswered, shop } = event.Details.Parameters ?? {};
  const input = text ? { text } : digits ? { digits } : noinput ? { noinput: true } : unanswered ? { unanswered: true } : undefined;
  const answer = await fetch(`${process.env.WISMO_URL}/v1/turn`, {
    method: "POST",
    headers: { authorization: `Bearer ${process.env.WISMO_TURN_KEY}`, "content-type": "application/json" },
    body: JSON.stringify({ session: contact.ContactId, shop, channel: "connect", caller: contact.CustomerEndpoint?.Address, called: contact.SystemEndpoint?.Address, input }),
    signal: AbortSignal.timeout(3000),
  }).catch(() => undefined);
  if (!answer?.ok) return { say: "", next: "failed" }; // the flow's branch for it puts the caller through to a person
  const turn = await answer.json();
  const next = turn.end ? "end" : turn.handoff ? "handoff" : "listen";
  return { say: turn.say, locale: turn.locale, next, timeout: String(Math.ceil((turn.listen?.timeout_ms ?? 0) / 1000)),
    queue: turn.handoff?.queue ?? "", handoff: turn.handoff?.id ?? "", order: turn.handoff?.order ?? "", to: turn.handoff?.transfer?.to ?? "" };
}
