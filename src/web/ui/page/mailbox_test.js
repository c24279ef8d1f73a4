/* A mail account is tried step by step; a new one is put right where it was typed. */
import { html, useEffect, useRef, useState } from "../lib/html.js";
import { call, post } from "../lib/api.js";
import { plainly, t, tc } from "../lib/i18n.js";
import { listed } from "../lib/text.js";
import { Button, Pill } from "../part/basic.js";
import { Dialog, Field } from "../part/dialog.js";
import { failed } from "../part/toast.js";
import { at } from "./mailbox_access.js";

/* without: the message of this step stands elsewhere */
export const Steps = ({ of, without }) => html`<ol class="steps">${of.map((s, i) => html`<li key=${i}>
	<${Pill} kind=${s.said === false ? "" : s.ok ? "good" : "bad"}>${t(s.said === false ? "step.skipped" : s.ok ? "step.good" : "step.bad")}<//>
	<strong>${tc("step", s.step)}</strong>${s.ms >= 0 && s.ms !== undefined && html` <small>${t("time.ms", { n: s.ms })}</small>`}
	${s.message && s !== without && html`<p class="said">${plainly(s.message)}</p>`}</li>`)}</ol>`;

/* first: what was found just now; authorize: of an account without a password */
export function Test({ name, first, authorize, close }) {
	const [state, set] = useState(first);
	const run = async (mail) => {
		set({ busy: true });
		try {
			set(await post(at(name, "/test"), { mail }));
		} catch (e) {
			set({ error: e.message });
		}
	};
	useEffect(() => {
		if (!first)
			run(false);
	}, []);
	return html`<${Dialog} title=${t("mailbox.test", { name })} close=${close} wide>
		<p class="lead">${t("mailbox.test.text")}</p>
		<p class="row"><${Button} kind="main" busy=${state?.busy} onClick=${() => run(false)}>${t("mailbox.test.again")}<//>
			<${Button} busy=${state?.busy} onClick=${() => run(true)}>${t("mailbox.test.mail")}<//></p>
		<div role="status">${state?.busy && html`<p>${t("mailbox.testing")}</p>`}
			${state?.error && html`<p class="problem">${state.error}</p>`}
			${state?.steps && html`
				<div class=${"notice " + (state.ok ? "info" : "bad")}><p>${t(state.ok ? "mailbox.test.good" : "mailbox.test.bad")}</p>
					${!state.ok && authorize && html`<p><${Button} onClick=${authorize}>${t("oauth.do")}<//></p>`}</div>
				<${Steps} of=${state.steps} />`}</div>
	<//>`;
}

/* ---- a new one ---- */

export const tls = () => [["implicit", t("tls.implicit")], ["starttls", t("tls.starttls")]];

const addFields = (windows) => [
	{ name: "window", label: t("window"), type: "choice", value: windows[0]?.window, options: windows.map((w) => [w.window, w.name]) },
	{ name: "address", label: t("mailbox.address"), type: "email", need: true },
	{ name: "imap_host", label: t("mailbox.imap"), need: true, placeholder: "imap.example.jp", spellcheck: false },
	{ name: "imap_tls", label: t("mailbox.imap_tls"), type: "choice", value: "implicit", options: tls() },
	{ name: "folder", label: t("mailbox.folder"), placeholder: "INBOX", hint: t("mailbox.folder.hint"), spellcheck: false },
	{ name: "smtp_host", label: t("mailbox.smtp"), need: true, placeholder: "smtp.example.jp", spellcheck: false },
	{ name: "smtp_tls", label: t("mailbox.smtp_tls"), type: "choice", value: "starttls", options: tls() },
	{ name: "login", label: t("mailbox.login"), hint: t("mailbox.login.hint"), spellcheck: false },
	{ name: "auth", label: t("mailbox.auth"), type: "choice", value: "password", options: [["password", t("mailbox.auth.password")], ["oauth2", t("mailbox.auth.oauth2")]] },
	{ name: "password", label: t("login.password"), type: "password", autocomplete: "off", need: true },
	{ name: "ca_file", label: t("mailbox.ca"), hint: t("mailbox.ca.hint"), spellcheck: false },
	{ name: "since", label: t("mailbox.since"), type: "choice", value: "30", options: [["now", t("since.now")], ["30", t("since.30")], ["all", t("all")]] },
];

/* "imap.example.jp:993" is host and port */
export function place(k, typed) {
	const [, host, port] = /^(.*?)(?::(\d+))?$/.exec(typed);
	return { [k + "_host"]: host, ...(port && { [k + "_port"]: Number(port) }) };
}

function asked({ folder, password, ...v }) {
	const body = Object.fromEntries(Object.entries(v).map(([k, x]) => [k, x.trim()]).filter(([, x]) => x !== ""));
	for (const k of ["imap", "smtp"])
		Object.assign(body, place(k, body[k + "_host"] ?? ""));
	if (listed(folder).length)
		body.folders = listed(folder);
	if (body.auth === "password")
		body.password = password;
	return body;
}

/* The field that a failed step is about. */
export const aboutOf = (bad) => bad && fieldOf(bad.step);
const fieldOf = (step) => /\.login$/.test(step) ? "password" : step === "imap.folder" ? "folder" : step.startsWith("smtp.") ? "smtp_host" : "imap_host";

/* What the failed step says stands below the field that it is about. */
export const Fields = ({ of, v, set, bad }) => of.map((f, i) => html`
	<${Field} key=${f.name} ...${f} value=${v[f.name]} first=${i === 0} put=${(e) => set((was) => ({ ...was, [f.name]: e.target.value }))}
		...${f.name === aboutOf(bad) && { "aria-invalid": "true", "aria-describedby": "mailbox-bad" }} />
	${f.name === aboutOf(bad) && html`<p class="problem" role="alert" id="mailbox-bad">${plainly(bad.message)}</p>`}`);

/* It is there from its first try on, and made anew with each other one; who
 * gives up takes it away again. done(name, result) when it works. */
export function Add({ windows, close, reload, authorize, done }) {
	const [fields] = useState(() => addFields(windows));
	const [v, set] = useState(() => Object.fromEntries(fields.map((f) => [f.name, f.value ?? ""])));
	const [made, setMade] = useState("");
	const [state, setState] = useState({});
	const form = useRef();
	const oauth = v.auth === "oauth2";
	const bad = state.steps?.find((s) => !s.ok);
	useEffect(() => {
		form.current?.elements[aboutOf(bad)]?.focus();
	}, [bad]);
	const undo = async () => {
		if (made)
			await call("DELETE", at(made));
		setMade("");
	};
	const submit = async (e) => {
		e.preventDefault();
		if (state.busy)
			return;
		setState({ busy: true });
		try {
			await undo();
			const { mailbox } = await post("/mailboxes", asked(v));
			setMade(mailbox);
			reload();
			if (oauth)
				return authorize(mailbox);
			const tried = await post(at(mailbox, "/test"), { mail: false });
			if (tried.ok)
				return done(mailbox, tried);
			setState(tried);
		} catch (x) {
			setState({ error: x.message });
		}
	};
	const cancel = async () => {
		try {
			await undo();
			reload();
			close();
		} catch (x) {
			failed(x);
		}
	};
	const typed = fields.some((f) => v[f.name] !== (f.value ?? ""));
	const leave = () => !state.busy && (!typed || confirm(t(made ? "mailbox.add.leave" : "leave.unsaved"))) && cancel();
	return html`<${Dialog} title=${t("mailbox.add")} close=${leave}><form ref=${form} onSubmit=${submit}>
		<${Fields} of=${fields.filter((f) => f.name !== "password" || !oauth)} v=${v} set=${set} bad=${bad} />
		${oauth && html`<p class="hint">${t("mailbox.auth.hint")}</p>`}
		<div role="status">${state.busy && html`<p>${t("mailbox.testing")}</p>`}
			${bad && html`<p class="notice bad">${t("mailbox.add.bad")}</p><${Steps} of=${state.steps} without=${bad} />`}</div>
		${state.error && html`<p class="problem" role="alert">${state.error}</p>`}
		<footer class="row end">
			${bad && made && html`<${Button} kind="plain" onClick=${close}>${t("mailbox.add.keep")}<//>`}
			<${Button} disabled=${state.busy} onClick=${cancel}>${t("cancel")}<//>
			<button type="submit" class="button main" disabled=${state.busy}><span>${oauth ? t("mailbox.add.oauth") : t(made ? "mailbox.add.again" : "mailbox.add.do")}</span></button></footer>
	</form><//>`;
}
