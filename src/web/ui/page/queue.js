/* The queue: what is due first stands first. */
import { html, cls, useEffect, useLayoutEffect, useRef, useState } from "../lib/html.js";
import { get, post, query, useGet } from "../lib/api.js";
import { t, tc } from "../lib/i18n.js";
import { useKeys } from "../lib/keys.js";
import { can, me } from "../lib/me.js";
import { usePages } from "../lib/pages.js";
import { useNames } from "../lib/people.js";
import { go } from "../lib/route.js";
import { Ago, Button, Due, Empty, Head, Of, Pill, Read, State } from "../part/basic.js";
import { remember, useWalk } from "../part/list.js";
import { announce, attempt } from "../part/toast.js";
import { Bulk } from "./bulk.js";
import { Memo } from "./memo.js";

const LIMIT = 100;

/* Trays: what the list asks for. */
const trays = [
	{ id: "new", args: { state: "new" } },
	{ id: "mine", args: () => ({ assignee: me.get().login }) },
	{ id: "returned", args: { state: "returned" } },
	{ id: "hold", args: { state: "hold" } },
	{ id: "waiting", args: { state: "waiting" } },
	{ id: "open", args: {} },
	{ id: "error", args: { state: "error" } },
	{ id: "closed", args: { state: "closed" } },
];

function Row({ row, picked, pick }) {
	const nameOf = useNames();
	const title = row.subject || t("no.subject");
	return html`<li class=${cls("ticket", row.state, picked && "picked")} data-ticket=${row.ticket}>
		<input type="checkbox" checked=${picked} onChange=${pick} aria-label=${t("pick", { n: row.ticket })} />
		<${Due} at=${row.state === "closed" ? null : row.due_s} />
		<div class="what">
			<a class="open" href=${"/tickets/" + row.ticket}>${title}</a>
			<span class="from">${row.customer || t("no.name")}</span>
			<${Of} window=${row.window} />
			${row.badges.map((b) => html`<${Pill} key=${b} kind="note">${tc("badge", b)}<//>`)}
			${row.harassment && html`<${Pill} kind="bad">${t("harassment")}<//>`}
			${row.temperature >= 3 && html`<${Pill} kind="bad" title=${t("temperature")}>${t("hot")}<//>`}
			${row.draft_state && html`<${Pill} kind=${row.draft_state === "returned" ? "bad" : ""}>${tc("draft", row.draft_state)}<//>`}
		</div>
		<span class="category">${row.category}</span>
		<span class="whose">${row.assignee ? row.assignee === me.get().login ? t("me") : nameOf(row.assignee) : ""}</span>
		<${State} of=${row.state} closing=${row.closing} />
		<span class="age"><${Ago} at=${row.inbound_s} /></span>
		<span class="number">${row.ticket}</span>
	</li>`;
}

/* An empty desk: nothing comes as long as no mailbox is read. */
function NoMail({ tray }) {
	const { data } = useGet(tray === "new" ? "/mailboxes" : null);
	if (data?.mailboxes.length !== 0)
		return html`<${Empty} title=${t("empty." + tray)}>${tray === "new" ? t("empty.new.more") : ""}<//>`;
	return html`<${Empty} title=${t("empty.mailboxes")}>${can("admin")
		? html`<a href="/admin/mailboxes">${t("empty.mailboxes.add")}</a>` : t("empty.mailboxes.ask")}<//>`;
}

export function Queue({ args }) {
	const tray = trays.find((x) => x.id === args.tray) ?? trays[0];
	const [picked, setPicked] = useState(new Set());
	const [memo, setMemo] = useState(false);
	const wanted = typeof tray.args === "function" ? tray.args() : tray.args;
	const path = query("/tickets", { ...wanted, window: args.window, limit: LIMIT });
	const list = useGet(path);
	const { rows, next, load } = usePages(path, list.data, "tickets", "after");
	const { data: windows } = useGet("/windows", null);
	useLayoutEffect(() => setPicked(new Set()), [path]);
	const seen = useRef({});
	useEffect(() => {
		if (!list.data)
			return;
		const last = (r) => r.inbound_s ?? 0;
		const newest = Math.max(0, ...list.data.tickets.map(last));
		const { of, until } = seen.current;
		const come = of === path ? list.data.tickets.filter((r) => last(r) > until) : [];
		seen.current = { of: path, until: Math.max(newest, of === path ? until : 0) };
		if (come.length)
			announce(t("queue.came", { n: come.length, subject: come[0].subject || t("no.subject") }));
	}, [list.data]);
	useEffect(() => {
		document.title = `${t("tray." + tray.id)} – ${t("app.name")}`;
		if (list.data)
			remember(rows.map((r) => r.ticket));
	}, [list.data, rows.length]);

	const toggle = (n) => setPicked((was) => {
		const now = new Set(was);
		if (!now.delete(n))
			now.add(n);
		return now;
	});
	const take = (row) => {
		const n = Number(row.dataset.ticket);
		attempt(() => post(`/tickets/${n}/assign`, { to: me.get().login }), t("done.taken", { n }));
	};
	const box = useWalk([
		{ key: "x", label: t("keys.pick"), run: (row) => toggle(Number(row.dataset.ticket)) },
		can("operator") && { key: "a", label: t("do.take"), run: take },
	]);
	const next_one = () => attempt(async () => {
		const { ticket } = await post("/queue/next", args.window ? { window: args.window } : {});
		go(`/tickets/${ticket}`);
	});
	useKeys(can("operator") ? [
		{ key: "n", label: t("queue.next"), run: next_one },
		{ key: "c", label: t("memo.title"), run: () => setMemo(true) },
	] : []);
	const show = (more) => go(query("/queue", { tray: tray.id, window: args.window, ...more }));
	useKeys(trays.map((x, i) => ({ key: String(i + 1), label: t("tray." + x.id), run: () => show({ tray: x.id }) })));

	return html`
		<${Head} title=${t("nav.queue")}>
			${can("operator") && html`<${Button} icon="next" keys="n" onClick=${next_one}>${t("queue.next")}<//>
				<${Button} icon="phone" keys="c" onClick=${() => setMemo(true)}>${t("memo.title")}<//>`}
			${windows?.windows.length > 1 && html`<label class="inline">${t("window")}
				<select value=${args.window ?? ""} onChange=${(e) => show({ window: e.target.value })}>
					<option value="">${t("all")}</option>
					${windows.windows.map((w) => html`<option key=${w.window} value=${w.window}>${w.name}</option>`)}
				</select></label>`}
		<//>
		<nav class="tabs" aria-label=${t("trays")}>${trays.map((x) => html`
			<a key=${x.id} href=${query("/queue", { tray: x.id, window: args.window })}
				aria-current=${x === tray ? "page" : null}>${t("tray." + x.id)}${x === tray && list.data
					? html`<b class="count">${rows.length}${next ? "+" : ""}<span class="unseen">${t("count.items", { n: rows.length })}</span></b>` : ""}</a>`)}
		</nav>
		${memo && html`<${Memo} windows=${windows?.windows ?? []} close=${() => setMemo(false)} />`}
		${picked.size > 0 && html`<${Bulk} rows=${rows.filter((r) => picked.has(r.ticket))} done=${() => setPicked(new Set())} />`}
		<${Read} of=${list} lines=${8}>${() => rows.length === 0
			? html`<${NoMail} tray=${tray.id} />`
			: html`<ul class="tickets" ref=${box}>${rows.map((r) => html`
				<${Row} key=${r.ticket} row=${r} picked=${picked.has(r.ticket)} pick=${() => toggle(r.ticket)} />`)}</ul>
				${next && html`<p class="row center"><${Button} onClick=${load}>${t("more")}<//></p>`}`}<//>`;
}
