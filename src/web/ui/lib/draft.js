/*
 * A reply being written: kept on the server as one types, checked after each
 * save. Nobody's text is lost: what could not be saved stays here and is tried
 * again; what somebody else changed meanwhile is shown, not overwritten.
 */
import { useEffect, useMemo, useRef, useState } from "./html.js";
import { call, get, post } from "./api.js";
import { lapsed, me } from "./me.js";
import { addressList, addressText, placed, shifted } from "./text.js";

const SAVE_MS = 600;
const AGAIN_MS = 5000;

const fields = (d) => ({ subject: d.subject, body: d.body, to: addressText(d.to), cc: addressText(d.cc), next: d.next });

class Writing {
	constructor(id, show) {
		this.id = id;
		this.show = show;
		this.state = { draft: null, text: null, status: "loading", findings: null, error: null };
		this.running = null;
		this.timer = 0;
		this.over = false;
		this.held = false; /* 編集中: others wait for us */
		this.login = me.get()?.login;
	}

	set(more) {
		this.state = { ...this.state, ...more };
		if (!this.over)
			this.show(this.state);
	}

	get dirty() {
		const { text, saved } = this.state;
		return !!text && Object.keys(text).some((k) => text[k] !== saved[k]);
	}

	/* Nobody's text is saved in the name of who signs in here next. */
	get isOurs() {
		return me.get()?.login === this.login;
	}

	/* As it is on the server; what is not saved here stays. */
	async load() {
		try {
			const draft = await get(`/drafts/${this.id}`);
			if (this.running || this.dirty)
				return;
			const text = fields(draft);
			const same = this.state.text?.body === text.body;
			this.set({ draft, text, saved: text, rev: draft.rev, status: "saved", error: null });
			if (/^(editing|returned)$/.test(draft.state) && (!same || !this.state.findings))
				this.check();
		} catch (error) {
			this.set(this.state.draft ? {} : { status: "failed", error });
		}
	}

	/* midway: an input method is composing; what it has now is no word yet */
	edit(more, midway = false) {
		const was = this.state.text.body;
		const text = { ...this.state.text, ...more };
		const findings = this.state.findings && more.body !== undefined
			? shifted(was, text.body, this.state.findings) : this.state.findings;
		this.set({ text, findings, status: this.state.status === "conflict" ? "conflict" : "unsaved" });
		clearTimeout(this.timer);
		if (!midway)
			this.timer = setTimeout(() => this.save(), SAVE_MS);
	}

	/* Resolves to true when the server has everything that was typed. */
	async save() {
		clearTimeout(this.timer);
		while (this.running)
			await this.running;
		if (!this.isOurs)
			return false;
		if (!this.dirty)
			return this.state.status !== "conflict";
		this.running = this.send();
		await this.running;
		this.running = null;
		if (this.state.status === "unsaved")
			return this.save();
		if (this.state.status === "saved")
			this.check();
		return this.state.status === "saved" || this.state.status === "checking";
	}

	async send() {
		const { text, saved, rev } = this.state;
		const body = { rev };
		for (const k of Object.keys(text))
			if (text[k] !== saved[k])
				body[k] = k === "to" || k === "cc" ? addressList(text[k]) : text[k];
		this.set({ status: "saving" });
		try {
			await call("PATCH", `/drafts/${this.id}`, body);
			this.held = true;
			this.set({ saved: text, rev: rev + 1, error: null,
				status: this.state.text === text ? "saved" : "unsaved" });
		} catch (error) {
			if (error.code === "conflict" && await this.isSame(text))
				return;
			this.set({ status: error.code === "conflict" ? "conflict" : "failed", error });
			if (error.status === 0 || error.status >= 500 || error.status === 429)
				this.timer = setTimeout(() => this.save(), AGAIN_MS);
		}
	}

	/* An answer that was lost on its way: the server has what we sent. Or only
	 * the number of its state is another one, not the text. */
	async isSame(text) {
		try {
			const draft = await get(`/drafts/${this.id}`);
			const theirs = fields(draft);
			const before = this.state.saved;
			const same = (x) => Object.keys(x).every((k) => x[k] === theirs[k]);
			if (!/^(editing|returned)$/.test(draft.state) || draft.rev === this.state.rev || !(same(text) || same(before)))
				return false;
			this.set({ draft, saved: theirs, rev: draft.rev, status: same(text) ? "saved" : "unsaved" });
			return true;
		} catch {
			return false;
		}
	}

	async check() {
		const { body } = this.state.text;
		try {
			const { findings } = await post(`/drafts/${this.id}/check`, {});
			if (this.state.saved.body !== body)
				return;
			this.set({ findings: shifted(body, this.state.text.body, placed(body, findings)) });
		} catch { /* the next save asks again; asking for approval checks in any case */ }
	}

	/* Their text, after a conflict: ours is given back to be kept elsewhere. */
	async theirs() {
		const mine = this.state.text.body;
		this.set({ text: this.state.saved, status: "conflict" });
		await this.load();
		return mine;
	}

	/* Who leaves lets others write; who comes back takes it with the next word. */
	release() {
		if (!this.held || !this.isOurs)
			return;
		this.held = false;
		post(`/drafts/${this.id}/unlock`, {}, { keepalive: true }).catch(() => {});
	}

	async end() {
		this.over = true;
		if (this.dirty && this.state.status !== "conflict")
			await this.save();
		while (this.running)
			await this.running;
		clearTimeout(this.timer);
		this.release();
	}
}

/* {draft, text, status, findings, error} and edit(), save(), load(), theirs() */
export function useDraft(id, changed) {
	const [state, show] = useState({ status: "loading" });
	const writing = useMemo(() => new Writing(id, show), [id]);
	const first = useRef(true);
	useEffect(() => {
		first.current = true;
		writing.load();
		const hide = () => writing.release();
		addEventListener("pagehide", hide);
		const back = lapsed.watch((over) => !over && writing.dirty && writing.save());
		return () => {
			back();
			removeEventListener("pagehide", hide);
			writing.end();
		};
	}, [writing]);
	useEffect(() => {
		if (first.current)
			first.current = false;
		else
			writing.load();
	}, [changed]);
	return [state, writing];
}
