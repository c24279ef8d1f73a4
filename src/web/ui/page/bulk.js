/* One thing done to several tickets. */
import { html, useState } from "../lib/html.js";
import { post, useGet } from "../lib/api.js";
import { t } from "../lib/i18n.js";
import { useKeys } from "../lib/keys.js";
import { me } from "../lib/me.js";
import { Button } from "../part/basic.js";
import { Ask } from "../part/dialog.js";
import { toast } from "../part/toast.js";

export const closings = ["no_reply", "thanks", "sales", "duplicate", "spam", "replied"];

/* Out of 保留: back to who had it, or to the queue. */
export async function unhold(n, assignee) {
	await post(`/tickets/${n}/assign`, { to: assignee || me.get().login });
	if (!assignee)
		await post(`/tickets/${n}/assign`);
}

/* Of those that work; the rest is named with its reason. */
async function each(tickets, f, done, back) {
	const bad = [];
	const went = [];
	for (const n of tickets) {
		try {
			await f(n);
			went.unshift(n);
		} catch (e) {
			bad.push(`${n}: ${e.message}`);
		}
	}
	if (went.length)
		toast(t("bulk.done", { n: went.length }), { undo: back && { run: () => each(went, back, () => {}) } });
	for (const text of bad.slice(0, 3))
		toast(text, { kind: "error" });
	done();
}

/* rows: as the list has them */
export function Bulk({ rows, done }) {
	const tickets = rows.map((r) => r.ticket);
	const had = new Map(rows.map((r) => [r.ticket, r.assignee]));
	const [ask, setAsk] = useState(null);
	const { data: people } = useGet("/users", null);
	const shut = () => setAsk(null);
	const run = (f, back) => each(tickets, f, done, back);
	const reopen = (n) => post(`/tickets/${n}/reopen`);
	/* to whom it was, or to nobody */
	const giveBack = (n) => post(`/tickets/${n}/assign`, had.get(n) ? { to: had.get(n) } : {});
	const take = () => run((n) => post(`/tickets/${n}/assign`, { to: me.get().login }), giveBack);
	const others = [...new Map((people?.users ?? []).filter((u) => !u.disabled && u.role !== "viewer")
		.map((u) => [u.login, u.name])).entries()];
	useKeys([{ key: "escape", label: t("bulk.none"), run: done }]);
	return html`<section class="bulk" aria-label=${t("bulk.title")}>
		<strong aria-live="polite">${t("bulk.n", { n: tickets.length })}</strong>
		<${Button} icon="user" onClick=${take}>${t("do.take")}<//>
		<${Button} onClick=${() => setAsk("assign")}>${t("do.assign")}<//>
		<${Button} onClick=${() => setAsk("close")}>${t("do.close")}<//>
		<${Button} onClick=${() => setAsk("hold")}>${t("do.hold")}<//>
		${tickets.length > 1 && html`<${Button} onClick=${() => setAsk("merge")}>${t("do.merge")}<//>`}
		<${Button} kind="plain" keys="escape" onClick=${done}>${t("bulk.none")}<//>
		${ask === "assign" && html`<${Ask} title=${t("do.assign")} yes=${t("do.assign")} close=${shut}
			fields=${[{ name: "to", label: t("assignee"), type: "choice", value: others[0]?.[0], options: others }]}
			run=${({ to }) => run((n) => post(`/tickets/${n}/assign`, { to }), giveBack)} />`}
		${ask === "close" && html`<${Ask} title=${t("do.close")} yes=${t("do.close")} close=${shut}
			fields=${[{ name: "kind", label: t("closing"), type: "choice", value: "no_reply", options: closings.map((c) => [c, t("closing." + c)]) }]}
			run=${({ kind }) => run((n) => post(`/tickets/${n}/close`, { kind }), reopen)} />`}
		${ask === "hold" && html`<${Ask} title=${t("do.hold")} yes=${t("do.hold")} close=${shut}
			fields=${[{ name: "reason", label: t("hold.reason"), need: true }]}
			run=${({ reason }) => run((n) => post(`/tickets/${n}/hold`, { reason }), (n) => unhold(n, had.get(n)))} />`}
		${ask === "merge" && html`<${Ask} title=${t("do.merge")} yes=${t("do.merge")} close=${shut} text=${t("merge.text")}
			fields=${[{ name: "into", label: t("merge.into"), type: "choice", value: String(Math.min(...tickets)),
				options: tickets.map((n) => [String(n), String(n)]) }]}
			run=${({ into }) => each(tickets.filter((n) => n !== Number(into)), (n) => post(`/tickets/${n}/merge`, { into: Number(into) }), done,
				(n) => post(`/tickets/${n}/undo`))} />`}
	</section>`;
}
