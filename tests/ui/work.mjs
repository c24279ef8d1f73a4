/* A lead's and an operator's day: several at once, two that are one, files, a
 * reply for tomorrow that is corrected, approved and stopped. Each has a way back. */
import fs from "node:fs";
import { api, assert, base, main, open, shot, sit, toast, until } from "./desk.mjs";

const row = (page, subject) => page.locator(`li.ticket:has(a.open:text-is("${subject}"))`);
const say = (page) => page.click("dialog button[type=submit]");
const back = (page, words) => page.click(`.toast:has-text("${words}") >> text=元に戻す`);
const FIRST = "領収書の発行について";
const SECOND = "写真を送ります";
const THIRD = "ログインできません";

/* Files let fall on whatever lies under the pointer. */
async function letFall(page, where, files) {
	const dataTransfer = await page.evaluateHandle((list) => {
		const d = new DataTransfer();
		for (const [name, type, text] of list)
			d.items.add(new File([text], name, { type }));
		return d;
	}, files);
	for (const kind of ["dragover", "drop"])
		await page.dispatchEvent(where, kind, { dataTransfer });
}

async function together(page) {
	await page.goto(base + "/queue?tray=open");
	for (const s of [FIRST, SECOND])
		await row(page, s).locator("input").check();
	await page.click(".bulk >> text=保留にする");
	await page.fill("dialog input", "倉庫の返事を待っています");
	await say(page);
	await toast(page, "2 件を処理しました");
	await row(page, SECOND).locator(".state.hold").waitFor();
	await shot(page, "work-bulk");
	await back(page, "2 件を処理しました");
	await row(page, FIRST).locator(".state:not(.hold)").waitFor();
	await row(page, SECOND).locator(".state:not(.hold)").waitFor();
}

/* Given to somebody by the thumb, and back to whom it was. */
async function byThumb(page) {
	await page.setViewportSize({ width: 360, height: 740 });
	await page.goto(base + "/queue?tray=open");
	await row(page, FIRST).waitFor();
	const number = await row(page, FIRST).getAttribute("data-ticket");
	const had = (await api(page, "/tickets/" + number)).assignee;
	for (const s of [FIRST, SECOND])
		await row(page, s).locator("input").check();
	await page.click(".bulk >> text=担当を替える");
	await page.selectOption("dialog select", "sato");
	await say(page);
	await toast(page, "2 件を処理しました");
	assert.equal((await api(page, "/tickets/" + number)).assignee, "sato");
	await shot(page, "work-phone");
	await back(page, "2 件を処理しました");
	await until("it has whom it had", async () => (await api(page, "/tickets/" + number)).assignee === had);
	await page.setViewportSize({ width: 1440, height: 900 });
}

/* A mail of its own leaves the ticket, and comes back. */
async function apart(page) {
	await open(page, FIRST);
	const number = Number(page.url().split("/").at(-1));
	const n = (await api(page, "/tickets/" + number)).messages.length;
	await page.click(".tickethead .menu > button");
	await page.click("[role=menuitem]:has-text('統合する')");
	const other = (await api(page, "/tickets")).tickets.find((x) => x.subject === THIRD).ticket;
	await page.fill("dialog input", String(other));
	await say(page);
	await page.waitForURL("**/tickets/" + other);
	await page.waitForSelector(".thread .mail:nth-of-type(2)");
	await page.click(".tickethead .menu > button");
	await page.click("[role=menuitem]:has-text('分割する')");
	await page.selectOption("dialog select", { label: await page.locator("dialog option", { hasText: FIRST }).textContent() });
	await page.fill("dialog input", "領収書は別件です");
	await say(page);
	await toast(page, "分割しました");
	const split = async () => (await api(page, "/tickets")).tickets.filter((x) => x.subject === "領収書は別件です");
	assert.equal((await split()).length, 1);
	assert.equal((await api(page, "/tickets/" + other)).messages.length, 1);
	await shot(page, "work-split");
	await back(page, "分割しました");
	await until("the mail is back", async () => (await api(page, "/tickets/" + other)).messages.length === 1 + n);
	assert.equal((await split()).length, 0);
	await page.keyboard.press("z");
	await toast(page, "元に戻しました");
	await until("both are as they were", async () => (await api(page, "/tickets/" + number)).ticket === number);
}

async function asOne(page) {
	const into = await row(page, FIRST).getAttribute("data-ticket");
	await row(page, SECOND).locator("a.open").click();
	await page.waitForSelector(".thread");
	const was = page.url();
	await page.click(".tickethead .menu > button");
	await page.click("[role=menuitem]:has-text('統合する')");
	await page.fill("dialog input", into);
	await say(page);
	await page.waitForURL("**/tickets/" + into);
	await page.waitForSelector(".thread .mail:nth-of-type(2)");
	await shot(page, "work-merged");
	await back(page, "に統合しました");
	await page.waitForURL(was);
	await page.waitForSelector(`h1:has-text("${SECOND}")`);
	await until("it is one mail again", async () => await page.locator(".thread .mail").count() === 1);
}

async function write(page) {
	await open(page, SECOND);
	await page.keyboard.press("r");
	const area = page.locator(".composer textarea");
	await area.waitFor();
	await area.fill("山田 花子 様\n\n写真をお送りいただき、ありがとうございます。\n確認の結果を添付いたします。");
	await page.waitForSelector(".saving.saved");
	/* beside the reply is near enough, and the desk stays where it is */
	await letFall(page, ".thread", [["確認結果 第1版.pdf", "application/pdf", "%PDF-1.4"], ["表.csv", "text/csv", "a,b\n"], ["空.txt", "text/plain", ""]]);
	await toast(page, "空.txt");
	await page.waitForSelector(".attach li:has-text('表.csv')");
	await page.click(".attach button[aria-label*='表.csv']");
	await page.waitForSelector(".attach li:has-text('表.csv')", { state: "detached" });
	await area.press("Control+Enter");
	await page.waitForSelector("dialog[open] .pairs:has-text('確認結果 第1版.pdf')");
	const reason = page.locator("dialog input[required]");
	if (await reason.count())
		await reason.fill("確認済みです");
	const at = page.getByLabel("送信予約");
	await at.fill("いつか");
	await say(page);
	await page.waitForSelector("dialog .problem:has-text('いつか')");
	await at.fill("明日 9:00");
	await say(page);
	await toast(page, "承認を依頼しました");
	await page.waitForSelector(".notice:has-text('承認待ち') >> text=送信予約");
}

async function correct(page) {
	await page.goto(base + "/approvals");
	await page.click(`.approvals a.open:has-text("${SECOND}")`);
	await page.waitForSelector(".decide >> text=送信予約");
	/* the file that is ticked can be looked into */
	const [file] = await Promise.all([page.waitForEvent("download"), page.click(".confirm a[aria-label='確認結果 第1版.pdf を開く']")]);
	assert.equal(file.suggestedFilename(), "確認結果 第1版.pdf");
	assert.equal(fs.readFileSync(await file.path(), "utf8"), "%PDF-1.4");
	await page.keyboard.press("e");
	const area = page.locator(".decide textarea");
	await area.fill((await area.inputValue()).replace("確認の結果を", "確認の結果（PDF）を"));
	/* Esc drops it, and gives it back */
	await area.press("Escape");
	await back(page, "修正を取りやめました");
	await until("the correction is back", async () => /（PDF）/.test(await area.inputValue()));
	await page.keyboard.press("Control+Enter");
	await toast(page, "確認の印を付けてください");
	for (const box of await page.locator(".confirm input").all())
		await box.check();
	await page.keyboard.press("Control+Enter");
	await toast(page, "修正して承認しました");
}

main(async () => {
	const suzuki = await sit("suzuki");
	await together(suzuki.page);
	await byThumb(suzuki.page);
	await asOne(suzuki.page);
	await apart(suzuki.page);
	const sato = await sit("sato");
	await write(sato.page);
	await correct(suzuki.page);

	await sato.page.waitForSelector(".notice:has-text('送信待ち') >> text=送信予約");
	await shot(sato.page, "work-scheduled");
	await sato.page.click(".notice >> text=送信を取り消す");
	await toast(sato.page, "送信を取り消しました");
	const area = sato.page.locator(".composer textarea");
	await area.waitFor();
	assert.match(await area.inputValue(), /確認の結果（PDF）を/);

	/* who leaves the page lets others write at once */
	await area.fill((await area.inputValue()) + "\n");
	await sato.page.waitForSelector(".saving.saved");
	await open(suzuki.page, SECOND);
	const writing = suzuki.page.locator(".notice:has-text('編集中（佐藤')");
	await writing.waitFor();
	await sato.page.goto(base + "/favicon.svg");
	await writing.waitFor({ state: "detached" });
	assert.deepEqual([...sato.broken, ...suzuki.broken], []);
});
