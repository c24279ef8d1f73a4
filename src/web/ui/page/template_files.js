/* Templates in and out: a new one, files of other desks, all of ours as a table. */
import { html, useRef, useState } from "../lib/html.js";
import { get, post } from "../lib/api.js";
import { t } from "../lib/i18n.js";
import { go } from "../lib/route.js";
import { Button } from "../part/basic.js";
import { Csv, save } from "../part/csv.js";
import { Ask, Dialog } from "../part/dialog.js";
import { failed } from "../part/toast.js";

/* Spreadsheets of Japan save as Shift_JIS where nobody tells them otherwise. */
async function textOf(file) {
	const bytes = await file.arrayBuffer();
	try {
		return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
	} catch {
		return new TextDecoder("shift_jis").decode(bytes);
	}
}

const columns = ["id", "title", "category", "body", "slots", "examples", "keywords", "roles", "next_state", "due_slot", "language", "windows", "approval", "apology_level"];
const cell = (v) => /[",\r\n]/.test(v) ? `"${v.replaceAll('"', '""')}"` : v;

/* All as a table that is read again as it stands. */
async function table() {
	const { templates } = await get("/template-files");
	const rows = [columns, ...templates.map((x) => columns.map((k) => x[k] ?? ""))];
	return rows.map((row) => row.map(cell).join(",") + "\r\n").join("");
}

export const saveSource = (one) => save(one.id + ".txt", new Blob([one.source], { type: "text/plain" }));

function Taken({ list, close }) {
	return html`<${Dialog} title=${t("template.taken", { n: list.length })} close=${close}>
		<ul class="bare rows">${list.map((x) => html`<li key=${x.id}><a href=${"/templates/" + encodeURIComponent(x.id)} onClick=${close}>${x.title}</a> <small>${t("template.in." + x.outcome)}</small>
			${x.notes && html`<br /><small>${t("template.unknown", { list: x.notes })}</small>`}</li>`)}</ul>
		<footer class="row end"><${Button} kind="main" onClick=${close}>${t("close")}<//></footer><//>`;
}

/* The buttons of the list; reload: it has changed. */
export function TemplateFiles({ reload }) {
	const field = useRef();
	const [making, setMaking] = useState(false);
	const [taken, setTaken] = useState(null);
	const [busy, setBusy] = useState(false);
	const take = async (e) => {
		const list = [];
		setBusy(true);
		for (const file of e.target.files) {
			try {
				list.push(...(await post("/template-files", { file: file.name, text: (await textOf(file)).replace(/^\ufeff/, "") })).templates);
			} catch (x) {
				failed({ message: t("file.failed", { name: file.name, why: x.message }) });
			}
		}
		setBusy(false);
		field.current.value = "";
		if (list.length) {
			setTaken(list);
			reload();
		}
	};
	const make = async ({ title, body }) => {
		const { templates: [one] } = await post("/template-files", { file: title.replaceAll(".", "．") + ".txt", text: body });
		go("/templates/" + encodeURIComponent(one.id));
	};
	return html`<${Button} kind="main" onClick=${() => setMaking(true)}>${t("template.new")}<//>
		<${Button} busy=${busy} onClick=${() => field.current.click()}>${t("template.in")}<//>
		<input ref=${field} type="file" class="unseen" tabindex="-1" aria-hidden="true" accept=".csv,.txt,text/csv,text/plain" multiple onChange=${take} />
		<${Csv} make=${table} name="templates" />
		${making && html`<${Ask} title=${t("template.new")} text=${t("template.new.text")} yes=${t("template.make")} close=${() => setMaking(false)} run=${make} fields=${[
			{ name: "title", label: t("template.title"), need: true, maxlength: 100 },
			{ name: "body", label: t("template.body"), type: "area", rows: 10, need: true, hint: t("template.body.hint") }]} />`}
		${taken && html`<${Taken} list=${taken} close=${() => setTaken(null)} />`}`;
}
