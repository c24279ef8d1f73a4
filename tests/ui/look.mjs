/* What axe-core, the words and a narrow window say about what is on the screen. */
import { axeSource, base, shot, sit } from "./desk.mjs";
import { words } from "../../src/web/ui/lib/words.js";

const source = axeSource();

/* What the light screen has been asked need not be asked again in the dark,
 * but for its colours. */
const all = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const colours = ["color-contrast", "link-in-text-block"];

/* A word that nobody wrote down shows as its key. */
const wordless = () => [...document.querySelectorAll("label, button, summary, h1, h2, h3, legend, th, option")]
	.filter((e) => e.checkVisibility() && /^[a-z]+(\.[a-z_]+)+$/.test(e.textContent.trim()))
	.map((e) => ({ id: "a key in place of words", nodes: [{ target: [e.textContent.trim()] }] }));

/* A word of the pages, in the language of a seat. */
export const wordsOf = (lang) => (key, values) => words[key][lang === "en" ? 1 : 0].split(" | ").at(-1)
	.replace(/\{(\w+)\}/g, (_, k) => values[k]);

export const wrong = [];

/* Told at once, too: the next step may never come. */
function bad(text) {
	wrong.push(text);
	console.log(text);
}

export const titles = { ja: new Set(), en: new Set() }; /* of dialogs that were looked at */

async function look(page, name, dark) {
	if (!dark)
		await page.evaluate(source + "; undefined");
	/* what lies under a dialog is out of reach, and was looked at before */
	const found = await page.evaluate((runOnly) => axe.run(document.querySelector("dialog[open]") ?? document, { runOnly, resultTypes: ["violations"] }),
		dark ? { type: "rule", values: colours } : { type: "tag", values: all });
	await shot(page, name);
	if (!dark)
		found.violations.push(...await page.evaluate(wordless));
	for (const v of found.violations)
		bad(`${name}: ${v.id}: ${v.nodes.slice(0, 3).map((n) => n.target.join(" ")).join(" | ")}`);
}

/* In the light and in the dark. */
export async function both(page, name, lang) {
	for (const colorScheme of ["light", "dark"]) {
		await page.emulateMedia({ colorScheme });
		await look(page, `${name}-${lang}-${colorScheme}`, colorScheme === "dark");
	}
	await page.emulateMedia({ colorScheme: "light" });
	const title = page.locator("dialog[open] h2").first();
	if (await title.count())
		titles[lang].add(await title.textContent());
}

const wide = (page) => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

/* Nothing is wider than the window, on a small phone and at 200 %. */
export async function narrow(page, name, lang) {
	for (const [width, height] of [[360, 740], [640, 400]]) {
		await page.setViewportSize({ width, height });
		if (await wide(page) > 0)
			bad(`${name}-${lang}: wider than ${width} px by ${await wide(page)}`);
		if (width === 360)
			await shot(page, `${name}-${lang}-phone`);
	}
	await page.setViewportSize({ width: 1440, height: 900 });
}

/* What the page's own person asks of the API. */
export const change = (page, method, path, body) => page.evaluate(async ([how, to, what]) => {
	const { csrf } = await (await fetch("/api/v1/me")).json();
	const r = await fetch("/api/v1" + to, { method: how, body: what && JSON.stringify(what), headers: { "Content-Type": "application/json", "X-CSRF-Token": csrf } });
	if (!r.ok)
		throw new Error(`${how} ${to}: ${await r.text()}`);
	return r.json();
}, [method, path, body]);

/* A person at a page, with the words of their language. */
export async function seat(who, lang) {
	const { page, broken } = await sit(who, { lang });
	const w = wordsOf(lang);
	/* what was typed into a dialog may go */
	page.on("dialog", (d) => d.accept());
	const inside = () => page.locator("dialog[open]");
	const named = (where, key, values) => where.getByRole("button", { name: w(key, values), exact: true }).first();
	const s = {
		page, broken, lang, w, inside,
		go: async (to, there) => {
			await page.goto(base + to);
			await page.waitForSelector(there);
			await page.waitForSelector(".loading", { state: "detached" });
		},
		press: (key, values) => named(page.locator("main"), key, values).click(),
		say: (key) => named(inside(), key).click(),
		yes: () => page.click("dialog[open] button[type=submit]"),
		field: (key) => inside().getByLabel(w(key), { exact: false }).first(),
		choose: async (menu, key) => {
			await menu.click();
			await page.locator("[role=menuitem]").getByText(w(key), { exact: true }).click();
		},
		see: async (name) => {
			await both(page, name, lang);
			await narrow(page, name, lang);
		},
		/* a dialog is there: it is looked at, and left */
		seen: async (name, there = "form,li,p") => {
			await inside().locator(there).first().waitFor();
			await s.see(name);
			await s.leave();
		},
		leave: async () => {
			await page.keyboard.press("Escape");
			await page.waitForSelector("dialog", { state: "detached" });
		},
	};
	return s;
}
