/* 送信前チェック: the last look before somebody is asked. */
import { html, useState } from "../lib/html.js";
import { call, post } from "../lib/api.js";
import { t, tc } from "../lib/i18n.js";
import { wayBack } from "../lib/outbox.js";
import { dayAndTime, nowS } from "../lib/time.js";
import { Counts, Findings } from "../part/check.js";
import { Ask } from "../part/dialog.js";
import { toast } from "../part/toast.js";
import { Icon } from "../part/icon.js";
import { size } from "../part/basic.js";

export function Submit({ draft, text, findings, close, done }) {
	/* wished before, and taken back by emptying the field */
	const [planned] = useState(draft.not_before_s > nowS() ? dayAndTime(draft.not_before_s) : "");
	const [bad] = useState(findings.filter((f) => f.severity === "error"));
	const run = async ({ comment, at, override, due }) => {
		if (due)
			await call("PATCH", `/drafts/${draft.draft}`, { due });
		const r = await post(`/drafts/${draft.draft}/submit`, {
			...(comment && { comment }), ...(at !== planned && { at }), ...(override && { override }) });
		if (r.state === "waiting")
			toast(t("done.submitted"));
		else
			toast(at ? t("done.scheduled") : t("done.queued"), wayBack(draft.draft));
		done();
	};
	const fields = [
		bad.length > 0 && { name: "override", label: t("submit.override"), need: true, hint: t("submit.override.hint") },
		text.next !== "closed" && { name: "due", label: t("submit.due." + text.next), hint: t("submit.at.hint") },
		{ name: "comment", label: t("submit.comment") },
		{ name: "at", label: t("submit.at"), value: planned, hint: t("submit.at.hint") },
	].filter(Boolean);
	return html`<${Ask} title=${t("submit.title")} yes=${t("do.submit")} fields=${fields} run=${run} close=${close} text=${html`
		<dl class="pairs">
			<div><dt>${t("mail.to")}</dt><dd>${text.to || t("mail.nobody")}</dd></div>
			${text.cc && html`<div><dt>${t("mail.cc")}</dt><dd>${text.cc}</dd></div>`}
			<div><dt>${t("mail.subject")}</dt><dd>${text.subject}</dd></div>
			${draft.files.length > 0 && html`<div><dt>${t("files")}</dt><dd>${draft.files.map((f) =>
				html`<span key=${f.upload} class="name"><${Icon} name="clip" />${f.filename} <small>${size(f.bytes)}</small></span> `)}</dd></div>`}
			<div><dt>${t("draft.next")}</dt><dd>${tc("next", text.next)}</dd></div>
			<div><dt>${t("check.title")}</dt><dd>${findings.length ? html`<${Counts} of=${findings} />` : t("check.none")}</dd></div>
		</dl>
		${bad.length > 0 && html`<${Findings} of=${bad} text=${text.body} />`}`} />`;
}
