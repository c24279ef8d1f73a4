/* What people do together, to its end: junk, asking another department, handing
 * over, the phone, a link and the way back, templates in and out, paper; and a
 * desk that goes away and comes back. */
import fs from "node:fs";
import { api, assert, base, field, main, open, please, say, shot, sit, toast, until } from "./desk.mjs";

const menu = async (page, words) => {
	await page.click(".tickethead .menu > button");
	await page.click(`[role=menuitem]:has-text('${words}')`);
};
const number = (page) => Number(new URL(page.url()).pathname.split("/").at(-1));
const heard = (page, words) => page.waitForFunction((w) => document.querySelector(".said-now").textContent.includes(w), words);

/* The junk folder is read as such, and a customer is taken out of it. */
async function junk(page) {
	await page.goto(base + "/junk");
	await page.waitForSelector(".empty:has-text('迷惑メールはありません')");
	await page.goto(base + "/admin/mailboxes");
	await page.locator("main").getByRole("button", { name: "フォルダー", exact: true }).click();
	const row = page.locator("dialog li:has(strong:text-is('迷惑'))");
	await row.locator("select").selectOption("junk");
	await row.locator("button").click();
	await toast(page, "迷惑 を読み始めます");
	await row.locator(".pill:has-text('迷惑メールの一覧')").waitFor();
	await page.keyboard.press("Escape");
	await page.waitForSelector("td:has-text('迷惑')");
	await page.goto(base + "/junk");
	const mail = page.locator(".junk li:has-text('見積もりのお願い')");
	await mail.waitFor();
	assert.equal((await api(page, "/tickets")).tickets.some((x) => x.subject === "見積もりのお願い"), false);
	await shot(page, "ways-junk");
	await mail.locator("button").focus();
	await page.keyboard.press("Enter");
	await toast(page, "まもなく問い合わせになります");
	await until("a ticket is made of it", async () => (await api(page, "/tickets")).tickets.some((x) => x.subject === "見積もりのお願い"));
	await mail.waitFor({ state: "detached" });
	await page.check("label:has-text('救出したものも見る') input");
	await page.waitForSelector(".junk li:has-text('管理 太郎 さんが救出') a.open");
}

/* 照会: asked by mail, approved, answered, and the answer is where it is needed. */
async function inquiry(sato, lead) {
	const { page } = sato;
	await open(page, "見積もりのお願い");
	const about = number(page);
	await page.keyboard.press("i");
	await field(page, "宛先").fill("soko@warehouse.example");
	await field(page, "件名").fill("在庫の確認");
	await field(page, "聞きたいこと").fill("お疲れさまです。\n同じ商品の在庫はありますか。");
	await say(page);
	await toast(page, "照会の下書きを作りました");
	await page.waitForSelector(".composer textarea");
	const side = number(page);
	assert.notEqual(side, about);
	await page.locator(".composer textarea").press("Control+Enter");
	const reason = page.locator("dialog input[required]");
	await page.waitForSelector("dialog[open] .pairs");
	if (await reason.count())
		await reason.fill("社内への照会です");
	await say(page);
	await toast(page, "承認を依頼しました");
	await heard(lead.page, "承認待ちが");
	await lead.page.goto(base + "/approvals");
	await lead.page.click(".approvals a.open:has-text('在庫の確認')");
	await lead.page.waitForSelector(".decide .letter:has-text('在庫はありますか')");
	for (const box of await lead.page.locator(".confirm input").all())
		await box.check();
	await lead.page.keyboard.press("Control+Enter");
	await toast(lead.page, "承認しました");
	await page.goto(`${base}/tickets/${about}`);
	await page.waitForSelector(".notice:has-text('照会中') a");
	await please("answer");
	/* nobody touches the page: the answer comes by itself */
	await page.waitForSelector(".notice:has-text('照会の回答') .mailtext:has-text('三つあります')");
	await shot(page, "ways-inquiry");
	const { side_threads } = await api(page, "/tickets/" + about);
	assert.deepEqual(side_threads.map((s) => [s.ticket, s.to]), [[side, "soko@warehouse.example"]]);
	return about;
}

async function phone(page) {
	await page.goto(base + "/queue");
	await page.waitForSelector(".nav");
	await page.keyboard.press("c");
	await field(page, "用件").fill("配達の時間を変えたい");
	await field(page, "内容").fill("午後にしてほしいとのこと。");
	await field(page, "お名前").fill("岡田 実");
	await field(page, "電話番号").fill("03-1234-5678");
	await field(page, "いつまでに").fill("いつかそのうち");
	await say(page);
	await page.waitForSelector("dialog .problem:has-text('いつかそのうち')");
	await field(page, "いつまでに").fill("翌営業日");
	await say(page);
	await page.waitForSelector("h1:has-text('配達の時間を変えたい')");
	const memo = await api(page, "/tickets/" + number(page));
	assert.equal(memo.customer, "岡田 実");
	assert.match(memo.messages[0].text, /午後にしてほしい/);
	assert.ok(memo.due_s > Date.now() / 1000);
	return memo.ticket;
}

async function link(page, other) {
	await open(page, "領収書の発行");
	const n = number(page);
	const links = async () => (await api(page, "/tickets/" + n)).links.map((l) => l.ticket);
	await menu(page, "関連付ける");
	await field(page, "相手の受付番号").fill("999999");
	await say(page);
	/* told in the browser's words, not in the terminal's */
	const problem = await page.textContent("dialog .problem");
	assert.ok(problem.includes("999999") && !problem.includes("madoguchi"), problem);
	await field(page, "相手の受付番号").fill(String(other));
	await say(page);
	await toast(page, "関連付けました");
	assert.ok((await links()).includes(other));
	await page.click(".toast >> text=元に戻す");
	await until("the link is gone", async () => !(await links()).includes(other));
}

/* A4: the conversation and nothing to press. */
async function paper(page, about) {
	await page.goto(`${base}/tickets/${about}`);
	await page.waitForSelector(".thread .mail");
	await page.emulateMedia({ media: "print" });
	for (const hidden of [".nav", ".side", ".say", ".tickethead .button", ".toasts"])
		assert.equal(await page.locator(hidden).first().isVisible(), false, hidden);
	assert.ok(await page.locator(".thread .mailtext").first().isVisible());
	await page.emulateMedia({ media: "screen" });
	const pdf = (await page.pdf({ format: "A4" })).toString("latin1");
	assert.match(pdf, /\/MediaBox \[0 0 59[45](\.\d+)? 84[12](\.\d+)?\]/);
	assert.ok((pdf.match(/\/Type \/Page\b/g) ?? []).length <= 3);
}

/* At the end of a shift: what is left, with a word on each. */
async function handover(page, memo) {
	await page.goto(base + "/queue?tray=open");
	await page.waitForSelector(".ticket");
	const row = page.locator(`li[data-ticket='${memo}']`);
	await row.locator("a.open").focus();
	await page.keyboard.press("a");
	await toast(page, "担当になりました");
	await page.goto(base + "/shift");
	await page.waitForSelector(".shift .ticket");
	await page.keyboard.press("Tab");
	const had = (await api(page, "/shift")).shift.map((r) => r.ticket);
	assert.ok(had.includes(memo));
	for (const n of had.filter((x) => x !== memo))
		await page.uncheck(`.shift li:has(a[href='/tickets/${n}']) input`);
	await page.click("text=1 件を引き継ぐ");
	await field(page, "引き継ぐ相手").selectOption("suzuki");
	await field(page, "引き継ぎの内容").fill("午後に折り返すと伝えてあります。");
	await say(page);
	await toast(page, "1 件を引き継ぎました");
	const now = await api(page, "/tickets/" + memo);
	assert.equal(now.assignee, "suzuki");
	assert.ok(now.comments.some((c) => c.text.includes("午後に折り返す")));
	await page.waitForSelector(`.shift li:has(a[href='/tickets/${memo}'])`, { state: "detached" });
}

async function templates(page) {
	await page.goto(base + "/templates");
	await page.click("text=新しいテンプレート");
	await field(page, "題名").fill("定休日のご案内");
	await field(page, "文面").fill("○○様\n\n定休日は {{date}} でございます。");
	await say(page);
	await page.waitForSelector("h1:has-text('定休日のご案内')");
	await page.waitForSelector(".mailtext .slot:has-text('お名前')");
	const id = decodeURIComponent(new URL(page.url()).pathname.split("/").at(-1));
	const [one] = await Promise.all([page.waitForEvent("download"), page.click("text=ファイルに保存")]);
	assert.equal(one.suggestedFilename(), id + ".txt");
	const source = fs.readFileSync(await one.path(), "utf8");
	assert.match(source, /^---\n/);
	/* what was saved comes back in as the next version of the same */
	await page.goto(base + "/templates");
	await page.setInputFiles("input[type=file]", { name: id + ".txt", mimeType: "text/plain", buffer: Buffer.from(source.replace("定休日は", "お休みは")) });
	await page.waitForSelector("dialog li:has-text('定休日のご案内')");
	await page.click("dialog footer button");
	const now = await api(page, "/templates/" + encodeURIComponent(id));
	assert.ok(now.version === 2 && now.source.includes("お休みは"));
	/* all of them, and a table as a spreadsheet saves it in Japan */
	const table = async () => {
		const [file] = await Promise.all([page.waitForEvent("download"), page.click("text=CSV で保存")]);
		return fs.readFileSync(await file.path());
	};
	const csv = (await table()).toString("utf8");
	assert.ok(csv.startsWith("\ufeffid,title,category,body") && csv.includes("定休日のご案内"));
	/* the other encoding holds the same letters */
	await page.getByLabel("CSV の文字コード").selectOption("cp932");
	const old = await table();
	assert.equal("\ufeff" + new TextDecoder("shift_jis", { fatal: true }).decode(old), csv);
	await page.getByLabel("CSV の文字コード").selectOption("utf-8");
	await page.setInputFiles("input[type=file]", { name: "all.csv", mimeType: "text/csv", buffer: Buffer.from(csv) });
	const { templates: list } = await api(page, "/templates");
	await page.waitForSelector(`dialog h2:has-text('${list.length} 件を取り込みました')`);
	await page.click("dialog footer button");
	const sjis = Buffer.from("91e896bc2c967b95b60d0a89c48b782c89c48b7882cd388c8e82c582b7", "hex");
	await page.setInputFiles("input[type=file]", { name: "夏.csv", mimeType: "text/csv", buffer: sjis });
	await page.waitForSelector("dialog li a:has-text('夏休')");
	await page.click("dialog footer button");
	await page.setInputFiles("input[type=file]", { name: "だめ.csv", mimeType: "text/csv", buffer: Buffer.from("a,b\n1,2\n") });
	await page.waitForSelector(".toasts [role=alert] .toast:has-text('だめ.csv')");
}

/* New mail is told to who listens; a desk that comes back is fresh. */
async function away(page) {
	await page.goto(base + "/queue?tray=open");
	await page.waitForSelector(".ticket");
	await please("mail");
	await heard(page, "あとから届いたメール");
	await page.waitForSelector("a.open:has-text('あとから届いたメール')");
	await please("stop");
	await page.waitForSelector(".offline");
	await page.click("li.ticket a.open");
	await page.waitForSelector(".failed[role=alert] >> text=サーバーに接続できません");
	await page.goBack();
	await please("start");
	await page.waitForSelector(".offline", { state: "detached" });
	await please("late");
	await page.waitForSelector("a.open:has-text('再起動のあとのメール')");
}

main(async () => {
	const admin = await sit("admin");
	await junk(admin.page);
	console.log("the junk folder was read");
	await templates(admin.page);
	console.log("templates went out and in");
	const sato = await sit("sato");
	const suzuki = await sit("suzuki");
	const about = await inquiry(sato, suzuki);
	console.log("another department answered");
	const memo = await phone(sato.page);
	await link(sato.page, memo);
	console.log("a call was noted and linked");
	await handover(sato.page, memo);
	await paper(sato.page, about);
	console.log("the shift is over");
	await away(suzuki.page);
	assert.deepEqual([...admin.broken, ...sato.broken, ...suzuki.broken], []);
});
