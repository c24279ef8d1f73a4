/* Calls of the JSON API, and reading what stays on screen. */
import { useCallback, useEffect, useRef, useState } from "./html.js";
import { lang, plainly, refused, t } from "./i18n.js";
import { onNews, readAt } from "./live.js";

/* What went wrong, in words for people; status 0: the desk was not reached. */
export class Problem extends Error {
	constructor(status, code, title, body) {
		super(title);
		Object.assign(this, { status, code, body });
	}
}

let csrf = "";
let signedOut = () => {};
let renewed = async () => false;

export const setCsrf = (word) => { csrf = word; };
export const onSignedOut = (f) => { signedOut = f; };
/* f(): the word does not fit the session any more (another tab signed in anew);
 * true: there is a new one, for the same person. */
export const onForged = (f) => { renewed = f; };

async function problem(r) {
	let body = {};
	try {
		body = await r.json();
	} catch { /* a proxy's own page */ }
	if (r.status === 401 && body.code === "auth")
		signedOut();
	return new Problem(r.status, body.code ?? "error",
		refused(body.about) || plainly(body.title ?? "") || t("error.status", { n: r.status }), body);
}

/* The ETag of each answer that is still at hand. */
const tags = new WeakMap();

/* body: an object as JSON, or a Blob as it is. seen: the answer that the person
 * changes; refused (412) if somebody else has changed it since, "*": whatever it is.
 * whole: as a file. */
export async function call(method, path, body, more = {}) {
	const headers = { "Accept-Language": lang(), ...more.headers };
	const raw = body instanceof Blob;
	if (method !== "GET")
		headers["X-CSRF-Token"] = csrf;
	if (more.seen)
		headers["If-Match"] = tags.get(more.seen) ?? "*";
	if (body !== undefined)
		headers["Content-Type"] = raw ? body.type || "application/octet-stream" : "application/json";
	let r;
	try {
		r = await fetch("/api/v1" + path, { method, headers, signal: more.signal, keepalive: more.keepalive,
			body: body === undefined || raw ? body : JSON.stringify(body) });
	} catch (e) {
		if (e.name === "AbortError")
			throw e;
		throw new Problem(0, "offline", t("error.offline"));
	}
	if (!r.ok) {
		const wrong = await problem(r);
		if (wrong.code === "forged" && !more.again && await renewed())
			return call(method, path, body, { ...more, again: true });
		throw wrong;
	}
	if (more.whole)
		return r.blob();
	const text = await r.text();
	const answer = text ? JSON.parse(text) : null;
	readAt(r.headers.get("Madoguchi-News"));
	if (method === "GET" && answer && r.headers.get("ETag"))
		tags.set(answer, r.headers.get("ETag"));
	return answer;
}

export const get = (path, more) => call("GET", path, undefined, more);
export const post = (path, body = {}, more) => call("POST", path, body, more);

/* ?a=1&b=2 of what is not empty */
export function query(path, args) {
	const q = new URLSearchParams();
	for (const [k, v] of Object.entries(args))
		if (v !== "" && v != null && v !== false)
			q.set(k, v);
	const text = q.toString();
	return text ? `${path}?${text}` : path;
}

/*
 * What a page shows of an address: {data, error, loading, reload}. It is read
 * again when news concern it (concerns: ticket numbers, or true for any).
 * path null: nothing to read yet.
 */
export function useGet(path, concerns = true) {
	const [state, set] = useState({ path: null, data: null, error: null });
	const turn = useRef(0);
	const about = useRef(concerns);
	about.current = concerns;
	const read = useCallback(async () => {
		const mine = ++turn.current;
		if (!path)
			return;
		try {
			const data = await get(path);
			if (mine === turn.current)
				set({ path, data, error: null });
		} catch (error) {
			if (mine === turn.current)
				set((s) => ({ path, data: s.path === path ? s.data : null, error }));
		}
	}, [path]);
	useEffect(() => {
		read();
		let timer = 0;
		const stop = onNews((tickets) => {
			const c = about.current;
			if (!c || (tickets && c !== true && !c.some((n) => tickets.includes(n))))
				return;
			clearTimeout(timer);
			timer = setTimeout(read, 150);
		});
		return () => {
			turn.current++;
			clearTimeout(timer);
			stop();
		};
	}, [read]);
	const fresh = state.path === path;
	return { data: fresh ? state.data : null, error: fresh ? state.error : null,
		loading: !!path && (!fresh || (!state.data && !state.error)), reload: read };
}
