/* What was found in a reply: 敬語チェック and 誤送信チェック. */
import { html } from "../lib/html.js";
import { t } from "../lib/i18n.js";
import { Button } from "./basic.js";

const order = { error: 0, warn: 1, info: 2 };

export const counted = (findings) => ["error", "warn", "info"].map((s) => [s, findings.filter((f) => f.severity === s).length])
	.filter(([, n]) => n);

export const Counts = ({ of }) => counted(of).map(([s, n]) =>
	html`<span key=${s} class=${"severity " + s}>${t("severity." + s)} ${n}</span>`);

/* fix, show: (finding) => void; without them it is only read. */
export function Findings({ of, text, fix, show }) {
	const list = [...of].sort((a, b) => order[a.severity] - order[b.severity] || a.start - b.start);
	return html`<ul class="findings">${list.map((f) => html`<li key=${f.rule + f.start} class=${f.severity}>
		<span class=${"severity " + f.severity}>${t("severity." + f.severity)}</span>
		<div>
			${show ? html`<button type="button" class="link" onClick=${() => show(f)}>${f.message}</button>` : html`<span>${f.message}</span>`}
			${f.end > f.start && text && html`<q>${text.slice(f.start, f.end)}</q>`}
			${f.suggestion && html`<small>${f.suggestion}</small>`}
			${f.window_text && html`<small>${t("check.window")}</small>`}
		</div>
		${fix && f.fix && html`<${Button} onClick=${() => fix(f)}>${t("check.fix")}<//>`}
	</li>`)}</ul>`;
}
