/* Short news of what was done, read out, and a way back where there is one. */
import { html, useEffect } from "../lib/html.js";
import { t } from "../lib/i18n.js";
import { store, useStore } from "../lib/store.js";
import { Button } from "./basic.js";

const list = store([]);
let next = 0;

/* What is seen on the page by itself, for who listens to it. */
const said = store("");
export const announce = (text) => said.set(text);

const drop = (id) => list.set((l) => l.filter((x) => x.id !== id));

/* undo: {label, run} */
export function toast(text, { kind = "done", undo } = {}) {
	list.set((l) => [...l.slice(-2), { id: ++next, text, kind, undo }]);
}

export const failed = (error) => toast(error.message, { kind: "error" });

/* Runs it; says what went wrong; true if it went well. */
export async function attempt(f, done) {
	try {
		await f();
		if (done)
			toast(done);
		return true;
	} catch (e) {
		failed(e);
		return false;
	}
}

function One({ id, text, kind, undo }) {
	useEffect(() => {
		const timer = setTimeout(drop, kind === "error" ? 15000 : undo ? 10000 : 5000, id);
		return () => clearTimeout(timer);
	}, [id]);
	const back = () => {
		drop(id);
		undo.run();
	};
	return html`<div class=${"toast " + kind}>
		<span>${text}</span>
		${undo && html`<${Button} kind="plain" onClick=${back}>${undo.label ?? t("undo")}<//>`}
		<${Button} kind="plain" icon="close" label=${t("close")} onClick=${() => drop(id)} />
	</div>`;
}

export function Toasts() {
	const all = useStore(list);
	const heard = useStore(said);
	const of = (bad) => all.filter((x) => (x.kind === "error") === bad).map((x) => html`<${One} key=${x.id} ...${x} />`);
	return html`<div class="toasts"><div role="status" aria-live="polite">${of(false)}</div><div role="alert">${of(true)}</div></div>
		<p class="unseen said-now" role="status" aria-live="polite">${heard}</p>`;
}
