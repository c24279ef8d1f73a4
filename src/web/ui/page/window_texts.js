/* What a window's letters say and how they look. */
import { html, useEffect, useState } from "../lib/html.js";
import { call, post, useGet } from "../lib/api.js";
import { t, tc } from "../lib/i18n.js";
import { Button } from "../part/basic.js";
import { Dialog, Field } from "../part/dialog.js";
import { toast } from "../part/toast.js";

const own = ["name", "from_name", "address", "approval", "self_approval", "greeting", "closing", "signature"];
const letter = ["lang", "columns", "quote", "tag", "greeting_en", "closing_en", "signature_en"];
const choices = { approval: ["all", "novice", "none"], lang: ["ja", "en"], quote: ["none", "part", "whole"], tag: ["none", "head", "end"] };
const said = { approval: (v) => tc("approval", v), lang: (v) => tc("letterlang", v), quote: (v) => tc("quote", v), tag: (v) => tc("tag", v) };
const blocks = ["greeting", "closing", "signature"];

const PAUSE_MS = 200; /* of somebody who types */

const word = (k, v) => said[k]?.(v) ?? v;

/* A letter as a customer gets it, with the texts as they are being written: as
 * the desk itself puts it together, of any reply or of a template. */
function Letter({ window, of, lang = "ja", title, template = "", choose, templates = [] }) {
	const [text, setText] = useState("");
	const [error, setError] = useState("");
	const asked = JSON.stringify({ lang, template, columns: of.columns,
		...Object.fromEntries(blocks.flatMap((b) => [b, b + "_en"]).map((k) => [k, of[k] ?? ""])) });
	useEffect(() => {
		const stop = new AbortController();
		const timer = setTimeout(async () => {
			try {
				setText((await post(`/windows/${encodeURIComponent(window)}/preview`, JSON.parse(asked), { signal: stop.signal })).text);
				setError("");
			} catch (e) {
				if (e.name !== "AbortError")
					setError(e.message);
			}
		}, PAUSE_MS);
		return () => {
			clearTimeout(timer);
			stop.abort();
		};
	}, [window, asked]);
	return html`<section aria-label=${title}><h3>${title}</h3>
		${choose && html`<p><label class="inline">${t("window.body")} <select value=${template} onChange=${(e) => choose(e.target.value)}>
			<option value="">${t("window.body.any")}</option>${templates.map((x) => html`<option key=${x.id} value=${x.id}>${x.title}</option>`)}</select></label></p>`}
		${error ? html`<p class="problem">${error}</p>` : html`<div class="mailtext letter">${text}</div>`}</section>`;
}

function Edit({ window, first, close, done }) {
	const [v, set] = useState(first);
	const [error, setError] = useState("");
	const [busy, setBusy] = useState(false);
	const [template, choose] = useState("");
	const { data: all } = useGet("/templates", null);
	const changed = (list) => Object.fromEntries(list.filter((k) => v[k] !== first[k]).map((k) => [k, v[k]]));
	const typed = [...own, ...letter].some((k) => v[k] !== first[k]);
	const leave = () => (!typed || confirm(t("leave.unsaved"))) && close();
	const field = (k, more) => html`<${Field} key=${k} label=${t("window." + k)} value=${v[k] ?? ""} need=${/^(name|address)$/.test(k)}
		type=${choices[k] ? "choice" : blocks.some((b) => k.startsWith(b)) ? "area" : "text"} options=${choices[k]?.map((c) => [c, word(k, c)])}
		put=${(e) => set({ ...v, [k]: e.target.value })} ...${more} />`;
	const save = async (e) => {
		e.preventDefault();
		setBusy(true);
		setError("");
		try {
			const words = changed(own);
			const form = changed(letter);
			if ("self_approval" in words)
				words.self_approval = words.self_approval ? "on" : "off";
			if (Object.keys(words).length)
				await call("PATCH", `/windows/${encodeURIComponent(window)}`, words, { seen: first });
			if (Object.keys(form).length)
				await post(`/windows/${encodeURIComponent(window)}/letter`, form);
			toast(t("done.saved"));
			done();
		} catch (x) {
			setError(x.message);
			setBusy(false);
		}
	};
	return html`<${Dialog} title=${t("window.texts")} close=${leave} wide><form onSubmit=${save}>
		<div class="fields">${field("name", { first: true })}${field("from_name")}${field("address", { type: "email" })}${field("approval")}</div>
		<${Field} type="checkbox" label=${t("window.self_approval")} value=${v.self_approval} put=${(e) => set({ ...v, self_approval: e.target.checked })} />
		<div class="beside"><div>${blocks.map((k) => field(k, { rows: k === "greeting" ? 3 : 4 }))}</div><${Letter} window=${window} of=${v} title=${t("preview.letter")} template=${template} choose=${choose} templates=${all?.templates} /></div>
		<h3>${t("window.form")}</h3>
		<div class="fields">${field("lang")}${field("quote")}${field("tag")}
			${field("columns", { type: "number", min: 40, max: 200, hint: t("window.columns.hint"), put: (e) => set({ ...v, columns: Math.round(Number(e.target.value)) }) })}</div>
		<details class="folded"><summary>${t("window.english")}</summary>
			<div class="beside"><div>${blocks.map((k) => field(k + "_en", { rows: k === "greeting" ? 3 : 4 }))}</div><${Letter} window=${window} of=${v} lang="en" title=${t("preview.letter")} /></div></details>
		${error && html`<p class="problem" role="alert">${error}</p>`}
		<footer class="row end"><${Button} onClick=${leave}>${t("cancel")}<//>
			<button type="submit" class="button main" disabled=${busy || !typed}><span>${t("save")}</span></button></footer></form><//>`;
}

export function Texts({ window, first, reload }) {
	const [edit, setEdit] = useState(false);
	return html`<section class="card"><header class="row"><h2>${t("window.texts")}</h2><span class="gap"></span>
			<${Button} onClick=${() => setEdit(true)}>${t("change")}<//></header>
		<div class="beside"><dl class="pairs">${["name", "from_name", "address", "approval", "lang", "columns", "quote", "tag"].map((k) => html`
			<div key=${k}><dt>${t("window." + k)}</dt><dd>${word(k, first[k]) || "–"}</dd></div>`)}
			<div><dt>${t("window.self_approval")}</dt><dd>${first.self_approval ? t("yes") : t("no")}</dd></div></dl>
			<${Letter} window=${window} of=${first} title=${t("preview.letter")} /></div>
		${edit && html`<${Edit} window=${window} first=${first} close=${() => setEdit(false)} done=${() => { setEdit(false); reload(); }} />`}</section>`;
}
