/* The desk without a mouse, in both languages: every page is walked by Tab, every
 * dialog is opened and left by keys and stands up to axe, the sheet of keys says
 * what is true, and an input method's Enter sends nothing. */
import { assert, axeSource, base, main, open, sit } from "./desk.mjs";
import { wordsOf } from "./look.mjs";

const axe = axeSource();
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const wrong = [];
const COMES_MS = 5000; /* a page that is gone to; then the keys are pressed again */
const TRIES = 5;

/* What can be pressed, by number; and what Tab came by, with its frame. */
const mark = () => {
	const all = [...document.querySelectorAll("a[href],button,input,select,textarea,summary,[tabindex='0']")]
		.filter((e) => !e.disabled && e.tabIndex >= 0 && e.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true }));
	window.walked = new Map();
	all.forEach((e, i) => { e.dataset.walk = i; });
	const framed = (s) => s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0;
	window.stepped ??= document.addEventListener("focusin", ({ target: e }) => window.walked.set(e.dataset.walk,
		framed(getComputedStyle(e)) || framed(getComputedStyle(e, "::after")))) ?? true;
	document.activeElement?.blur();
	/* a date is several stops */
	return all.length + 4 * all.filter((e) => e.type === "date").length;
};
const came = () => {
	const name = (e) => `${e.tagName.toLowerCase()} "${(e.getAttribute("aria-label") ?? e.textContent).trim().slice(0, 30)}"`;
	const all = [...document.querySelectorAll("[data-walk]")];
	return { missed: all.filter((e) => !window.walked.has(e.dataset.walk)).map(name),
		unseen: all.filter((e) => window.walked.get(e.dataset.walk) === false).map(name) };
};

async function walk(page, name) {
	await page.waitForSelector(".loading", { state: "detached" });
	const n = await page.evaluate(mark);
	for (let i = 0; i < n + 2; i++)
		await page.keyboard.press("Tab");
	/* what came while one walked is passed by, too */
	for (let i = 0; i < 2 * n && (await page.evaluate(came)).missed.length; i++)
		await page.keyboard.press("Tab");
	const { missed, unseen } = await page.evaluate(came);
	if (missed.length)
		wrong.push(`${name}: Tab never comes to ${missed.slice(0, 4).join(", ")}`);
	if (unseen.length)
		wrong.push(`${name}: nobody sees that they are on ${unseen.slice(0, 4).join(", ")}`);
}

/* What a page shows beside its buttons stands in the sheet, too. */
async function sheet(page, name) {
	const shown = await page.evaluate(() => [...document.querySelectorAll("main .button > kbd")]
		.filter((e) => e.checkVisibility()).map((e) => e.textContent));
	await page.evaluate(() => document.activeElement?.blur());
	await page.keyboard.press("?");
	await page.waitForSelector("dialog[open] dt kbd");
	const keys = await page.locator("dialog[open] dt kbd").allTextContents();
	for (const key of shown.filter((k) => !keys.includes(k)))
		wrong.push(`${name}: ${key} is not in the sheet`);
	await leave(page);
	return keys;
}

async function leave(page) {
	await page.keyboard.press("Escape");
	await page.waitForSelector("dialog", { state: "detached" });
}

const held = () => {
	const e = document.activeElement;
	return e === document.body ? "the page" : (e.getAttribute("aria-label") ?? e.textContent).trim().slice(0, 40);
};
const hold = (page) => page.evaluate(held);

/* A dialog is there: the focus stays in it, axe finds nothing, Enter of an
 * input method does nothing; Esc brings one back to what opened it. */
async function inside(page, name, opener) {
	await page.waitForSelector("dialog[open]");
	await page.waitForFunction(() => document.querySelector("dialog[open]").contains(document.activeElement));
	const n = await page.evaluate(() => {
		window.strayed = 0;
		document.addEventListener("focusin", window.stray = ({ target }) => { window.strayed += !target.closest("dialog[open]"); });
		return document.querySelectorAll("dialog[open] :is(a,button,input,select,textarea)").length;
	});
	for (let i = 0; i < Math.min(n, 12) + 2; i++)
		await page.keyboard.press("Tab");
	if (await page.evaluate(() => { document.removeEventListener("focusin", window.stray); return window.strayed; }))
		wrong.push(`${name}: Tab leaves the dialog`);
	for (const [colorScheme, runOnly] of [["light", { type: "tag", values: tags }], ["dark", { type: "rule", values: ["color-contrast", "link-in-text-block"] }]]) {
		await page.emulateMedia({ colorScheme });
		const { violations } = await page.evaluate((only) => window.axe.run("dialog[open]", { runOnly: only, resultTypes: ["violations"] }), runOnly);
		wrong.push(...violations.map((v) => `${name}, ${colorScheme}: ${v.id}: ${v.nodes.slice(0, 3).map((n) => n.target.join(" ")).join(" | ")}`));
	}
	await page.emulateMedia({ colorScheme: "light" });
	const sent = await page.evaluate(() => [...document.querySelectorAll("dialog[open] input")]
		.filter((e) => !/checkbox|radio|file/.test(e.type))
		.filter((e) => e.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", keyCode: 229, isComposing: true, bubbles: true, cancelable: true })))
		.length);
	if (sent || !(await page.locator("dialog[open]").count()))
		wrong.push(`${name}: an input method's Enter sends it`);
	await leave(page);
	if (opener)
		await page.waitForFunction(`(${held})() === ${JSON.stringify(opener)}`).catch(async () =>
			wrong.push(`${name}: afterwards one stands on "${await hold(page)}", not on "${opener}"`));
}

/* By its words, or by a place that has none of its own: "css=…". */
const visible = (page, words) => words.startsWith("css=") ? page.locator("main").locator(words).first()
	: page.locator("main").getByRole("button", { name: words, exact: true }).first();

async function press(page, name, words) {
	const button = visible(page, words);
	await button.waitFor();
	await button.focus();
	const opener = await hold(page);
	await page.keyboard.press("Enter");
	await inside(page, `${name}: ${words}`, opener);
}

/* By its arrows, as a menu is walked. */
async function choose(page, name, menu, words) {
	await visible(page, menu).focus();
	const opener = await hold(page);
	await page.keyboard.press("Enter");
	await page.waitForSelector("[role=menuitem]:focus");
	for (let i = 0; !(await hold(page)).startsWith(words); i++) {
		assert.ok(i < 20, `${words} is in no menu`);
		await page.keyboard.press("ArrowDown");
	}
	await page.keyboard.press("Enter");
	await inside(page, `${name}: ${words}`, opener);
}

const ticket = ["do.hold", "do.close", "templates.all", "preview"];
const inMenu = ["do.assign", "do.promise", "do.labels", "do.inquiry", "do.customer", "do.merge", "do.link", "do.spam"];
const ofSato = ["user.role.do", "user.absent.do", "user.password.do", "user.reset.do", "user.disable.do"];

/* [name, way, what shows that it is there, dialogs by their buttons, by a menu] */
const pages = [
	["queue", "/queue?tray=open", ".ticket", ["memo.title"]],
	["ticket", (page) => open(page, "ログインできません"), ".candidate", ticket, [["menu"], inMenu]],
	["approvals", "/approvals", ".ticket,.empty"],
	["outbox", "/outbox", ".ticket,.empty"],
	["shift", "/shift?login=sato", ".ticket,.empty"],
	["mentions", "/mentions", ".ticket,.empty"],
	["thanks", "/thanks", ".ticket,.empty"],
	["search", "/search", ".empty"],
	["board", "/board", ".lane li"],
	["incidents", "/incidents", ".card .row", ["watch.add"]],
	["junk", "/junk", ".ticket,.empty"],
	["reports", "/reports", ".charts canvas"],
	["templates", "/templates", ".ticket", ["template.new"]],
	["template", "/templates/defect", ".card summary"],
	["admin", "/admin", ".card dl", ["change"]],
	["mailboxes", "/admin/mailboxes", "table", ["mailbox.add", "mailbox.test.do", "password.change", "folder.do", "mailbox.change.open", "remove"]],
	["users", "/admin/users", "table", ["user.add"], [["menu.of", { name: "佐藤 美咲" }], ofSato]],
	["windows", "/admin/windows", ".months", ["policy.rule.add", "css=dl button.link", "css=button.day[data-date$='-03-10']", "change"]],
	["rules", "/admin/rules", ".card,.empty", ["rule.add"]],
	["audit", "/admin/audit", "table"],
	["store", "/admin/store", ".card input"],
	["security", "/security", ".card", ["password.change", "totp.begin", "token.add"]],
];

/* Two keys in a row. On a slow machine the second may come too late to belong
 * to the first, or a page that has just come takes the focus for its field
 * between them; what they do alone is left, and both are pressed again. */
async function two(page, key, there) {
	for (let i = 0; i < TRIES; i++) {
		await page.evaluate(() => document.activeElement?.blur());
		for (const k of key.toLowerCase().split(" "))
			await page.keyboard.press(k);
		for (const until = Date.now() + COMES_MS; Date.now() < until; await page.evaluate(() => new Promise(requestAnimationFrame)))
			if (await there())
				return;
		if (await page.locator("dialog[open]").count())
			await leave(page);
	}
}

/* They go where the sheet says. */
async function ways(page, keys) {
	const rows = await page.evaluate(() => [...document.querySelectorAll(".nav li a")].map((a) => [a.title, a.pathname]));
	assert.ok(rows.length >= 12);
	for (const [key, path] of rows) {
		assert.ok(keys.includes(key), `${key} is in the sheet`);
		await two(page, key, () => new URL(page.url()).pathname === path);
		await page.waitForFunction((to) => location.pathname === to, path);
	}
	await two(page, "g s", async () => await page.locator("dialog[open] fieldset").count() > 0);
	await inside(page, "settings");
}

async function desk(lang) {
	const { page, broken } = await sit("admin", { lang });
	const w = wordsOf(lang);
	const said = (words) => words.startsWith("css=") ? words : w(words);
	const known = new Map();
	for (const [of, way, there, dialogs = [], menu] of pages) {
		const name = `${of} (${lang})`;
		if (typeof way === "string")
			await page.goto(base + way);
		else
			await way(page);
		await page.waitForSelector(there);
		await page.evaluate(axe + "; undefined");
		await walk(page, name);
		known.set(of, await sheet(page, name));
		for (const words of dialogs)
			await press(page, name, said(words));
		for (const words of menu?.[1] ?? [])
			await choose(page, name, w(...menu[0]), w(words));
	}
	await ways(page, known.get("queue"));
	wrong.push(...broken);
	await page.context().close();
}

main(async () => {
	await desk("ja");
	await desk("en");
	assert.deepEqual(wrong, []);
});
