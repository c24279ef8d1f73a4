/* What people and windows are called. The desk keeps logins and codes; people
 * know names. */
import { get } from "./api.js";
import { store, useStore } from "./store.js";

const names = store(new Map());
const windows = store(new Map());

export async function readPeople() {
	try {
		const { users } = await get("/users");
		names.set(new Map(users.map((u) => [u.login, u.name || u.login])));
		const all = (await get("/windows")).windows;
		windows.set(new Map(all.map((w) => [w.window, w.name || w.window])));
	} catch { /* logins are shown */ }
}

/* const nameOf = useNames(): (login) => name */
export function useNames() {
	const known = useStore(names);
	return (login) => known.get(login) ?? login ?? "";
}

/* The same of a window; who sees only one need not be told: "". */
export function useWindows() {
	const known = useStore(windows);
	return (code) => known.size > 1 ? known.get(code) ?? code ?? "" : "";
}
