/* What is typed is not lost: when the session ends, when one goes back without
 * the desk, when the customer writes while a lead corrects. */
import { assert, base, main, open, please, say, sit, toast, until } from "./desk.mjs";

const { PASSWORD } = process.env;

/* The browser's session becomes somebody's ("": nobody's), as in another tab. */
const become = (page, login) => page.evaluate(async ([name, password]) => {
	const me = await (await fetch("/api/v1/me")).json();
	await fetch("/api/v1/session", name
		? { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ login: name, password }) }
		: { method: "DELETE", headers: { "X-CSRF-Token": me.csrf } });
}, [login, PASSWORD]);

const signIn = async (page, login) => {
	await page.fill("#login", login);
	await page.fill("#password", PASSWORD);
	await page.keyboard.press("Enter");
	await page.waitForSelector("dialog.again", { state: "detached" });
};

const more = async (area, text) => {
	await area.press("Control+End");
	await area.pressSequentially(text);
};

main(async () => {
	const { page, context, broken } = await sit("sato");
	await please("first");
	await page.waitForSelector('a.open:has-text("消えては困るもの")');
	await open(page, "消えては困るもの");
	await page.keyboard.press("r");
	const area = page.locator(".composer textarea");
	const has = (words) => until(words, async () => (await area.inputValue()).includes(words));
	await area.fill("山田 花子 様\n\nお問い合わせありがとうございます。");
	await page.waitForSelector(".saving.saved");

	/* the session ends: the page waits behind the door, and nobody sees it */
	await page.fill("#comment", "書きかけのコメント");
	await become(page, "");
	await more(area, "続きの文です。");
	await page.waitForSelector("dialog.again");
	assert.equal(await area.isVisible(), false);
	await page.keyboard.press("Escape");
	await page.keyboard.press("Escape");
	assert.ok(await page.locator("#password").isVisible());
	await signIn(page, "sato");
	await has("続きの文です。");
	assert.equal(await page.inputValue("#comment"), "書きかけのコメント");
	await page.waitForSelector(".saving.saved");

	/* signed in anew in another tab: this one goes on */
	await become(page, "sato");
	await more(area, "二つ目の文です。");
	await page.waitForSelector(".saving.saved");
	assert.equal(await page.locator("dialog.again").count(), 0);

	/* without the desk nobody is let away by mistake */
	const asked = [];
	page.on("dialog", (d) => { asked.push(d.message()); d.dismiss(); });
	await context.setOffline(true);
	await more(area, "三つ目の文です。");
	await page.waitForSelector(".saving.failed");
	await page.goBack({ waitUntil: "commit" }).catch(() => {});
	await until("it is asked", async () => asked.length > 0);
	await has("三つ目の文です。");
	assert.match(page.url(), /\/tickets\//);
	await context.setOffline(false);
	await page.waitForSelector(".saving.saved");

	/* the customer writes while the lead corrects: the lead's words stand */
	await area.press("Control+Enter");
	await page.waitForSelector("dialog[open]");
	const reason = page.locator("dialog input[required]");
	if (await reason.count())
		await reason.fill("確認済みです");
	await say(page);
	await toast(page, "承認を依頼しました");
	await page.waitForSelector(".notice .hint:has-text('鈴木 健一')");
	const lead = await sit("suzuki");
	await lead.page.goto(base + "/approvals");
	await lead.page.click('.approvals a.open:has-text("消えては困るもの")');
	await lead.page.waitForSelector(".decide .letter");
	await lead.page.keyboard.press("e");
	const text = lead.page.locator(".decide textarea");
	await more(text, "承認者の直した文です。");
	await please("again");
	await lead.page.waitForSelector(".decide .notice.warn");
	assert.match(await text.inputValue(), /承認者の直した文です。$/);

	/* who signs in next gets nothing of it, and nothing is saved for them */
	await become(page, "suzuki");
	await page.fill("#comment", "これは佐藤のことば");
	await page.click(".say button");
	await page.waitForSelector("dialog.again");
	await signIn(page, "suzuki");
	await page.waitForSelector(".who:has-text('鈴木')");
	assert.equal(await page.inputValue("#comment"), "");
	assert.deepEqual([...broken, ...lead.broken], []);
});
