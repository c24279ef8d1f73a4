/* 引き継ぎ: what somebody leaves open, and handing it over with a word. */
import { html, useEffect, useState } from "../lib/html.js";
import { post, query, useGet } from "../lib/api.js";
import { t, tc } from "../lib/i18n.js";
import { can, me } from "../lib/me.js";
import { go } from "../lib/route.js";
import { Button, Due, Empty, Head, Of, Pill, Read, State, When } from "../part/basic.js";
import { Ask } from "../part/dialog.js";
import { remember, useWalk } from "../part/list.js";
import { toast } from "../part/toast.js";

export function Shift({ args }) {
	const login = args.login ?? me.get().login;
	const list = useGet(query("/shift", { login: args.login }));
	const { data: people } = useGet("/users", null);
	/* those that stay: the list is read again while somebody chooses */
	const [left, setLeft] = useState(new Set());
	const [ask, setAsk] = useState(null);
	const picked = (list.data?.shift ?? []).map((r) => r.ticket).filter((n) => !left.has(n));
	const box = useWalk();
	const names = [...new Map((people?.users ?? []).filter((u) => !u.disabled && u.role !== "viewer").map((u) => [u.login, u.name])).entries()];
	useEffect(() => {
		document.title = `${t("nav.shift")} – ${t("app.name")}`;
		remember((list.data?.shift ?? []).map((r) => r.ticket));
	}, [list.data]);
	const toggle = (n) => setLeft((was) => {
		const now = new Set(was);
		if (!now.delete(n))
			now.add(n);
		return now;
	});
	const hand = async ({ to, note }) => {
		const r = await post("/handover", { from: login, ...(to && { to }), ...(note && { note }), tickets: ask.map(String) });
		toast(t("done.handed", { n: r.handed }));
		list.reload();
	};
	return html`<${Head} title=${t("nav.shift")} sub=${t("shift.sub")}>
			${can("sv") && html`<label class="inline">${t("assignee")} <select value=${login} onChange=${(e) => go(query("/shift", { login: e.target.value }))}>
				${names.map(([l, n]) => html`<option key=${l} value=${l}>${n}</option>`)}</select></label>`}
			<${Button} kind="main" icon="swap" disabled=${picked.length === 0} onClick=${() => setAsk(picked)}>${t("shift.hand", { n: picked.length })}<//>
		<//>
		<${Read} of=${list}>${({ shift }) => shift.length === 0 ? html`<${Empty} title=${t("shift.none")} />`
			: html`<ul class="tickets shift" ref=${box}>${shift.map((r) => html`<li key=${r.ticket} class="ticket">
				<input type="checkbox" checked=${!left.has(r.ticket)} onChange=${() => toggle(r.ticket)} aria-label=${t("pick", { n: r.ticket })} />
				<${Due} at=${r.due_s} />
				<div class="what"><a class="open" href=${"/tickets/" + r.ticket}>${r.subject || t("no.subject")}</a><span class="from">${r.customer}</span>
					<${Of} window=${r.window} />${r.draft && html`<${Pill}>${tc("draft", r.draft)}<//>`}
					${r.hold_reason && html`<${Pill} kind="note">${r.hold_reason}<//>`}
					${r.promise_s && html`<${Pill} kind="note">${t("shift.promise")} <${When} at=${r.promise_s} /><//>`}
					${r.comment && html`<span class="excerpt">${r.comment}</span>`}</div>
				<${State} of=${r.state} /><span class="number">${r.ticket}</span></li>`)}</ul>`}<//>
		${ask && html`<${Ask} title=${t("nav.shift")} yes=${t("shift.do")} close=${() => setAsk(null)} run=${hand} fields=${[
			{ name: "to", label: t("shift.to"), type: "choice", value: "", options: [["", t("shift.queue")], ...names.filter(([l]) => l !== login)] },
			{ name: "note", label: t("shift.note"), type: "area", hint: t("shift.note.hint") }]} />`}`;
}
