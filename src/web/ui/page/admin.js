/* The administrator's pages: their tabs, and how the desk is. */
import { html, useEffect } from "../lib/html.js";
import { post, useGet } from "../lib/api.js";
import { plainly, t, tc } from "../lib/i18n.js";
import { can } from "../lib/me.js";
import { place } from "../lib/route.js";
import { useStore } from "../lib/store.js";
import { folderName } from "../lib/text.js";
import { Ago, Button, Empty, Head, Pill, Read, Trouble, size } from "../part/basic.js";
import { Asked, useAsk } from "../part/asked.js";
import { attempt } from "../part/toast.js";

const LOOK_MS = 15000;
const tabs = ["health", "mailboxes", "users", "windows", "rules", "audit", "store"];

/* title: of the tab; what stands in its head: children of head */
export function Admin({ tab, head, children }) {
	const { path } = useStore(place);
	useEffect(() => { document.title = `${t("admin." + tab)} – ${t("app.name")}`; }, [tab]);
	return html`<${Head} title=${t("admin." + tab)}>${head}<//>
		<nav class="tabs" aria-label=${t("nav.admin")}>${tabs.filter((x) => x !== "audit" || can("desk")).map((x) => {
			const to = x === "health" ? "/admin" : "/admin/" + x;
			return html`<a key=${x} href=${to} aria-current=${path === to ? "page" : null}>${t("admin." + x)}</a>`;
		})}</nav>${/^(health|mailboxes|users|store)$/.test(tab) && !can("desk") && html`<p class="notice info">${t("desk.only")}</p>`}${children}`;
}

const modes = [["off", "sending.off"], ["internal", "sending.internal"], ["live", "sending.live"]];

/* A list of name and number; nothing is a line, too. */
const Counts = ({ of, word }) => Object.keys(of).length === 0 ? html`<p class="hint">${t("health.nothing")}</p>` : html`<dl class="pairs">${Object.entries(of).map(([k, n]) => html`
	<div key=${k}><dt>${word(k)}</dt><dd>${n}</dd></div>`)}</dl>`;

/* Where the browser has what an alarm asks for. */
const cures = { fetch: "mailboxes", token: "mailboxes", outbox_age: "mailboxes", unfetched: "store", calendar: "windows", unheard: "users" };

function Cure({ of }) {
	const page = cures[of.kind];
	if (page)
		return html`<a href=${"/admin/" + page}>${t("admin." + page)}</a>`;
	const number = /^ticket:(\d+)$/.exec(of.subject)?.[1];
	return of.kind === "unknown" ? html`<a href="/outbox">${t("nav.outbox")}</a>`
		: number ? html`<a href=${"/tickets/" + number}>${t("alarm.open", { n: number })}</a>` : null;
}

function Alarms({ alarms }) {
	if (alarms.length === 0)
		return html`<p class="notice info">${t("alarms.none")}</p>`;
	return html`<ul class="bare">${alarms.map((a) => html`<li key=${a.kind + a.subject}
		class=${"notice " + (a.state === "over" ? "info" : "bad")}>
		<span class="row"><strong>${tc("alarm", a.kind)}</strong> <${Pill} kind=${a.state === "over" ? "good" : "bad"}>${tc("alarmstate", a.state)}<//>
			<small><${Ago} at=${a.raised_s} /></small></span>
		<span class="said">${plainly(a.text)}</span> ${a.state !== "over" && html`<${Cure} of=${a} />`}</li>`)}</ul>`;
}

export function Health() {
	const status = useGet("/status");
	const alarms = useGet("/alarms");
	const ask = useAsk();
	/* that a server is gone or back is no event of the desk: it is looked for */
	useEffect(() => {
		const timer = setInterval(() => { status.reload(); alarms.reload(); }, LOOK_MS);
		return () => clearInterval(timer);
	}, [status.reload, alarms.reload]);
	const sending = () => ask({
		title: t("sending.title"), text: t("sending.text"), yes: t("save"),
		fields: [{ name: "mode", label: t("sending.title"), type: "choice", value: status.data.sending,
			options: modes.map(([v, key]) => [v, t(key)]) }],
		run: async ({ mode }) => { await post("/sending", { mode }); status.reload(); },
	});
	const trial = () => attempt(() => post("/alarms/test"), t("alarms.tried"));
	return html`<${Admin} tab="health" head=${can("desk") && html`<${Button} onClick=${trial}>${t("alarms.try")}<//>`}>
		<section class="card"><h2>${t("alarms.title")}</h2>
			<${Read} of=${alarms} lines=${2}>${({ alarms: list }) => html`<${Alarms} alarms=${list} />`}<//></section>
		<${Read} of=${status}>${(s) => html`
			<section class="card"><h2>${t("sending.title")}</h2>
				<p class="row"><${Pill} kind=${s.sending === "live" ? "good" : "note"}>${t("sending." + s.sending)}<//>
					${can("desk") && html`<${Button} onClick=${sending}>${t("change")}<//>`}</p></section>
			<div class="cardrow">
				<section class="card"><h2>${t("nav.queue")}</h2><${Counts} of=${s.tickets} word=${(k) => tc("state", k)} /></section>
				<section class="card"><h2>${t("health.deliveries")}</h2><${Counts} of=${s.deliveries} word=${(k) => tc("delivery", k)} /></section>
				<section class="card"><h2>${t("nav.outbox")}</h2><${Counts} of=${s.outbox} word=${(k) => tc("outbox", k)} /></section>
				<section class="card"><h2>${t("health.clocks")}</h2><${Counts} of=${s.clocks} word=${(k) => tc("clockstate", k)} /></section>
			</div>
			<section class="card"><h2>${t("health.folders")}</h2>
				${s.folders.length === 0 ? html`<${Empty} title=${t("mailbox.none")} />` : html`
				<div class="wide-table"><table class="grid"><thead><tr><th>${t("mailbox")}</th><th>${t("folder")}</th><th>${t("health.synced")}</th><th>${t("state")}</th></tr></thead>
				<tbody>${s.folders.map((f) => html`<tr key=${f.mailbox + f.folder}><td>${f.mailbox}</td><td>${folderName(f.folder)}</td>
					<td>${f.synced_s ? html`<${Ago} at=${f.synced_s} />` : "–"}</td>
					<td><${Trouble} of=${f.problem || f.trouble} /></td></tr>`)}</tbody></table></div>`}
			</section>
			<p class="hint">${t("health.store", { size: size(s.store_bytes) })}</p>`}<//>
		<${Asked} of=${ask} />
	<//>`;
}
