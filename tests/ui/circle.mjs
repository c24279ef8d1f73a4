/* A reply all the way, by keys: written, sent back with a reason, mended, approved. */
import { assert, main, open, shot, sit, toast, until } from "./desk.mjs";

const SUBJECT = "マグカップの返品について";

main(async () => {
	const sato = await sit("sato");
	await open(sato.page, SUBJECT);
	await sato.page.keyboard.press("r");
	const area = sato.page.locator(".composer textarea");
	await area.waitFor();
	await area.fill("山田 花子 様\n\nこのたびはご迷惑をおかけし、誠に申し訳ございません。\n写真をご拝見いたしました。交換品をお送りいたします。");
	/* what is found is marked, and one key mends it */
	await sato.page.waitForSelector(".mirror mark.warn");
	await shot(sato.page, "circle-lint");
	await area.evaluate((e) => e.setSelectionRange(e.value.indexOf("ご拝見") + 1, e.value.indexOf("ご拝見") + 1));
	await area.press("Control+.");
	await until("the text is mended", async () => (await area.inputValue()).includes("写真を拝見"));
	await sato.page.waitForSelector(".saving.saved");

	const ask = async () => {
		await area.press("Control+Enter");
		await sato.page.waitForSelector("dialog[open]");
		const reason = sato.page.locator("dialog input[required]");
		if (await reason.count())
			await reason.fill("確認済みです");
		await sato.page.click("dialog button[type=submit]");
		await toast(sato.page, "承認を依頼しました");
	};
	await ask();
	await sato.page.waitForSelector(".notice:has-text('承認待ち')");

	const suzuki = await sit("suzuki");
	await suzuki.page.waitForSelector(".nav .count");
	await suzuki.page.keyboard.press("g");
	await suzuki.page.keyboard.press("a");
	await suzuki.page.waitForSelector(".approvals a.open");
	await suzuki.page.keyboard.press("j");
	await suzuki.page.keyboard.press("Enter");
	await suzuki.page.waitForSelector(".decide");
	assert.match(await suzuki.page.textContent(".thread"), /ひびが入って/);
	await shot(suzuki.page, "circle-review");
	await suzuki.page.keyboard.press("r");
	await suzuki.page.waitForSelector("dialog[open] option[value=A5]", { state: "attached" });
	await suzuki.page.selectOption("dialog select", "A5");
	await suzuki.page.fill("dialog textarea", "交換品の発送日を書いてください。");
	await suzuki.page.click("dialog button[type=submit]");
	await toast(suzuki.page, "差し戻しました");

	/* the operator's page learns it by itself */
	await sato.page.waitForSelector(".composer .notice.bad:has-text('発送日を書いてください')");
	await shot(sato.page, "circle-returned");
	await area.fill((await area.inputValue()).replace("交換品をお送り", "交換品は明日発送し、お届け"));
	await sato.page.waitForSelector(".saving.saved");
	await ask();

	await suzuki.page.goto(suzuki.page.url().replace(/\/approvals.*/, "/approvals"));
	await suzuki.page.click(".approvals a.open");
	await suzuki.page.waitForSelector(".decide .letter:has-text('明日発送')");
	await suzuki.page.keyboard.press("d");
	await suzuki.page.waitForSelector(".diff ins");
	await suzuki.page.keyboard.press("Control+Enter");
	await toast(suzuki.page, "承認しました");
	await suzuki.page.waitForSelector(".toast:has-text('送信を取り消す')");
	assert.deepEqual([...sato.broken, ...suzuki.broken], []);
});
