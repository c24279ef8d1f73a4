/* 返信候補: templates that fit this mail, and why. */
import { html, useState } from "../lib/html.js";
import { get, useGet } from "../lib/api.js";
import { t } from "../lib/i18n.js";
import { composing, keyText } from "../lib/keys.js";
import { Button, Empty, Loading } from "./basic.js";
import { Dialog } from "./dialog.js";
import { SlotText } from "./slots.js";
import { failed } from "./toast.js";

/* "example: …" is a mail that the template was written for, "past: …" a ticket
 * that was answered with it */
const reasons = (why) => {
	/* a letter or a sign alone tells a reader nothing */
	const words = why.filter((w) => !/^(example|past):/.test(w) && (w.length > 1 || /\p{Script=Han}/u.test(w)));
	const like = why.find((w) => w.startsWith("example:"))?.slice(8).trim();
	const past = why.find((w) => w.startsWith("past:"))?.slice(5).trim();
	return { words, like, past };
};

function Candidate({ c, n, use, look }) {
	const { words, like, past } = reasons(c.why);
	return html`<li>
		<button type="button" class="candidate" onClick=${() => use(c.id)} aria-keyshortcuts=${n < 9 ? `Alt+${n}` : null}>
			${n < 9 && html`<kbd aria-hidden="true">${n}</kbd>`}
			<span class="title">${c.title}${c.strong && html`<b class="pill good">${t("suggest.strong")}</b>`}</span>
			<span class="why">${words.length > 0 && html`<span>${t("suggest.words", { words: words.slice(0, 5).join(t("dot")) })}</span>`}
				${like && html`<span>${t("suggest.like", { text: like })}</span>`}
				${past && html`<span>${t("suggest.past", { n: past })}</span>`}</span>
		</button>
		<${Button} kind="plain" onClick=${() => look(c.id)}>${t("preview")}<//>
	</li>`;
}

/* Any template of the window by its words. */
export function PickTemplate({ window, use, close }) {
	const [words, set] = useState("");
	const { data } = useGet("/templates", null);
	const wanted = words.normalize("NFKC").toLowerCase().split(/\s+/).filter(Boolean);
	const found = (data?.templates ?? []).filter((x) => {
		const text = `${x.id} ${x.title} ${x.category}`.normalize("NFKC").toLowerCase();
		const codes = (x.windows ?? "").split(/[ ,]+/).filter(Boolean);
		return (codes.length === 0 || codes.includes(window)) && wanted.every((w) => text.includes(w));
	});
	const pick = (id) => {
		close();
		use(id);
	};
	return html`<${Dialog} title=${t("templates.pick")} close=${close}>
		<p class="field"><label for="template-words">${t("templates.find")}</label>
			<input id="template-words" type="search" autofocus value=${words} onInput=${(e) => set(e.target.value)}
				onKeyDown=${(e) => e.key === "Enter" && !composing(e) && found[0] && (e.preventDefault(), pick(found[0].id))} /></p>
		${!data ? html`<${Loading} />` : found.length === 0 ? html`<${Empty} title=${t("templates.none")} />` : html`
			<ul class="choices">${found.map((x) => html`<li key=${x.id}>
				<button type="button" onClick=${() => pick(x.id)}><span>${x.title}</span><small>${x.category}</small></button></li>`)}</ul>`}
	<//>`;
}

export function Suggestions({ list, use, pick }) {
	const [shown, setShown] = useState(null);
	const look = async (id) => {
		try {
			const one = await get(`/templates/${encodeURIComponent(id)}/preview`);
			setShown({ id, title: list.find((c) => c.id === id)?.title ?? id, body: one.body });
		} catch (e) {
			failed(e);
		}
	};
	return html`<section class="suggestions" aria-label=${t("suggest.title")}>
		${list.length === 0 ? html`<${Empty} title=${t("suggest.none")}>${t("suggest.none.more")}<//>`
			: html`<ol>${list.map((c, i) => html`<${Candidate} key=${c.id} c=${c} n=${i + 1} use=${use} look=${look} />`)}</ol>`}
		<p class="row"><${Button} icon="book" keys="t" onClick=${pick}>${t("templates.all")}<//>
			<span class="hint">${t("suggest.keys", { keys: keyText("alt+1") })}</span></p>
		${shown && html`<${Dialog} title=${shown.title} close=${() => setShown(null)}>
			<${SlotText} text=${shown.body} />
			<footer class="row end"><${Button} kind="main" onClick=${() => { setShown(null); use(shown.id); }}>${t("suggest.use")}<//></footer>
		<//>`}
	</section>`;
}
