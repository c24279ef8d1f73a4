/* Who is signed in, and what they may do. */
import { store } from "./store.js";
import { get, setCsrf } from "./api.js";
import { setOwnLang } from "./i18n.js";

export const me = store(undefined); /* undefined: not known yet; null: nobody */
/* The session ended while they worked: their page waits, hidden, until they sign
 * in again. */
export const lapsed = store(false);

const ranks = ["viewer", "operator", "sv", "admin"];

export async function readMe() {
	try {
		const who = await get("/me");
		setCsrf(who.csrf);
		setOwnLang(who.lang);
		me.set(who);
		lapsed.set(false);
	} catch (e) {
		if (e.status !== 401)
			throw e;
		me.set(null);
	}
}

/* Has the same person a session again? Then the page goes on; true: it does. */
export async function goOn() {
	const who = await get("/me").catch(() => null);
	if (!who || who.login !== me.get()?.login)
		return false;
	setCsrf(who.csrf);
	lapsed.set(false);
	return true;
}

/* At least that role, in a window or in any. "desk": what concerns all windows
 * is for those who administer the desk itself. */
export function can(role, window) {
	const who = me.get();
	if (!who || role === "desk")
		return !!who?.admin;
	return who.admin || who.windows.some((w) =>
		(!window || w.window === window) && ranks.indexOf(w.role) >= ranks.indexOf(role));
}
