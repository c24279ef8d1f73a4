/* axe-core on every screen, Japanese and English, light and dark; and nothing
 * wider than the window, on a desk, a phone and at 200 %. */
import { assert, axeSource, base, main, open, shot, sit } from "./desk.mjs";

const source = axeSource();

/* What the light screen has been asked need not be asked again in the dark,
 * but for its colours. */
const all = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const colours = ["color-contrast", "link-in-text-block"];

async function look(page, name, dark) {
	if (!dark)
		await page.evaluate(source + "; undefined");
	const found = await page.evaluate((runOnly) => axe.run(document, { runOnly, resultTypes: ["violations"] }),
		dark ? { type: "rule", values: colours } : { type: "tag", values: all });
	await shot(page, name);
	return found.violations.map((v) => `${name}: ${v.id}: ${v.nodes.slice(0, 3).map((n) => n.target.join(" ")).join(" | ")}`);
}

const wide = (page) => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

/* [name, address or function, what shows that it is there] */
const screens = [
	["queue", "/queue?tray=open", ".ticket"],
	["queue-empty", "/queue?tray=error", ".empty"],
	["approvals", "/approvals", ".empty,.ticket"],
	["outbox", "/outbox", ".empty,.ticket"],
	["search", "/search?words=" + encodeURIComponent("注文"), ".results"],
	["board", "/board", ".lane li"],
	["incidents", "/incidents", ".card .row"],
	["reports", "/reports", ".report table"],
	["approvals-report", "/reports?kind=approvals", ".report dl"],
	["templates", "/templates", ".ticket"],
	["template", "/templates/defect", ".card summary"],
	["shift", "/shift?login=sato", ".empty,.ticket"],
	["mentions", "/mentions", ".empty,.ticket"],
	["thanks", "/thanks", ".empty,.ticket"],
	["memo", async (page) => {
		await page.goto(base + "/queue");
		await page.waitForSelector(".nav");
		await page.click("text=/電話メモ|Phone note/");
	}, "dialog[open] input"],
	["ticket", (page) => open(page, "ログインできません"), ".candidate"],
	["reply", async (page) => {
		await open(page, "写真を送ります");
		if (!(await page.locator(".composer textarea").count()))
			await page.keyboard.press("r");
	}, ".composer textarea"],
];

main(async () => {
	const wrong = [];
	for (const lang of ["ja", "en"]) {
		const { page, broken } = await sit("", { lang });
		const both = async (name) => {
			for (const colorScheme of ["light", "dark"]) {
				await page.emulateMedia({ colorScheme });
				wrong.push(...await look(page, `${name}-${lang}-${colorScheme}`, colorScheme === "dark"));
			}
			await page.emulateMedia({ colorScheme: "light" });
		};
		await both("login");
		await page.fill("#login", "suzuki");
		await page.fill("#password", process.env.PASSWORD);
		await page.keyboard.press("Enter");
		await page.waitForSelector(".nav");
		for (const [name, way, there] of screens) {
			if (typeof way === "string")
				await page.goto(base + way);
			else
				await way(page);
			await page.waitForSelector(there);
			await both(name);
			for (const [width, height] of [[360, 740], [720, 450]]) {
				await page.setViewportSize({ width, height });
				if (await wide(page) > 0)
					wrong.push(`${name}-${lang}: wider than ${width} px by ${await wide(page)}`);
				if (width === 360)
					await shot(page, `${name}-${lang}-phone`);
			}
			await page.setViewportSize({ width: 1440, height: 900 });
		}
		await page.goto(base + "/queue");
		await page.waitForSelector(".nav");
		await page.keyboard.press("?");
		await page.waitForSelector("dialog[open]");
		await both("keys");
		wrong.push(...broken);
		await page.context().close();
	}
	assert.deepEqual(wrong, []);
});
