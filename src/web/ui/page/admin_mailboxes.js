/* Mail accounts: their folders, a test that explains, access, removal. */
import { html, useState } from "../lib/html.js";
import { call, get, post, useGet } from "../lib/api.js";
import { t, tc } from "../lib/i18n.js";
import { can } from "../lib/me.js";
import { folderName } from "../lib/text.js";
import { Ago, Button, Empty, Pill, Read, Trouble } from "../part/basic.js";
import { Asked, useAsk } from "../part/asked.js";
import { attempt, toast } from "../part/toast.js";
import { Admin } from "./admin.js";
import { Authorize, Folders, at } from "./mailbox_access.js";
import { Change } from "./mailbox_change.js";
import { Add, Test } from "./mailbox_test.js";

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

export function Mailboxes() {
	const list = useGet("/mailboxes");
	const { data: windows } = useGet("/windows", null);
	const [adding, setAdding] = useState(false);
	const [testing, setTesting] = useState(null);
	const [access, setAccess] = useState(null);
	const [folders, setFolders] = useState(null);
	const [changing, setChanging] = useState(null);
	const ask = useAsk();
	const next = (set) => (what) => {
		setAdding(false);
		setTesting(null);
		set(what);
	};
	const password = (name) => ask({ title: t("mailbox.password", { name }), yes: t("save"),
		fields: [{ name: "password", label: t("login.password"), type: "password", need: true, autocomplete: "off" }],
		run: async (v) => { await post(at(name, "/password"), v); toast(t("done.saved")); } });
	const remove = (name) => ask({ title: t("mailbox.remove", { name }), text: t("mailbox.remove.text"), yes: t("remove"), kind: "danger",
		run: async () => { await call("DELETE", at(name)); list.reload(); } });
	return html`<${Admin} tab="mailboxes" head=${windows && can("desk") && html`<${Button} kind="main" onClick=${() => setAdding(true)}>${t("mailbox.add")}<//>`}>
		<${Read} of=${list}>${({ mailboxes }) => mailboxes.length === 0 ? html`<${Empty} title=${t("mailbox.none")}>${t("mailbox.none.more")}<//>`
			: grouped(mailboxes).map((m) => html`<section class="card" key=${m.mailbox}>
				<header class="row"><h2>${m.mailbox}</h2><${Pill} kind=${/password|ready|ok|granted/.test(m.access) ? "" : "bad"}>${tc("access", m.access)}<//><span class="gap"></span>
					${can("desk") && html`<${Button} onClick=${() => setTesting(m)}>${t("mailbox.test.do")}<//>
					${m.access === "password" ? html`<${Button} onClick=${() => password(m.mailbox)}>${t("password.change")}<//>`
						: html`<${Button} onClick=${() => setAccess(m.mailbox)}>${t("oauth.do")}<//>`}
					<${Button} onClick=${() => setFolders(m.mailbox)}>${t("folder.do")}<//>
					<${Button} onClick=${() => attempt(async () => setChanging(await get(at(m.mailbox))))}>${t("mailbox.change.open")}<//>
					<${Button} kind="danger" onClick=${() => remove(m.mailbox)}>${t("remove")}<//>`}</header>
				<p class="hint">${m.address} · IMAP ${m.imap_host}:${m.imap_port} · SMTP ${m.smtp_host}:${m.smtp_port}</p>
				<div class="wide-table"><table class="grid"><thead><tr><th>${t("folder")}</th><th>${t("health.synced")}</th><th>${t("folder.policy")}</th><th>${t("state")}</th></tr></thead>
				<tbody>${m.folders.map((f) => html`<tr key=${f.folder}><td>${folderName(f.folder)} <small>${tc("folderrole", f.role)}</small></td>
					<td>${f.synced_s ? html`<${Ago} at=${f.synced_s} />` : "–"}</td><td>${tc("policy", f.policy)} ${folderName(f.policy_arg ?? "")}</td>
					<td><${Trouble} of=${f.problem || f.trouble} /></td></tr>`)}</tbody></table></div>
			</section>`)}<//>
		${adding && html`<${Add} windows=${windows.windows} close=${() => setAdding(false)} reload=${list.reload}
			authorize=${next(setAccess)} done=${(mailbox, first) => next(setTesting)({ mailbox, first })} />`}
		${testing && html`<${Test} key=${testing.mailbox} name=${testing.mailbox} first=${testing.first} close=${() => setTesting(null)}
			authorize=${/wanted|reauth/.test(testing.access) && (() => next(setAccess)(testing.mailbox))} />`}
		${access && html`<${Authorize} name=${access} close=${() => setAccess(null)} reload=${list.reload} />`}
		${changing && html`<${Change} of=${changing} close=${() => setChanging(null)} reload=${list.reload} />`}
		${folders && html`<${Folders} name=${folders} close=${() => setFolders(null)} reload=${list.reload} />`}
		<${Asked} of=${ask} /><//>`;
}
