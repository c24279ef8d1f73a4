/*
 * News of the desk (SSE). One tab holds the stream and tells the others: a
 * browser opens few connections to one host. Who comes back after a pause
 * reads again what it shows.
 */
import { store } from "./store.js";

const listeners = new Set();
let oldest = null;
export const online = store(true);

/* f(tickets): numbers that changed; null: anything may have. */
export function onNews(f) {
	listeners.add(f);
	return () => listeners.delete(f);
}

function tell(tickets) {
	for (const f of [...listeners])
		f(tickets);
}

/* The newest change when the first answer was asked for: what comes between it
 * and the stream's beginning is told by nobody. */
export function readAt(seq) {
	if (seq !== null)
		oldest ??= Number(seq);
}

let stop = null;

function stream(send) {
	let known = null;
	let source = null;
	let timer = 0;
	const open = () => {
		source = new EventSource("/api/v1/events");
		source.addEventListener("hello", (e) => {
			const { seq } = JSON.parse(e.data);
			if (seq !== (known ?? oldest ?? seq))
				send({ tickets: null });
			known = seq;
			send({ online: true });
		});
		source.addEventListener("news", (e) => {
			const news = JSON.parse(e.data);
			known = news.seq;
			send({ tickets: news.tickets?.length ? news.tickets : null });
		});
		source.onerror = () => {
			send({ online: false });
			if (source.readyState === EventSource.CLOSED)
				timer = setTimeout(open, 5000);
		};
	};
	open();
	return () => {
		clearTimeout(timer);
		source.close();
	};
}

export function startLive() {
	if (stop)
		return;
	const channel = new BroadcastChannel("madoguchi-news");
	const hear = (m) => {
		if ("online" in m)
			online.set(m.online);
		else
			tell(m.tickets);
	};
	const end = new AbortController();
	channel.onmessage = (e) => hear(e.data);
	/* the lock is held as long as this tab lives; then another one gets it */
	const lead = () => new Promise((done) => {
		const close = stream((m) => {
			hear(m);
			channel.postMessage(m);
		});
		end.signal.addEventListener("abort", () => {
			close();
			done();
		});
	});
	if (navigator.locks)
		navigator.locks.request("madoguchi-news", { signal: end.signal }, lead).catch(() => {});
	else
		lead();
	stop = () => {
		end.abort();
		channel.close();
		stop = null;
	};
}

export function stopLive() {
	stop?.();
}
