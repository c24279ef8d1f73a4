/* Two people and one reply; and an input method's Enter. */
import { assert, main, open, sit, until } from "./desk.mjs";

main(async () => {
	const sato = await sit("sato");
	const suzuki = await sit("suzuki");
	await open(sato.page, "領収書の発行");
	await sato.page.keyboard.press("r");
	const first = sato.page.locator(".composer textarea");
	await first.waitFor();
	await first.fill("山田 花子 様\n\n領収書をお送りいたします。");
	await sato.page.waitForSelector(".saving.saved");

	await open(suzuki.page, "領収書の発行");
	await suzuki.page.waitForSelector(".notice:has-text('編集中（佐藤')");
	const second = suzuki.page.locator(".composer textarea");
	await second.waitFor();
	assert.match(await second.inputValue(), /領収書をお送り/);
	await second.fill("横から書き換えます。");
	/* refused in words, nothing is overwritten */
	await suzuki.page.waitForSelector(".composer .notice[role=alert]");
	await sato.page.reload();
	await first.waitFor();
	await until("the first text stands", async () => /領収書をお送り/.test(await first.inputValue()));

	/* taken over on purpose: now the second writes, and the first is told */
	await suzuki.page.click(".composer >> text=編集を代わる");
	await until("their text is here", async () => /領収書をお送り/.test(await second.inputValue()));
	await suzuki.page.waitForSelector(".composer .notice[role=alert]", { state: "detached" });
	await second.fill("山田 花子 様\n\n領収書は明日お送りいたします。");
	await suzuki.page.waitForSelector(".saving.saved");
	await sato.page.waitForSelector(".notice:has-text('編集中（鈴木')");
	await sato.page.reload();
	await first.waitFor();
	await until("the first sees it", async () => /明日お送り/.test(await first.inputValue()));

	/* Enter ends a conversion, it does not search */
	const page = suzuki.page;
	await page.goto(page.url().replace(/\/tickets.*/, "/search"));
	const field = page.locator("input[type=search]");
	await field.fill("領収書");
	await field.evaluate((e) => e.dispatchEvent(new KeyboardEvent("keydown",
		{ key: "Enter", isComposing: true, bubbles: true, cancelable: true })));
	/* Safari tells of it once the conversion is over: keyCode 229, no isComposing */
	assert.equal(await field.evaluate((e) => {
		const key = new KeyboardEvent("keydown", { key: "Enter", keyCode: 229, bubbles: true, cancelable: true });
		return e.dispatchEvent(key);
	}), false);
	const cdp = await page.context().newCDPSession(page);
	await cdp.send("Input.imeSetComposition", { text: "りょうしゅうしょ", selectionStart: 8, selectionEnd: 8 });
	assert.ok(!page.url().includes("words="));
	await cdp.send("Input.insertText", { text: "" });
	await field.fill("領収書");
	await field.press("Enter");
	await page.waitForSelector(".results mark");
	assert.match(await page.textContent(".results"), /領収書の発行について/);
});
