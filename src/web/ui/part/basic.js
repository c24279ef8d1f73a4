/* Small things that every page is made of. */
import { html, cls } from "../lib/html.js";
import { plainly, t, tc } from "../lib/i18n.js";
import { keyText } from "../lib/keys.js";
import { useNow } from "../lib/now.js";
import { useWindows } from "../lib/people.js";
import { ago, left, onPaper, when } from "../lib/time.js";
import { Icon } from "./icon.js";

/* kind: "" | "main" | "danger" | "plain"; keys: shown beside the words */
export function Button({ kind, icon, keys, label, busy, children, class: more, ...rest }) {
	return html`<button type="button" class=${cls("button", kind, more, !children && "only-icon")}
		aria-label=${label} title=${label ?? null} aria-busy=${busy ? "true" : null}
		disabled=${busy || rest.disabled} ...${rest}>
		${icon && html`<${Icon} name=${icon} />`}
		${children && html`<span>${children}</span>`}
		${keys && html`<kbd aria-hidden="true">${keyText(keys)}</kbd>`}
	</button>`;
}

export const Pill = ({ kind, children, title }) =>
	html`<span class=${cls("pill", kind)} title=${title}>${children}</span>`;

/* For whom it is answered, where one person works for several. */
export function Of({ window }) {
	const name = useWindows()(window);
	return name && html`<${Pill} title=${`${t("window")} ${name}`}>${name}<//>`;
}

/* What is wrong with a folder, as the desk tells it; nothing is fine. */
export const Trouble = ({ of }) => !of ? html`<${Pill} kind="good">${t("fine")}<//>`
	: html`<${Pill} kind="bad">${t("trouble")}<//> <small class="said">${plainly(tc("problem", of))}</small>`;

export const State = ({ of, closing }) => html`
	<span class=${"state " + of} title=${closing ? tc("closing", closing) : null}>${tc("state", of)}${closing && html`<small>${tc("closing", closing)}</small>`}</span>`;

/* How long until then, with the time itself to be read. */
export function Due({ at, long }) {
	const now = useNow();
	const { text, level } = left(at, now);
	if (!at)
		return html`<span class="due none" aria-label=${t("due.none")}>–</span>`;
	return html`<time class=${"due " + level} datetime=${new Date(at * 1000).toISOString()}
		title=${when(at)} data-paper=${onPaper(at)}>${text}${long && html`<small>${t("brackets", { text: when(at) })}</small>`}</time>`;
}

export function Ago({ at }) {
	const now = useNow();
	return at ? html`<time title=${when(at)} datetime=${new Date(at * 1000).toISOString()} data-paper=${onPaper(at)}>${ago(at, now)}</time>` : null;
}

export const When = ({ at }) => at
	? html`<time datetime=${new Date(at * 1000).toISOString()} data-paper=${onPaper(at)}>${when(at)}</time>` : null;

/* While something is read: quiet lines, and words for who cannot see them. */
export const Loading = ({ lines = 5 }) => html`
	<div class="loading" role="status"><span class="unseen">${t("loading")}</span>
		${Array.from({ length: lines }, (_, i) => html`<i key=${i}></i>`)}</div>`;

export const Failed = ({ error, retry, page }) => html`
	<div class="failed" role="alert">
		${page ? html`<h1>${t("error.title")}</h1>` : html`<p><strong>${t("error.title")}</strong></p>`}<p>${error.message}</p>
		${page && error.status === 404 ? html`<a href="/queue">${t("nav.queue")}</a>`
			: retry && html`<${Button} icon="refresh" onClick=${retry}>${t("retry")}<//>`}
	</div>`;

/* page: there is nothing else on it */
export const Empty = ({ title, page, children }) => html`
	<div class="empty">${page ? html`<h1>${title}</h1>` : html`<p><strong>${title}</strong></p>`}${children && html`<p>${children}</p>`}</div>`;

let fields = 0;
export const newId = (name) => `${name}-${++fields}`;

/* What useGet() gave: waiting, failed, or the page. page: there is nothing else on it. */
export const Read = ({ of, lines, page, children }) => of.error && !of.data
	? html`<${Failed} error=${of.error} retry=${of.reload} page=${page} />`
	: of.data ? children(of.data) : html`<${Loading} lines=${lines} />`;

export const Head = ({ title, sub, children }) => html`
	<header class="head"><div><h1 tabindex="-1">${title}</h1>${sub && html`<p class="sub">${sub}</p>`}</div>
		<div class="row">${children}</div></header>`;

export function size(bytes) {
	const units = ["B", "kB", "MB", "GB"];
	let i = 0;
	for (; bytes >= 1000 && i < 3; i++)
		bytes /= 1000;
	return `${i && bytes < 10 ? bytes.toFixed(1) : Math.round(bytes)} ${units[i]}`;
}
