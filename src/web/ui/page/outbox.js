/* What is on its way, and what needs a person to decide. */
import { html, useEffect, useState } from "../lib/html.js";
import { post, query, useGet } from "../lib/api.js";
import { t, tc } from "../lib/i18n.js";
import { can } from "../lib/me.js";
import { useNow } from "../lib/now.js";
import { usePages } from "../lib/pages.js";
import { go } from "../lib/route.js";
import { Button, Empty, Head, Pill, Read, When } from "../part/basic.js";
import { attempt } from "../part/toast.js";

const LIMIT = 100;

function Row({ o, reload }) {
	const now = useNow(1);
	const [busy, setBusy] = useState(false);
	const act = async (f, done) => {
		setBusy(true);
		await attempt(f, done);
		setBusy(false);
		reload();
	};
	const wait = o.not_before_s - now;
	const cancel = () => act(() => post(`/outbox/${o.outbox}/cancel`), t("done.cancelled"));
	const resolve = (as) => () => act(() => post(`/outbox/${o.outbox}/resolve`, { as }), t("done.resolved"));
	return html`<li class="ticket">
		<${Pill} kind=${o.state === "queued" ? "" : o.state === "sent" ? "good" : "bad"}>${tc("outbox", o.state)}<//>
		<div class="what">${o.ticket ? html`<a class="open" href=${"/tickets/" + o.ticket}>${o.ticket} ${tc("outkind", o.kind)}</a>` : html`<span>${tc("outkind", o.kind)}</span>`}
			${o.state === "queued" && o.not_before_s && html`<span class="from">${wait > 0 && wait < 120 ? t("outbox.in", { n: wait }) : html`<${When} at=${o.not_before_s} />`}</span>`}
			${o.attempts > 1 && html`<small>${t("outbox.attempts", { n: o.attempts })}</small>`}
			${o.sent_s && html`<small><${When} at=${o.sent_s} /></small>`}
			${(o.reason || o.answer) && html`<small>${o.reason} ${o.answer}</small>`}</div>
		<span class="row">
			${o.state === "queued" && can("operator") && html`<${Button} busy=${busy} onClick=${cancel}>${t("do.cancel_sending")}<//>`}
			${o.state === "unknown" && can("sv") && html`<${Button} busy=${busy} onClick=${resolve("sent")}>${t("outbox.arrived")}<//>
				<${Button} busy=${busy} onClick=${resolve("again")}>${t("outbox.again")}<//>`}
		</span></li>`;
}

export function Outbox({ args }) {
	const path = query("/outbox", { all: args.all && "true", limit: LIMIT });
	const list = useGet(path);
	const { rows, next, load } = usePages(path, list.data, "outbox", "before");
	useEffect(() => { document.title = `${t("nav.outbox")} – ${t("app.name")}`; }, []);
	return html`<${Head} title=${t("nav.outbox")}>
			<label class="inline"><input type="checkbox" checked=${!!args.all} onChange=${() => go(args.all ? "/outbox" : "/outbox?all=1")} /> ${t("outbox.all")}</label><//>
		<${Read} of=${list}>${() => rows.length === 0 ? html`<${Empty} title=${t(args.all ? "outbox.never" : "outbox.none")}>${!args.all && t("outbox.none.more")}<//>`
			: html`<ul class="tickets outbox">${rows.map((o) => html`<${Row} key=${o.outbox} o=${o} reload=${list.reload} />`)}</ul>
				${next && html`<p class="row center"><${Button} onClick=${load}>${t("more")}<//></p>`}`}<//>`;
}
