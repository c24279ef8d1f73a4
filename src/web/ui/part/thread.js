/* The conversation: mails of the customer and ours, and comments between. */
import { html, cls, useEffect, useRef, useState } from "../lib/html.js";
import { post } from "../lib/api.js";
import { t, tc } from "../lib/i18n.js";
import { composing } from "../lib/keys.js";
import { me } from "../lib/me.js";
import { useNames } from "../lib/people.js";
import { Ago, Button, Pill, When } from "./basic.js";
import { MailFiles } from "./files.js";
import { Icon } from "./icon.js";
import { attempt } from "./toast.js";

/*
 * A mail as it was laid out: made harmless by the desk, in a frame where no
 * script runs and nothing is sent, that loads nothing but the mail's own
 * pictures.
 */
function Layout({ message }) {
	const frame = useRef();
	const [height, setHeight] = useState(120);
	const measure = () => {
		const doc = frame.current?.contentDocument?.documentElement;
		if (doc)
			setHeight(Math.min(1600, Math.max(60, doc.scrollHeight)));
	};
	useEffect(() => {
		const eye = new ResizeObserver(measure);
		eye.observe(frame.current);
		return () => eye.disconnect();
	}, []);
	return html`<iframe ref=${frame} class="layout" title=${t("mail.html.title", { subject: message.subject })}
		src=${`/api/v1/messages/${message.id}/html`} onLoad=${measure} style=${{ height: `${height}px` }}
		sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox" referrerpolicy="no-referrer"></iframe>
		<p class="hint">${t("mail.html.safe")}</p>`;
}

const Folded = ({ title, text }) => text?.trim() ? html`
	<details class="folded"><summary>${title}</summary><div class="mailtext">${text}</div></details>` : null;

function Mail({ m, files, window, open, toggle }) {
	const [layout, setLayout] = useState(false);
	const out = m.direction === "out";
	const address = m.customer_address || m.from_address;
	const name = m.customer_name || m.from_name || address;
	return html`<article class=${cls("mail", out ? "out" : "in", !open && "shut")} data-message=${m.id}>
		<header>
			<button type="button" class="fold" aria-expanded=${open ? "true" : "false"} onClick=${toggle}>
				<span class="name">${name}</span>
				${name !== address && html`<span class="address">${address}</span>`}
				${!open && html`<span class="excerpt">${m.text.slice(0, 90)}</span>`}
			</button>
			<span class="row">
				<${Pill} kind=${out ? "good" : ""}>${t("direction." + m.direction)}<//>
				${m.class !== "ordinary" && html`<${Pill} kind="note">${tc("class", m.class)}<//>`}
				${m.badges.map((b) => html`<${Pill} key=${b} kind="note">${tc("badge", b)}<//>`)}
				${m.attachments > 0 && !open && html`<${Icon} name="clip" label=${t("files")} />`}
				<small><${When} at=${m.received_s} /></small>
			</span>
		</header>
		${open && html`
			<div class="content">
				${m.evidence === "subject" || m.subject ? html`<p class="subject">${m.subject}</p>` : null}
				${layout ? html`<${Layout} message=${m} />` : html`<div class="mailtext">${m.text || t("mail.empty")}</div>
					<${Folded} title=${t("mail.signature")} text=${m.signature} />
					<${Folded} title=${t("mail.quoted")} text=${m.quoted} />`}
				${m.html && html`<${Button} kind="plain" onClick=${() => setLayout(!layout)}>${t(layout ? "mail.as_text" : "mail.as_html")}<//>`}
				<${MailFiles} window=${window} files=${files.filter((f) => f.message === m.id && (!f.inline || !layout))} />
			</div>`}
	</article>`;
}

function Comment({ c }) {
	const nameOf = useNames();
	return html`<article class="comment">
	<header><${Icon} name="note" /><span class="name">${c.author === me.get().login ? t("me") : nameOf(c.author)}</span>
		<small>${t("comment")} · <${Ago} at=${c.created_s} /></small></header>
	<div class="mailtext">${c.text}</div></article>`;
}

/* A word to colleagues; customers never see it. */
function Say({ ticket, reload, box }) {
	const [text, setText] = useState("");
	const [busy, setBusy] = useState(false);
	const send = async (e) => {
		e?.preventDefault();
		if (!text.trim() || busy)
			return;
		setBusy(true);
		if (await attempt(() => post(`/tickets/${ticket}/comments`, { text }), t("done.commented"))) {
			setText("");
			await reload();
		}
		setBusy(false);
	};
	return html`<form class="say" onSubmit=${send}>
		<label class="unseen" for="comment">${t("comment.write")}</label>
		<textarea id="comment" ref=${box} rows="2" value=${text} placeholder=${t("comment.hint")} onInput=${(e) => setText(e.target.value)}
			onKeyDown=${(e) => {
				if (!composing(e) && e.key === "Enter" && (e.ctrlKey || e.metaKey)) {
					e.stopPropagation();
					send(e);
				} else if (e.key === "Escape") {
					e.target.blur();
				}
			}}></textarea>
		${text.trim() && html`<button type="submit" class="button" disabled=${busy}><${Icon} name="note" /><span>${t("comment.do")}</span></button>`}
	</form>`;
}

/* On paper nothing can be unfolded. */
function usePrinting() {
	const [on, set] = useState(false);
	useEffect(() => {
		const begin = () => set(true);
		const end = () => set(false);
		addEventListener("beforeprint", begin);
		addEventListener("afterprint", end);
		return () => {
			removeEventListener("beforeprint", begin);
			removeEventListener("afterprint", end);
		};
	}, []);
	return on;
}

export function Thread({ ticket, reload, say }) {
	const printing = usePrinting();
	const newest = ticket.messages.at(-1)?.id;
	const [flipped, setFlipped] = useState({});
	const items = [...ticket.messages.map((m) => ({ at: m.received_s, m })),
		...ticket.comments.map((c) => ({ at: c.created_s, c }))].sort((a, b) => a.at - b.at);
	/* what one has to read: the customer's newest, and all that came after our last answer */
	const lastOut = ticket.messages.findLastIndex((m) => m.direction === "out");
	const isOpen = (m) => printing || (flipped[m.id] ?? (m.id === newest || ticket.messages.indexOf(m) > lastOut));
	return html`<section class="thread" aria-label=${t("thread")}>
		${items.map(({ m, c }) => m
			? html`<${Mail} key=${"m" + m.id} m=${m} files=${ticket.attachments} window=${ticket.window} open=${isOpen(m)}
				toggle=${() => setFlipped({ ...flipped, [m.id]: !isOpen(m) })} />`
			: html`<${Comment} key=${"c" + c.comment} c=${c} />`)}
		${say && html`<${Say} ticket=${ticket.ticket} reload=${reload} box=${say} />`}
	</section>`;
}
