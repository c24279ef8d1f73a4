/* What people are called. The desk keeps logins; people know names. */
import { get } from "./api.js";
import { store, useStore } from "./store.js";

const names = store(new Map());

export async function readPeople() {
	try {
		const { users } = await get("/users");
		names.set(new Map(users.map((u) => [u.login, u.name || u.login])));
	} catch { /* logins are shown */ }
}

/* const nameOf = useNames(): (login) => name */
export function useNames() {
	const known = useStore(names);
	return (login) => known.get(login) ?? login ?? "";
}
