/* Where one is mentioned; and customers who wrote to say thank you. */
import { html, useEffect } from "../lib/html.js";
import { query, useGet } from "../lib/api.js";
import { t } from "../lib/i18n.js";
import { me } from "../lib/me.js";
import { useNames } from "../lib/people.js";
import { go } from "../lib/route.js";
import { Ago, Empty, Head, Read } from "../part/basic.js";
import { remember, useWalk } from "../part/list.js";

function List({ title, sub, of, rows, text, who, at, none, advice, head }) {
	const nameOf = useNames();
	const box = useWalk();
	useEffect(() => {
		document.title = `${title} – ${t("app.name")}`;
		if (of.data)
			remember(of.data[rows].map((r) => r.ticket));
	}, [of.data]);
	return html`<${Head} title=${title} sub=${sub}>${head}<//>
		<${Read} of=${of}>${(data) => data[rows].length === 0 ? html`<${Empty} title=${none}>${advice}<//>`
			: html`<ul class="tickets results" ref=${box}>${data[rows].map((r, i) => html`<li key=${r.ticket + "." + i} class="ticket">
				<div class="what"><a class="open" href=${"/tickets/" + r.ticket}>${r.subject || t("no.subject")}</a><span class="excerpt">${r[text]}</span></div>
				<span class="whose">${nameOf(r[who])}</span><span></span><span class="age"><${Ago} at=${r[at]} /></span><span class="number">${r.ticket}</span></li>`)}</ul>`}<//>`;
}

export const Mentions = () => html`<${List} title=${t("nav.mentions")} sub=${t("mentions.sub")} of=${useGet("/mentions")} rows="mentions"
	text="comment" who="author" at="created_s" none=${t("mentions.none")} advice=${t("mentions.none.more")} />`;

export function Thanks({ args }) {
	const all = args.all === "1";
	return html`<${List} title=${t("nav.thanks")} sub=${t("thanks.sub")} of=${useGet(query("/thanks", { all: all && "1", days: 30 }))} rows="thanks"
		text="text" who="customer" at="received_s" none=${t("thanks.none")} advice=${t("thanks.none.more")}
		head=${html`<label class="inline"><input type="checkbox" checked=${all} onChange=${() => go(query("/thanks", { all: all ? "" : "1" }))} /> ${t("thanks.all", { name: me.get().name })}</label>`} />`;
}
