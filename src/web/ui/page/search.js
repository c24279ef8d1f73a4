/* Search: words of mails, two characters are enough. */
import { html, useEffect, useLayoutEffect, useRef, useState } from "../lib/html.js";
import { get, query, useGet } from "../lib/api.js";
import { t } from "../lib/i18n.js";
import { useNames } from "../lib/people.js";
import { go } from "../lib/route.js";
import { units } from "../lib/text.js";
import { Ago, Button, Empty, Head, Of, Read, State } from "../part/basic.js";
import { remember, useWalk } from "../part/list.js";
import { failed } from "../part/toast.js";

/* The stretches that were found, in characters. */
function Marked({ text, marks }) {
	const parts = [];
	let at = 0;
	for (const [from, to] of [...(marks ?? [])].sort((a, b) => a[0] - b[0])) {
		const a = units(text, from);
		const b = units(text, to);
		if (a < at)
			continue;
		parts.push(text.slice(at, a), html`<mark key=${a}>${text.slice(a, b)}</mark>`);
		at = b;
	}
	return html`<span class="excerpt">${parts}${text.slice(at)}</span>`;
}

const states = ["new", "working", "waiting", "hold", "closed", "error"];

function Results({ path, args }) {
	const found = useGet(path, null);
	const [more, setMore] = useState({ rows: [], before: undefined });
	const nameOf = useNames();
	const box = useWalk();
	useLayoutEffect(() => setMore({ rows: [], before: undefined }), [path]);
	const rows = [...(found.data?.tickets ?? []), ...more.rows];
	const before = more.before === undefined ? found.data?.before : more.before;
	useEffect(() => remember(rows.map((r) => r.ticket)), [rows.length, path]);
	const load = async () => {
		try {
			const page = await get(`${path}&before=${before}`);
			setMore({ rows: [...more.rows, ...page.tickets], before: page.before ?? null });
		} catch (e) {
			failed(e);
		}
	};
	return html`<${Read} of=${found}>${() => rows.length === 0
		? html`<${Empty} title=${t("search.none", { words: args.words })}>${t("search.none.more")}<//>`
		: html`<ul class="tickets results" ref=${box}>${rows.map((r) => html`<li key=${r.message} class="ticket">
			<div class="what"><a class="open" href=${"/tickets/" + r.ticket}>${r.subject || t("no.subject")}</a>
				<span class="from">${r.customer || r.from_name || r.from_address}</span> <${Of} window=${r.window} />
				<${Marked} text=${r.excerpt} marks=${r.marks} /></div>
			<span class="whose">${nameOf(r.assignee)}</span><${State} of=${r.state} closing=${r.closing} />
			<span class="age"><${Ago} at=${r.received_s} /></span><span class="number">${r.ticket}</span></li>`)}</ul>
			${before && html`<p class="row center"><${Button} onClick=${load}>${t("more")}<//></p>`}`}<//>`;
}

export function Search({ args }) {
	const [words, setWords] = useState(args.words ?? "");
	const field = useRef();
	const { data: windows } = useGet("/windows", null);
	const { data: people } = useGet("/users", null);
	const logins = [...new Map((people?.users ?? []).map((u) => [u.login, u.name])).entries()];
	useEffect(() => {
		document.title = `${t("nav.search")} – ${t("app.name")}`;
		if (!args.words)
			field.current?.focus();
	}, []);
	const search = (more = {}) => {
		const next = { ...args, words: words.trim(), ...more };
		if (next.words)
			go(query("/search", next));
	};
	const pick = (name) => (e) => search({ [name]: e.target.value });
	const path = args.words && query("/search", { words: args.words, state: args.state, window: args.window,
		assignee: args.assignee, from: args.from, to: args.to, limit: 50 });
	return html`<${Head} title=${t("nav.search")} />
		<form class="searching" role="search" onSubmit=${(e) => { e.preventDefault(); search(); }}>
			<input ref=${field} type="search" value=${words} aria-label=${t("search.words")} placeholder=${t("search.hint")}
				onInput=${(e) => setWords(e.target.value)}
				onKeyDown=${(e) => e.key === "Escape" && field.current.blur()} />
			<button type="submit" class="button main"><span>${t("search.do")}</span></button>
			<label class="inline">${t("state")} <select value=${args.state ?? ""} onChange=${pick("state")}>
				<option value="">${t("all")}</option>${states.map((s) => html`<option key=${s} value=${s}>${t("state." + s)}</option>`)}</select></label>
			<label class="inline">${t("assignee")} <select value=${args.assignee ?? ""} onChange=${pick("assignee")}>
				<option value="">${t("all")}</option>${logins.map(([l, n]) => html`<option key=${l} value=${l}>${n}</option>`)}</select></label>
			${windows?.windows.length > 1 && html`<label class="inline">${t("window")} <select value=${args.window ?? ""} onChange=${pick("window")}>
				<option value="">${t("all")}</option>${windows.windows.map((w) => html`<option key=${w.window} value=${w.window}>${w.name}</option>`)}</select></label>`}
			<label class="inline">${t("search.from")} <input type="date" value=${args.from ?? ""} onChange=${pick("from")} /></label>
			<label class="inline">${t("search.to")} <input type="date" value=${args.to ?? ""} onChange=${pick("to")} /></label>
		</form>
		${/^\d{1,18}$/.test(args.words ?? "") && html`<p><a class="button" href=${"/tickets/" + args.words}>${t("search.number", { n: args.words })}</a></p>`}
		${path ? html`<${Results} path=${path} args=${args} />` : html`<${Empty} title=${t("search.begin")}>${t("search.begin.more")}<//>`}`;
}
