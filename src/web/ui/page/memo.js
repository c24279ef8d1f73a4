/* 電話メモ: a call, or somebody at the door, as a ticket. */
import { html } from "../lib/html.js";
import { post } from "../lib/api.js";
import { t } from "../lib/i18n.js";
import { go } from "../lib/route.js";
import { Ask } from "../part/dialog.js";
import { toast } from "../part/toast.js";

export function Memo({ windows, close }) {
	const run = async (v) => {
		const args = Object.fromEntries(Object.entries({ ...v, answered: undefined }).filter(([, x]) => x));
		const r = await post("/tickets", { window: windows[0]?.window, ...args, ...(v.answered && { answered: true }) });
		toast(t("done.memo", { n: r.ticket }));
		go(`/tickets/${r.ticket}`);
	};
	return html`<${Ask} title=${t("memo.title")} yes=${t("memo.do")} close=${close} run=${run} fields=${[
		windows.length > 1 && { name: "window", label: t("window"), type: "choice", value: windows[0].window, options: windows.map((w) => [w.window, w.name]) },
		{ name: "subject", label: t("memo.subject"), need: true },
		{ name: "kind", label: t("memo.kind"), type: "choice", value: "phone", options: ["phone", "visit", "mail"].map((k) => [k, t("memo.kind." + k)]) },
		{ name: "text", label: t("memo.text"), type: "area" },
		{ name: "name", label: t("customer.name") },
		{ name: "phone", label: t("customer.phone"), type: "tel" },
		{ name: "address", label: t("customer.address"), type: "email" },
		{ name: "due", label: t("promise.due"), hint: t("submit.at.hint") },
		{ name: "answered", label: t("memo.answered"), type: "checkbox", value: false },
	].filter(Boolean)} />`;
}
