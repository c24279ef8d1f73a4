/* 急増アラート and まとめ対応: like inquiries that come at once, one answer for all. */
import { html, useEffect, useState } from "../lib/html.js";
import { get, post, useGet } from "../lib/api.js";
import { t, tc } from "../lib/i18n.js";
import { can } from "../lib/me.js";
import { slots } from "../lib/text.js";
import { Ago, Button, Empty, Head, Pill, Read, State, When } from "../part/basic.js";
import { Ask } from "../part/dialog.js";
import { useWalk } from "../part/list.js";
import { SlotText } from "../part/slots.js";
import { PickTemplate } from "../part/suggest.js";
import { attempt, failed, toast } from "../part/toast.js";

/* A term of the kind "template" is a template's id; people know its title. */
function useTerms() {
	const { data } = useGet("/templates", null);
	return ({ kind, term }) => kind === "template" ? data?.templates.find((x) => x.id === term)?.title ?? term : term;
}

function Watched() {
	const list = useGet("/watched", null);
	const [ask, setAsk] = useState(false);
	const end = (term) => attempt(() => post("/watched/end", { term }), t("done.saved")).then(list.reload);
	return html`<section class="card"><h2>${t("watch.title")}</h2><p class="hint">${t("watch.sub")}</p>
		<${Read} of=${list} lines=${2}>${({ terms }) => html`<p class="row">${terms.map((w) => html`<${Pill} key=${w.term} kind="label">${w.term}
			${can("sv") && html`<${Button} kind="plain" icon="close" label=${t("watch.end", { term: w.term })} onClick=${() => end(w.term)} />`}<//>`)}
			${can("sv") && html`<${Button} onClick=${() => setAsk(true)}>${t("watch.add")}<//>`}</p>`}<//>
		${ask && html`<${Ask} title=${t("watch.add")} yes=${t("watch.add")} close=${() => setAsk(false)}
			fields=${[{ name: "term", label: t("watch.term"), need: true }]} run=${async (v) => { await post("/watched", v); list.reload(); }} />`}</section>`;
}

export function Incidents() {
	const list = useGet("/incidents?all=1");
	const box = useWalk();
	const called = useTerms();
	useEffect(() => { document.title = `${t("nav.incidents")} – ${t("app.name")}`; }, []);
	return html`<${Head} title=${t("nav.incidents")} sub=${t("incidents.sub")} />
		<${Read} of=${list}>${({ incidents }) => incidents.length === 0 ? html`<${Empty} title=${t("incidents.none")}>${t("incidents.none.more")}<//>`
			: html`<ul class="tickets results" ref=${box}>${incidents.map((i) => html`<li key=${i.incident} class="ticket">
				<div class="what"><a class="open" href=${"/incidents/" + i.incident}>${t("incident.name", { term: called(i) })}</a>
					<${Pill} kind=${i.state === "open" ? "bad" : ""}>${tc("incident", i.state)}<//>
					${i.verdict && html`<${Pill}>${tc("verdict", i.verdict)}<//>`}</div>
				<span class="whose">${t("incident.customers", { n: i.customers })}</span><span class="from">${t("incident.tickets", { n: i.tickets_n })}</span>
				<span class="age"><${Ago} at=${i.opened_s} /></span><span class="number">${i.incident}</span></li>`)}</ul>`}<//>
		<${Watched} />`;
}

function Replies({ id }) {
	const list = useGet(`/incidents/${id}/replies`);
	const [pick, setPick] = useState(false);
	const [ask, setAsk] = useState(null);
	const draft = async (template, given) => {
		await post(`/incidents/${id}/drafts`, { template, slots: Object.fromEntries(Object.entries(given).filter(([, v]) => v)) });
		toast(t("done.saved"));
		list.reload();
	};
	/* what is the same for all is asked once */
	const begin = async (template) => {
		try {
			const { body } = await get(`/templates/${encodeURIComponent(template)}/preview`);
			const names = [...new Set(slots(body).map((s) => s.name))].filter((n) => !n.startsWith("customer."));
			if (!names.length)
				return await draft(template, {});
			setAsk(html`<${Ask} title=${t("incident.draft")} text=${t("incident.same")} yes=${t("incident.draft")} close=${() => setAsk(null)}
				fields=${names.map((name) => ({ name, label: tc("slotname", name) }))} run=${(v) => draft(template, v)} />`);
		} catch (e) {
			failed(e);
		}
		return undefined;
	};
	const waiting = (list.data?.replies ?? []).filter((r) => r.draft_state === "waiting");
	const approve = () => attempt(() => post(`/incidents/${id}/approve`, { code: list.data.code }), t("done.approved")).then(list.reload);
	return html`<section class="card"><h2>${t("incident.replies")}</h2>
		<p class="row">${can("sv") && html`<${Button} icon="book" onClick=${() => setPick(true)}>${t("incident.draft")}<//>`}
			${list.data?.may_approve && list.data.code && waiting.length > 0 && html`<${Button} kind="main" icon="check" onClick=${approve}>${t("incident.approve", { n: waiting.length })}<//>`}</p>
		<${Read} of=${list}>${({ replies }) => replies.length === 0 ? html`<p class="hint">${t("incident.no_replies")}</p>` : html`<ul class="bare replies">${replies.map((r) => html`
			<li key=${r.ticket}><a href=${"/tickets/" + r.ticket}>${r.ticket}</a> ${r.draft_state && html`<${Pill}>${tc("draft", r.draft_state)}<//>`}
				${r.why_not && html`<small>${tc("obstacle", r.why_not)}</small>`}
				${r.body && html`<details class="folded"><summary>${t("preview")}</summary><${SlotText} text=${r.body} /></details>`}</li>`)}</ul>`}<//>
		${pick && html`<${PickTemplate} use=${begin} close=${() => setPick(false)} />`}${ask}</section>`;
}

export function Incident({ incident }) {
	const one = useGet(`/incidents/${incident}`);
	const called = useTerms();
	useEffect(() => { document.title = `${t("nav.incidents")} ${incident} – ${t("app.name")}`; }, [incident]);
	const judge = (verdict) => () => attempt(() => post(`/incidents/${incident}/verdict`, { verdict }), t("done.saved")).then(one.reload);
	return html`<${Read} page of=${one}>${(i) => html`
		<${Head} title=${t("incident.name", { term: called(i) })} sub=${html`${tc("incident", i.state)} · <${When} at=${i.opened_s} /> · ${t("incident.customers", { n: i.customers })}`}>
			${can("sv") && !i.verdict && html`<${Button} onClick=${judge("real")}>${tc("verdict", "real")}<//><${Button} onClick=${judge("noise")}>${tc("verdict", "noise")}<//>`}
			${i.verdict && html`<${Pill}>${tc("verdict", i.verdict)}<//>`}<//>
		<p class="row">${[...new Map(i.words.map((w) => [w.term, w])).values()].map((w) => html`<${Pill} key=${w.term} kind="note">${called(w)} ${t("incident.tickets", { n: w.tickets })}<//>`)}</p>
		<${Replies} id=${incident} />
		<section class="card"><h2>${t("nav.queue")}</h2><ul class="bare">${i.tickets.map((x) => html`<li key=${x.ticket}>
			<a href=${"/tickets/" + x.ticket}>${x.ticket} ${x.subject || t("no.subject")}</a> ${x.customer} <${State} of=${x.state} /></li>`)}</ul></section>`}<//>`;
}
