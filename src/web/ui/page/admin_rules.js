/* Automatic rules: what they do, what they would have met, what they did. */
import { html, useState } from "../lib/html.js";
import { call, post, useGet } from "../lib/api.js";
import { t, tc } from "../lib/i18n.js";
import { Ago, Button, Empty, Pill, Read } from "../part/basic.js";
import { Asked, useAsk } from "../part/asked.js";
import { Dialog } from "../part/dialog.js";
import { attempt, toast } from "../part/toast.js";
import { Admin } from "./admin.js";
import { useWindow } from "./admin_windows.js";

const at = (window, rest = "") => `/windows/${encodeURIComponent(window)}/rules${rest}`;
const lines = (text) => text.split("\n").map((x) => x.trim()).filter(Boolean);

const empty = { name: "", on: "arrival", if: [], do: [], stop: false, position: 100 };

/* A rule is tried on past mails before it is made, or changed. */
function Edit({ window, rule = empty, close, done }) {
	const [v, set] = useState({ name: rule.name, on: rule.on, conditions: rule.if.join("\n"), actions: rule.do.join("\n"), stop: !!rule.stop, position: rule.position });
	const [first] = useState(v);
	const typed = Object.keys(v).some((k) => v[k] !== first[k]);
	const leave = () => (!typed || confirm(t("leave.unsaved"))) && close();
	const [tried, setTried] = useState(null);
	const [error, setError] = useState("");
	const put = (k) => (e) => { set({ ...v, [k]: e.target.type === "checkbox" ? e.target.checked : e.target.value }); setTried(null); };
	const run = async (f) => {
		setError("");
		try {
			await f();
		} catch (e) {
			setError(e.message);
		}
	};
	const dry = () => run(async () => setTried((await post(at(window, "/try"), { conditions: lines(v.conditions) })).tickets));
	const make = (e) => {
		e.preventDefault();
		run(async () => {
			const args = { ...v, position: Number(v.position), conditions: lines(v.conditions), actions: lines(v.actions) };
			await (rule.rule ? call("PUT", at(window, "/" + rule.rule), args) : post(at(window), args));
			toast(t("done.saved"));
			done();
		});
	};
	return html`<${Dialog} title=${t(rule.rule ? "rule.edit" : "rule.add")} close=${leave} wide><form onSubmit=${make}>
		<p class="field"><label for="rule-name">${t("rule.name")}</label><input id="rule-name" value=${v.name} onInput=${put("name")} required /></p>
		<p class="field"><label for="rule-on">${t("rule.on")}</label><select id="rule-on" value=${v.on} onChange=${put("on")}>
			${["arrival", "change", "time"].map((x) => html`<option key=${x} value=${x} selected=${x === v.on}>${tc("ruleon", x)}</option>`)}</select></p>
		<p class="field"><label for="rule-if">${t("rule.if")}</label><textarea id="rule-if" rows="3" value=${v.conditions} onInput=${put("conditions")} aria-describedby="rule-if-hint"></textarea>
			<small class="hint said" id="rule-if-hint">${t("rule.if.hint")}</small></p>
		<p class="row"><${Button} onClick=${dry}>${t("rule.try")}<//></p>
		<div role="status">${tried && html`<p class="notice info"><span>${t("rule.tried", { n: tried.length })}</span></p>
			<ul class="bare short">${tried.slice(0, 50).map((x, i) => html`<li key=${i}><a href=${"/tickets/" + x.ticket}>${x.ticket}</a> ${x.subject} <small>${x.from} <${Ago} at=${x.received_s} /></small></li>`)}</ul>`}</div>
		<p class="field"><label for="rule-do">${t("rule.do")}</label><textarea id="rule-do" rows="3" value=${v.actions} onInput=${put("actions")} required aria-describedby="rule-do-hint"></textarea>
			<small class="hint said" id="rule-do-hint">${t("rule.do.hint")}</small></p>
		<p class="field"><label for="rule-at">${t("rule.position")}</label><input id="rule-at" type="number" min="1" max="9999" value=${v.position} onInput=${put("position")} aria-describedby="rule-at-hint" />
			<small class="hint" id="rule-at-hint">${t("rule.position.hint")}</small></p>
		<p class="field tick"><label><input type="checkbox" checked=${v.stop} onChange=${put("stop")} /> ${t("rule.stop")}</label></p>
		${error && html`<p class="problem" role="alert">${error}</p>`}
		<footer class="row end"><${Button} onClick=${leave}>${t("cancel")}<//><button type="submit" class="button main"><span>${t(rule.rule ? "save" : "rule.make")}</span></button></footer>
	</form><//>`;
}

function Of({ window, adding, setAdding }) {
	const rules = useGet(at(window), null);
	const log = useGet(at(window, "/log"), true);
	const ask = useAsk();
	const [editing, setEditing] = useState(null);
	const act = (r, what) => attempt(async () => { await post(at(window, `/${r.rule}/${what}`)); rules.reload(); });
	const remove = (r) => ask({ title: t("rule.remove", { name: r.name }), yes: t("remove"), kind: "danger",
		run: async () => { await call("DELETE", at(window, `/${r.rule}`)); rules.reload(); } });
	return html`<${Read} of=${rules}>${({ rules: list }) => list.length === 0 ? html`<${Empty} title=${t("rule.none")}>${t("rule.none.more")}<//>`
		: html`<div class="wide-table"><table class="grid stack"><thead><tr><th>${t("rule.name")}</th><th>${t("rule.on")}</th><th>${t("rule.if")}</th><th>${t("rule.do")}</th><th>${t("rule.fired")}</th><th><span class="unseen">${t("menu")}</span></th></tr></thead>
			<tbody>${list.map((r) => html`<tr key=${r.rule}><td>${r.name} ${!r.enabled && html`<${Pill}>${t("rule.off")}<//>`}</td><td>${tc("ruleon", r.on)}</td>
				<td>${r.if.map((x) => html`<code key=${x}>${x}</code> `)}</td><td>${r.do.map((x) => html`<code key=${x}>${x}</code> `)}${r.stop ? html`<small>${t("rule.stops")}</small>` : ""}</td>
				<td>${r.fired}</td><td><span class="row"><${Button} onClick=${() => setEditing(r)}>${t("change")}<//>
					<${Button} onClick=${() => act(r, r.enabled ? "disable" : "enable")}>${t(r.enabled ? "rule.disable" : "rule.enable")}<//>
					<${Button} kind="danger" onClick=${() => remove(r)}>${t("remove")}<//></span></td></tr>`)}</tbody></table></div>`}<//>
		<section class="card"><h2>${t("rule.log")}</h2><${Read} of=${log} lines=${3}>${({ log: list }) => list.length === 0 ? html`<p class="hint">${t("rule.log.none")}</p>`
			: html`<ul class="bare short">${list.slice(0, 100).map((x, i) => html`<li key=${i}><${Ago} at=${x.fired_s} /> ${x.name} <a href=${"/tickets/" + x.ticket}>${x.ticket}</a> ${tc("ruleoutcome", x.outcome)} <small>${x.detail}</small></li>`)}</ul>`}<//></section>
		${editing && html`<${Edit} window=${window} rule=${editing} close=${() => setEditing(null)} done=${() => { setEditing(null); rules.reload(); }} />`}
		${adding && html`<${Edit} window=${window} close=${() => setAdding(false)} done=${() => { setAdding(false); rules.reload(); }} />`}
		<${Asked} of=${ask} />`;
}

export function Rules({ args }) {
	const { list, window, choose } = useWindow(args, "/admin/rules");
	const [adding, setAdding] = useState(false);
	return html`<${Admin} tab="rules" head=${html`${choose}${window && html`<${Button} kind="main" onClick=${() => setAdding(true)}>${t("rule.add")}<//>`}`}>
		<${Read} of=${list}>${() => window && html`<${Of} key=${window} window=${window} adding=${adding} setAdding=${setAdding} />`}<//><//>`;
}
