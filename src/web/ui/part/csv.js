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

/* Signs that Unicode has twice, as the spreadsheets of Windows write them. */
const twins = { "\u301c": "\uff5e", "\u2212": "\uff0d", "\u2014": "\u2015", "\u2016": "\u2225", "\u00a2": "\uffe0", "\u00a3": "\uffe1", "\u00ac": "\uffe2" };

/* Browsers only read Shift_JIS: what they read of each pair of bytes, turned round. */
function cp932(text) {
	const read = new TextDecoder("shift_jis");
	const bytes = new Map();
	const take = (...b) => {
		const letter = read.decode(new Uint8Array(b));
		if ([...letter].length === 1 && letter !== "\ufffd" && !bytes.has(letter))
			bytes.set(letter, b);
	};
	for (let a = 0; a < 0x100; a++)
		if (a < 0x80 || (a > 0xa0 && a < 0xe0))
			take(a);
		else
			for (let b = 0x40; b < 0xfd; b++)
				take(a, b);
	return new Uint8Array([...text].flatMap((letter) => {
		const found = bytes.get(letter) ?? bytes.get(twins[letter]);
		if (!found)
			throw new Error(t("csv.lacks", { letter }));
		return found;
	}));
}

async function made(make, encoding) {
	const text = await make();
	return new Blob([encoding === "cp932" ? cp932(text) : "\ufeff" + text], { type: "text/csv" });
}

/* args: what the list is asked for; a letter that the encoding lacks is told.
 * make: of a table that is made here, its text. */
export function Csv({ path, args, name, make }) {
	const { csv } = useStore(prefs);
	const [busy, setBusy] = useState(false);
	const encoding = encodings.includes(csv) ? csv : encodings[0];
	const take = async () => {
		setBusy(true);
		await attempt(async () => save(name + ".csv", make ? await made(make, encoding)
			: await get(query(path, { ...args, format: "csv", encoding }), { whole: true })));
		setBusy(false);
	};
	return html`<span class="row"><${Button} busy=${busy} onClick=${take}>${t("csv")}<//>
		<select aria-label=${t("csv.encoding")} value=${encoding} onChange=${(e) => setPref("csv", e.target.value)}>
			${encodings.map((x) => html`<option key=${x} value=${x}>${t("csv." + x)}</option>`)}</select></span>`;
}
