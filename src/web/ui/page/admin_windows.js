/* A window: its texts, its year, and the response times it promises. */
import { html, cls, useEffect, useLayoutEffect, useMemo, useState } from "../lib/html.js";
import { call, post, query, useGet } from "../lib/api.js";
import { lang, t, tc } from "../lib/i18n.js";
import { can } from "../lib/me.js";
import { go, onLeave } from "../lib/route.js";
import { day } from "../lib/time.js";
import { Button, Empty, Read } from "../part/basic.js";
import { Asked, useAsk } from "../part/asked.js";
import { attempt, failed, toast } from "../part/toast.js";
import { Admin } from "./admin.js";
import { Policy } from "./window_policy.js";
import { Texts } from "./window_texts.js";

const at = (window, rest = "") => `/windows/${encodeURIComponent(window)}${rest}`;

/* The window of the address, else the first. */
export function useWindow(args, path) {
	const list = useGet("/windows", null);
	const windows = (list.data?.windows ?? []).filter((w) => can("admin", w.window));
	const window = windows.find((w) => w.window === args.window) ?? windows[0];
	const choose = windows.length > 1 && html`<label class="inline">${t("window")}
		<select value=${window.window} onChange=${(e) => go(query(path, { window: e.target.value }))}>
			${windows.map((w) => html`<option key=${w.window} value=${w.window}>${w.name}</option>`)}</select></label>`;
	return { list, window: window?.window, choose };
}

/* ---- the year ---- */

const weekday = (date) => new Date(date + "T00:00:00Z").getUTCDay();
const names = () => Array.from({ length: 7 }, (_, i) =>
	new Intl.DateTimeFormat(lang() === "en" ? "en-GB" : "ja-JP", { weekday: "narrow", timeZone: "UTC" }).format(new Date(Date.UTC(2023, 0, 1 + i))));

const dayOf = (text) => day(Date.parse(text + "T00:00:00") / 1000);
const hours = (d) => d.hours.map((h) => h.join("–")).join(", ");

function said(d) {
	const why = d.name ?? (d.why ? tc("why", d.why) : "");
	return [dayOf(d.date), d.hours.length ? hours(d) : t("calendar.closed"), why].filter(Boolean).join(" · ");
}

const kind = (d) => cls("day", d.hours.length ? "open" : "shut", d.why === "special-open" && "special",
	d.why === "holiday" && "holiday", d.why === "closed-date" && "closed-date");

function Month({ days, pick }) {
	const [year, month] = days[0].date.split("-").map(Number);
	const title = new Intl.DateTimeFormat(lang() === "en" ? "en-GB" : "ja-JP", { month: "long", timeZone: "UTC" }).format(new Date(Date.UTC(year, month - 1, 1)));
	const cells = [...Array(weekday(days[0].date)).fill(null), ...days];
	const weeks = Array.from({ length: Math.ceil(cells.length / 7) }, (_, i) => cells.slice(7 * i, 7 * i + 7));
	return html`<table class="month"><caption>${title}</caption>
		<thead><tr>${names().map((n, i) => html`<th key=${i} scope="col">${n}</th>`)}</tr></thead>
		<tbody>${weeks.map((w, i) => html`<tr key=${i}>${w.map((d, j) => html`<td key=${j}>${d && html`
			<button type="button" class=${kind(d)} data-date=${d.date} title=${said(d)} aria-label=${said(d)} onClick=${() => pick(d)}>${Number(d.date.slice(8))}</button>`}</td>`)}</tr>`)}</tbody></table>`;
}

function Year({ window, calendar, change, year, show }) {
	const ask = useAsk();
	/* what is not saved yet is drawn as it would be */
	const year_ = useGet(query(at(window, "/calendar"), { year, calendar: calendar && JSON.stringify(calendar) }), null);
	const months = useMemo(() => {
		const by = new Map();
		for (const d of year_.data?.days ?? []) {
			const m = d.date.slice(0, 7);
			by.set(m, [...(by.get(m) ?? []), d]);
		}
		return [...by.values()];
	}, [year_.data]);
	const pick = (d) => ask({ title: said(d), text: t("calendar.day.text"), yes: t("calendar.day.do"), fields: [
		{ name: "how", label: t("calendar.day"), type: "choice", value: d.why === "closed-date" ? "closed" : d.why === "special-open" ? "open" : "plain",
			options: [["plain", t("calendar.plain")], ["closed", t("calendar.closed")], ["open", t("calendar.open")]] },
		{ name: "hours", label: t("calendar.hours"), value: hours(d), hint: t("calendar.hours.hint") },
	], run: async (v) => change((c) => {
		const closed = (c.closed ?? []).filter((x) => x !== d.date);
		const open = { ...c.open };
		delete open[d.date];
		if (v.how === "closed")
			closed.push(d.date);
		if (v.how === "open") {
			open[d.date] = v.hours.split(/[,、]/).map((x) => x.trim().split(/[-–〜~]/).map((y) => y.trim()));
			if (open[d.date].some((x) => x.length !== 2))
				throw new Error(t("calendar.hours.bad"));
		}
		return { ...c, closed: closed.sort(), open };
	}) });
	return html`<div class="row"><${Button} icon="back" label=${t("calendar.before")} onClick=${() => show(year - 1)} />
		<strong>${t("calendar.year", { n: year })}</strong><${Button} icon="next" label=${t("calendar.next")} onClick=${() => show(year + 1)} /></div>
		<${Read} of=${year_} lines=${8}>${() => html`<div class="months">${months.map((m) => html`<${Month} key=${m[0].date} days=${m} pick=${pick} />`)}</div>
			<p class="legend"><span class="day open">1</span>${t("calendar.working")} <span class="day shut">1</span>${t("calendar.off")}
				<span class="day shut holiday">1</span>${tc("why", "holiday")} <span class="day shut closed-date">1</span>${tc("why", "closed-date")}
				<span class="day open special">1</span>${tc("why", "special-open")}</p>`}<//>
		<${Asked} of=${ask} />`;
}

const days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

function Weekly({ calendar, change }) {
	const ask = useAsk();
	const edit = (d) => ask({ title: t("weekday." + d), yes: t("calendar.day.do"), fields: [
		{ name: "hours", label: t("calendar.hours"), value: (calendar.weekly[d] ?? []).map((h) => h.join("–")).join(", "), hint: t("calendar.hours.hint") }],
	run: async ({ hours: v }) => change((c) => {
		const list = v.trim() ? v.split(/[,、]/).map((x) => x.trim().split(/[-–〜~]/).map((y) => y.trim().padStart(5, "0"))) : [];
		if (list.some((x) => x.length !== 2))
			throw new Error(t("calendar.hours.bad"));
		return { ...c, weekly: { ...c.weekly, [d]: list } };
	}) });
	return html`<dl class="pairs">${days.map((d) => html`<div key=${d}><dt>${t("weekday." + d)}</dt><dd>
		<button type="button" class="link" onClick=${() => edit(d)}>${(calendar.weekly[d] ?? []).map((h) => h.join("–")).join(", ") || t("calendar.closed")}</button></dd></div>`)}</dl>
		<p class="field tick"><label><input type="checkbox" checked=${calendar.national_holidays === "jp"}
			onChange=${(e) => change((c) => ({ ...c, national_holidays: e.target.checked ? "jp" : null }))} /> ${t("calendar.holidays")}</label></p>
		<${Asked} of=${ask} />`;
}

/* ---- all of it ---- */

function Edit({ window, first, reload }) {
	const [now, set] = useState({ calendar: first.calendar, policy: first.policy });
	const [year, setYear] = useState(new Date().getFullYear());
	const [tried, setTried] = useState(null);
	const [busy, setBusy] = useState(false);
	useLayoutEffect(() => { set({ calendar: first.calendar, policy: first.policy }); setTried(null); }, [first]);
	const part = (k) => (f) => {
		set((s) => ({ ...s, [k]: f(s[k]) }));
		setTried(null);
	};
	const changed = ["calendar", "policy"].filter((k) => JSON.stringify(now[k]) !== JSON.stringify(first[k]));
	useEffect(() => onLeave(async () => !changed.length || confirm(t("leave.unsaved")), () => changed.length > 0), [changed.length]);
	const tryIt = async () => {
		setBusy(true);
		try {
			setTried(await post(at(window, "/policy/try"), { policy: now.policy, calendar: now.calendar, days: 90 }));
		} catch (e) {
			failed(e);
		}
		setBusy(false);
	};
	const save = () => attempt(async () => {
		await call("PATCH", at(window), Object.fromEntries(changed.map((k) => [k, now[k]])), { seen: first });
		reload();
		toast(t("done.saved"));
	});
	return html`${changed.length > 0 && html`<div class="bulk" role="status"><span>${t("changed.unsaved")}</span>
			<${Button} busy=${busy} onClick=${tryIt}>${t("policy.try")}<//>
			<${Button} kind="main" onClick=${save}>${t("save")}<//><${Button} onClick=${() => { set({ calendar: first.calendar, policy: first.policy }); setTried(null); }}>${t("undo")}<//></div>`}
		<section class="card"><h2>${t("policy.title")}</h2>
			<${Policy} policy=${now.policy} change=${part("policy")} tried=${tried} attemptIt=${tryIt} busy=${busy} /></section>
		<section class="card"><h2>${t("calendar.weekly")}</h2><${Weekly} calendar=${now.calendar} change=${part("calendar")} /></section>
		<section class="card"><h2>${t("calendar.title")}</h2>
			<${Year} window=${window} calendar=${changed.includes("calendar") && now.calendar} change=${part("calendar")} year=${year} show=${setYear} /></section>
		<${Texts} window=${window} first=${first} reload=${reload} />`;
}

function One({ window }) {
	const of = useGet(at(window), null);
	return html`<${Read} of=${of}>${(w) => html`<${Edit} window=${window} first=${w} reload=${of.reload} />`}<//>`;
}

export function Windows({ args }) {
	const { list, window, choose } = useWindow(args, "/admin/windows");
	return html`<${Admin} tab="windows" head=${choose}>
		<${Read} of=${list}>${() => window ? html`<${One} key=${window} window=${window} />` : html`<${Empty} title=${t("window.none")} />`}<//><//>`;
}
