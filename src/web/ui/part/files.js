/* Files: of a mail, and those that a reply takes along. */
import { html, useEffect, useRef, useState } from "../lib/html.js";
import { call, post } from "../lib/api.js";
import { t, tc } from "../lib/i18n.js";
import { can } from "../lib/me.js";
import { Asked, useAsk } from "./asked.js";
import { Button, Pill, size } from "./basic.js";
import { Icon } from "./icon.js";
import { attempt, toast } from "./toast.js";

const shown = /^image\/(png|jpeg|gif|webp)$/i;

/* What the virus scanner said, where it is not plainly good. */
const Scan = ({ f }) => f.scan && f.scan !== "clean" && html`<${Pill} kind=${f.scan === "found" ? "bad" : "note"}>${tc("scan", f.scan)}${
	f.scan === "found" && ": " + f.scan_name}<//>`;

export function MailFiles({ files, window }) {
	const [open, setOpen] = useState(0);
	const ask = useAsk();
	if (!files.length)
		return null;
	const lead = can("sv", window);
	const release = ({ message, scan_name: found }) => ask({ title: t("virus.release"), text: t("virus.release.text", { found }),
		yes: t("virus.release"), kind: "danger", fields: [{ name: "reason", label: t("virus.reason"), need: true }],
		run: (v) => post(`/messages/${message}/release`, v).then(() => toast(t("virus.released"))) });
	const found = files.find((f) => f.scan === "found");
	return html`<ul class="files" aria-label=${t("files")}>${files.map((f) => {
		const url = `/api/v1/messages/${f.message}/attachments/${f.n}`;
		const name = f.filename || t("file.unnamed");
		const careful = f.danger || (f.scan && f.scan !== "clean");
		const may = f.scan !== "found" && (lead || !careful);
		const picture = shown.test(f.media_type) && !f.locked && may;
		const label = html`<${Icon} name="clip" /><span>${name}</span><small>${size(f.bytes)}</small>`;
		return html`<li key=${f.id}>
			${may ? html`<a href=${url} download=${name}>${label}</a>` : html`<span class="name">${label}</span>`}
			${f.locked && html`<span class="pill bad">${t("file." + f.locked)}</span>`}
			${f.danger && html`<${Pill} kind="bad">${tc("badge", "danger")}<//>`}
			<${Scan} f=${f} />
			${!may && f.scan !== "found" && html`<small>${t("file.lead_only")}</small>`}
			${picture && html`<${Button} kind="plain" aria-expanded=${open === f.n ? "true" : "false"}
				onClick=${() => setOpen(open === f.n ? 0 : f.n)}>${t("file.look")}<//>`}
			${picture && open === f.n && html`<img src=${url + "?show=1"} alt=${name} />`}
		</li>`;
	})}</ul>
	${found && html`<p class="row"><small>${t("virus.closed")}</small>
		${lead && html`<${Button} kind="plain" onClick=${() => release(found)}>${t("virus.release")}<//>`}</p>`}
	<${Asked} of=${ask} />`;
}

/* One after the other, so that a slow line shows what is on its way. */
export function useUpload(draft, done) {
	const [busy, set] = useState("");
	const send = async (files) => {
		for (const f of files) {
			set(f.name);
			try {
				await call("POST", `/drafts/${draft}/files?filename=${encodeURIComponent(f.name)}`, f);
			} catch (e) {
				toast(t("file.failed", { name: f.name, why: e.message }), { kind: "error" });
			}
		}
		set("");
		done();
	};
	return [busy, send];
}

/* Files may be let fall anywhere on the page. True while some are held over it. */
export function useDrop(send) {
	const [over, set] = useState(false);
	const to = useRef(send);
	to.current = send;
	useEffect(() => {
		const end = new AbortController();
		const on = (name, f) => addEventListener(name, (e) => {
			if (e.dataTransfer?.types.includes("Files"))
				f(e);
		}, { signal: end.signal });
		on("dragover", () => set(true));
		on("dragleave", (e) => !e.relatedTarget && set(false));
		on("drop", (e) => {
			set(false);
			to.current([...e.dataTransfer.files]);
		});
		return () => end.abort();
	}, []);
	return over;
}

export function DraftFiles({ draft, files, busy, send, done, readonly }) {
	const input = useRef();
	const drop = (f) => attempt(() => call("DELETE", `/drafts/${draft}/files/${f.upload}`)).then(done);
	return html`<div class="row attach">
		${files.length > 0 && html`<ul class="files" aria-label=${t("files")}>${files.map((f) => html`<li key=${f.upload}>
			<span class="name"><${Icon} name="clip" /><span>${f.filename}</span><small>${size(f.bytes)}</small></span>
			<${Scan} f=${f} />
			${!readonly && html`<${Button} kind="plain" icon="close" label=${t("file.remove", { name: f.filename })} onClick=${() => drop(f)} />`}
		</li>`)}</ul>`}
		${busy && html`<span role="status">${t("file.sending", { name: busy })}</span>`}
		${!readonly && html`<input ref=${input} type="file" multiple hidden onChange=${(e) => { send([...e.target.files]); e.target.value = ""; }} />
			<${Button} kind="plain" icon="clip" onClick=${() => input.current.click()}>${t("file.add")}<//>`}
	</div>`;
}
