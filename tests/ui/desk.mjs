/* A browser at the desk, as one person. */
import assert from "node:assert/strict";
import fs from "node:fs";
import { createRequire } from "node:module";

const { URL: base, MODULES, PASSWORD, SHOTS } = process.env;
const require = createRequire(MODULES + "/package.json");
const { chromium } = require("playwright-core");

/* A loaded machine is slow, not wrong. */
const LIMIT_MS = Number(process.env.LIMIT_MS ?? 60000);

export { assert, base };
export const axeSource = () => fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const started = await chromium.launch({ executablePath: "/usr/bin/chromium",
	args: ["--no-sandbox", "--disable-dev-shm-usage"] });

let seats = 0;

/* {page, requests, refused, broken}: signed in; who "" stays at the door. Each seat is a machine
 * of its own, so that nobody's requests count for another's rate. */
export async function sit(who, { dark = false, lang = "ja", width = 1440, height = 900 } = {}) {
	const context = await started.newContext({ viewport: { width, height }, colorScheme: dark ? "dark" : "light",
		locale: lang === "en" ? "en-GB" : "ja-JP", timezoneId: "Asia/Tokyo", ignoreHTTPSErrors: true, // of a provider's page
		extraHTTPHeaders: { "X-Forwarded-For": `192.0.2.${process.pid % 200 + 1}`, "X-Seat": String(++seats) } });
	await context.addInitScript((code) => localStorage.setItem("madoguchi",
		JSON.stringify({ ...JSON.parse(localStorage.getItem("madoguchi") ?? "{}"), lang: code })), lang);
	const page = await context.newPage();
	page.setDefaultTimeout(LIMIT_MS);
	const requests = [];
	const refused = []; // what the desk said 403 to
	const broken = [];
	page.on("response", (r) => r.status() === 403 && refused.push(`${r.request().method()} ${r.url()}`));
	page.on("request", (r) => requests.push(r.url()));
	page.on("pageerror", (e) => broken.push(e.stack));
	page.on("console", (m) => /Content Security Policy|TrustedTypes/.test(m.text()) && broken.push(m.text()));
	await page.goto(base + "/");
	await page.waitForSelector("#login");
	if (who) {
		await page.fill("#login", who);
		await page.fill("#password", PASSWORD);
		await page.keyboard.press("Enter");
		await page.waitForSelector(".nav");
	}
	return { page, context, requests, refused, broken };
}

export async function open(page, subject) {
	await page.goto(base + "/queue?tray=open");
	await page.click(`a.open:has-text("${subject}")`);
	await page.waitForSelector(".thread");
}

/* What the API says to the person of that page: the effect, not the screen. */
export const api = (page, path) => page.evaluate(async (p) => (await fetch("/api/v1" + p)).json(), path);

export const shot = async (page, name) => SHOTS && page.screenshot({ path: `${SHOTS}/${name}.png` });

export const say = (page) => page.click("dialog button[type=submit]");
export const field = (page, label) => page.locator("dialog").getByLabel(label, { exact: false });

export const toast = (page, words) => page.waitForSelector(`.toast:has-text("${words}")`);

/* Asks the test around us for something; what it answers. */
export function please(word) {
	return new Promise((done) => {
		let text = "";
		const hear = (part) => {
			text += part;
			if (!text.endsWith("\n"))
				return;
			process.stdin.off("data", hear).pause();
			done(JSON.parse(text));
		};
		process.stdin.on("data", hear).resume();
		console.log("please: " + word);
	});
}

/* Waits until f() is true. */
export async function until(what, f) {
	const end = Date.now() + LIMIT_MS;
	while (!(await f())) {
		if (Date.now() > end)
			throw new Error("never: " + what);
		await new Promise((r) => setTimeout(r, 100));
	}
}

/* Runs the script's body, and ends the browser whatever happens. */
export async function main(f) {
	try {
		await f();
	} catch (e) {
		console.log(e.stack);
		process.exitCode = 1;
		for (const [i, c] of started.contexts().entries())
			await shot(c.pages()[0], "failed-" + i).catch(() => {});
	} finally {
		await started.close();
		process.stdin.destroy();
	}
}
