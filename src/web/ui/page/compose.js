/* Writing a reply: the text, what was found in it, asking for approval. */
import { html, cls, useEffect, useRef, useState } from "../lib/html.js";
import { call, get, post } from "../lib/api.js";
import { useDraft } from "../lib/draft.js";
import { t, tc } from "../lib/i18n.js";
import { useKeys } from "../lib/keys.js";
import { me } from "../lib/me.js";
import { useNow } from "../lib/now.js";
import { cancelSending } from "../lib/outbox.js";
import { useNames } from "../lib/people.js";
import { onLeave } from "../lib/route.js";
import { slots } from "../lib/text.js";
import { Approvers } from "../part/approvers.js";
import { Button, Failed, Loading, Pill, When } from "../part/basic.js";
import { Counts, Findings } from "../part/check.js";
import { Menu } from "../part/dialog.js";
import { Editor, selectSlot, typeOver } from "../part/editor.js";
import { slotName } from "../part/slots.js";
import { DraftFiles, useDrop, useUpload } from "../part/files.js";
import { attempt, failed, toast } from "../part/toast.js";
import { Submit } from "./submit.js";

const nexts = ["closed", "waiting", "working"];

function Status({ of, retry }) {
	const kind = of.status;
	return html`<span class=${"saving " + kind} role="status">${t("save." + kind)}
		${kind === "failed" && html` <${Button} kind="plain" onClick=${retry}>${t("retry")}<//>`}</span>`;
}

/* Values of the mail that fit the slot where the caret stands. */
function SlotBar({ text, caret, facts, area }) {
	const open = slots(text);
	const at = open.find((s) => s.start <= caret && caret <= s.end);
	if (!open.length)
		return null;
	const values = at ? [...new Set(facts.filter((f) => f.slot === at.name && f.state !== "refused").map((f) => f.value))].slice(0, 3) : [];
	return html`<div class="slotbar">
		<span aria-live="polite">${at ? html`${t("slot.at")} <strong>${slotName(at.name)}</strong>` : t("slot.open", { n: open.length })}</span>
		${values.map((v) => html`<${Button} key=${v} onClick=${() => { typeOver(area.current, at.start, at.end, v); selectSlot(area.current); }}>${t("slot.put", { value: v })}<//>`)}
		<${Button} kind="plain" onClick=${() => selectSlot(area.current)}>${t("slot.next")} <kbd aria-hidden="true">Tab</kbd><//>
	</div>`;
}

/* Somebody else has it, or changed it meanwhile. */
function Conflict({ of, theirs, take }) {
	return html`<div class="notice warn" role="alert">
		<p>${of.error.message}</p>
		<div class="row">
			<${Button} onClick=${theirs}>${t("conflict.theirs")}<//>
			<${Button} onClick=${take}>${t("do.takeover_edit")}<//>
		</div></div>`;
}

function Returned({ draft, reasons }) {
	if (draft.state !== "returned" && !draft.return_note)
		return null;
	return html`<div class="notice bad"><p><strong>${t("draft.returned_by")}</strong>
		${draft.return_code && html`<${Pill} kind="bad">${reasons?.[draft.return_code] ?? draft.return_code}<//>`}</p>
		<p class="said">${draft.return_note}</p></div>`;
}

export function useReasons() {
	const [names, set] = useState(null);
	useEffect(() => {
		get("/approvals/reasons").then((r) => set(r.reasons), () => {});
	}, []);
	return names;
}

function Addresses({ name, value, edit, readonly }) {
	return html`<p class="recipient"><label for=${"draft-" + name}>${t("mail." + name)}</label>
		<input id=${"draft-" + name} value=${value} readonly=${readonly} onInput=${(e) => edit({ [name]: e.target.value })}
			autocomplete="off" spellcheck=${false} /></p>`;
}

/* ticket: as it is shown; id: of the draft; api: what the page does with it */
export function Composer({ ticket, id, tools, changed, pickers }) {
	const [of, writing] = useDraft(id, changed);
	const area = useRef();
	const [caret, setCaret] = useState(0);
	const [asking, setAsking] = useState(false);
	const [more, setMore] = useState(false);
	const reasons = useReasons();
	const [sending, send] = useUpload(id, () => writing.load());
	const over = useDrop(send);
	const edit = (change, midway) => writing.edit(change, midway);
	const text = of.text;
	const readonly = !text || of.status === "conflict";

	const fix = (f) => {
		typeOver(area.current, f.fix.start, f.fix.end, f.fix.text);
		toast(t("check.fixed", { text: f.fix.text }));
	};
	const fixHere = () => {
		const able = (of.findings ?? []).filter((f) => f.fix);
		const at = area.current.selectionStart;
		const f = able.find((x) => x.start <= at && at <= x.end) ?? able.sort((a, b) => a.start - b.start)[0];
		if (f)
			fix(f);
	};
	const show = (f) => {
		area.current.focus();
		area.current.setSelectionRange(f.start, f.end);
	};
	const ask = async () => {
		if (!(await writing.save()))
			return;
		if (slots(writing.state.text.body).length) {
			selectSlot(area.current);
			toast(t("slot.left"), { kind: "error" });
			return;
		}
		setAsking(true);
	};
	const discard = async () => {
		const kept = writing.state.text;
		await writing.save();
		writing.held = false;
		if (await attempt(() => call("DELETE", `/drafts/${id}`)))
			toast(t("draft.discarded"), { undo: { run: () => attempt(() => post(`/tickets/${ticket.ticket}/drafts`,
				{ body: kept.body, subject: kept.subject })) } });
	};
	const theirs = async () => {
		const mine = await writing.theirs();
		toast(t("conflict.put_away"), { undo: { label: t("conflict.mine"), run: () => edit({ body: mine }) } });
	};
	const take = () => attempt(() => post(`/drafts/${id}/lock/takeover`)).then((ok) => {
		writing.held ||= ok;
		return ok && theirs();
	});
	/* what a candidate does when a draft is there: into the text, or in its place */
	tools.current = {
		insert(words) {
			const a = area.current;
			typeOver(a, a.selectionStart, a.selectionEnd, words);
			const s = a.selectionStart - words.length;
			a.setSelectionRange(s, s);
			selectSlot(a);
		},
		focus: () => area.current?.focus(),
		pristine: () => !text || text.body.trim() === "" || of.draft.body === text.body && of.rev === 1,
		save: () => writing.save(),
		text: () => writing.state.text,
		files: () => of.draft?.files ?? [],
	};
	useEffect(() => onLeave(async () => {
		if (!writing.dirty)
			return true;
		return (await writing.save()) || confirm(t("leave.unsaved"));
	}, () => writing.dirty), [writing]);
	useEffect(() => {
		writing.held ||= ticket.lock.some((l) => l.login === me.get().login);
	}, [writing, ticket]);
	useEffect(() => {
		if (area.current && !selectSlot(area.current))
			area.current.focus();
	}, [!!text, id]);
	useKeys([
		{ key: "ctrl+enter", label: t("do.submit"), run: ask },
		{ key: "ctrl+.", label: t("check.fix_here"), run: fixHere },
		{ key: "ctrl+s", label: t("save.now"), run: () => writing.save() },
	]);

	/* open slots have a bar of their own */
	const found = text && of.findings?.filter((f) => !/^\{\{.*\}\}$/.test(text.body.slice(f.start, f.end)));
	if (!text)
		return of.error ? html`<${Failed} error=${of.error} retry=${() => writing.load()} />` : html`<${Loading} lines=${6} />`;
	return html`<section class=${cls("composer", over && "dropping")}>
		<h2 class="unseen">${t("draft.title")}</h2>
		<${Returned} draft=${of.draft} reasons=${reasons && Object.fromEntries(reasons.map((r) => [r.code, r.text]))} />
		${of.draft.answered_elsewhere && html`<p class="notice warn">${t("draft.elsewhere")}</p>`}
		${of.status === "conflict" && html`<${Conflict} of=${of} theirs=${theirs} take=${take} />`}
		${of.status === "failed" && html`<p class="notice warn" role="alert">${of.error.message}</p>`}
		<div class="addresses">
			${more ? html`<${Addresses} name="to" value=${text.to} edit=${edit} readonly=${readonly} />
				<${Addresses} name="cc" value=${text.cc} edit=${edit} readonly=${readonly} />
				<${Addresses} name="subject" value=${text.subject} edit=${edit} readonly=${readonly} />`
				: html`<button type="button" class="link" onClick=${() => setMore(true)} aria-label=${t("mail.change")}>
					<span>${t("mail.to")}</span> ${text.to || t("mail.nobody")}${text.cc && html` <span>${t("mail.cc")}</span> ${text.cc}`}</button>`}
		</div>
		<${Editor} area=${area} text=${text.body} findings=${found} label=${t("draft.body")} describedby="draft-help"
			readonly=${readonly} onText=${(body, midway) => { edit({ body }, midway); setCaret(area.current.selectionStart); }} onPlace=${setCaret} />
		<${SlotBar} text=${text.body} caret=${caret} facts=${ticket.facts} area=${area} />
		<p class="unseen" id="draft-help">${t("draft.help")}</p>
		<${DraftFiles} draft=${id} files=${of.draft.files} busy=${sending} send=${send} done=${() => writing.load()} readonly=${readonly} />
		<div class="bar">
			<${Button} kind="main" icon="check" keys="ctrl+enter" onClick=${ask} disabled=${readonly}>${t("do.submit")}<//>
			<${Menu} label=${t("menu")} items=${[...pickers, null, { label: t("do.discard"), icon: "close", kind: "danger", run: discard }]} />
			<label class="inline">${t("draft.next")}
				<select value=${text.next} disabled=${readonly} onChange=${(e) => edit({ next: e.target.value })}>
					${nexts.map((n) => html`<option key=${n} value=${n}>${t("next." + n)}</option>`)}</select></label>
			<${Status} of=${of} retry=${() => writing.save()} />
		</div>
		${found?.length > 0 && html`<div class="checked" aria-live="polite"><h3>${t("check.title")} <${Counts} of=${found} /></h3>
			<${Findings} of=${found} text=${text.body} fix=${fix} show=${show} /></div>`}
		${of.findings?.length === 0 && html`<p class="checked none">${t("check.none")}</p>`}
		${asking && html`<${Submit} draft=${of.draft} text=${text} findings=${of.findings ?? []} close=${() => setAsking(false)} done=${() => { writing.held = false; tools.reload(); }} />`}
	</section>`;
}

/* 送信予約: when it goes, if that is still to come. */
export function Scheduled({ at }) {
	const now = useNow();
	return at > now ? html`<p>${t("scheduled")} <strong><${When} at=${at} /></strong></p>` : null;
}

/* A reply that is no longer written: it waits, is on its way, or has gone. */
export function DraftState({ ticket, draft, reload }) {
	const own = draft.author === me.get().login;
	const nameOf = useNames();
	const withdraw = () => attempt(() => post(`/drafts/${draft.draft}/withdraw`), t("done.withdrawn")).then(reload);
	return html`<section class=${cls("notice", draft.state === "failed" || draft.state === "unknown" ? "bad" : "info")} aria-live="polite">
		<p><strong>${tc("draft", draft.state)}</strong> <span>${draft.subject}</span> <small>${nameOf(draft.author)}</small></p>
		<${Scheduled} at=${draft.not_before_s} />
		${draft.state === "waiting" && html`<div class="row">
			<a class="button" href=${"/approvals/" + draft.draft}>${t("approval.look")}</a>
			${own && html`<${Button} onClick=${withdraw}>${t("do.withdraw")}<//>`}</div>
			<${Approvers} window=${ticket.window} author=${draft.author} />`}
		${draft.state === "queued" && html`<div class="row"><${Button} onClick=${() => cancelSending(draft.draft).then(reload)}>${t("do.cancel_sending")}<//></div>`}
		${draft.state !== "waiting" && html`<a href="/outbox">${t("nav.outbox")}</a>`}
	</section>`;
}
