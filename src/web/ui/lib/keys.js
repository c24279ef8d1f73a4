/*
 * Keys. A page names what its keys do; the newest page that knows a key gets
 * it, and the sheet (?) is made of the same lists. A key is "j", "?", "ctrl+enter",
 * "alt+1" or two in a row: "g q". Letters do nothing while somebody types or
 * an input method composes.
 */
import { useLayoutEffect, useRef } from "./html.js";
import { prefs } from "./prefs.js";

const layers = [];
let before = "";
let beforeAt = 0;

const isText = (e) => e.isContentEditable ||
	/^(TEXTAREA|SELECT)$/.test(e.tagName) ||
	(e.tagName === "INPUT" && !/^(checkbox|radio|button|submit|range)$/.test(e.type));

function nameOf(e) {
	const key = e.code?.startsWith("Digit") && e.altKey ? e.code.slice(5) : e.key;
	const base = key.length === 1 ? key.toLowerCase() : key.toLowerCase();
	const shift = e.shiftKey && (key.length > 1 || /[a-z]/i.test(key)) ? "shift+" : "";
	return (e.ctrlKey || e.metaKey ? "ctrl+" : "") + (e.altKey ? "alt+" : "") + shift + base;
}

function find(name) {
	for (let i = layers.length - 1; i >= 0; i--) {
		const row = layers[i].list.find((r) => r && r.on !== false && [].concat(r.key).includes(name));
		if (row)
			return row;
		if (layers[i].modal)
			return null;
	}
	return null;
}

/* Enter that ends a conversion is not an Enter. */
export const composing = (e) => e.isComposing || e.keyCode === 229;

function onKey(e) {
	if (e.defaultPrevented || composing(e))
		return;
	const name = nameOf(e);
	const plain = !/^(ctrl|alt)\+/.test(name) && name !== "escape";
	if (plain && (isText(e.target) || (!prefs.get().keys && name.length === 1)))
		return;
	if (plain && (name === "enter" || name === " ") && e.target.closest?.("button,a,summary,[role=button]"))
		return;
	const twice = Date.now() - beforeAt < 1200 ? find(`${before} ${name}`) : null;
	const row = twice ?? find(name);
	before = name;
	beforeAt = Date.now();
	if (!row)
		return;
	e.preventDefault();
	row.run(e);
}

/* Nor does it send a form: Safari reports it when the conversion is over. */
function onCompose(e) {
	if (composing(e) && e.key === "Enter" && e.target.tagName === "INPUT")
		e.preventDefault();
}

export function startKeys() {
	document.addEventListener("keydown", onCompose, true);
	document.addEventListener("keydown", onKey);
}

/* list: [{key, label, run, on}]; modal: keys of pages below are asleep. What is
 * to be seen can be pressed: not an effect that waits for the paint. */
export function useKeys(list, { modal = false } = {}) {
	const layer = useRef({ list: [], modal });
	layer.current.list = list;
	useLayoutEffect(() => {
		const mine = layer.current;
		layers.push(mine);
		return () => layers.splice(layers.indexOf(mine), 1);
	}, []);
}

/* For the sheet: what can be pressed now. */
export const keyLists = () => layers.filter((l) => !l.modal)
	.flatMap((l) => l.list.filter((r) => r && r.label && r.on !== false));

const marks = { ctrl: /Mac|iPhone|iPad/.test(navigator.platform) ? "⌘" : "Ctrl", alt: "Alt", shift: "Shift",
	enter: "Enter", escape: "Esc", arrowdown: "↓", arrowup: "↑" };
export const allKeys = (key) => [].concat(key).filter((k) => !/^shift\+[^a-z]$/.test(k)).map((k) => keyText(k));
export const keyText = (key) => [].concat(key)[0].split(" ")
	.map((k) => k.split("+").map((p) => marks[p] ?? (p.length === 1 ? p.toUpperCase() : p)).join("+")).join(" ");
