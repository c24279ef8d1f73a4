/* A value that pages watch. */
import { useEffect, useState } from "./html.js";

export function store(value) {
	const watchers = new Set();
	return {
		get: () => value,
		set(next) {
			value = typeof next === "function" ? next(value) : next;
			for (const f of watchers)
				f(value);
		},
		watch(f) {
			watchers.add(f);
			return () => watchers.delete(f);
		},
	};
}

export function useStore(s) {
	const [v, set] = useState(s.get());
	useEffect(() => {
		set(() => s.get());
		return s.watch((next) => set(() => next));
	}, [s]);
	return v;
}
