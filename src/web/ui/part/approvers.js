/* Who can decide of a request: its writer waits for one of them. */
import { html } from "../lib/html.js";
import { useGet } from "../lib/api.js";
import { t } from "../lib/i18n.js";
import { can } from "../lib/me.js";

const decides = (u, window) => !u.disabled && (u.admin || u.window === window && /^(sv|admin)$/.test(u.role));

export function Approvers({ window, author }) {
	const people = useGet("/users").data?.users;
	const own = useGet("/windows").data?.windows.find((w) => w.window === window);
	if (!people || !own || own.self_approval)
		return null;
	const all = [...new Map(people.filter((u) => u.login !== author && decides(u, window)).map((u) => [u.login, u])).values()];
	const here = all.filter((u) => !u.absent);
	const names = (list) => list.map((u) => u.name || u.login).join(t("listed"));
	if (here.length)
		return html`<p class="hint">${t("approvers", { names: names(here) })}</p>`;
	return html`<p class="notice warn" role="status">${all.length ? t("approvers.away", { names: names(all) }) : t("approvers.none")}
		${can("admin", window) && html` <a href="/admin/windows">${t("approvers.do")}</a>`}</p>`;
}
