/* Response times of a window, and what others would have meant for past tickets. */
import { html } from "../lib/html.js";
import { useGet } from "../lib/api.js";
import { t, tc } from "../lib/i18n.js";
import { listed } from "../lib/text.js";
import { span } from "../lib/time.js";
import { Button } from "../part/basic.js";
import { Asked, useAsk } from "../part/asked.js";

function Tried({ of }) {
	return html`<p>${t("policy.tried", { n: of.tickets, days: of.days })}</p>
		<div class="wide-table"><table class="grid"><thead><tr><th>${t("policy.kind")}</th><th>${t("policy.before")}</th><th>${t("policy.after")}</th></tr></thead>
		<tbody>${Object.entries(of.kinds).map(([k, v]) => html`<tr key=${k}><th scope="row">${tc("clock", k)}</th>
			<td>${t("policy.count", { met: v.met_before, late: v.breached_before })}</td>
			<td class=${v.breached_after > v.breached_before ? "worse" : ""}>${t("policy.count", { met: v.met_after, late: v.breached_after })}</td></tr>`)}</tbody></table></div>
		${of.changes.length > 0 ? html`<h3>${t("policy.changes", { n: of.changes.length })}</h3>
			<ul class="bare short" tabindex="0" role="group" aria-label=${t("policy.changes", { n: of.changes.length })}>${of.changes.map((c, i) => html`<li key=${i}><a href=${"/tickets/" + c.ticket} target="_blank">${c.ticket}</a> ${tc("clock", c.kind)}${t("colon")}${c.before ? tc("clockstate", c.before) : t("policy.none")} → <strong>${tc("clockstate", c.after)}</strong> <small>${t("policy.used", { used: span(c.counted_s), of: span(c.budget_s) })}</small></li>`)}</ul>`
			: html`<p class="hint">${t("policy.same")}</p>`}`;
}

const minutes = ["first_response_min", "next_response_min", "resolution_min"];
const warm = () => [["", t("policy.any")], ["3", t("policy.hot", { n: 3 })], ["4", t("policy.hot", { n: 4 })]];

/* What a rule asks of a ticket, in words. */
function asked(when = {}) {
	const parts = [];
	if (when.category)
		parts.push(`${t("category")}${t("colon")}${when.category.join(t("comma"))}`);
	if (when.mailbox)
		parts.push(`${t("mailbox")}${t("colon")}${when.mailbox.join(t("comma"))}`);
	if (when.customer)
		parts.push(t("policy.customers", { n: when.customer.length }));
	if (when.priority)
		parts.push(t("priority.high"));
	if (when.temperature_min)
		parts.push(t("policy.hot", { n: when.temperature_min }));
	return parts.join(" · ") || t("policy.any");
}

/* A rule with what its fields say; what has no field stays as it is. */
function rule(was, v) {
	const when = { ...was.when };
	const one = (name, value) => value === undefined ? delete when[name] : (when[name] = value);
	const category = listed(v.category);
	one("category", category.length ? category : undefined);
	one("mailbox", v.mailbox ? [v.mailbox] : undefined);
	one("priority", v.priority ? 1 : undefined);
	one("temperature_min", v.temperature ? Number(v.temperature) : undefined);
	const now = { ...was, name: v.name, when };
	for (const k of minutes)
		if (v[k] === "")
			delete now[k];
		else
			now[k] = Math.max(0, Math.round(Number(v[k]) || 0));
	return now;
}

function Conditions({ policy, change }) {
	const ask = useAsk();
	const { data } = useGet("/mailboxes", null);
	const rules = policy.rules ?? [];
	const put = (f) => change((p) => ({ ...p, rules: f(p.rules ?? []) }));
	const mailboxes = [...new Set((data?.mailboxes ?? []).map((m) => m.mailbox))];
	const edit = (at) => {
		const was = rules[at] ?? { when: {} };
		ask({ title: t(at === undefined ? "policy.rule.add" : "policy.rule.edit"), text: t("policy.rule.text"), yes: t("calendar.day.do"), fields: [
			{ name: "name", label: t("rule.name"), need: true, value: was.name ?? "" },
			{ name: "category", label: t("category"), value: (was.when?.category ?? []).join(t("comma")), hint: t("policy.rule.category") },
			mailboxes.length > 1 && { name: "mailbox", label: t("mailbox"), type: "choice", value: was.when?.mailbox?.[0] ?? "", options: [["", t("policy.any")], ...mailboxes.map((m) => [m, m])] },
			{ name: "temperature", label: t("policy.temperature"), type: "choice", value: String(was.when?.temperature_min ?? ""), options: warm() },
			{ name: "priority", label: t("policy.priority"), type: "checkbox", value: !!was.when?.priority },
			...minutes.map((k) => ({ name: k, label: t("policy." + k), type: "number", min: 0, max: 5256000, value: was[k] ?? "", hint: t("policy.rule.as_above") })),
		].filter(Boolean), run: async (v) => put((list) => at === undefined ? [...list, rule(was, { mailbox: was.when?.mailbox?.[0], ...v })]
			: list.map((r, i) => i === at ? rule(r, { mailbox: r.when?.mailbox?.[0], ...v }) : r)) });
	};
	const swap = (i) => put((list) => [...list.slice(0, i - 1), list[i], list[i - 1], ...list.slice(i + 1)]);
	return html`<h3>${t("policy.rules")}</h3><p class="hint">${t("policy.rules.text")}</p>
		${rules.length > 0 && html`<ol class="bare rows">${rules.map((r, i) => html`<li key=${r.name + i} class="row">
			<strong>${r.name}</strong><span>${asked(r.when)}</span>
			<small>${minutes.filter((k) => k in r).map((k) => `${t("policy.short." + k)} ${r[k] ? span(r[k] * 60) : t("policy.none")}`).join(" · ")}</small><span class="gap"></span>
			${i > 0 && html`<${Button} kind="plain" onClick=${() => swap(i)}>${t("policy.rule.up")}<//>`}
			<${Button} onClick=${() => edit(i)}>${t("change")}<//>
			<${Button} kind="danger" onClick=${() => put((list) => list.filter((_, j) => j !== i))}>${t("remove")}<//></li>`)}</ol>`}
		<p class="row"><${Button} onClick=${() => edit()}>${t("policy.rule.add")}<//></p><${Asked} of=${ask} />`;
}

export function Policy({ policy, change, tried, attemptIt, busy }) {
	return html`<div class="fields">${minutes.map((k) => html`<p class="field" key=${k}><label for=${k}>${t("policy." + k)}</label>
			<input id=${k} type="number" min="0" max="5256000" value=${policy[k] ?? 0} aria-describedby=${k + "-said"}
				onInput=${(e) => change((p) => ({ ...p, [k]: Math.max(0, Math.round(Number(e.target.value) || 0)) }))} />
			<small class="hint" id=${k + "-said"}>${policy[k] ? span(policy[k] * 60) : t("policy.off")}</small></p>`)}
			<p class="field"><label for="warn">${t("policy.warn")}</label>
				<input id="warn" value=${(policy.warn_percent ?? []).join(", ")} placeholder="50, 80" inputmode="numeric"
					onChange=${(e) => change((p) => ({ ...p, warn_percent: listed(e.target.value).map((x) => Math.round(Number(x))) }))} />
				<small class="hint">${t("policy.warn.hint")}</small></p></div>
		<p class="field tick"><label><input type="checkbox" checked=${policy.business !== false}
			onChange=${(e) => change((p) => ({ ...p, business: e.target.checked }))} /> ${t("policy.business")}</label></p>
		<${Conditions} policy=${policy} change=${change} />
		<p class="row"><${Button} busy=${busy} onClick=${attemptIt}>${t("policy.try")}<//></p>
		<div role="status">${tried && html`<${Tried} of=${tried} />`}</div>`;
}
