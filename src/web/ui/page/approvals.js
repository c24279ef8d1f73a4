/* The lead's desk: what waits, and one reply beside the customer's mail. */
import { html, useEffect, useLayoutEffect, useRef, useState } from "../lib/html.js";
import { get, post, useGet } from "../lib/api.js";
import { t, tc } from "../lib/i18n.js";
import { useKeys } from "../lib/keys.js";
import { me } from "../lib/me.js";
import { wayBack } from "../lib/outbox.js";
import { useNames } from "../lib/people.js";
import { go, onLeave } from "../lib/route.js";
import { addressText, oneAddress, placed } from "../lib/text.js";
import { Approvers } from "../part/approvers.js";
import { Ago, Button, Due, Empty, Head, Of, Pill, Read, When, size } from "../part/basic.js";
import { Counts, Findings } from "../part/check.js";
import { Ask } from "../part/dialog.js";
import { Editor } from "../part/editor.js";
import { Icon } from "../part/icon.js";
import { useWalk } from "../part/list.js";
import { attempt, toast } from "../part/toast.js";
import { Scheduled, useReasons } from "./compose.js";

/* Why somebody has to look: codes, with commas between. */
const Care = ({ of }) => (of ?? "").split(",").filter(Boolean).map((c) =>
	html`<${Pill} key=${c} kind="bad">${tc("care", c)}<//>`);

export function Approvals() {
	const list = useGet("/approvals");
	const nameOf = useNames();
	const box = useWalk();
	useEffect(() => { document.title = `${t("nav.approvals")} – ${t("app.name")}`; }, []);
	return html`<${Head} title=${t("nav.approvals")} />
		<${Read} of=${list}>${({ approvals }) => approvals.length === 0
			? html`<${Empty} title=${t("approvals.none")}>${t("approvals.none.more")}<//>`
			: html`<ul class="tickets approvals" ref=${box}>${approvals.map((a) => html`<li key=${a.draft} class="ticket">
				<${Due} at=${a.due_s} />
				<div class="what"><a class="open" href=${"/approvals/" + a.draft}>${a.subject}</a>
					<${Of} window=${a.window} /><${Care} of=${a.care} />
					${a.escalated_s && html`<${Pill} kind="bad">${t("approval.escalated")}<//>`}</div>
				<span class="whose">${nameOf(a.requested_by)}</span>
				<span class="age"><${Ago} at=${a.asked_s} /></span>
				<span class="number">${a.ticket}</span></li>`)}</ul>`}<//>`;
}

const Diff = ({ parts }) => html`<div class="mailtext diff">${parts.map((p, i) => p.op === "+"
	? html`<ins key=${i}>${p.text}</ins>` : p.op === "-" ? html`<del key=${i}>${p.text}</del>` : p.text)}</div>`;

const differs = (parts) => parts?.some((p) => p.op === "+" || p.op === "-");

const picture = /^image\/(png|jpeg|gif|webp)$/i;

/* A file of the reply: to be opened before it is ticked. */
function File({ draft, f, ticked, tick }) {
	const [open, setOpen] = useState(false);
	const url = `/api/v1/drafts/${draft}/files/${f.upload}`;
	return html`<li><label><input type="checkbox" checked=${ticked} onChange=${tick} />
			<${Icon} name="clip" /> ${f.filename} <small>${size(f.bytes)}</small></label>
		<a href=${url} download=${f.filename} aria-label=${t("file.open.of", { name: f.filename })}>${t("file.open")}</a>
		${picture.test(f.media_type) && html`<${Button} kind="plain" aria-expanded=${open ? "true" : "false"} onClick=${() => setOpen(!open)}>${t("file.look")}<//>`}
		${open && html`<img class="looked" src=${url + "?show=1"} alt=${f.filename} />`}</li>`;
}

/* Who gets it and what goes along; what is new is ticked one by one. */
function Confirm({ of, draft, ticked, tick }) {
	const people = ["to", "cc", "bcc"].flatMap((role) => of[role].map((p) => ({ ...p, role })));
	return html`<div class="confirm"><h3>${t("confirm.title")}</h3><ul class="bare">
		${people.map((p) => {
			const key = p.role + p.address;
			const fresh = !p.known && !p.ours;
			const words = html`<span>${t("mail." + p.role)} ${oneAddress(p)}</span>`;
			return html`<li key=${key}>${fresh ? html`<label><input type="checkbox" checked=${ticked.has(key)} onChange=${() => tick(key)} /> ${words}
				<${Pill} kind="bad">${t("confirm.new")}<//></label>` : words}</li>`;
		})}
		${of.files.map((f, i) => html`<${File} key=${f.upload} draft=${draft} f=${f} ticked=${ticked.has("f" + i)} tick=${() => tick("f" + i)} />`)}
	</ul></div>`;
}

const toTick = (of) => [...["to", "cc", "bcc"].flatMap((r) => of[r].filter((p) => !p.known && !p.ours).map((p) => r + p.address)),
	...of.files.map((_, i) => "f" + i)];

const views = ["mail", "operator", "template"];

function Letter({ review, view, setView, findings }) {
	const has = { mail: true, operator: differs(review.diff_operator), template: differs(review.diff_template) };
	const shown = has[view] ? view : "mail";
	const m = review.mail;
	return html`
		<div class="tabs" role="group" aria-label=${t("review.views")}>${views.filter((v) => has[v]).map((v) => html`
			<button key=${v} type="button" aria-pressed=${shown === v ? "true" : "false"} onClick=${() => setView(v)}>${t("review." + v)}</button>`)}</div>
		${shown === "mail" ? html`<dl class="pairs tight">
				<div><dt>${t("mail.from")}</dt><dd>${m.from}</dd></div>
				<div><dt>${t("mail.to")}</dt><dd>${addressText(m.to)}</dd></div>
				${m.cc.length > 0 && html`<div><dt>${t("mail.cc")}</dt><dd>${addressText(m.cc)}</dd></div>`}
				<div><dt>${t("mail.subject")}</dt><dd>${m.subject}</dd></div></dl>
				<div class="mailtext letter">${m.text}</div>`
			: html`<${Diff} parts=${review["diff_" + shown]} />`}
		${findings.length > 0 ? html`<h3>${t("check.title")} <${Counts} of=${findings} /></h3>
			<${Findings} of=${findings} text=${review.body} />` : html`<p class="checked none">${t("check.none")}</p>`}`;
}

function Decide({ review, window, next }) {
	const [view, setView] = useState("mail");
	const [ticked, setTicked] = useState(new Set());
	const [body, setBody] = useState(null); /* 修正して承認 */
	const [ask, setAsk] = useState(null);
	const [busy, setBusy] = useState(false);
	const nameOf = useNames();
	const area = useRef();
	const reasons = useReasons();
	const path = `/drafts/${review.draft}`;
	const waits = review.state === "waiting";
	const asked = review.requests.at(-1);
	const own = review.revisions.at(-1)?.requested_by === me.get().login;
	const findings = placed(review.body, review.findings ?? []);
	const left = toTick(review.confirm).filter((k) => !ticked.has(k));
	const stale = review.mail?.state === "void";

	const done = (text, more) => {
		toast(text, more);
		next();
	};
	const changed = body !== null && body !== review.body;
	/* what is ticked was looked at as it was then */
	useLayoutEffect(() => setTicked(new Set()), [review.confirm.code]);
	const send = async (more) => {
		await post(`${path}/approve`, { confirm: review.confirm.code, ...(changed && { body }),
			...(stale ? { again: review.customer_mail[0].id } : { revision: review.mail.revision }), ...more });
		done(t(changed ? "done.corrected" : "done.approved"), wayBack(review.draft));
	};
	/* what is not as it was asked for is checked, and the findings are read first */
	const look = async () => {
		const r = await post(`${path}/check`, changed ? { body } : {});
		const found = r.findings.filter((f) => !(stale && f.rule === "guard.stale"));
		const bad = found.some((f) => f.severity === "error");
		if (!(changed ? r.code : bad))
			return send({});
		setAsk(html`<${Ask} title=${t("review.look")} yes=${t(changed ? "do.correct" : "do.approve_again")} close=${() => setAsk(null)}
			text=${html`<${Findings} of=${placed(r.body, found)} text=${r.body} />`}
			fields=${bad ? [{ name: "override", label: t("submit.override"), need: true, hint: t("submit.override.hint") }] : []}
			run=${(v) => send({ ...v, ...(r.code && { seen: r.code }) })} />`);
	};
	const approve = async () => {
		if (busy || left.length)
			return left.length && toast(t("confirm.first"), { kind: "error" });
		setBusy(true);
		await attempt(changed || stale ? look : () => send({}));
		setBusy(false);
	};
	const back = () => setAsk(html`<${Ask} title=${t("do.return")} yes=${t("do.return")} close=${() => setAsk(null)}
		fields=${[{ name: "code", label: t("return.code"), type: "choice", value: reasons?.[0].code,
			options: (reasons ?? []).map((r) => [r.code, `${r.code} ${r.text}`]) },
		{ name: "note", label: t("return.note"), type: "area", need: true, hint: t("return.hint") }]}
		run=${async (v) => { await post(`${path}/return`, v); done(t("done.returned")); }} />`);
	const take = () => attempt(() => post(`${path}/takeover`), t("done.takenover")).then((ok) => ok && go(`/tickets/${review.ticket}`));
	const edit = () => {
		setBody(body ?? review.body);
		setTimeout(() => area.current?.focus());
	};
	const drop = () => {
		const kept = body;
		setBody(null);
		if (kept !== review.body)
			toast(t("review.dropped"), { undo: { run: () => setBody(kept) } });
	};
	useEffect(() => onLeave(async () => !changed || confirm(t("leave.unsaved")), () => changed), [changed]);
	useKeys(waits || stale ? [
		{ key: "ctrl+enter", label: t("do.approve"), run: approve },
		{ key: "e", label: t("do.correct"), run: edit },
		{ key: "r", label: t("do.return"), run: back, on: waits },
		{ key: "w", label: t("do.takeover"), run: take, on: waits },
		{ key: "d", label: t("review.next"), run: () => setView(views[(views.indexOf(view) + 1) % views.length]) },
		{ key: "escape", run: drop, on: body !== null },
	] : []);
	const tick = (key) => setTicked((was) => {
		const now = new Set(was);
		if (!now.delete(key))
			now.add(key);
		return now;
	});
	return html`<section class="decide" aria-label=${t("review.reply")}>
		<p class="row"><strong>${tc("draft", review.state)}</strong>
			<${Care} of=${asked?.care} />
			<small>${t("review.by", { name: nameOf(review.revisions.at(-1)?.requested_by) })} <${When} at=${review.revisions.at(-1)?.requested_s} /></small></p>
		<${Scheduled} at=${review.not_before_s} />
		${asked?.comment && html`<p class="notice info said">${asked.comment}</p>`}
		${asked?.reason && html`<p class="notice warn">${t("review.override", { reason: asked.reason })}</p>`}
		${stale && html`<p class="notice warn" role="status">${t("review.stale")}</p>`}
		${body === null ? html`<${Letter} review=${review} view=${view} setView=${setView} findings=${findings} />`
			: html`<${Editor} area=${area} text=${body} label=${t("do.correct")} onText=${setBody} />`}
		<${Confirm} of=${review.confirm} draft=${review.draft} ticked=${ticked} tick=${tick} />
		${(waits || stale) && html`<div class="bar">
			<${Button} kind="main" icon="check" keys="ctrl+enter" busy=${busy} onClick=${approve}>${changed ? t("do.correct") : stale ? t("do.approve_again") : t("do.approve")}<//>
			${body === null ? html`<${Button} keys="e" onClick=${edit}>${t("do.correct")}<//>`
				: html`<${Button} keys="escape" onClick=${drop}>${t("cancel")}<//>`}
			${waits && html`<${Button} keys="r" kind="danger" onClick=${back}>${t("do.return")}<//>
			<${Button} keys="w" onClick=${take}>${t("do.takeover")}<//>`}
		</div>
		${own && html`<${Approvers} window=${window} author=${me.get().login} />`}`}
		${!waits && !stale && body !== null && html`<div class="bar"><${Button} onClick=${drop}>${t("cancel")}<//></div>`}
		${ask}
	</section>`;
}

/* What the reply answers; our mail before it is there to be unfolded. */
function Customer({ review }) {
	return html`<section class="thread" aria-label=${t("review.customer")}>${[...review.customer_mail].reverse().map((m) => m.direction === "out"
		? html`<details key=${m.id} class="folded"><summary>${t("review.ours")} <small><${When} at=${m.received_s} /></small></summary>
			<div class="mailtext">${m.text || t("mail.empty")}</div></details>`
		: html`<article key=${m.id} class="mail in"><header><span class="name">${m.from_name || m.from_address}</span>
			${m.from_name && html`<span class="address">${m.from_address}</span>`}<small><${When} at=${m.received_s} /></small></header>
			<div class="content"><p class="subject">${m.subject}</p><div class="mailtext">${m.text || t("mail.empty")}</div>
			${m.attachments > 0 && html`<p><a href=${"/tickets/" + review.ticket}><${Icon} name="clip" /> ${t("files.n", { n: m.attachments })}</a></p>`}</div>
		</article>`)}</section>`;
}

export function Review({ draft }) {
	const one = useGet(`/drafts/${draft}/review`);
	const waiting = useGet("/approvals");
	const list = (waiting.data?.approvals ?? []).map((a) => a.draft);
	const at = list.indexOf(Number(draft));
	const step = (n) => {
		const to = list[at + n];
		if (to)
			go("/approvals/" + to);
	};
	/* decided: on to the one that follows, or back to the list */
	const next = async () => {
		const { approvals } = await get("/approvals").catch(() => ({ approvals: [] }));
		const rest = approvals.map((a) => a.draft).filter((d) => d !== Number(draft));
		go(rest.length ? "/approvals/" + (rest[Math.min(Math.max(at, 0), rest.length - 1)]) : "/approvals", { replace: true });
	};
	useKeys([
		{ key: "j", label: t("ticket.after"), run: () => step(1) },
		{ key: "k", label: t("ticket.before"), run: () => step(-1) },
		{ key: "b", label: t("back"), run: () => go("/approvals") },
	]);
	useEffect(() => { document.title = `${t("nav.approvals")} ${draft} – ${t("app.name")}`; }, [draft]);
	return html`<${Read} page of=${one} lines=${8}>${(review) => html`<div class="ticketpage">
		<header class="tickethead"><div class="row">
			<a class="button plain only-icon" href="/approvals" aria-label=${t("back")}><${Icon} name="back" /></a>
			<a class="number" href=${"/tickets/" + review.ticket}>${review.ticket}</a>
			${review.clocks[0] && html`<${Due} at=${review.clocks[0].due_s} long />`}
			<span class="gap"></span>${at >= 0 && html`<small>${at + 1} / ${list.length}</small>`}</div>
			<div class="row"><h1 tabindex="-1">${review.subject}</h1></div></header>
		<div class="columns even"><div class="left"><h2>${t("review.customer")}</h2><${Customer} review=${review} /></div>
			<div class="right"><h2>${t("review.reply")}</h2><${Decide} key=${draft} review=${review} window=${waiting.data?.approvals[at]?.window} next=${next} /></div></div>
	</div>`}<//>`;
}
