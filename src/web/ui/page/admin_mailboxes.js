/* Mail accounts: their folders, a test that explains, access, removal. */
import { html, useState } from "../lib/html.js";
import { call, post, useGet } from "../lib/api.js";
import { t, tc } from "../lib/i18n.js";
import { Ago, Button, Empty, Pill, Read } from "../part/basic.js";
import { Asked, useAsk } from "../part/asked.js";
import { Dialog } from "../part/dialog.js";
import { attempt, toast } from "../part/toast.js";
import { Admin } from "./admin.js";
import { Authorize, Folders, at } from "./mailbox_access.js";

/* One row a folder; here one entry a mailbox. */
function grouped(rows) {
	const by = new Map();
	for (const r of rows) {
		if (!by.has(r.mailbox))
			by.set(r.mailbox, { ...r, folders: [] });
		if (r.folder)
			by.get(r.mailbox).folders.push(r);
	}
	return [...by.values()];
}

/* retype: it was added just now, and what was typed may be put right */
function Test({ name, close, retype }) {
	const [state, set] = useState(null);
	const run = async (mail) => {
		set({ busy: true });
		try {
			set(await post(at(name, "/test"), { mail }));
		} catch (e) {
			set({ error: e.message });
		}
	};
	return html`<${Dialog} title=${t("mailbox.test", { name })} close=${close} wide>
		<p class="lead">${t("mailbox.test.text")}</p>
		<p class="row"><${Button} kind="main" busy=${state?.busy} onClick=${() => run(false)}>${t("mailbox.test.do")}<//>
			<${Button} busy=${state?.busy} onClick=${() => run(true)}>${t("mailbox.test.mail")}<//></p>
		<div role="status">${state?.busy && html`<p>${t("mailbox.testing")}</p>`}
			${state?.error && html`<p class="problem">${state.error}</p>`}
			${state?.steps && html`
				<div class=${"notice " + (state.ok ? "info" : "bad")}><p>${t(state.ok ? "mailbox.test.good" : "mailbox.test.bad")}</p>
					${!state.ok && retype && html`<p><${Button} onClick=${retype}>${t("mailbox.retype")}<//></p>`}</div>
				<ol class="steps">${state.steps.map((s, i) => html`<li key=${i}>
					<${Pill} kind=${s.said === false ? "" : s.ok ? "good" : "bad"}>${t(s.said === false ? "step.skipped" : s.ok ? "step.good" : "step.bad")}<//>
					<strong>${tc("step", s.step)}</strong>${s.ms >= 0 && s.ms !== undefined && html` <small>${t("time.ms", { n: s.ms })}</small>`}
					${s.message && html`<p class="said">${s.message}</p>`}</li>`)}</ol>`}</div>
	<//>`;
}

const tls = () => [["implicit", t("tls.implicit")], ["starttls", t("tls.starttls")]];

const addFields = (windows) => [
	{ name: "window", label: t("window"), type: "choice", value: windows[0]?.window, options: windows.map((w) => [w.window, w.name]) },
	{ name: "address", label: t("mailbox.address"), type: "email", need: true },
	{ name: "imap_host", label: t("mailbox.imap"), need: true, placeholder: "imap.example.jp" },
	{ name: "imap_tls", label: t("mailbox.imap_tls"), type: "choice", value: "implicit", options: tls() },
	{ name: "smtp_host", label: t("mailbox.smtp"), need: true, placeholder: "smtp.example.jp" },
	{ name: "smtp_tls", label: t("mailbox.smtp_tls"), type: "choice", value: "starttls", options: tls() },
	{ name: "login", label: t("mailbox.login"), hint: t("mailbox.login.hint") },
	{ name: "auth", label: t("mailbox.auth"), type: "choice", value: "password", options: [["password", t("mailbox.auth.password")], ["oauth2", t("mailbox.auth.oauth2")]] },
	{ name: "password", label: t("login.password"), type: "password", autocomplete: "off", hint: t("mailbox.auth.hint") },
	{ name: "ca_file", label: t("mailbox.ca"), hint: t("mailbox.ca.hint") },
	{ name: "since", label: t("mailbox.since"), type: "choice", value: "30", options: [["now", t("since.now")], ["30", t("since.30")], ["all", t("all")]] },
];

/* "imap.example.jp:993" is host and port */
function hosts(v) {
	const body = Object.fromEntries(Object.entries(v).filter(([, x]) => x !== ""));
	for (const k of ["imap", "smtp"]) {
		const [, host, port] = /^(.*?)(?::(\d+))?$/.exec(body[k + "_host"] ?? "");
		body[k + "_host"] = host;
		if (port)
			body[k + "_port"] = Number(port);
	}
	return body;
}

export function Mailboxes() {
	const list = useGet("/mailboxes", null);
	const { data: windows } = useGet("/windows", null);
	const [testing, setTesting] = useState(null);
	const [access, setAccess] = useState(null);
	const [folders, setFolders] = useState(null);
	const [made, setMade] = useState(null);
	const ask = useAsk();
	/* as if it had never been added, with what was typed */
	const retype = () => attempt(async () => {
		await call("DELETE", at(testing));
		setTesting(null);
		list.reload();
		add(made);
	});
	const add = (typed = {}) => ask({ title: t("mailbox.add"), yes: t("mailbox.add.do"),
		fields: addFields(windows.windows).map((f) => ({ ...f, value: typed[f.name] ?? f.value })),
		run: async (v) => {
			const body = hosts(v);
			const oauth = body.auth === "oauth2";
			if (!oauth && !body.password)
				throw new Error(t("mailbox.no_password"));
			if (oauth)
				delete body.password;
			await post("/mailboxes", body);
			list.reload();
			setMade(v);
			(oauth ? setAccess : setTesting)(body.address);
		} });
	const password = (name) => ask({ title: t("mailbox.password", { name }), yes: t("save"),
		fields: [{ name: "password", label: t("login.password"), type: "password", need: true, autocomplete: "off" }],
		run: async (v) => { await post(at(name, "/password"), v); toast(t("done.saved")); } });
	const remove = (name) => ask({ title: t("mailbox.remove", { name }), text: t("mailbox.remove.text"), yes: t("remove"), kind: "danger",
		run: async () => { await call("DELETE", at(name)); list.reload(); } });
	return html`<${Admin} tab="mailboxes" head=${windows && html`<${Button} kind="main" onClick=${() => add()}>${t("mailbox.add")}<//>`}>
		<${Read} of=${list}>${({ mailboxes }) => mailboxes.length === 0 ? html`<${Empty} title=${t("mailbox.none")}>${t("mailbox.none.more")}<//>`
			: grouped(mailboxes).map((m) => html`<section class="card" key=${m.mailbox}>
				<header class="row"><h2>${m.mailbox}</h2><${Pill} kind=${/password|ready|ok|granted/.test(m.access) ? "" : "bad"}>${tc("access", m.access)}<//><span class="gap"></span>
					<${Button} onClick=${() => setTesting(m.mailbox)}>${t("mailbox.test.do")}<//>
					${m.access === "password" ? html`<${Button} onClick=${() => password(m.mailbox)}>${t("password.change")}<//>`
						: html`<${Button} onClick=${() => setAccess(m.mailbox)}>${t("oauth.do")}<//>`}
					<${Button} onClick=${() => setFolders(m.mailbox)}>${t("folder.do")}<//>
					<${Button} kind="danger" onClick=${() => remove(m.mailbox)}>${t("remove")}<//></header>
				<p class="hint">${m.address} · IMAP ${m.imap_host}:${m.imap_port} · SMTP ${m.smtp_host}:${m.smtp_port}</p>
				<div class="wide-table"><table class="grid"><thead><tr><th>${t("folder")}</th><th>${t("health.synced")}</th><th>${t("folder.policy")}</th><th>${t("state")}</th></tr></thead>
				<tbody>${m.folders.map((f) => html`<tr key=${f.folder}><td>${f.folder} <small>${tc("folderrole", f.role)}</small></td>
					<td>${f.synced_s ? html`<${Ago} at=${f.synced_s} />` : "–"}</td><td>${tc("policy", f.policy)} ${f.policy_arg}</td>
					<td>${f.problem || f.trouble ? html`<${Pill} kind="bad">${tc("problem", f.problem || f.trouble)}<//>` : html`<${Pill} kind="good">${t("fine")}<//>`}</td></tr>`)}</tbody></table></div>
			</section>`)}<//>
		${testing && html`<${Test} name=${testing} close=${() => setTesting(null)} retype=${made?.address === testing && retype} />`}
		${access && html`<${Authorize} name=${access} close=${() => setAccess(null)} reload=${list.reload} />`}
		${folders && html`<${Folders} name=${folders} close=${() => setFolders(null)} reload=${list.reload} />`}
		<${Asked} of=${ask} /><//>`;
}
