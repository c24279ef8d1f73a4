/* The history: what was done by whom, who looked, and whether it is whole. */
import { html, useState } from "../lib/html.js";
import { get, query, useGet } from "../lib/api.js";
import { t, tc } from "../lib/i18n.js";
import { composing } from "../lib/keys.js";
import { usePages } from "../lib/pages.js";
import { useNames } from "../lib/people.js";
import { go } from "../lib/route.js";
import { when } from "../lib/time.js";
import { Button, Empty, Read, When } from "../part/basic.js";
import { Csv } from "../part/csv.js";
import { Field } from "../part/dialog.js";
import { Admin } from "./admin.js";

function Verify() {
	const [state, set] = useState(null);
	const [head, setHead] = useState("");
	const run = async (e) => {
		e.preventDefault();
		set({ busy: true });
		try {
			set(await get(query("/audit/verify", { head: head.trim() })));
		} catch (e) {
			set({ error: e.message });
		}
	};
	return html`<section class="card"><h2>${t("audit.verify")}</h2><p class="hint">${t("audit.verify.text")}</p>
		<form onSubmit=${run}><${Field} label=${t("audit.known")} value=${head} put=${(e) => { setHead(e.target.value); set(null); }} hint=${t("audit.known.hint")} spellcheck=${false} autocomplete="off" />
			<p class="row"><button type="submit" class="button" disabled=${state?.busy}><span>${t("audit.verify.do")}</span></button></p></form>
		<div role="status">${state?.busy && html`<p>${t("mailbox.testing")}</p>`}${state?.error && html`<p class="problem">${state.error}</p>`}
			${state?.events !== undefined && html`<p class=${"notice " + (state.fault ? "bad" : "info")}>
				<span>${state.fault ? t("audit.broken", { fault: state.fault }) : t("audit.whole", { n: state.events, erased: state.erased })}</span>
				<small>${t("audit.head")}: <code>${state.head}</code></small></p>
				${state.head_found !== undefined && html`<p class=${"notice " + (state.head_found ? "info" : "bad")}>${state.head_found
					? t("audit.known.there", { time: when(state.head_time_s) }) : t("audit.known.gone")}</p>`}`}</div></section>`;
}

const codes = (o) => Object.entries(o ?? {}).filter(([, v]) => v !== null && v !== "").map(([k, v]) => /_s$/.test(k) && v > 1e9 ? `${k.slice(0, -2)}=${when(v)}`
	: `${k}=${typeof v === "object" ? JSON.stringify(v) : v}`).join(" ");

function Events({ path }) {
	const first = useGet(path, null);
	const nameOf = useNames();
	const { rows, next, load } = usePages(path, first.data, "events", "before");
	return html`<${Read} of=${first} lines=${8}>${() => rows.length === 0 ? html`<${Empty} title=${t("audit.none")} />`
		: html`<div class="wide-table"><table class="grid"><thead><tr><th>${t("audit.time")}</th><th>${t("audit.who")}</th><th>${t("audit.what")}</th><th>${t("nav.queue")}</th><th>${t("audit.codes")}</th></tr></thead>
			<tbody>${rows.map((e) => html`<tr key=${e.lane + ":" + e.seq}><td><${When} at=${e.time_s} /></td><td title=${e.actor}>${e.login ? nameOf(e.login) : tc("actor", e.actor)}</td>
				<td>${tc("event", e.kind)}</td><td>${e.ticket && html`<a href=${"/tickets/" + e.ticket}>${e.ticket}</a>`}</td><td><code>${codes(e.codes)}</code></td></tr>`)}</tbody></table></div>
			${next && html`<p class="row center"><${Button} onClick=${load}>${t("more")}<//></p>`}`}<//>`;
}

export function Audit({ args }) {
	const { data: people } = useGet("/users", null);
	const [ticket, setTicket] = useState(args.ticket ?? "");
	const show = (more) => go(query("/admin/audit", { ...args, ...more }));
	const asked = { user: args.user, kind: args.kind, ticket: args.ticket, from: args.from, to: args.to };
	const logins = [...new Set((people?.users ?? []).map((u) => u.login))];
	return html`<${Admin} tab="audit" head=${html`<${Csv} path="/audit" args=${{ ...asked, limit: 1000 }} name="audit" />`}>
		<${Verify} />
		<div class="searching filters" role="search">
			<label class="inline">${t("audit.who")} <select value=${args.user ?? ""} onChange=${(e) => show({ user: e.target.value })}><option value="">${t("all")}</option>${logins.map((x) => html`<option key=${x}>${x}</option>`)}</select></label>
			<label class="inline">${t("audit.what")} <select value=${args.kind ?? ""} onChange=${(e) => show({ kind: e.target.value })}><option value="">${t("all")}</option>
				${["session", "user", "token", "totp", "window", "mailbox", "template", "ticket", "draft", "outbox", "customer"].map((x) => html`<option key=${x} value=${x}>${tc("auditkind", x)}</option>`)}</select></label>
			<label class="inline">${t("audit.from")} <input type="date" value=${args.from ?? ""} onChange=${(e) => show({ from: e.target.value })} /></label>
			<label class="inline">${t("audit.to")} <input type="date" value=${args.to ?? ""} onChange=${(e) => show({ to: e.target.value })} /></label>
			<label class="inline">${t("audit.ticket")} <input inputmode="numeric" size="8" value=${ticket} onInput=${(e) => setTicket(e.target.value)}
				onKeyDown=${(e) => e.key === "Enter" && !composing(e) && show({ ticket })} onBlur=${() => ticket !== (args.ticket ?? "") && show({ ticket })} /></label>
		</div>
		<${Events} path=${query("/audit", { ...asked, limit: 50 })} /><//>`;
}
