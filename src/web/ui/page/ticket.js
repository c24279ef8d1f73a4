/* One inquiry: the conversation on one side, the reply on the other. */
import { html, cls, useEffect, useRef, useState } from "../lib/html.js";
import { call, get, post, useGet } from "../lib/api.js";
import { t, tc } from "../lib/i18n.js";
import { useKeys } from "../lib/keys.js";
import { can, me } from "../lib/me.js";
import { useNames } from "../lib/people.js";
import { go } from "../lib/route.js";
import { Button, Due, Of, Pill, Read, State, When } from "../part/basic.js";
import { Menu } from "../part/dialog.js";
import { neighbour, position } from "../part/list.js";
import { PickTemplate, Suggestions } from "../part/suggest.js";
import { Thread } from "../part/thread.js";
import { attempt, failed, toast } from "../part/toast.js";
import { Composer, DraftState } from "./compose.js";
import { Side } from "./side.js";
import { ticketActions } from "./ticket_do.js";

const isOpen = (d) => d.state === "editing" || d.state === "returned";
const isLive = (d) => d.state !== "sent" && d.state !== "cancelled";

/* Who writes just now, unless it is us. */
function Lock({ ticket, take }) {
	const other = ticket.lock.find((l) => l.login !== me.get().login);
	return other ? html`<div class="notice warn" role="status">
		<p>${t("lock.by", { name: other.name })}</p>
		${take && html`<${Button} onClick=${take}>${t("do.takeover_edit")}<//>`}</div>` : null;
}

function Offers({ ticket, reload }) {
	const decide = (o, what) => attempt(() => post(`/offers/${o.offer}/${what}`)).then(reload);
	return (ticket.offers ?? []).map((o) => html`<div key=${o.offer} class="notice info">
		<p>${t("offer." + o.kind, { ticket: o.ticket })} <small>${tc("reason", o.reason)}</small></p>
		<div class="row"><${Button} onClick=${() => decide(o, "accept")}>${t("offer.accept")}<//>
			<${Button} kind="plain" onClick=${() => decide(o, "dismiss")}>${t("offer.dismiss")}<//></div></div>`);
}

function Bounced({ list }) {
	return list.length ? html`<div class="notice bad" role="status"><p><strong>${t("undelivered")}</strong></p>
		${list.map((u) => html`<p key=${u.outbox + u.address}>${u.address} – ${tc("undelivered", u.kind)} <small>${u.text}</small></p>`)}</div>` : null;
}

/* 照会: who was asked, and what they said. */
function Asked({ thread }) {
	const { data } = useGet(`/tickets/${thread.ticket}`, [thread.ticket]);
	const answer = data?.messages.findLast((m) => m.direction === "in");
	return html`<div class="notice info"><p class="row"><strong>${t(answer ? "inquiry.answered" : "inquiry.waiting")}</strong>
			<a href=${"/tickets/" + thread.ticket}>${thread.ticket} ${thread.subject}</a><small>${thread.to}</small></p>
		${answer && html`<details class="folded" open><summary>${answer.from_name || answer.from_address} <small><${When} at=${answer.received_s} /></small></summary>
			<div class="mailtext">${answer.text || t("mail.empty")}</div></details>`}</div>`;
}

/* Puts a template to use: a new draft, the text of the one that is there, or into it. */
function useTemplates(ticket, draft, tools, reload) {
	const begin = async (args) => {
		try {
			await post(`/tickets/${ticket.ticket}/drafts`, args);
		} catch (e) {
			if (e.code !== "exists")
				throw e;
			toast(e.message);
		}
		await reload();
	};
	const known = () => Object.fromEntries(ticket.facts.filter((f) => f.state !== "refused" && !f.conflict)
		.map((f) => [f.slot, f.value]).reverse());
	const use = async (id) => {
		try {
			if (!draft)
				return await begin({ template: id });
			const was = tools.current.text();
			if (tools.current.pristine() && !tools.current.files().length) {
				await tools.current.save();
				await call("DELETE", `/drafts/${draft.draft}`);
				return await begin({ template: id });
			}
			const slots = encodeURIComponent(JSON.stringify(known()));
			const { body } = await get(`/templates/${encodeURIComponent(id)}/preview?slots=${slots}`);
			tools.current.insert(body);
			if (!was)
				return undefined;
		} catch (e) {
			failed(e);
		}
		return undefined;
	};
	return { begin, use };
}

function Head({ ticket, act, leave }) {
	const at = position(ticket.ticket);
	const nameOf = useNames();
	const closed = ticket.state === "closed";
	return html`<header class="tickethead">
		<div class="row">
			<${Button} kind="plain" icon="back" label=${t("back")} onClick=${leave} />
			<span class="number">${ticket.ticket}</span>
			<${State} of=${ticket.state} closing=${ticket.closing} />
			${!closed && html`<${Due} at=${ticket.due_s} long />`}
			<${Of} window=${ticket.window} />
			${ticket.hold_reason && html`<${Pill} title=${ticket.hold_reason}>${ticket.hold_reason}<//>`}
			${ticket.harassment && html`<${Pill} kind="bad">${t("harassment")}<//>`}
			${ticket.temperature >= 3 && html`<${Pill} kind="bad">${t("hot")}<//>`}
			${ticket.priority > 0 && html`<${Pill} kind="bad">${t("priority.high")}<//>`}
			${ticket.labels.map((l) => html`<${Pill} key=${l.label} kind="label">${l.label}<//>`)}
			<span class="gap"></span>
			${at && html`<span class="walk"><small>${at.at} / ${at.n}</small>
				<${Button} kind="plain" icon="back" label=${t("ticket.before")} onClick=${() => act.step(-1)} />
				<${Button} kind="plain" icon="next" label=${t("ticket.after")} onClick=${() => act.step(1)} /></span>`}
		</div>
		<div class="row">
			<h1 tabindex="-1">${ticket.subject || t("no.subject")}</h1>
			<span class="gap"></span>
			<span class="whose">${ticket.assignee ? t("assigned", { name: ticket.assignee === me.get().login ? t("me") : nameOf(ticket.assignee) }) : t("unassigned")}</span>
			${act.buttons.map((b) => html`<${Button} key=${b.label} kind=${b.kind} icon=${b.icon} keys=${b.key} onClick=${b.run}>${b.label}<//>`)}
			<${Menu} label=${t("menu")} items=${act.menu} />
		</div>
	</header>`;
}

function Page({ ticket, reload, news }) {
	const [dialog, setDialog] = useState(null);
	const [picking, setPicking] = useState(false);
	const tools = useRef(null);
	const say = useRef();
	tools.reload = reload;
	const live = ticket.drafts.filter(isLive);
	const draft = live.find(isOpen);
	const writer = can("operator", ticket.window);
	const { begin, use } = useTemplates(ticket, draft, tools, reload);
	const reply = () => draft ? tools.current?.focus() : attempt(() => begin({}));
	const leave = () => history.length > 1 ? history.back() : go("/queue");
	const step = (n) => {
		const to = neighbour(ticket.ticket, n);
		if (to)
			go(`/tickets/${to}`);
	};
	const act = { step, ...ticketActions({ ticket, reload, reply, draft, setDialog, writer }) };
	const pick = () => setPicking(true);
	const candidates = ticket.suggestions ?? [];
	const canStart = writer && !live.length;
	useKeys([
		{ key: "j", label: t("ticket.after"), run: () => step(1) },
		{ key: "k", label: t("ticket.before"), run: () => step(-1) },
		{ key: "b", label: t("back"), run: leave },
		...act.keys,
		writer && { key: "m", label: t("comment.write"), run: () => say.current?.focus() },
		writer && { key: "t", label: t("templates.all"), run: pick },
		...(writer && (canStart || draft) ? candidates.slice(0, 8).map((c, i) => ({ key: [`alt+${i + 1}`, String(i + 1)],
			label: i ? "" : t("suggest.key"), run: () => use(c.id) })) : []),
	]);
	useEffect(() => {
		/* who was mentioned here has seen it now */
		if (ticket.comments.some((c) => c.text.includes("@" + me.get().login)))
			post(`/tickets/${ticket.ticket}/seen`).catch(() => {});
	}, [ticket.ticket, ticket.comments.length]);
	useEffect(() => {
		document.title = `${ticket.ticket} ${ticket.subject || t("no.subject")} – ${t("app.name")}`;
	}, [ticket.ticket, ticket.subject]);
	const takeover = draft && (() => attempt(() => post(`/drafts/${draft.draft}/lock/takeover`)).then(reload));
	return html`<div class="ticketpage">
		<${Head} ticket=${ticket} act=${act} leave=${leave} />
		<div class="columns">
			<div class="left">
				<${Offers} ticket=${ticket} reload=${reload} />
				${(ticket.side_threads ?? []).filter((s) => s.state !== "closed" || ticket.state !== "closed").map((s) => html`<${Asked} key=${s.ticket} thread=${s} />`)}
				<${Bounced} list=${ticket.undelivered} />
				<${Thread} ticket=${ticket} reload=${reload} say=${writer ? say : null} />
			</div>
			<div class=${cls("right", draft && "writing")}>
				<${Lock} ticket=${ticket} take=${writer && takeover} />
				${live.filter((d) => !isOpen(d)).map((d) => html`<${DraftState} key=${d.draft} ticket=${ticket} draft=${d} reload=${reload} />`)}
				${draft && writer && html`<${Composer} key=${draft.draft} id=${draft.draft} ticket=${ticket} tools=${tools} changed=${news}
					pickers=${[{ label: t("templates.all"), icon: "book", run: pick }]} />`}
				${canStart && html`<p class="row"><${Button} kind="main" icon="reply" keys="r" onClick=${reply}>${t("do.reply")}<//></p>`}
				<${Side} ticket=${ticket} reload=${reload} suggestions=${writer && (canStart || draft)
					? html`<${Suggestions} list=${candidates} use=${use} pick=${pick} />` : null} />
			</div>
		</div>
		${picking && html`<${PickTemplate} window=${ticket.window} use=${use} close=${() => setPicking(false)} />`}
		${dialog}
	</div>`;
}

export function Ticket({ ticket }) {
	const one = useGet(`/tickets/${encodeURIComponent(ticket)}`, [Number(ticket)]);
	const number = one.data?.ticket;
	useEffect(() => {
		/* put into another: that is the one to follow */
		if (number && number !== Number(ticket))
			go(`/tickets/${number}`, { replace: true });
	}, [number]);
	return html`<${Read} page of=${one} lines=${8}>${(data) => html`
		<${Page} key=${data.ticket} ticket=${data} reload=${one.reload} news=${data} />`}<//>`;
}
