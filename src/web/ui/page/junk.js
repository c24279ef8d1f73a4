/* What the mail system took for spam: to be looked through, and taken out. */
import { html, useEffect } from "../lib/html.js";
import { post, query, useGet } from "../lib/api.js";
import { t } from "../lib/i18n.js";
import { useNames } from "../lib/people.js";
import { go } from "../lib/route.js";
import { Ago, Button, Empty, Head, Pill, Read } from "../part/basic.js";
import { useWalk } from "../part/list.js";
import { attempt } from "../part/toast.js";
import { useWindow } from "./admin_windows.js";

const stretches = [7, 30, 90, 365];

function Row({ r, rescue }) {
	const nameOf = useNames();
	const subject = r.subject || t("no.subject");
	return html`<li class="ticket">
		<div class="what">${r.ticket ? html`<a class="open" href=${"/tickets/" + r.ticket}>${subject}</a>` : html`<span>${subject}</span>`}
			<span class="from">${r.name && r.name !== r.address ? `${r.name} <${r.address}>` : r.address || t("no.name")}</span>
			${r.unreadable && html`<${Pill} kind="bad">${t("junk.unreadable")}<//>`}
			${r.about && html`<a class="about" href=${"/tickets/" + r.about}>${t("junk.about", { n: r.about })}</a>`}</div>
		<span class="age"><${Ago} at=${r.received_s} /></span>
		${r.state === "kept" ? html`<${Button} label=${t("junk.rescue.of", { subject })} onClick=${() => rescue(r)}>${t("junk.rescue")}<//>`
			: html`<small>${t("junk.by", { name: nameOf(r.user) })}</small>`}</li>`;
}

export function Junk({ args }) {
	const { list, window, choose } = useWindow(args, "/junk");
	const all = args.all === "1";
	const days = stretches.includes(Number(args.days)) ? Number(args.days) : 30;
	const mails = useGet(window ? query(`/windows/${encodeURIComponent(window)}/junk`, { days, all: all && "1" }) : null);
	const box = useWalk();
	const show = (more) => go(query("/junk", { window: args.window, days: args.days, all: args.all, ...more }));
	useEffect(() => { document.title = `${t("nav.junk")} – ${t("app.name")}`; }, []);
	const rescue = (r) => attempt(() => post(`/windows/${encodeURIComponent(window)}/junk/${r.junk}/rescue`), t("junk.rescued")).then(mails.reload);
	return html`<${Head} title=${t("nav.junk")} sub=${t("junk.sub")}>${choose}
			<label class="inline">${t("search.from")} <select value=${String(days)} onChange=${(e) => show({ days: e.target.value })}>
				${stretches.map((n) => html`<option key=${n} value=${String(n)}>${t("junk.days", { n })}</option>`)}</select></label>
			<label class="inline"><input type="checkbox" checked=${all} onChange=${() => show({ all: all ? "" : "1" })} /> ${t("junk.all")}</label><//>
		<${Read} of=${list}>${() => window && html`<${Read} of=${mails}>${({ junk }) => junk.length === 0
			? html`<${Empty} title=${t("junk.none")}>${t("junk.none.more")}<//>`
			: html`<ul class="tickets junk" ref=${box}>${junk.map((r) => html`<${Row} key=${r.junk} r=${r} rescue=${rescue} />`)}</ul>`}<//>`}<//>`;
}
