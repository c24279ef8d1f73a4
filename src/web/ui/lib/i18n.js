/* The words of the UI: one table (words.js), two languages. */
import { words } from "./words.js";
import { prefs } from "./prefs.js";

export const LANGS = { ja: "日本語", en: "English" };

let own = "ja"; /* of the person who is signed in */

export const lang = () => prefs.get().lang || own;

export function setOwnLang(code) {
	own = code in LANGS ? code : "ja";
	document.documentElement.lang = lang();
}

/* t(key, {n: 3}): {n} in the text is filled. English says one and several in two
 * ways: "{n} reply | {n} replies". */
export function t(key, values) {
	const forms = (words[key]?.[lang() === "en" ? 1 : 0] ?? key).split(" | ");
	const text = Number(values?.n) === 1 ? forms[0] : forms.at(-1);
	return values ? text.replace(/\{(\w+)\}/g, (_, k) => values[k] ?? "") : text;
}

/* What the desk refused, told to somebody who has buttons, not commands. */
export const refused = (about) => about && words["refused." + about] ? t("refused." + about) : null;

/* The same of what has no words of its own: sentences that name a command of
 * the terminal are left out, as long as others remain. */
export function plainly(text) {
	const rest = text.replace(/[^。.:：]*[:：]?[^。.:：]*\bmadoguchi [a-z][^。]*(。|$)/g, "").trim();
	return rest || text;
}

/* A word for a code of the desk: tc("state", "new"). An unknown code is shown
 * as it is. */
export const tc = (family, code) =>
	code == null || code === "" ? "" : words[`${family}.${code}`] ? t(`${family}.${code}`) : code;
