/* Reports: how much came, how quickly it was answered, what the checks found. */
import { html, useEffect } from "../lib/html.js";
import { query, useGet } from "../lib/api.js";
import { t, tc } from "../lib/i18n.js";
import { go } from "../lib/route.js";
import { day, weekday } from "../lib/time.js";
import { Empty, Head, Read } from "../part/basic.js";
import { Bars } from "../part/chart.js";
import { useReasons } from "./compose.js";

const kinds = ["summary", "backlog", "approvals", "training"];
const bys = ["day", "hour", "weekday", "window", "category", "template", "operator", "mailbox", "total"];

const percent = (v) => v == null ? "–" : `${Math.round(v * 1000) / 10} %`;
const minutes = (v) => v == null ? "–" : v < 90 ? t("time.min", { n: Math.round(v) }) : t("time.h_min", { h: Math.floor(v / 60), n: Math.round(v % 60) });
const plain = (v) => v ?? "–";

const columns = {
	summary: [["received", plain], ["replied", plain], ["not_needed", plain], ["spam", plain], ["open", plain], ["reopened", plain], ["thanks", plain],
		["answer_rate", percent], ["reopen_rate", percent], ["first_attained", percent], ["first_median_min", minutes], ["first_p90_min", minutes],
		["resolution_attained", percent], ["resolution_median_min", minutes]],
	backlog: [["tickets", plain], ["late", plain], ["day", plain], ["three_days", plain], ["week", plain], ["older", plain]],
	training: [["replies", plain], ["findings_per_reply", plain], ["errors_per_reply", plain], ["return_rate", percent]],
};

function Table({ kind, rows, head, name }) {
	return html`<div class="scroll" tabindex="0" role="region" aria-label=${t("report." + kind)}><table>
		<thead><tr><th scope="col">${head}</th>${columns[kind].map(([c]) => html`<th key=${c} scope="col">${t("col." + c)}</th>`)}</tr></thead>
		<tbody>${rows.map((r, i) => html`<tr key=${i}><th scope="row">${name(r)}</th>${columns[kind].map(([c, f]) => html`<td key=${c}>${f(r[c])}</td>`)}</tr>`)}</tbody></table></div>`;
}

const shortDay = (text) => text.slice(5).replace("-", "/");
const weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/* the axis under a chart, and the head of a row */
const short = { day: shortDay, hour: (h) => `${h}:00`, weekday: (d) => weekday(weekdays.indexOf(d)) };
const long = { ...short, day: (d) => day(Date.parse(d + "T00:00:00") / 1000), total: () => t("by.total") };

function Summary({ data, by }) {
	const rows = data.rows;
	const name = (r) => long[by]?.(r.group) ?? (r.group || t("by.none"));
	const axis = short[by];
	return html`${axis && rows.length > 0 && html`<${Bars} label=${t("chart.volume")} groups=${rows.map((r) => axis(r.group))}
			series=${[{ name: t("col.received"), values: rows.map((r) => r.received) }, { name: t("col.replied"), values: rows.map((r) => r.replied) }]} />`}
		<${Table} kind="summary" rows=${rows} head=${t("by." + by)} name=${name} />`;
}

function Approvals({ data }) {
	const reasons = useReasons();
	const names = new Map((reasons ?? []).map((r) => [r.code, r.text]));
	const list = Object.entries(data.return_reasons).sort((a, b) => b[1] - a[1]);
	return html`<dl class="pairs"><div><dt>${t("col.decided")}</dt><dd>${data.decided}</dd></div>
			<div><dt>${t("col.corrected")}</dt><dd>${data.corrected}</dd></div>
			<div><dt>${t("col.returned")}</dt><dd>${data.returned}（${percent(data.return_rate)}）</dd></div>
			<div><dt>${t("col.median_min")}</dt><dd>${minutes(data.median_min)}</dd></div>
			<div><dt>${t("col.p90_min")}</dt><dd>${minutes(data.p90_min)}</dd></div></dl>
		${list.length > 0 && html`<h2>${t("report.reasons")}</h2><ul class="bare">${list.map(([code, n]) => html`<li key=${code}>${code} ${names.get(code)} – ${n}</li>`)}</ul>`}`;
}

const show = {
	summary: Summary,
	backlog: ({ data }) => html`<${Table} kind="backlog" rows=${data.rows} head=${t("state")} name=${(r) => `${r.window} ${tc("state", r.state)}`} />`,
	approvals: Approvals,
	training: ({ data }) => data.rows.length ? html`<${Table} kind="training" rows=${data.rows} head=${t("assignee")} name=${(r) => `${r.operator} ${r.month}`} />`
		: html`<${Empty} title=${t("report.none")} />`,
};

export function Reports({ args }) {
	const kind = kinds.includes(args.kind) ? args.kind : "summary";
	const by = bys.includes(args.by) ? args.by : "day";
	const path = query("/reports/" + kind, { from: args.from, to: args.to, by: kind === "summary" ? by : "" });
	const report = useGet(path, null);
	const Show = show[kind];
	const turn = (more) => go(query("/reports", { kind, by: args.by, from: args.from, to: args.to, ...more }));
	useEffect(() => { document.title = `${t("nav.reports")} – ${t("app.name")}`; }, []);
	return html`<${Head} title=${t("nav.reports")}>
			<label class="inline">${t("search.from")} <input type="date" value=${args.from ?? ""} onChange=${(e) => turn({ from: e.target.value })} /></label>
			<label class="inline">${t("search.to")} <input type="date" value=${args.to ?? ""} onChange=${(e) => turn({ to: e.target.value })} /></label>
			${kind === "summary" && html`<label class="inline">${t("report.by")} <select value=${by} onChange=${(e) => turn({ by: e.target.value })}>
				${bys.map((b) => html`<option key=${b} value=${b}>${t("by." + b)}</option>`)}</select></label>`}
			${kind !== "approvals" && html`<a class="button" href=${"/api/v1" + path + (path.includes("?") ? "&" : "?") + "format=csv"} download=${kind + ".csv"}>CSV</a>`}<//>
		<nav class="tabs" aria-label=${t("nav.reports")}>${kinds.map((k) => html`<a key=${k} href=${query("/reports", { kind: k, from: args.from, to: args.to })}
			aria-current=${k === kind ? "page" : null}>${t("report." + k)}</a>`)}</nav>
		<div class="report"><${Read} of=${report}>${(data) => html`<${Show} data=${data} by=${by} />`}<//></div>`;
}
