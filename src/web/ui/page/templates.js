/* Templates: the list, one with its versions, and writing a new version. */
import { html, useEffect, useRef, useState } from "../lib/html.js";
import { call, get, post, useGet } from "../lib/api.js";
import { t } from "../lib/i18n.js";
import { can } from "../lib/me.js";
import { go, onLeave } from "../lib/route.js";
import { Button, Empty, Head, Pill, Read, When } from "../part/basic.js";
import { Editor } from "../part/editor.js";
import { SlotText } from "../part/slots.js";
import { useWalk } from "../part/list.js";
import { attempt, toast } from "../part/toast.js";
import { TemplateFiles, saveSource } from "./template_files.js";

/* What is offered no more: to be read, and to be offered again. */
function Retired({ found }) {
	const list = useGet("/templates?retired=1", null);
	const again = (x) => attempt(async () => {
		const { versions } = await get(`/templates/${encodeURIComponent(x.id)}/history`);
		await call("PUT", `/templates/${encodeURIComponent(x.id)}`, { source: versions[0].source }, { seen: "*" });
		list.reload();
		toast(t("template.restored"), { undo: { run: () => attempt(() => post(`/templates/${encodeURIComponent(x.id)}/retire`)).then(list.reload) } });
	});
	return html`<${Read} of=${list}>${({ templates }) => templates.length === 0 ? html`<${Empty} title=${t("template.retired.none")} />`
		: html`<ul class="bare retired">${templates.filter(found).map((x) => html`<li key=${x.id} class="card">
			<header class="row"><h2>${x.title}</h2><small>${x.category} · ${x.id}</small><span class="gap"></span>
				<${Button} onClick=${() => again(x)}>${t("template.restore")}<//></header>
			<${Versions} id=${x.id} /></li>`)}</ul>`}<//>`;
}

export function Templates({ args }) {
	const retired = args.retired === "1";
	const list = useGet(retired ? null : "/templates", null);
	const [words, setWords] = useState("");
	const box = useWalk();
	useEffect(() => { document.title = `${t("nav.templates")} – ${t("app.name")}`; }, []);
	const wanted = words.normalize("NFKC").toLowerCase().split(/\s+/).filter(Boolean);
	const fits = (x) => wanted.every((w) => `${x.id} ${x.title} ${x.category}`.normalize("NFKC").toLowerCase().includes(w));
	return html`<${Head} title=${t("nav.templates")}>
			<input type="search" aria-label=${t("templates.find")} placeholder=${t("templates.find")} value=${words} onInput=${(e) => setWords(e.target.value)} />
			${can("admin") && !retired && html`<${TemplateFiles} reload=${list.reload} />`}<//>
		${can("admin") && html`<nav class="tabs" aria-label=${t("nav.templates")}>
			<a href="/templates" aria-current=${retired ? null : "page"}>${t("template.used")}</a>
			<a href="/templates?retired=1" aria-current=${retired ? "page" : null}>${t("template.retired")}</a></nav>`}
		${retired ? html`<${Retired} found=${fits} />` : html`<${Read} of=${list}>${({ templates }) => {
			const rows = templates.filter(fits).sort((a, b) => a.category.localeCompare(b.category, "ja"));
			return rows.length === 0 ? html`<${Empty} title=${t("templates.none")} />` : html`<ul class="tickets templates" ref=${box}>${rows.map((x) => html`
				<li key=${x.id} class="ticket"><span class="category">${x.category}</span>
					<div class="what"><a class="open" href=${"/templates/" + encodeURIComponent(x.id)}>${x.title}</a></div>
					<span class="whose">${x.id}</span><span class="number">${t("template.version", { n: x.version })}</span></li>`)}</ul>`;
		}}<//>`}`;
}

/* Without its front matter: what a customer would read. */
const bodyOf = (source) => source.replace(/^---\n[\s\S]*?\n---\n/, "");

function Versions({ id }) {
	const list = useGet(`/templates/${encodeURIComponent(id)}/history`, null);
	return html`<${Read} of=${list}>${({ versions }) => html`<ul class="bare">${versions.map((v) => html`<li key=${v.version}>
		<details class="folded"><summary>${t("template.version", { n: v.version })} <small><${When} at=${v.created_s} /></small> ${v.retired ? html`<${Pill}>${t("template.retired")}<//>` : ""}</summary>
			<${SlotText} text=${bodyOf(v.source)} /></details></li>`)}</ul>`}<//>`;
}

/* Past mails by the words of the template: would it be offered to them? */
function Trial({ id }) {
	const [number, setNumber] = useState("");
	const [answer, setAnswer] = useState(null);
	const run = async (e) => {
		e.preventDefault();
		await attempt(async () => {
			const { ranked } = await get(`/tickets/${encodeURIComponent(number)}/suggestions`);
			const at = ranked.findIndex((r) => r.id === id);
			setAnswer(at < 0 ? t("template.trial.no") : t("template.trial.yes", { n: at + 1 }));
		});
	};
	return html`<form class="row" onSubmit=${run}><label class="inline" for="trial">${t("template.trial")}</label>
		<input id="trial" inputmode="numeric" pattern="[0-9]+" required value=${number} onInput=${(e) => setNumber(e.target.value)} />
		<button type="submit" class="button"><span>${t("template.trial.do")}</span></button><span role="status">${answer}</span></form>`;
}

function Edit({ one, done }) {
	const [source, setSource] = useState(one.source);
	const [busy, setBusy] = useState(false);
	const area = useRef();
	useEffect(() => onLeave(async () => source === one.source || confirm(t("leave.unsaved")), () => source !== one.source), [source]);
	const save = async () => {
		setBusy(true);
		if (await attempt(() => call("PUT", `/templates/${encodeURIComponent(one.id)}`, { source }, { seen: one }), t("done.saved")))
			done();
		setBusy(false);
	};
	return html`<p class="hint">${t("template.edit.hint")}</p>
		<${Editor} area=${area} text=${source} label=${t("template.source")} onText=${setSource} />
		<h2>${t("preview.letter")}</h2><${SlotText} class="letter" text=${bodyOf(source)} />
		<div class="bar"><${Button} kind="main" busy=${busy} disabled=${source === one.source} onClick=${save}>${t("template.save")}<//>
			<${Button} onClick=${() => { setSource(one.source); done(); }}>${t("cancel")}<//></div>`;
}

export function Template({ id }) {
	const one = useGet(`/templates/${encodeURIComponent(id)}`, null);
	const [edit, setEdit] = useState(false);
	const [turn, setTurn] = useState(0);
	const done = async () => {
		setEdit(false);
		await one.reload();
		setTurn(turn + 1);
	};
	const retire = () => attempt(() => post(`/templates/${encodeURIComponent(id)}/retire`)).then((ok) => {
		if (!ok)
			return;
		toast(t("template.retired.done"), { undo: { run: () => attempt(() => call("PUT", `/templates/${encodeURIComponent(id)}`, { source: one.data.source }, { seen: "*" }))
			.then((back) => back && go(`/templates/${encodeURIComponent(id)}`)) } });
		go("/templates");
	});
	useEffect(() => { document.title = `${id} – ${t("app.name")}`; }, [id]);
	return html`<${Read} page of=${one}>${(x) => html`
		<${Head} title=${x.title} sub=${`${x.category} · ${x.id} · ${t("template.version", { n: x.version })}`}>
			${can("admin") && !edit && html`<${Button} kind="main" onClick=${() => setEdit(true)}>${t("template.edit")}<//>
				<${Button} onClick=${() => saveSource(x)}>${t("template.save_file")}<//>
				<${Button} kind="danger" onClick=${retire}>${t("template.retire")}<//>`}<//>
		<section class="card">${edit ? html`<${Edit} key=${x.version} one=${x} done=${done} />` : html`<${SlotText} text=${bodyOf(x.source)} />`}</section>
		<section class="card"><h2>${t("template.trial.title")}</h2><${Trial} id=${x.id} /></section>
		<section class="card"><h2>${t("template.versions")}</h2><${Versions} key=${turn} id=${id} /></section>`}<//>`;
}
