/* What can be done with a ticket: the same list makes buttons, menu and keys. */
import { html } from "../lib/html.js";
import { get, post } from "../lib/api.js";
import { t } from "../lib/i18n.js";
import { me } from "../lib/me.js";
import { Ask } from "../part/dialog.js";
import { go } from "../lib/route.js";
import { attempt, toast } from "../part/toast.js";
import { closings, unhold } from "./bulk.js";

const undo = (ticket, reload) => ({ undo: { run: () => attempt(() => post(`/tickets/${ticket}/undo`), t("done.undone")).then(reload) } });

const reopen = ({ ticket, reload }) => attempt(() => post(`/tickets/${ticket.ticket}/reopen`), t("done.reopened")).then(reload);

function asks({ ticket, reload }) {
	const n = ticket.ticket;
	const at = `/tickets/${n}`;
	const act = (path, args, text, more) => post(`${at}/${path}`, args).then(() => {
		toast(text, more);
		return reload();
	});
	return {
		close: { title: t("do.close"), yes: t("do.close"),
			fields: [{ name: "kind", label: t("closing"), type: "choice", value: "no_reply", options: closings.map((c) => [c, t("closing." + c)]) }],
			run: (v) => act("close", v, t("done.closed"), { undo: { run: () => reopen({ ticket, reload }) } }) },
		hold: { title: t("do.hold"), yes: t("do.hold"), text: t("hold.text"),
			fields: [{ name: "reason", label: t("hold.reason"), need: true },
				{ name: "customer", label: t("hold.customer"), type: "checkbox", value: false }],
			run: (v) => act("hold", v, t("done.held"), { undo: { run: () => attempt(() => unhold(n, ticket.assignee), t("done.undone")).then(reload) } }) },
		promise: { title: t("do.promise"), yes: t("do.promise"),
			fields: [{ name: "due", label: t("promise.due"), need: true, hint: t("submit.at.hint") }],
			run: (v) => act("promise", v, t("done.promised")) },
		merge: { title: t("do.merge"), yes: t("do.merge"), text: t("merge.text"),
			fields: [{ name: "into", label: t("merge.into"), need: true, inputmode: "numeric", pattern: "[0-9]+" }],
			run: async (v) => {
				await post(`${at}/merge`, { into: Number(v.into) });
				toast(t("done.merged", { n: v.into }), undo(n, () => go(at)));
				go(`/tickets/${v.into}`, { replace: true });
			} },
		link: { title: t("do.link"), yes: t("do.link"),
			fields: [{ name: "other", label: t("link.other"), need: true, inputmode: "numeric", pattern: "[0-9]+" }],
			run: (v) => act("link", { other: Number(v.other) }, t("done.linked", { n: v.other }), undo(n, reload)) },
		split: { title: t("do.split"), yes: t("do.split"), text: t("split.text"),
			fields: [{ name: "message", label: t("split.message"), type: "choice", value: String(ticket.messages.at(-1)?.id),
				options: ticket.messages.filter((m) => m.direction === "in").map((m) => [String(m.id), `${m.from_name || m.from_address}: ${m.subject || m.text.slice(0, 30)}`]) },
			{ name: "subject", label: t("mail.subject") }],
			run: (v) => act("split", { message: Number(v.message), ...(v.subject && { subject: v.subject }) }, t("done.split"), undo(n, reload)) },
		labels: { title: t("do.labels"), yes: t("save.now"), text: t("labels.text"),
			fields: [{ name: "labels", label: t("labels"), value: ticket.labels.map((l) => l.label).join(" ") }],
			run: (v) => {
				const had = ticket.labels.map((l) => l.label);
				const want = [...new Set(v.labels.split(/[\s,、]+/).filter(Boolean))];
				const add = want.filter((l) => !had.includes(l));
				const remove = had.filter((l) => !want.includes(l));
				return add.length || remove.length ? act("labels", { add, remove }, t("done.saved")) : Promise.resolve();
			} },
		spam: { title: t("do.spam"), yes: t("do.spam"), kind: "danger", text: t("spam.text"),
			fields: [{ name: "domain", label: t("spam.domain"), type: "checkbox", value: false }],
			run: (v) => act("spam", v.domain ? { domain: true } : {}, t("done.spam")) },
		inquiry: { title: t("do.inquiry"), yes: t("inquiry.begin"), text: t("inquiry.text"),
			fields: [{ name: "to", label: t("mail.to"), type: "email", need: true },
				{ name: "subject", label: t("mail.subject"), need: true, value: ticket.subject },
				{ name: "body", label: t("inquiry.body"), type: "area" }],
			run: async (v) => {
				const r = await post(`${at}/inquiries`, { to: v.to, subject: v.subject, ...(v.body && { body: v.body }) });
				toast(t("done.inquiry"));
				go(`/tickets/${r.ticket}`);
			} },
		customer: { title: t("do.customer"), yes: t("save.now"),
			fields: [{ name: "name", label: t("customer.name"), value: ticket.customer ?? "" }, { name: "address", label: t("customer.address"), type: "email" }],
			run: (v) => act("customer", { ...(v.name && { name: v.name }), ...(v.address && { address: v.address }) }, t("done.saved")) },
	};
}

export function ticketActions(page) {
	const { ticket, reload, reply, setDialog, writer } = page;
	const n = ticket.ticket;
	const closed = ticket.state === "closed" || ticket.state === "merged";
	const mine = ticket.assignee === me.get().login;
	const all = asks(page);
	const shut = () => setDialog(null);
	const ask = (name) => () => setDialog(html`<${Ask} ...${all[name]} close=${shut} />`);
	const assign = async () => {
		const { users } = await get("/users");
		const people = [...new Map(users.filter((u) => !u.disabled && (u.admin || u.window === ticket.window && u.role !== "viewer"))
			.map((u) => [u.login, u.name])).entries()];
		setDialog(html`<${Ask} title=${t("do.assign")} yes=${t("do.assign")} close=${shut}
			fields=${[{ name: "to", label: t("assignee"), type: "choice", value: ticket.assignee ?? people[0]?.[0], options: people }]}
			run=${(v) => post(`/tickets/${n}/assign`, v).then(() => { toast(t("done.assigned")); return reload(); })} />`);
	};
	const take = () => attempt(() => post(`/tickets/${n}/assign`, { to: me.get().login }), t("done.taken", { n })).then(reload);
	const release = () => attempt(() => post(`/tickets/${n}/assign`), t("done.released")).then(reload);
	const again = () => ticket.state === "hold"
		? attempt(() => post(`/tickets/${n}/assign`, { to: ticket.assignee ?? me.get().login }), t("done.reopened")).then(reload)
		: reopen(page);
	const high = ticket.priority > 0;
	const prefer = () => attempt(() => post(`/tickets/${n}/priority`, { level: high ? "normal" : "high" }), t("done.saved")).then(reload);
	const take_back = () => attempt(() => post(`/tickets/${n}/undo`), t("done.undone")).then(reload);

	const keys = writer ? [
		!mine && { key: "a", label: t("do.take"), run: take },
		{ key: "shift+a", label: t("do.assign"), run: () => attempt(assign) },
		{ key: "r", label: t("do.reply"), run: reply },
		!closed && ticket.state !== "hold" && { key: "h", label: t("do.hold"), run: ask("hold") },
		!closed && { key: "e", label: t("do.close"), run: ask("close") },
		(closed || ticket.state === "hold") && { key: "o", label: t("do.reopen"), run: again },
		!closed && { key: "p", label: t("do.promise"), run: ask("promise") },
		{ key: "l", label: t("do.labels"), run: ask("labels") },
		{ key: "i", label: t("do.inquiry"), run: ask("inquiry") },
		{ key: "z", label: t("undo"), run: take_back, on: ticket.steps?.length > 0 },
	].filter(Boolean) : [];
	const buttons = writer ? [
		!mine && { label: t("do.take"), icon: "user", key: "a", run: take },
		!closed && ticket.state !== "hold" && { label: t("do.hold"), key: "h", run: ask("hold") },
		!closed && { label: t("do.close"), key: "e", run: ask("close") },
		(closed || ticket.state === "hold") && { label: t("do.reopen"), key: "o", run: again },
	].filter(Boolean) : [];
	const menu = [
		...(writer ? [
			{ label: t("do.assign"), icon: "people", keys: "shift+a", run: () => attempt(assign) },
			mine && { label: t("do.release"), run: release },
			!closed && { label: t("do.promise"), icon: "clock", keys: "p", run: ask("promise") },
			{ label: t("do.labels"), icon: "tag", keys: "l", run: ask("labels") },
			{ label: high ? t("do.normal") : t("do.prefer"), icon: "star", run: prefer },
			{ label: t("do.inquiry"), icon: "send", keys: "i", run: ask("inquiry") },
			{ label: t("do.customer"), icon: "user", run: ask("customer") },
			null,
			!closed && { label: t("do.merge"), run: ask("merge") },
			ticket.messages.length > 1 && { label: t("do.split"), run: ask("split") },
			{ label: t("do.link"), icon: "link", run: ask("link") },
			ticket.steps?.length > 0 && { label: t("undo"), keys: "z", run: take_back },
			{ label: t("do.spam"), icon: "alert", kind: "danger", run: ask("spam") },
			null] : []),
		{ label: t("do.print"), icon: "print", run: () => print() },
	].filter((x) => x !== false);
	return { keys, buttons, menu };
}
