/* SLA board: what runs out next, and who is on what now. */
import { html, cls, useEffect } from "../lib/html.js";
import { useGet } from "../lib/api.js";
import { t, tc } from "../lib/i18n.js";
import { useNow } from "../lib/now.js";
import { Ago, Due, Empty, Head, Of, Pill, Read } from "../part/basic.js";

const HOUR = 3600;
const lanes = [
	["late", (left) => left <= 0],
	["soon", (left) => left <= 2 * HOUR],
	["day", (left) => left <= 24 * HOUR],
	["later", (left) => left > 24 * HOUR],
];

function Lane({ id, rows, names }) {
	return html`<section class=${cls("lane", id)} aria-label=${t("board." + id)}>
		<h2>${t("board." + id)}<b class="count">${rows.length}<span class="unseen">${t("count.items", { n: rows.length })}</span></b></h2>
		<ul>${rows.slice(0, 30).map((r) => html`<li key=${r.ticket}>
			<a href=${"/tickets/" + r.ticket}>${r.subject || t("no.subject")}</a>
			<span class="row"><${Due} at=${r.due_s} /><small>${r.assignee ? names.get(r.assignee) ?? r.assignee : t("unassigned")}</small>
				<${Of} window=${r.window} />${r.draft_state && html`<${Pill}>${tc("draft", r.draft_state)}<//>`}
				${r.temperature >= 3 && html`<${Pill} kind="bad">${t("hot")}<//>`}</span></li>`)}
			${rows.length > 30 && html`<li class="hint">${t("board.more", { n: rows.length - 30 })}</li>`}</ul>
	</section>`;
}

const tally = (rows, now) => ({
	open: rows.length,
	late: rows.filter((r) => r.due_s && r.due_s <= now).length,
	waiting: rows.filter((r) => r.draft_state === "waiting").length,
	returned: rows.filter((r) => r.draft_state === "returned").length,
	next: Math.min(...rows.map((r) => r.due_s || Infinity)),
	oldest: Math.min(...rows.map((r) => r.inbound_s || Infinity)),
});

function People({ rows, names, now }) {
	const groups = Map.groupBy ? Map.groupBy(rows, (r) => r.assignee ?? "")
		: rows.reduce((m, r) => m.set(r.assignee ?? "", [...(m.get(r.assignee ?? "") ?? []), r]), new Map());
	const list = [...new Set([...names.keys(), ...groups.keys()])].map((login) => [login, tally(groups.get(login) ?? [], now)])
		.sort((a, b) => b[1].late - a[1].late || b[1].open - a[1].open);
	return html`<section class="card"><h2>${t("board.people")}</h2><div class="scroll" tabindex="0" role="region" aria-label=${t("board.people")}><table>
		<thead><tr><th scope="col">${t("assignee")}</th><th scope="col">${t("board.open")}</th><th scope="col">${t("board.late")}</th>
			<th scope="col">${tc("draft", "waiting")}</th><th scope="col">${tc("draft", "returned")}</th><th scope="col">${t("board.next")}</th><th scope="col">${t("board.oldest")}</th></tr></thead>
		<tbody>${list.map(([login, x]) => html`<tr key=${login}><th scope="row">${login ? names.get(login) ?? login : t("unassigned")}</th>
			<td>${x.open}</td><td class=${x.late ? "bad" : ""}>${x.late}</td><td>${x.waiting}</td><td>${x.returned}</td>
			<td>${Number.isFinite(x.next) ? html`<${Due} at=${x.next} />` : "–"}</td><td>${Number.isFinite(x.oldest) ? html`<${Ago} at=${x.oldest} />` : "–"}</td></tr>`)}</tbody></table></div></section>`;
}

export function Board() {
	const list = useGet("/tickets?limit=1000");
	const { data: users } = useGet("/users", null);
	const now = useNow();
	useEffect(() => { document.title = `${t("nav.board")} – ${t("app.name")}`; }, []);
	const names = new Map((users?.users ?? []).filter((u) => !u.disabled && u.role !== "viewer").map((u) => [u.login, u.name]));
	return html`<${Head} title=${t("nav.board")} sub=${t("board.sub")} />
		<${Read} of=${list}>${({ tickets }) => {
			if (!tickets.length)
				return html`<${Empty} title=${t("empty.open")} />`;
			const due = tickets.filter((r) => r.due_s);
			const of = (r) => lanes.find(([, f]) => f(r.due_s - now))[0];
			return html`<${People} rows=${tickets} names=${names} now=${now} /><div class="lanes">${lanes.map(([id]) => html`<${Lane} key=${id} id=${id} names=${names} rows=${due.filter((r) => of(r) === id)} />`)}</div>`;
		}}<//>`;
}
