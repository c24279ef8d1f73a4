/* People, their roles in windows, who is away, who leaves. */
import { html } from "../lib/html.js";
import { post, useGet } from "../lib/api.js";
import { t } from "../lib/i18n.js";
import { can, me } from "../lib/me.js";
import { Button, Pill, Read } from "../part/basic.js";
import { Asked, useAsk } from "../part/asked.js";
import { Menu } from "../part/dialog.js";
import { attempt, toast } from "../part/toast.js";
import { Admin } from "./admin.js";

const roles = ["viewer", "operator", "sv", "admin"];
const roleChoice = (value) => ({ name: "role", label: t("role"), type: "choice", value, options: roles.map((r) => [r, t("role." + r)]) });
const windowChoice = (windows) => ({ name: "window", label: t("window"), type: "choice", value: windows[0]?.window,
	options: windows.map((w) => [w.window, w.name]) });

/* Easy to read out, hard to guess: 80 bits. */
function fresh() {
	const letters = "abcdefghjkmnpqrstuvwxyz23456789";
	const bytes = crypto.getRandomValues(new Uint8Array(64)).filter((b) => b < 248);
	return [0, 4, 8, 12].map((at) => [...bytes.slice(at, at + 4)].map((b) => letters[b % 31]).join("")).join("-");
}

const first = () => ({ name: "password", label: t("user.first"), value: fresh(), need: true, minlength: 12, autocomplete: "off", spellcheck: false, hint: t("password.hint") });

/* One row a role; here one entry a person. */
function grouped(rows) {
	const by = new Map();
	for (const r of rows) {
		if (!by.has(r.login))
			by.set(r.login, { ...r, roles: [] });
		if (r.window && r.role !== "none")
			by.get(r.login).roles.push(r);
	}
	return [...by.values()];
}

export function Users() {
	const list = useGet("/users", null);
	const { data: windows } = useGet("/windows", null);
	const ask = useAsk();
	const act = (path, body) => async () => {
		await post(path, body);
		list.reload();
	};
	const add = () => ask(adding());
	const adding = (added) => ({ title: t("user.add"), yes: t("user.add.do"), text: t("user.add.text"), fields: [
		{ name: "login", label: t("login.user"), need: true, autocapitalize: "none", autocomplete: "off" },
		{ name: "name", label: t("user.name"), need: true },
		{ name: "email", label: t("user.email"), type: "email", need: true },
		windowChoice(windows.windows), roleChoice("operator"),
		{ name: "novice", label: t("user.novice"), type: "checkbox", value: false }, first(),
	], run: async ({ password, ...v }) => {
		/* by the try before, they only lack the password; nobody else's is set */
		if (added !== v.login)
			await post("/users", v);
		added = v.login;
		await list.reload();
		await post(`/users/${v.login}/password`, { password });
		toast(t("user.password.done"));
	} });
	const password = (u) => ask({ title: t("user.password", { name: u.name }), text: t("user.password.text"), yes: t("save"), fields: [
		{ ...first(), label: t("password.new") }], run: async (v) => { await post(`/users/${u.login}/password`, v); toast(t("user.password.done")); } });
	/* what they are in each window that one may decide on */
	const mine = windows?.windows.filter((w) => can("admin", w.window)) ?? [];
	const role = (u) => {
		const now = mine.map((w) => ({ w, role: "none", novice: false, ...u.roles.find((r) => r.window === w.window) }));
		const of = (w, words) => mine.length > 1 ? `${w.name}: ${words}` : words;
		ask({ title: t("user.role", { name: u.name }), yes: t("save"), fields: now.flatMap((r, i) => [
			{ ...roleChoice(r.role), name: "role" + i, label: of(r.w, t("role")), options: [["none", t("role.none")], ...roles.map((x) => [x, t("role." + x)])] },
			{ name: "novice" + i, label: of(r.w, t("user.novice")), type: "checkbox", value: !!r.novice },
		]), run: async (v) => {
			for (const [i, r] of now.entries())
				if (v["role" + i] !== r.role || v["novice" + i] !== !!r.novice)
					await post(`/users/${u.login}/role`, { window: r.w.window, role: v["role" + i], novice: v["novice" + i] });
			list.reload();
			toast(t("done.saved"));
		} });
	};
	const disable = (u) => ask({ title: t("user.disable", { name: u.name }), text: t("user.disable.text"), yes: t("user.disable.do"), kind: "danger",
		run: act(`/users/${u.login}/disable`) });
	const reset = (u) => ask({ title: t("user.reset", { name: u.name }), text: t("user.reset.text"), yes: t("user.reset.do"), kind: "danger",
		run: async () => { await post(`/users/${u.login}/reset`); toast(t("done.saved")); } });
	const absent = (u) => ask({ title: t("user.absent", { name: u.name }), text: t("user.absent.text"), yes: t("user.absent.do"),
		fields: [{ name: "until", label: t("user.until"), hint: t("user.until.hint") }],
		run: async ({ until }) => { await post(`/users/${u.login}/absent`, until ? { until } : {}); toast(t("done.saved")); } });
	return html`<${Admin} tab="users" head=${windows && can("desk") && html`<${Button} kind="main" onClick=${add}>${t("user.add")}<//>`}>
		<${Read} of=${list}>${({ users }) => html`<div class="wide-table"><table class="grid stack"><thead><tr><th>${t("user.name")}</th><th>${t("login.user")}</th><th>${t("user.email")}</th><th>${t("role")}</th><th><span class="unseen">${t("menu")}</span></th></tr></thead>
			<tbody>${grouped(users).map((u) => html`<tr key=${u.login}><td>${u.name} ${u.disabled && html`<${Pill} kind="bad">${t("user.disabled")}<//>`}${u.absent && html`<${Pill} kind="note">${t("user.away")}<//>`}</td>
				<td>${u.login}</td><td>${u.email}</td>
				<td>${u.admin && html`<${Pill} kind="label">${t("role.admin")}<//> `}${u.roles.map((r) => html`<span key=${r.window}>${windows?.windows.find((w) => w.window === r.window)?.name ?? r.window}: ${t("role." + r.role)}${r.novice ? t("user.novice.mark") : ""} </span>`)}</td>
				<td><${Menu} label=${t("menu.of", { name: u.name })} items=${[
					mine.length > 0 && { label: t("user.role.do"), run: () => role(u) },
					u.absent ? { label: t("user.present.do"), run: () => attempt(act(`/users/${u.login}/present`), t("done.saved")) }
						: { label: t("user.absent.do"), run: () => absent(u) },
					...!can("desk") ? [] : [null,
					u.login !== me.get().login && { label: t("user.password.do"), icon: "lock", run: () => password(u) },
					{ label: t("user.reset.do"), run: () => reset(u), kind: "danger" },
					u.disabled ? { label: t("user.enable.do"), run: () => attempt(act(`/users/${u.login}/enable`), t("done.saved")) }
						: u.login !== me.get().login && { label: t("user.disable.do"), run: () => disable(u), kind: "danger" }],
				]} /></td></tr>`)}</tbody></table></div>`}<//>
		<${Asked} of=${ask} /><//>`;
}
