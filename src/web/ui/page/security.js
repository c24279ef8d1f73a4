/* One's own account: the password, the second step, devices, tokens. */
import { html, useEffect, useState } from "../lib/html.js";
import { post, useGet } from "../lib/api.js";
import { t } from "../lib/i18n.js";
import { can } from "../lib/me.js";
import { Ago, Button, Empty, Head, Pill, Read, When } from "../part/basic.js";
import { Asked, useAsk } from "../part/asked.js";
import { Dialog } from "../part/dialog.js";
import { Qr } from "../part/qr.js";
import { attempt, toast } from "../part/toast.js";

/* What is shown once and never again. */
function Once({ title, text, lines, close }) {
	const copy = () => attempt(() => navigator.clipboard.writeText(lines.join("\n")), t("done.copied"));
	return html`<${Dialog} title=${title} close=${close}><p class="notice warn">${text}</p>
		<pre class="once">${lines.join("\n")}</pre>
		<footer class="row end"><${Button} onClick=${copy}>${t("copy")}<//><${Button} kind="main" onClick=${close}>${t("once.kept")}<//></footer><//>`;
}

function Password({ ask }) {
	const change = () => ask({ title: t("password.change"), text: t("password.text"), yes: t("save"), fields: [
		{ name: "current", label: t("password.current"), type: "password", need: true, autocomplete: "current-password" },
		{ name: "password", label: t("password.new"), type: "password", need: true, minlength: 12, autocomplete: "new-password", hint: t("password.hint") },
	], run: async (v) => { await post("/me/password", v); toast(t("password.done")); } });
	return html`<section class="card"><h2>${t("login.password")}</h2><p class="row"><${Button} onClick=${change}>${t("password.change")}<//></p></section>`;
}

function Totp({ ask, once }) {
	const of = useGet("/totp", null);
	const code = { name: "code", label: t("totp.code"), need: true, autocomplete: "one-time-code", inputmode: "numeric" };
	const begin = () => attempt(async () => {
		const made = await post("/totp");
		ask({ title: t("totp.begin"), yes: t("totp.confirm"), text: html`${t("totp.begin.text")}
				<${Qr} text=${made.uri} label=${t("totp.qr")} /> <span class="hint">${t("totp.by_hand")}</span>
				<code class="secret">${made.secret.replace(/(.{4})/g, "$1 ").trim()}</code> <a href=${made.uri}>${t("totp.open")}</a>`,
			fields: [code], run: async (v) => {
				const { recovery } = await post("/totp/confirm", { code: v.code.replace(/\s/g, "") });
				of.reload();
				once({ title: t("totp.recovery"), text: t("totp.recovery.text"), lines: recovery });
			} });
	});
	const remove = () => ask({ title: t("totp.remove"), text: t("totp.remove.text"), yes: t("totp.remove.do"), kind: "danger", fields: [code],
		run: async (v) => { await post("/totp/remove", v); of.reload(); } });
	return html`<section class="card"><h2>${t("totp.title")}</h2><p class="hint">${t("totp.text")}</p>
		<${Read} of=${of} lines=${1}>${(s) => html`<p class="row"><${Pill} kind=${s.on ? "good" : ""}>${t(s.on ? "totp.on" : "totp.off")}<//>
			${s.on && html`<small>${t("totp.left", { n: s.recovery_left })}</small>`}
			${s.on ? html`<${Button} kind="danger" onClick=${remove}>${t("totp.remove.do")}<//>` : html`<${Button} kind="main" onClick=${begin}>${t("totp.begin")}<//>`}</p>`}<//></section>`;
}

/* "Firefox, Linux" out of what a browser says of itself. */
function device(agent) {
	const browser = /(Edg|Firefox|Chrome|Safari)\//.exec(agent)?.[1] ?? agent.split("/")[0];
	const system = /(Windows|Mac OS|Android|iPhone|iPad|Linux)/.exec(agent)?.[1];
	return [browser === "Edg" ? "Edge" : browser || t("device.unknown"), system].filter(Boolean).join(", ");
}

function Devices({ ask }) {
	const list = useGet("/sessions", null);
	const end = (s) => attempt(async () => { await post("/sessions/end", { session: s.session }); list.reload(); }, t("device.ended"));
	const all = () => ask({ title: t("device.end_all"), text: t("device.end_all.text"), yes: t("device.end_all"), kind: "danger",
		run: async () => { await post("/sessions/end", { others: true }); list.reload(); } });
	return html`<section class="card"><header class="row"><h2>${t("device.title")}</h2><span class="gap"></span>
			${list.data?.sessions.length > 1 && html`<${Button} kind="danger" onClick=${all}>${t("device.end_all")}<//>`}</header>
		<${Read} of=${list} lines=${2}>${({ sessions }) => html`<ul class="bare rows">${sessions.map((s) => html`<li key=${s.session} class="row">
			<strong title=${s.agent}>${device(s.agent)}</strong>${s.current && html`<${Pill} kind="good">${t("device.this")}<//>`}
			<small>${s.address} · ${t("device.used")} <${Ago} at=${s.used_s} /> · ${t("device.since")} <${When} at=${s.created_s} /></small><span class="gap"></span>
			${!s.current && html`<${Button} onClick=${() => end(s)}>${t("device.end")}<//>`}</li>`)}</ul>`}<//></section>`;
}

const scopes = () => ["metrics", "read", "write", can("sv") && "lead", can("admin") && "admin"].filter(Boolean);

function Tokens({ ask, once }) {
	const list = useGet("/tokens", null);
	const add = () => ask({ title: t("token.add"), text: t("token.text"), yes: t("token.make"), fields: [
		{ name: "name", label: t("token.name"), need: true, placeholder: t("token.name.example") },
		...scopes().map((s) => ({ name: s, label: t("scope." + s), type: "checkbox", value: s === "read" })),
		{ name: "days", label: t("token.days"), type: "number", value: 365, min: 1, max: 3650 },
	], run: async (v) => {
		const made = await post("/tokens", { name: v.name, days: Number(v.days), scopes: scopes().filter((s) => v[s]) });
		list.reload();
		once({ title: t("token.made"), text: t("token.once"), lines: [made.token] });
	} });
	const revoke = (x) => ask({ title: t("token.revoke", { name: x.name }), text: t("token.revoke.text"), yes: t("token.revoke.do"), kind: "danger",
		run: async () => { await post(`/tokens/${x.token}/revoke`); list.reload(); } });
	return html`<section class="card"><header class="row"><h2>${t("token.title")}</h2><span class="gap"></span><${Button} onClick=${add}>${t("token.add")}<//></header>
		<p class="hint">${t("token.hint")} <a href="/api/v1/openapi.json" target="_blank">OpenAPI</a></p>
		<${Read} of=${list} lines=${2}>${({ tokens }) => tokens.length === 0 ? html`<${Empty} title=${t("token.none")} />`
			: html`<ul class="bare rows">${tokens.map((x) => html`<li key=${x.token} class="row"><strong>${x.name}</strong>
				${x.scopes.map((s) => html`<${Pill} key=${s}>${s}<//>`)}${x.expired && html`<${Pill} kind="bad">${t("token.expired")}<//>`}
				<small>${x.used_s ? html`${t("device.used")} <${Ago} at=${x.used_s} />` : t("token.unused")} · ${t("token.until")} <${When} at=${x.expires_s} /></small><span class="gap"></span>
				<${Button} kind="danger" onClick=${() => revoke(x)}>${t("token.revoke.do")}<//></li>`)}</ul>`}<//></section>`;
}

export function Security() {
	const ask = useAsk();
	const [shown, once] = useState(null);
	useEffect(() => { document.title = `${t("security")} – ${t("app.name")}`; }, []);
	return html`<${Head} title=${t("security")} />
		<${Password} ask=${ask} /><${Totp} ask=${ask} once=${once} /><${Devices} ask=${ask} /><${Tokens} ask=${ask} once=${once} />
		<${Asked} of=${ask} />${shown && html`<${Once} ...${shown} close=${() => once(null)} />`}`;
}
