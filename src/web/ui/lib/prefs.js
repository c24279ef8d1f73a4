/* What a person chose on this machine: looks and keys. Not personal data. */
import { store } from "./store.js";

const KEY = "madoguchi";
const first = { theme: "auto", density: "comfortable", keys: true, lang: "", csv: "utf-8" };

function load() {
	try {
		return { ...first, ...JSON.parse(localStorage.getItem(KEY)) };
	} catch {
		return first;
	}
}

export const prefs = store(load());

export function setPref(name, value) {
	prefs.set((p) => ({ ...p, [name]: value }));
	try {
		localStorage.setItem(KEY, JSON.stringify(prefs.get()));
	} catch { /* kept until the page is closed */ }
}

export function applyPrefs({ theme, density }) {
	const root = document.documentElement;
	root.dataset.theme = theme;
	root.dataset.density = density;
}
