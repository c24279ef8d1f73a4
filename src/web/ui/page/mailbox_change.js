/* A mail account that is there: another server, login, folder or name, tried
 * before it is saved. What is not touched stays. */
import { html, useEffect, useRef, useState } from "../lib/html.js";
import { call } from "../lib/api.js";
import { t } from "../lib/i18n.js";
import { listed } from "../lib/text.js";
import { Button } from "../part/basic.js";
import { Dialog } from "../part/dialog.js";
import { toast } from "../part/toast.js";
import { at } from "./mailbox_access.js";
import { Fields, Steps, aboutOf, place, tls } from "./mailbox_test.js";

const usual = { imap: { implicit: 993, starttls: 143, none: 143 }, smtp: { implicit: 465, starttls: 587, none: 587 } };

/* A port of its own is told with the host, as it is typed. */
const host = (of, k) => of[k + "_port"] === usual[k][of[k + "_tls"]] ? of[k + "_host"] : `${of[k + "_host"]}:${of[k + "_port"]}`;

const modes = (now) => now === "none" ? [...tls(), ["none", t("tls.none")]] : tls();

const fieldsOf = (of) => [
	{ name: "new_name", label: t("mailbox.change.name"), need: true, value: of.mailbox },
	of.imap_host && { name: "imap_host", label: t("mailbox.imap"), need: true, spellcheck: false, value: host(of, "imap") },
	of.imap_host && { name: "imap_tls", label: t("mailbox.imap_tls"), type: "choice", options: modes(of.imap_tls), value: of.imap_tls },
	of.imap_host && { name: "folder", label: t("mailbox.folder"), hint: t("mailbox.folder.hint"), spellcheck: false, value: of.folders.join("、") },
	{ name: "smtp_host", label: t("mailbox.smtp"), need: true, spellcheck: false, value: host(of, "smtp") },
	{ name: "smtp_tls", label: t("mailbox.smtp_tls"), type: "choice", options: modes(of.smtp_tls), value: of.smtp_tls },
	{ name: "login", label: t("mailbox.login"), need: true, spellcheck: false, value: of.login },
	of.auth === "password" && { name: "password", label: t("login.password"), type: "password", autocomplete: "off", hint: t("mailbox.change.password.hint"), value: "" },
	{ name: "ca_file", label: t("mailbox.ca"), hint: t("mailbox.ca.hint"), spellcheck: false, value: of.ca_file ?? "" },
].filter(Boolean);

/* Only what was touched: the rest may be changed by somebody else meanwhile. */
function differences(fields, v) {
	const body = {};
	for (const { name, value } of fields) {
		const typed = name === "password" ? v[name] : v[name].trim();
		if (typed === value)
			continue;
		if (name === "folder")
			body.folders = listed(typed).length ? listed(typed) : ["INBOX"];
		else if (name.endsWith("_host"))
			Object.assign(body, place(name.slice(0, 4), typed));
		else
			body[name] = typed;
	}
	return body;
}

/* of: the answer that tells what it is like */
export function Change({ of, close, reload }) {
	const [fields] = useState(() => fieldsOf(of));
	const [v, set] = useState(() => Object.fromEntries(fields.map((f) => [f.name, f.value])));
	const [state, setState] = useState({});
	const form = useRef();
	const bad = state.steps?.find((s) => !s.ok);
	useEffect(() => {
		form.current?.elements[aboutOf(bad)]?.focus();
	}, [bad]);
	const save = async (more) => {
		const body = differences(fields, v);
		if (state.busy || !form.current.reportValidity())
			return;
		if (!Object.keys(body).length)
			return close();
		setState({ busy: true });
		try {
			const done = await call("PATCH", at(of.mailbox), { ...body, ...more }, { seen: of });
			if (!done.saved)
				return setState(done);
			const name = done.mailbox;
			toast(done.moved ? t("mailbox.change.moved", { name }) : t("mailbox.change.done", { name }));
			reload();
			close();
		} catch (x) {
			setState({ error: x.message });
		}
	};
	const typed = fields.some((f) => v[f.name] !== f.value);
	const leave = () => !state.busy && (!typed || confirm(t("leave.unsaved"))) && close();
	return html`<${Dialog} title=${t("mailbox.change", { name: of.mailbox })} close=${leave}>
		<form ref=${form} onSubmit=${(e) => { e.preventDefault(); save(); }}>
		<${Fields} of=${fields} v=${v} set=${set} bad=${bad} />
		<div role="status">${state.busy && html`<p>${t("mailbox.testing")}</p>`}
			${bad && html`<p class="notice bad">${t("mailbox.change.bad")}</p><${Steps} of=${state.steps} without=${aboutOf(bad) in v && bad} />`}</div>
		${state.error && html`<p class="problem" role="alert">${state.error}</p>`}
		<footer class="row end">
			${bad && html`<${Button} kind="plain" onClick=${() => save({ untested: true })}>${t("mailbox.change.keep")}<//>`}
			<${Button} disabled=${state.busy} onClick=${close}>${t("cancel")}<//>
			<button type="submit" class="button main" disabled=${state.busy}><span>${t(bad ? "mailbox.add.again" : "mailbox.change.do")}</span></button></footer>
	</form><//>`;
}
