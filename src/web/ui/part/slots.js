/* A template's words, its slots by what they stand for. */
import { html } from "../lib/html.js";
import { tc } from "../lib/i18n.js";
import { pieces, slots } from "../lib/text.js";

export const slotName = (name) => tc("slotname", name);

export const SlotText = ({ text, class: more }) => html`<div class=${"mailtext " + (more ?? "")}>${
	pieces(text, slots(text)).map((p) => p.of.length ? html`<mark key=${p.start} class="slot" title=${p.text}>${slotName(p.of[0].name)}</mark>` : p.text)}</div>`;
