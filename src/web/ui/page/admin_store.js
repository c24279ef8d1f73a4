/* Is every mail here? And a copy of everything. */
import { html, useEffect, useState } from "../lib/html.js";
import { get, post } from "../lib/api.js";
import { t, tc } from "../lib/i18n.js";
import { can } from "../lib/me.js";
import { folderName } from "../lib/text.js";
import { Button, Pill, Trouble } from "../part/basic.js";
import { Field } from "../part/dialog.js";
import { Admin } from "./admin.js";

const columns = ["server", "stored", "quarantined", "ignored", "erased", "vanished", "missing"];

function Reconcile() {
	const [state, set] = useState(null);
	const run = async () => {
		set({ busy: true });
		try {
			set(await post("/reconcile"));
		} catch (e) {
			set({ error: e.message });
		}
	};
	return html`<section class="card"><h2>${t("reconcile")}</h2><p class="hint">${t("reconcile.text")}</p>
		<p class="row"><${Button} kind="main" busy=${state?.busy} onClick=${run}>${t("reconcile.do")}<//></p>
		<div role="status">${state?.busy && html`<p>${t("mailbox.testing")}</p>`}${state?.error && html`<p class="problem">${state.error}</p>`}
			${state?.folders && html`<p class=${"notice " + (state.ok ? "info" : "bad")}>${t(state.ok ? "reconcile.good" : state.folders.some((f) => f.problem) ? "reconcile.silent" : "reconcile.bad")}
					${state.folders.some((f) => f.problem) && html` <a href="/admin/mailboxes">${t("admin.mailboxes")}</a>`}</p>
				<div class="wide-table"><table class="grid"><thead><tr><th>${t("mailbox")}</th><th>${t("folder")}</th>${columns.map((c) => html`<th key=${c} class="n">${t("reconcile." + c)}</th>`)}<th>${t("state")}</th></tr></thead>
				<tbody>${state.folders.map((f) => html`<tr key=${f.mailbox + f.folder}><td>${f.mailbox}</td><td>${folderName(f.folder)}</td>${columns.map((c) => html`<td key=${c} class="n">${f[c] ?? "–"}</td>`)}
					<td>${f.problem ? html`<${Trouble} of=${f.problem} />` : html`<${Pill} kind=${f.balanced ? "good" : "bad"}>${t(f.balanced ? "reconcile.balanced" : "reconcile.differs")}<//>`}
						${(f.differences ?? []).map((d) => html`<small key=${d.uid}> UID ${d.uid}: ${tc("difference", d.what)} ${d.state ?? ""}</small>`)}</td></tr>`)}</tbody></table></div>`}</div></section>`;
}

const LOOK_MS = 1000;
const IDLE_MS = 15000;

/* How far the copy is, whoever began it; null: none is being made. */
function useBackup(busy) {
	const [percent, set] = useState(null);
	useEffect(() => {
		const look = () => get("/status").then((s) => set(s.backup_percent ?? null), () => {});
		look();
		const timer = setInterval(look, busy || percent != null ? LOOK_MS : IDLE_MS);
		return () => clearInterval(timer);
	}, [busy, percent != null]);
	return percent;
}

function Backup() {
	const [file, setFile] = useState("");
	const [recipient, setRecipient] = useState("");
	const [state, set] = useState(null);
	const percent = useBackup(state?.busy);
	const run = async (e) => {
		e.preventDefault();
		set({ busy: true });
		try {
			set(await post("/backup", recipient ? { file, recipient } : { file }));
		} catch (x) {
			set({ error: x.message });
		}
	};
	return html`<section class="card"><h2>${t("backup")}</h2><p class="hint">${t("backup.text")}</p>
		<form onSubmit=${run}><${Field} label=${t("backup.file")} value=${file} put=${(e) => setFile(e.target.value)} need placeholder="/var/lib/madoguchi/backup.db" hint=${t("backup.file.hint")} />
			<${Field} label=${t("backup.recipient")} value=${recipient} put=${(e) => setRecipient(e.target.value.trim())} hint=${t("backup.recipient.hint")} />
			<p class="row"><button type="submit" class="button main" disabled=${state?.busy}><span>${t("backup.do")}</span></button></p></form>
		${percent != null && html`<p class="row"><progress max="100" value=${percent} aria-label=${t("backup.running")} /> ${percent} %</p>`}
		<div role="status">${(state?.busy || percent != null) && html`<p>${t("backup.running")}</p>`}${state?.error && html`<p class="problem">${state.error}</p>`}
			${state?.file && html`<p class="notice info">${t("backup.done", { file: state.file })}</p>`}</div></section>`;
}

export const Store = () => html`<${Admin} tab="store"><${Reconcile} />${can("desk") && html`<${Backup} />`}<//>`;
