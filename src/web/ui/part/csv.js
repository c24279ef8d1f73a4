/* A list to take away as a table, in the letters that the person's program reads. */
import { html, useState } from "../lib/html.js";
import { get, query } from "../lib/api.js";
import { t } from "../lib/i18n.js";
import { prefs, setPref } from "../lib/prefs.js";
import { useStore } from "../lib/store.js";
import { Button } from "./basic.js";
import { attempt } from "./toast.js";

/* What the page saves is a file of its own making. */
export function save(name, blob) {
	const a = document.createElement("a");
	a.href = URL.createObjectURL(blob);
	a.download = name;
	a.click();
	setTimeout(() => URL.revokeObjectURL(a.href), 10000);
}

const encodings = ["utf-8", "cp932"];

/* args: what the list is asked for; a letter that the encoding lacks is told. */
export function Csv({ path, args, name }) {
	const { csv } = useStore(prefs);
	const [busy, setBusy] = useState(false);
	const encoding = encodings.includes(csv) ? csv : encodings[0];
	const take = async () => {
		setBusy(true);
		await attempt(async () => save(name + ".csv", await get(query(path, { ...args, format: "csv", encoding }), { whole: true })));
		setBusy(false);
	};
	return html`<span class="row"><${Button} busy=${busy} onClick=${take}>${t("csv")}<//>
		<select aria-label=${t("csv.encoding")} value=${encoding} onChange=${(e) => setPref("csv", e.target.value)}>
			${encodings.map((x) => html`<option key=${x} value=${x}>${t("csv." + x)}</option>`)}</select></span>`;
}
