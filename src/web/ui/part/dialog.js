/* Dialogs and menus, by what the browser brings: focus stays in, Esc leaves. */
import { html, cls, useEffect, useRef, useState } from "../lib/html.js";
import { composing, keyText, useKeys } from "../lib/keys.js";
import { t } from "../lib/i18n.js";
import { Button, newId } from "./basic.js";
import { Icon } from "./icon.js";

export function Dialog({ title, close, wide, children }) {
	const ref = useRef();
	const [id] = useState(() => newId("dialog"));
	useKeys([], { modal: true });
	useEffect(() => {
		const from = document.activeElement;
		const dialog = ref.current;
		dialog.showModal();
		/* while it is open nothing else takes the focus; what it was opened
		 * by may be gone by now */
		return () => {
			dialog.close();
			(from?.isConnected && from !== document.body ? from : document.getElementById("main"))?.focus();
		};
	}, []);
	/* a stretch of text marked beyond the edge is no click beside */
	const began = useRef(null);
	return html`<dialog ref=${ref} class=${cls("dialog", wide && "wide")} aria-labelledby=${id}
		onCancel=${(e) => { e.preventDefault(); close(); }}
		onPointerDown=${(e) => { began.current = e.target; }}
		onClick=${(e) => e.target === ref.current && began.current === ref.current && close()}>
		<div class="inside">
			<header><h2 id=${id}>${title}</h2>
				<${Button} kind="plain" icon="close" label=${t("close")} onClick=${close} /></header>
			${children}
		</div></dialog>`;
}

/* A question with fields. fields: [{name, label, type, value, options, hint,
 * need}]; run(values) may throw: its words are shown here. */
export function Ask({ title, text, fields = [], yes, kind = "main", run, close }) {
	const [values, set] = useState(() => Object.fromEntries(fields.map((f) => [f.name, f.value ?? ""])));
	const [error, setError] = useState("");
	const [busy, setBusy] = useState(false);
	const form = useRef();
	const typed = fields.some((f) => values[f.name] !== (f.value ?? ""));
	const leave = () => (!typed || confirm(t("leave.unsaved"))) && close();
	const submit = async (e) => {
		e?.preventDefault();
		if (busy || !form.current.reportValidity())
			return;
		setBusy(true);
		try {
			await run(values);
			close();
		} catch (x) {
			setError(x.message);
			setBusy(false);
		}
	};
	const put = (name) => (e) => set({ ...values, [name]: e.target.type === "checkbox" ? e.target.checked : e.target.value });
	return html`<${Dialog} title=${title} close=${leave}>
		<form ref=${form} onSubmit=${submit} onKeyDown=${(e) => e.key === "Enter" && (e.ctrlKey || e.metaKey) && !composing(e) && submit(e)}>
			${text && html`<p class="lead">${text}</p>`}
			${fields.map((f, i) => html`<${Field} key=${f.name} ...${f} value=${values[f.name]} first=${i === 0} put=${put(f.name)} />`)}
			${error && html`<p class="problem" role="alert">${error}</p>`}
			<footer class="row end">
				<${Button} onClick=${close}>${t("cancel")}<//>
				<button type="submit" class=${"button " + kind} disabled=${busy} autofocus=${!fields.length}><span>${yes}</span></button>
			</footer>
		</form><//>`;
}

export function Field({ label, type = "text", value, put, options, hint, need, first, rows = 4, ...rest }) {
	const [id] = useState(() => newId("field"));
	const common = { id, value, onInput: put, required: need, autofocus: first, "aria-describedby": hint ? id + "-hint" : null, ...rest };
	if (type === "checkbox")
		return html`<p class="field tick"><label><input ...${common} type="checkbox" checked=${!!value} value=${undefined} /> ${label}</label></p>`;
	return html`<p class="field"><label for=${id}>${label}${need && html`<small class="need">${t("needed")}</small>`}</label>
		${type === "area" ? html`<textarea rows=${rows} ...${common}></textarea>`
			: type === "choice" ? html`<select ...${common}>${options.map(([v, text]) =>
				html`<option key=${v} value=${v} selected=${v === value}>${text}</option>`)}</select>`
			: html`<input type=${type} ...${common} />`}
		${hint && html`<small class="hint" id=${id + "-hint"}>${hint}</small>`}</p>`;
}

/* items: [{label, run, keys, icon, kind}], null: a line */
export function Menu({ label, icon = "more", items, text }) {
	const [open, set] = useState(false);
	const box = useRef();
	const shut = (focus) => {
		set(false);
		if (focus)
			box.current?.querySelector("button")?.focus();
	};
	useEffect(() => {
		if (!open)
			return;
		box.current.querySelector("[role=menuitem]")?.focus();
		const away = (e) => !box.current?.contains(e.target) && shut(false);
		document.addEventListener("pointerdown", away);
		return () => document.removeEventListener("pointerdown", away);
	}, [open]);
	const move = (e) => {
		const all = [...box.current.querySelectorAll("[role=menuitem]")];
		const at = all.indexOf(document.activeElement);
		const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[e.key];
		if (to !== undefined) {
			e.preventDefault();
			all[(to + all.length) % all.length]?.focus();
		} else if (e.key === "Escape" || e.key === "Tab") {
			shut(e.key === "Escape");
			if (e.key === "Escape")
				e.preventDefault();
		}
	};
	const some = items.filter((i) => i !== false);
	return html`<div class="menu" ref=${box}>
		<button type="button" class=${cls("button", !text && "only-icon")} aria-label=${label} title=${label}
			aria-haspopup="menu" aria-expanded=${open ? "true" : "false"} onClick=${() => set(!open)}>
			<${Icon} name=${icon} />${text && html`<span>${text}</span>`}</button>
		${open && html`<div class="items" role="menu" aria-label=${label} onKeyDown=${move}>
			${some.map((i, n) => i === null ? html`<hr key=${n} />` : html`
				<button key=${n} type="button" role="menuitem" tabindex="-1" class=${i.kind}
					onClick=${() => { shut(true); i.run(); }}>
					${i.icon && html`<${Icon} name=${i.icon} />`}<span>${i.label}</span>
					${i.keys && html`<kbd aria-hidden="true">${keyText(i.keys)}</kbd>`}</button>`)}
		</div>`}
	</div>`;
}
