/* A hostile mail: nothing of it runs, loads, sends or covers the page. */
import { assert, base, main, open, shot, sit, until } from "./desk.mjs";

main(async () => {
	const { page, requests, context } = await sit("sato");
	await open(page, "とても急いでいます");
	await page.click("text=元のレイアウトで表示");
	const frame = await (await page.waitForSelector("iframe.layout")).contentFrame();
	await frame.waitForSelector("text=攻撃のあるメールです");
	await shot(page, "hostile");
	const seen = await frame.evaluate(() => ({
		bad: [...document.querySelectorAll("script,form,input,button,iframe,object,embed,svg,math,video,base,link,meta[http-equiv]")].map((e) => e.tagName),
		handlers: [...document.querySelectorAll("*")].flatMap((e) => e.getAttributeNames().filter((n) => n.startsWith("on"))),
		links: [...document.querySelectorAll("a[href]")].map((a) => a.href),
		images: [...document.images].map((i) => i.getAttribute("src")).filter(Boolean),
		fixed: [...document.querySelectorAll("*")].filter((e) => getComputedStyle(e).position === "fixed").length,
	}));
	assert.deepEqual(seen.bad, []);
	assert.deepEqual(seen.handlers, []);
	assert.deepEqual(seen.links.filter((l) => !/^(https?|mailto):/.test(l)), []);
	assert.deepEqual(seen.images.filter((s) => !s.startsWith("/api/") && !s.startsWith("data:")), []);
	assert.equal(seen.fixed, 0);
	const sandbox = await page.getAttribute("iframe.layout", "sandbox");
	assert.ok(!/allow-(scripts|forms|top-navigation)/.test(sandbox), sandbox);
	/* the page goes on after it: whatever could have run has had its turn */
	await page.click("text=文字だけで表示");
	await until("the frame is gone", async () => (await page.locator("iframe").count()) === 0);
	assert.equal(await page.evaluate(() => window.hit), undefined);
	assert.equal(page.url().startsWith(base + "/tickets/"), true);
	assert.equal(context.pages().length, 1);
	assert.deepEqual(requests.filter((u) => !u.startsWith(base) && !u.startsWith("data:")), []);
	/* the page is not wider than the window for all the table */
	assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth + 1));
});
