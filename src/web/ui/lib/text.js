/* Text of a reply: places in it, its open slots, what was found in it. */

/* The desk counts characters, a browser counts UTF-16 units. */
export function units(text, chars) {
	let at = 0;
	for (let n = 0; n < chars && at < text.length; n++)
		at += text.codePointAt(at) > 0xffff ? 2 : 1;
	return at;
}

/* Findings with places in units, those of a text as it was checked. */
export const placed = (text, findings) => findings.map((f, i) => ({ ...f, id: i,
	start: units(text, f.start), end: units(text, f.end),
	fix: f.fix && { ...f.fix, start: units(text, f.fix.start), end: units(text, f.fix.end) } }));

/* What is left of findings after an edit: those before and after it. */
export function shifted(was, now, findings) {
	let head = 0;
	const max = Math.min(was.length, now.length);
	while (head < max && was[head] === now[head])
		head++;
	let tail = 0;
	while (tail < max - head && was[was.length - 1 - tail] === now[now.length - 1 - tail])
		tail++;
	const end = was.length - tail;
	const by = now.length - was.length;
	const move = (r) => r.end <= head ? r
		: r.start >= end ? { ...r, start: r.start + by, end: r.end + by } : null;
	const kept = [];
	for (const f of findings) {
		/* about something that is missing: it stays missing for now */
		const place = f.start === f.end ? { ...f, start: Math.min(f.start, now.length), end: Math.min(f.start, now.length) } : move(f);
		if (!place)
			continue;
		const fix = f.fix && move(f.fix);
		kept.push({ ...place, fix: fix || undefined });
	}
	return kept;
}

export function slots(text) {
	const found = [];
	for (const m of text.matchAll(/\{\{([^{}\n]{1,80})\}\}/g))
		found.push({ start: m.index, end: m.index + m[0].length, name: m[1].trim() });
	return found;
}

/* The next slot from a place on, round the end; back: the one before. */
export function nextSlot(text, from, to, back) {
	const all = slots(text);
	if (back)
		return all.findLast((s) => s.end <= from) ?? all.at(-1);
	return all.find((s) => s.start >= to) ?? all[0];
}

/* Text cut at the edges of ranges: [{text, of: [ranges]}] */
export function pieces(text, ranges) {
	const edges = new Set([0, text.length]);
	for (const r of ranges) {
		edges.add(Math.min(r.start, text.length));
		edges.add(Math.min(r.end, text.length));
	}
	const at = [...edges].sort((a, b) => a - b);
	return at.slice(0, -1).map((start, i) => ({ start, text: text.slice(start, at[i + 1]),
		of: ranges.filter((r) => r.start <= start && r.end >= at[i + 1] && r.end > r.start) }));
}

export const put = (text, start, end, word) => text.slice(0, start) + word + text.slice(end);

/* "a@example.jp, 名前 <b@example.jp>" and back */
export const addressText = (list) => list.map(oneAddress).join(", ");
/* a name that turns the direction of writing would turn the address behind it */
export const oneAddress = ({ name, address }) => name && name !== address
	? `${name.replace(/[\u202a-\u202e\u2066-\u2069]/g, "")} <${address}>` : address;

export function addressList(text) {
	const out = [];
	let one = "";
	let quoted = false;
	for (const c of text) {
		if (c === '"')
			quoted = !quoted;
		if ((c === "," || c === "、" || c === ";" || c === "\n") && !quoted) {
			out.push(one);
			one = "";
		} else {
			one += c;
		}
	}
	return [...out, one].map((s) => s.trim()).filter(Boolean);
}

/* The name of an IMAP folder as people know it (RFC 3501 §5.1.3); as it stands
 * if it is not spelt so. */
export function folderName(name) {
	const utf16 = new TextDecoder("utf-16be", { fatal: true });
	try {
		return name.replace(/&([^-]*)-/g, (_, run) => run === "" ? "&"
			: utf16.decode(Uint8Array.from(atob(run.replaceAll(",", "/")), (c) => c.charCodeAt(0))));
	} catch {
		return name;
	}
}

/* Words with commas between, or one a line. */
export const listed = (text) => text.split(/[,、\n]/).map((x) => x.trim()).filter(Boolean);
