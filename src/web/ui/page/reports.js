/* Reports: how much came, how quickly it was answered, what the checks found. */
import { html, useEffect } from "../lib/html.js";
import { query, useGet } from "../lib/api.js";
import { t, tc } from "../lib/i18n.js";
import { useNames } from "../lib/people.js";
import { go } from "../lib/route.js";
import { day, month, weekday } from "../lib/time.js";
import { Empty, Head, Read } from "../part/basic.js";
import { Chart } from "../part/chart.js";
import { Csv } from "../part/csv.js";
import { useReasons } from "./compose.js";

const kinds = ["summary", "backlog", "approvals", "operators", "training"];
const bys = ["day", "hour", "weekday", "window", "category", "template", "operator", "mailbox", "total"];

const percent = (v) => v == null ? "–" : `${Math.round(v * 1000) / 10}%`;
function minutes(v) {
	if (v == null)
		return "–";
	const n = Math.round(v);
	return n < 90 ? t("time.min", { n }) : n % 60 ? t("time.h_min", { h: Math.floor(n / 60), n: n % 60 }) : t("time.h", { n: n / 60 });
}
const plain = (v) => v ?? "–";
/* against what the desk as a whole would have made of the same mails */
const ratio = (name) => (v, r) => v == null ? "–" : v.toFixed(2) + t("brackets", { text: `${r[name + "_low"].toFixed(2)}–${r[name + "_high"].toFixed(2)}` });

const columns = {
	summary: [["received", plain], ["replied", plain], ["not_needed", plain], ["spam", plain], ["open", plain], ["reopened", plain], ["thanks", plain],
		["answer_rate", percent], ["reopen_rate", percent], ["first_attained", percent], ["first_median_min", minutes], ["first_p90_min", minutes],
		["resolution_attained", percent], ["resolution_median_min", minutes]],
	course: [["received", plain], ["closed", plain], ["open", plain]],
	backlog: [["tickets", plain], ["late", plain], ["day", plain], ["three_days", plain], ["week", plain], ["older", plain]],
	operators: [["n", plain], ["median_min", minutes], ["p90_min", minutes], ...["time", "late", "returned", "reopened"].map((k) => [k + "_ratio", ratio(k)])],
	training: [["replies", plain], ["findings_per_reply", plain], ["errors_per_reply", plain], ["return_rate", percent]],
};
/* columns whose name stands for something else in another sheet */
const titles = { "course.open": "col.left", "operators.n": "col.replies", "operators.median_min": "col.first_median_min", "operators.p90_min": "col.first_p90_min" };
const title = (kind, c) => titles[`${kind}.${c}`] ?? "col." + c;

function Table({ kind, rows, head, name }) {
	return html`<div class="scroll" tabindex="0" role="region" aria-label=${t("report." + kind)}><table>
		<thead><tr><th scope="col">${head}</th>${columns[kind].map(([c]) => html`<th key=${c} scope="col">${t(title(kind, c))}</th>`)}</tr></thead>
		<tbody>${rows.map((r, i) => html`<tr key=${i}><th scope="row">${name(r)}</th>${columns[kind].map(([c, f]) => html`<td key=${c}>${f(r[c], r)}</td>`)}</tr>`)}</tbody></table></div>`;
}

const shortDay = (text) => text.slice(5).replace("-", "/").replace(/\b0/g, "");
const weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const longDay = (d) => day(Date.parse(d + "T00:00:00") / 1000);

/* the axis under a chart, and the head of a row */
const short = { day: shortDay, hour: (h) => `${Number(h)}:00`, weekday: (d) => weekday(weekdays.indexOf(d)) };
const long = { ...short, day: longDay, total: () => t("by.total") };

const MINUTES = [1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 720, 1440, 2880, 7200, 14400, 43200, 100000];

/* Evenings: what was left. With its figures as a table. */
function Course({ args }) {
	const of = useGet(query("/reports/course", args), null);
	return html`<${Read} of=${of} lines=${4}>${({ rows }) => rows.length > 0 && html`
		<${Chart} label=${t("chart.course")} groups=${rows.map((r) => shortDay(r.day))}
			series=${["open", "closed"].map((c) => ({ name: t(title("course", c)), values: rows.map((r) => r[c]) }))} />
		<details class="folded figures"><summary>${t("chart.figures")}</summary>
			<p class="row"><${Csv} path="/reports/course" args=${args} name="course" /></p>
			<${Table} kind="course" rows=${[...rows].reverse()} head=${t("by.day")} name=${(r) => longDay(r.day)} /></details>`}<//>`;
}

/* Each group once: days without anything are in the row of days, too. */
function everyGroup(by, rows) {
	const of = new Map(rows.map((r) => [r.group, r]));
	if (by === "hour")
		return Array.from({ length: 24 }, (_, h) => of.get(String(h).padStart(2, "0")) ?? { group: String(h) });
	if (by !== "day" || rows.length < 2)
		return rows;
	const out = [];
	const last = Date.parse(rows.at(-1).group);
	for (let d = Date.parse(rows[0].group); d <= last; d += 86400000) {
		const name = new Date(d).toISOString().slice(0, 10);
		out.push(of.get(name) ?? { group: name });
	}
	return out;
}

function Charts({ rows, by, args, nameOf }) {
	const all = everyGroup(by, rows);
	const cut = (g) => g.length > 8 ? g.slice(0, 7) + "…" : g || t("by.none");
	const axis = short[by] ?? ((g) => cut(by === "operator" ? nameOf(g) : g));
	const groups = all.map((r) => axis(r.group));
	const values = (list, none) => list.map((c) => ({ name: t("col." + c), values: all.map((r) => r[c] ?? none) }));
	const any = (list) => list.some((s) => s.values.some((v) => v != null));
	const times = values(["first_median_min", "first_p90_min"], null);
	const rates = values(["first_attained", "resolution_attained"], null);
	const bar = by !== "day";
	return html`<div class="charts">
		<${Chart} label=${t("chart.volume")} groups=${groups} bar series=${values(["received", "replied"], 0)} />
		${any(times) && html`<${Chart} label=${t("chart.times")} groups=${groups} bar=${bar} format=${minutes} steps=${MINUTES} series=${times} />`}
		${any(rates) && html`<${Chart} label=${t("chart.rates")} groups=${groups} bar=${bar} max=${1} format=${percent} steps=${[0.25, 0.5, 1]} series=${rates} />`}
		${by === "day" && html`<div><${Course} args=${args} /></div>`}</div>`;
}

function Summary({ data, by, args, nameOf }) {
	const rows = data.rows;
	const name = (r) => long[by]?.(r.group) ?? ((by === "operator" ? nameOf(r.group) : r.group) || t("by.none"));
	return rows.length === 0 ? html`<${Empty} title=${t("report.no_mails")}>${t("report.longer")}<//>`
		: html`${by !== "total" && html`<${Charts} rows=${rows} by=${by} args=${args} nameOf=${nameOf} />`}
			<${Table} kind="summary" rows=${rows} head=${t("by." + by)} name=${name} />`;
}

function Approvals({ data }) {
	const reasons = useReasons();
	const names = new Map((reasons ?? []).map((r) => [r.code, r.text]));
	const list = Object.entries(data.return_reasons).sort((a, b) => b[1] - a[1]);
	return html`<dl class="pairs"><div><dt>${t("col.decided")}</dt><dd>${data.decided}</dd></div>
			<div><dt>${t("col.corrected")}</dt><dd>${data.corrected}</dd></div>
			<div><dt>${t("col.returned")}</dt><dd>${data.returned}${t("brackets", { text: percent(data.return_rate) })}</dd></div>
			<div><dt>${t("col.median_min")}</dt><dd>${minutes(data.median_min)}</dd></div>
			<div><dt>${t("col.p90_min")}</dt><dd>${minutes(data.p90_min)}</dd></div></dl>
		${list.length > 0 && html`
			<${Chart} label=${t("report.reasons")} bar groups=${list.map(([code]) => names.get(code) ?? code)} series=${[{ name: t("col.returned"), values: list.map(([, n]) => n) }]} />
			<ul class="bare">${list.map(([code, n]) => html`<li key=${code}>${names.get(code) ?? code} <small>${code}</small>${t("colon")}${n}</li>`)}</ul>`}`;
}

const None = () => html`<${Empty} title=${t("report.none")}>${t("report.longer")}<//>`;

const show = {
	summary: Summary,
	backlog: ({ data, args, windows }) => html`<${Course} args=${args} />
		${data.rows.length ? html`<${Table} kind="backlog" rows=${data.rows} head=${t("state")} name=${(r) => (windows.length > 1 ? (windows.find((w) => w.window === r.window)?.name ?? r.window) + " " : "") + tc("state", r.state)} />`
			: html`<${Empty} title=${t("empty.open")} />`}`,
	approvals: Approvals,
	operators: ({ data, nameOf }) => data.rows.length ? html`<p class="hint">${t("report.operators.text")}</p>
		<${Table} kind="operators" rows=${data.rows} head=${t("assignee")} name=${(r) => nameOf(r.operator)} />` : html`<${None} />`,
	training: ({ data, nameOf }) => data.rows.length ? html`<p class="hint">${t("report.fair")}</p>
		<${Table} kind="training" rows=${data.rows} head=${t("assignee")} name=${(r) => `${nameOf(r.operator)} ${month(r.month)}`} />` : html`<${None} />`,
};

export function Reports({ args }) {
	const kind = kinds.includes(args.kind) ? args.kind : "summary";
	const by = bys.includes(args.by) ? args.by : "day";
	const { data: windows } = useGet("/windows", null);
	const stretch = { from: args.from, to: args.to, window: args.window };
	const asked = { ...stretch, by: kind === "summary" ? by : "" };
	const report = useGet(query("/reports/" + kind, asked), null);
	const Show = show[kind];
	const nameOf = useNames();
	const turn = (more) => go(query("/reports", { kind, by: args.by, ...stretch, ...more }));
	useEffect(() => { document.title = `${t("nav.reports")} – ${t("app.name")}`; }, []);
	return html`<${Head} title=${t("nav.reports")}>
			${windows?.windows.length > 1 && html`<label class="inline">${t("window")} <select value=${args.window ?? ""} onChange=${(e) => turn({ window: e.target.value })}>
				<option value="">${t("all")}</option>${windows.windows.map((w) => html`<option key=${w.window} value=${w.window}>${w.name}</option>`)}</select></label>`}
			<label class="inline">${t("search.from")} <input type="date" value=${args.from ?? ""} onChange=${(e) => turn({ from: e.target.value })} /></label>
			<label class="inline">${t("search.to")} <input type="date" value=${args.to ?? ""} onChange=${(e) => turn({ to: e.target.value })} /></label>
			${kind === "summary" && html`<label class="inline">${t("report.by")} <select value=${by} onChange=${(e) => turn({ by: e.target.value })}>
				${bys.map((b) => html`<option key=${b} value=${b}>${t("by." + b)}</option>`)}</select></label>`}
			${kind !== "approvals" && html`<${Csv} path=${"/reports/" + kind} args=${asked} name=${kind} />`}<//>
		<nav class="tabs" aria-label=${t("nav.reports")}>${kinds.map((k) => html`<a key=${k} href=${query("/reports", { kind: k, ...stretch })}
			aria-current=${k === kind ? "page" : null}>${t("report." + k)}</a>`)}</nav>
		<div class="report"><${Read} of=${report}>${(data) => html`<${Show} data=${data} by=${by} args=${stretch} nameOf=${nameOf} windows=${windows?.windows ?? []} />`}<//></div>`;
}
