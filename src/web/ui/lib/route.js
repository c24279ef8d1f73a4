/* Where one is: the address of the page, and going to another. */
import { store } from "./store.js";

const read = () => ({ path: location.pathname, args: Object.fromEntries(new URLSearchParams(location.search)) });

export const place = store(read());

let leave = async () => true;
let unsaved = () => false;
let here = location.href;

function arrive() {
	here = location.href;
	place.set(read());
}

/* Back and forward: the browser has gone already; who stays is put back. */
async function onPop() {
	if (await leave())
		arrive();
	else
		history.pushState(null, "", here);
}

/* f(): may this page be left? (a draft that is not saved) dirty(): would something
 * be lost with the whole document? */
export function onLeave(f, dirty = () => false) {
	leave = f;
	unsaved = dirty;
	return () => {
		if (leave !== f)
			return;
		leave = async () => true;
		unsaved = () => false;
	};
}

export const mayLeave = () => leave();

export async function go(to, { replace = false } = {}) {
	if (!replace && !(await leave()))
		return;
	history[replace ? "replaceState" : "pushState"](null, "", to);
	arrive();
	if (!replace)
		scrollTo(0, 0);
}

export function startRoute() {
	addEventListener("popstate", onPop);
	addEventListener("beforeunload", (e) => unsaved() && e.preventDefault());
	/* links of our own pages need no new document */
	document.addEventListener("click", (e) => {
		const a = e.target.closest?.("a[href^='/']");
		if (!a || a.target || a.hasAttribute("download") || e.button || e.ctrlKey || e.metaKey || e.shiftKey ||
		    e.defaultPrevented || a.pathname.startsWith("/api/"))
			return;
		e.preventDefault();
		go(a.pathname + a.search);
	});
}

/* {ticket: "12"} if path is like "/tickets/#ticket" (a number) or
 * "/templates/:id", else null */
export function fits(pattern, path) {
	const a = pattern.split("/");
	const b = path.split("/");
	const found = {};
	if (a.length !== b.length)
		return null;
	for (let i = 0; i < a.length; i++)
		if (a[i][0] === ":" || a[i][0] === "#" && /^\d+$/.test(b[i]))
			found[a[i].slice(1)] = decodeURIComponent(b[i]);
		else if (a[i] !== b[i])
			return null;
	return found;
}
