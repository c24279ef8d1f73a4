/* A list that is walked by keys: j and k move, Enter opens. */
import { useRef } from "../lib/html.js";
import { t } from "../lib/i18n.js";
import { useKeys } from "../lib/keys.js";

/* box: ref of the list; its links (a.open) are walked. more: other keys, which
 * get the element of the row that has the focus. */
export function useWalk(more = []) {
	const box = useRef();
	const links = () => [...(box.current?.querySelectorAll("a.open") ?? [])];
	const at = () => links().indexOf(document.activeElement?.closest("li")?.querySelector("a.open"));
	const move = (n) => {
		const all = links();
		const to = at() < 0 ? (n > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at() + n));
		all[to]?.focus();
	};
	useKeys([
		{ key: ["j", "arrowdown"], label: t("keys.down"), run: () => move(1) },
		{ key: ["k", "arrowup"], label: t("keys.up"), run: () => move(-1) },
		...more.map((m) => m && ({ ...m, run: () => {
			const row = links()[at()]?.closest("li");
			if (row)
				m.run(row);
		} })),
	]);
	return box;
}

/* The list that a ticket was opened from: its neighbours are j and k away. */
let numbers = [];

export const remember = (list) => { numbers = list; };

export function neighbour(number, n) {
	const at = numbers.indexOf(Number(number));
	return at < 0 ? null : numbers[at + n] ?? null;
}

export const position = (number) => {
	const at = numbers.indexOf(Number(number));
	return at < 0 ? null : { at: at + 1, n: numbers.length };
};
