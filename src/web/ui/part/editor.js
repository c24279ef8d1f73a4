/*
 * Where a reply is written. A textarea: every input method, reader and key of
 * the browser works in it. Behind it lies the same text, unseen, which carries
 * the underlines of what was found and the boxes of what is still to fill in.
 */
import { html, cls, useMemo } from "../lib/html.js";
import { composing } from "../lib/keys.js";
import { nextSlot, pieces, slots } from "../lib/text.js";

const rank = { error: 3, warn: 2, info: 1 };

function Mirror({ text, findings }) {
	const parts = useMemo(() => pieces(text, [
		...slots(text).map((s) => ({ ...s, slot: true })), ...findings]), [text, findings]);
	return html`<div class="mirror" aria-hidden="true">${parts.map((p) => {
		const slot = p.of.some((r) => r.slot);
		const worst = p.of.filter((r) => !r.slot).sort((a, b) => rank[b.severity] - rank[a.severity])[0];
		return slot || worst ? html`<mark key=${p.start} class=${cls(slot && "slot", worst?.severity)}>${p.text}</mark>` : p.text;
	})}${"\u200b\n"}</div>`;
}

/* Goes to the next slot; false: there is none. */
export function selectSlot(area, back) {
	const s = nextSlot(area.value, area.selectionStart, area.selectionEnd, back);
	if (!s)
		return false;
	area.focus();
	area.setSelectionRange(s.start, s.end);
	return true;
}

/* Replaces a stretch as if it had been typed: the browser can undo it. */
export function typeOver(area, start, end, word) {
	area.focus();
	area.setSelectionRange(start, end);
	if (!document.execCommand(word ? "insertText" : "delete", false, word))
		area.setRangeText(word, start, end, "end");
	area.dispatchEvent(new Event("input", { bubbles: true }));
}

export function Editor({ area, text, findings, onText, onPlace, label, describedby, readonly }) {
	const onKey = (e) => {
		if (composing(e))
			return;
		if (e.key === "Tab" && !e.ctrlKey && !e.altKey && !readonly && selectSlot(e.target, e.shiftKey))
			e.preventDefault();
	};
	const place = (e) => onPlace?.(e.target.selectionStart, e.target.selectionEnd);
	return html`<div class="editor">
		<${Mirror} text=${text} findings=${findings ?? []} />
		<textarea ref=${area} value=${text} aria-label=${label} aria-describedby=${describedby} readonly=${readonly}
			spellcheck=${false} onInput=${(e) => onText(e.target.value, e.isComposing)}
			onCompositionEnd=${(e) => onText(e.target.value)} onKeyDown=${onKey} onKeyUp=${place} onClick=${place}></textarea>
	</div>`;
}
