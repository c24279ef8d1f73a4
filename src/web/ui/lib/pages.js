/* A long list, page by page: the next begins where the answer's "next" says. */
import { useLayoutEffect, useState } from "./html.js";
import { get } from "./api.js";
import { failed } from "../part/toast.js";

/* first: the answer that stands at the address; key: its list; mark: the word
 * that the next page is asked for with. */
export function usePages(path, first, key, mark) {
	const [more, set] = useState({ rows: [], next: undefined });
	useLayoutEffect(() => set({ rows: [], next: undefined }), [first, path]);
	const next = more.next === undefined ? first?.next : more.next;
	const load = async () => {
		try {
			const page = await get(`${path}${path.includes("?") ? "&" : "?"}${mark}=${encodeURIComponent(next)}`);
			set({ rows: [...more.rows, ...page[key]], next: page.next ?? null });
		} catch (e) {
			failed(e);
		}
	};
	return { rows: [...(first?.[key] ?? []), ...more.rows], next, load };
}
