/* Beside a ticket: candidates, the customer, its times, what happened to it. */
import { html, useState } from "../lib/html.js";
import { call, query, useGet } from "../lib/api.js";
import { t, tc } from "../lib/i18n.js";
import { can } from "../lib/me.js";
import { useNames } from "../lib/people.js";
import { span, stretch, when } from "../lib/time.js";
import { Button, Empty, Pill, Read, State, When } from "../part/basic.js";
import { Ask } from "../part/dialog.js";
import { toast } from "../part/toast.js";

function Facts({ ticket, reload }) {
	/* the same from several mails, or written with a space, is one */
	const list = [...new Map(ticket.facts.filter((f) => f.state !== "refused")
		.map((f) => [f.slot + "\n" + f.value.replace(/\s/g, ""), f])).values()];
	if (!list.length)
		return null;
	return html`<h3>${t("facts")}</h3><dl class="pairs">${list.map((f) => html`<div key=${f.fact}>
		<dt>${tc("slotname", f.slot)}</dt><dd>${f.value}${f.conflict && html` <span class="pill bad">${t("fact.conflict")}</span>`}</dd></div>`)}</dl>`;
}

function Linked({ ticket }) {
	const rows = [
		...(ticket.parent ?? []).map((p) => ({ n: p.ticket, text: t("side.parent"), state: p.state })),
		...(ticket.side_threads ?? []).map((s) => ({ n: s.ticket, text: `${t("side.thread")} ${s.to ?? ""} ${s.subject}`, state: s.state })),
		...(ticket.links ?? []).map((l) => ({ n: l.ticket, text: tc("link", l.kind), state: l.state })),
		...(ticket.merged ?? []).map((m) => ({ n: m.ticket, text: t("link.merged") })),
	];
	return rows.length ? html`<h3>${t("linked")}</h3><ul class="bare">${rows.map((r) => html`<li key=${r.text + r.n}>
		<a href=${"/tickets/" + r.n}>${r.n}</a> ${r.text} ${r.state && html`<${State} of=${r.state} />`}</li>`)}</ul>` : null;
}

function Customer({ ticket, reload }) {
	const [edit, setEdit] = useState(null);
	const mail = ticket.messages.findLast((m) => m.direction === "in");
	const address = mail?.customer_address || mail?.from_address;
	const found = useGet(address && can("operator") ? query("/customers", { text: address }) : null, null);
	const id = found.data?.customers[0]?.customer;
	const card = useGet(id ? `/customers/${id}` : null, [ticket.ticket]);
	const others = (card.data?.tickets ?? []).filter((x) => x.ticket !== ticket.ticket).reverse();
	return html`<dl class="pairs">
			<div><dt>${t("customer.name")}</dt><dd>${ticket.customer || t("no.name")}</dd></div>
			<div><dt>${t("customer.address")}</dt><dd>${address}</dd></div>
			${card.data?.company && html`<div><dt>${t("customer.company")}</dt><dd>${card.data.company}</dd></div>`}
			${card.data?.phones?.length > 0 && html`<div><dt>${t("customer.phone")}</dt><dd>${card.data.phones.map((p) => p.phone).join(t("comma"))}</dd></div>`}
			${card.data?.note && html`<div><dt>${t("customer.note")}</dt><dd class="said">${card.data.note}</dd></div>`}
			<div><dt>${t("category")}</dt><dd>${ticket.category || "–"}</dd></div>
			<div><dt>${t("created")}</dt><dd><${When} at=${ticket.created_s} /></dd></div>
		</dl>
		<${Facts} ticket=${ticket} reload=${reload} />
		<${Linked} ticket=${ticket} />
		<h3>${t("customer.history")}</h3>
		${others.length ? html`<ul class="bare">${others.map((x) => html`<li key=${x.ticket}>
			<a href=${"/tickets/" + x.ticket}>${x.ticket} ${x.subject || t("no.subject")}</a> <${State} of=${x.state} /> <small><${When} at=${x.created_s} /></small></li>`)}</ul>`
			: html`<p class="hint">${t("customer.first")}</p>`}
		${id && html`<p><${Button} kind="plain" icon="user" onClick=${() => setEdit(card.data)}>${t("customer.edit")}<//></p>`}
		${edit && html`<${Ask} title=${t("customer.edit")} yes=${t("save.now")} close=${() => setEdit(null)}
			fields=${[["name", edit.name], ["kana", edit.kana], ["company", edit.company], ["note", edit.note]].map(([name, value]) =>
				({ name, value: value ?? "", label: t("customer." + name), type: name === "note" ? "area" : "text" }))}
			run=${async (v) => { await call("PATCH", `/customers/${id}`, v, { seen: edit }); toast(t("done.saved")); card.reload(); }} />`}`;
}

function Times({ ticket }) {
	const sla = useGet(`/tickets/${ticket.ticket}/sla`, [ticket.ticket]);
	return html`<${Read} of=${sla}>${({ clocks }) => clocks.length === 0 ? html`<${Empty} title=${t("sla.none")} />` : clocks.map((c) => html`
		<section key=${c.clock + c.started} class="clock">
			<h3>${tc("clock", c.clock)} <${Pill} kind=${{ breached: "bad", met: "good" }[c.state]}>${tc("clockstate", c.state)}<//></h3>
			<dl class="pairs">
				<div><dt>${t("sla.due")}</dt><dd>${c.due ? when(Date.parse(c.due) / 1000) : "–"}</dd></div>
				<div><dt>${t("sla.allowed")}</dt><dd>${span(c.allowed_s)}</dd></div>
				<div><dt>${t("sla.counted")}</dt><dd>${span(c.counted_s)}</dd></div>
			</dl>
			<details><summary>${t("sla.intervals")}</summary><ul class="bare">${c.intervals.map((i) => html`<li key=${i.from}>
				${stretch(Date.parse(i.from) / 1000, Date.parse(i.to) / 1000)}${" "}<small>${i.counts ? t("sla.counts", { span: span(i.seconds) }) : tc("why", i.why)}${i.name ? ` ${i.name}` : ""}</small></li>`)}</ul></details>
		</section>`)}<//>`;
}

/* "re" of a subject is no likeness */
const told = (w) => !/^(re|fw|fwd)$/i.test(w);

/* What was answered to mails like this one. */
function Similar({ ticket }) {
	const found = useGet(`/tickets/${ticket.ticket}/similar`, null);
	return html`<${Read} of=${found}>${({ similar }) => similar.length === 0
		? html`<${Empty} title=${t("similar.none")}>${t("similar.none.more")}<//>`
		: html`<ul class="bare">${similar.map((s) => html`<li key=${s.ticket}>
			<a href=${"/tickets/" + s.ticket}>${s.ticket} ${s.subject || t("no.subject")}</a> <small>${[t("similar.percent", { n: s.percent }), s.words.filter(told).join(t("dot"))].filter(Boolean).join(t("colon"))}</small>
			<details class="folded"><summary>${t("similar.answer")} <small><${When} at=${s.answered_s} /></small></summary><div class="mailtext">${s.answer}</div></details></li>`)}</ul>`}<//>`;
}

function Story({ ticket }) {
	const nameOf = useNames();
	const trace = useGet(`/trace?what=${ticket.ticket}`, [ticket.ticket]);
	return html`<${Read} of=${trace}>${({ events }) => html`<ol class="story">${[...events].reverse().map((e, i) => html`
		<li key=${i}><small><${When} at=${e.time_s} /></small> ${tc("event", e.kind)} <small>${e.login ? nameOf(e.login) : tc("actor", e.actor)}</small></li>`)}</ol>`}<//>`;
}

const tabs = [["suggest", null], ["customer", Customer], ["similar", Similar], ["times", Times], ["story", Story]];

export function Side({ ticket, reload, suggestions }) {
	const [tab, setTab] = useState(suggestions ? "suggest" : "customer");
	const shown = tab === "suggest" && !suggestions ? "customer" : tab;
	const Page = tabs.find(([id]) => id === shown)[1];
	const some = tabs.filter(([id]) => id !== "suggest" || suggestions);
	const move = (e) => {
		const n = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
		if (!n)
			return;
		const to = some[(some.findIndex(([id]) => id === shown) + n + some.length) % some.length][0];
		setTab(to);
		document.getElementById("tab-" + to)?.focus();
		e.preventDefault();
	};
	return html`<section class="side"><h2 class="unseen">${t("side.tabs")}</h2>
		<div class="tabs" role="tablist" aria-label=${t("side.tabs")} onKeyDown=${move}>${some.map(([id]) => html`
			<button key=${id} id=${"tab-" + id} type="button" role="tab" aria-selected=${shown === id ? "true" : "false"}
				aria-controls="side-panel" tabindex=${shown === id ? 0 : -1} onClick=${() => setTab(id)}>${t("side." + id)}</button>`)}</div>
		<div id="side-panel" role="tabpanel" aria-labelledby=${"tab-" + shown} tabindex="0">
			${Page ? html`<${Page} ticket=${ticket} reload=${reload} />` : suggestions}</div>
	</section>`;
}
