/* An administrator's forms, each to its end: what they did is asked of the API. */
import fs from "node:fs";
import { api, assert, base, field, main, say, shot, sit, toast, until } from "./desk.mjs";
import { code } from "./totp.mjs";

async function rules(page) {
	await page.goto(base + "/admin/rules");
	await page.click(".head .button.main");
	await field(page, "名前").fill("領収書の係");
	await field(page, "条件").fill("subject contains 領収書");
	await page.click("dialog >> text=過去のメールで試す");
	await page.waitForSelector("dialog .notice:has-text('1 件が当てはまります')");
	await shot(page, "govern-rule");
	await field(page, "すること").fill("label 消す\nfly away");
	await say(page);
	await page.waitForSelector("dialog .problem:has-text('fly away')");
	await field(page, "すること").fill("label 領収書");
	await say(page);
	await page.waitForSelector("table td:has-text('領収書の係')");
	/* another form of the same rule */
	await page.click("td >> text=変更する");
	assert.equal(await field(page, "条件").inputValue(), "subject contains 領収書");
	await field(page, "条件").fill("subject contains 領収書; 請求書\ntemperature >= 1");
	await field(page, "順番").fill("7");
	/* what was typed is not lost by a key */
	page.once("dialog", (d) => d.dismiss());
	await page.keyboard.press("Escape");
	await say(page);
	await page.waitForSelector("td code:has-text('領収書; 請求書')");
	const [rule] = (await api(page, "/windows/support/rules")).rules;
	assert.deepEqual([rule.if, rule.do, rule.position, rule.enabled],
		[["subject contains 領収書; 請求書", "temperature >= 1"], ["label 領収書"], 7, true]);
	await page.click("td >> text=止める");
	await page.waitForSelector("td .pill");
	assert.equal((await api(page, "/windows/support/rules")).rules[0].enabled, false);
	await page.click("td >> text=削除する");
	await say(page);
	await until("it is gone", async () => (await api(page, "/windows/support/rules")).rules.length === 0);
}

async function texts(page) {
	await page.goto(base + "/admin/windows");
	await page.click(".card:has(.letter) header button");
	const was = await api(page, "/windows/support");
	await field(page, "冒頭文").first().fill("いつもありがとうございます。\nお客様サポートです。");
	await page.waitForSelector("dialog .letter:has-text('いつもありがとうございます')");
	/* around a template: what that says itself is said once, as in the mail */
	await field(page, "結び").first().fill("ご不明な点がございましたら、お気軽にお知らせください。\n何卒よろしくお願いいたします。");
	const letter = page.locator("dialog .letter").first();
	const shows = (what, counts) => until(what, async () => {
		const text = await letter.textContent();
		return [/ここに返信/, /ご不明な点/, /お気軽に/g, /何卒よろしく/].every((x, n) => (text.match(x) ?? []).length === counts[n]);
	});
	await shows("a bare reply is closed with all of it", [1, 1, 1, 1]);
	await page.locator("dialog").getByLabel("本文").selectOption("manual");
	await shows("the template invites, the window wishes", [0, 0, 1, 1]);
	await field(page, "結び").first().fill(was.closing);
	await field(page, "1 行の長さ").fill("72");
	await field(page, "件名の受付番号").selectOption("end");
	await shot(page, "govern-texts");
	await say(page);
	await toast(page, "保存しました");
	const now = await api(page, "/windows/support");
	assert.deepEqual([now.greeting, now.columns, now.tag, now.closing],
		["いつもありがとうございます。\nお客様サポートです。", 72, "end", was.closing]);
	/* a text that no letter can have is refused in words, and nothing is lost */
	await page.click(".card:has(.letter) header button");
	await field(page, "1 行の長さ").evaluate((e) => { e.removeAttribute("min"); });
	await field(page, "1 行の長さ").fill("3");
	await say(page);
	await page.waitForSelector("dialog .problem[role=alert]");
	await field(page, "冒頭文").first().fill(was.greeting);
	await field(page, "1 行の長さ").fill(String(was.columns));
	await field(page, "件名の受付番号").selectOption(was.tag);
	await say(page);
	await until("the texts are as before", async () => (await api(page, "/windows/support")).greeting === was.greeting);
}

async function promises(page) {
	await page.goto(base + "/admin/windows");
	const first = page.locator("#first_response_min");
	await first.waitFor();
	const was = await api(page, "/windows/support");
	await first.fill("30");
	await page.click("text=条件を加える");
	await field(page, "名前").fill("苦情");
	await field(page, "分類").fill("苦情、不具合");
	await field(page, "温度感").selectOption("3");
	await field(page, "一次回答期限").fill("15");
	await say(page);
	await page.waitForSelector("li:has-text('苦情、不具合 · 温度感 3 以上')");
	await page.click(".bulk >> text=過去の問い合わせで試す");
	await page.waitForSelector("text=まだ何も変えていません");
	await shot(page, "govern-policy");
	/* it was only a trial */
	assert.equal((await api(page, "/windows/support")).policy.first_response_min, was.policy.first_response_min);
	/* a day off, drawn before it holds */
	const date = `${new Date().getFullYear()}-08-14`;
	await page.click(`button.day[data-date="${date}"]`);
	await page.selectOption("dialog select", "closed");
	await say(page);
	await page.waitForSelector(`button.day.closed-date[data-date="${date}"]`);
	await page.click(".bulk >> text=保存する");
	await toast(page, "保存しました");
	const now = await api(page, "/windows/support");
	assert.equal(now.policy.first_response_min, 30);
	assert.deepEqual(now.policy.rules, [{ name: "苦情", when: { category: ["苦情", "不具合"], temperature_min: 3 }, first_response_min: 15 }]);
	const day = (await api(page, `/windows/support/calendar?year=${date.slice(0, 4)}`)).days.find((d) => d.date === date);
	assert.deepEqual([day.hours, day.why], [[], "closed-date"]);
	await page.click("li:has-text('温度感 3 以上') >> text=削除する");
	await first.fill(String(was.policy.first_response_min));
	await page.click(".bulk >> text=保存する");
	await until("the promise is as before", async () => !(await api(page, "/windows/support")).policy.rules?.length);
}

const enter = async (page, login, password) => {
	await page.fill("#login", login);
	await page.fill("#password", password);
	await page.keyboard.press("Enter");
};

async function people(page) {
	await page.goto(base + "/admin/users");
	await page.click(".head .button.main");
	await field(page, "ユーザー名").fill("mori");
	await field(page, "お名前").fill("森 はるか");
	await field(page, "メールアドレス").fill("mori@example.jp");
	const first = await field(page, "初めのパスワード").inputValue();
	assert.match(first, /^[a-z2-9]{4}(-[a-z2-9]{4}){3}$/);
	await say(page);
	await toast(page, "パスワードを設定しました");
	/* who is there keeps the password that they have */
	await page.click(".head .button.main");
	await field(page, "ユーザー名").fill("mori");
	await field(page, "お名前").fill("森田");
	await field(page, "メールアドレス").fill("morita@example.jp");
	await say(page);
	await page.waitForSelector("dialog .problem:has-text('すでに登録')");
	await page.click("dialog footer .button:not(.main)");
	const mori = await sit("");
	await enter(mori.page, "mori", first);
	await mori.page.waitForSelector(".nav .who:has-text('森 はるか')");
	/* set anew by the administrator: who was in is out, the old word is no good */
	await page.click("button[aria-label='森 はるか さんの操作']");
	await page.click("[role=menuitem]:has-text('パスワードを再設定')");
	await field(page, "新しいパスワード").fill("短い");
	await say(page);
	assert.equal(await page.locator("dialog[open]").count(), 1);
	await field(page, "新しいパスワード").fill("あたらしい ことばの つらなり");
	await say(page);
	await toast(page, "パスワードを設定しました");
	await mori.page.reload();
	await enter(mori.page, "mori", first);
	await mori.page.waitForSelector(".problem[role=alert]");
	await enter(mori.page, "mori", "あたらしい ことばの つらなり");
	await mori.page.waitForSelector(".nav");
	/* nobody else may */
	assert.equal(await mori.page.evaluate(async () => {
		const { csrf } = await (await fetch("/api/v1/me")).json();
		return (await fetch("/api/v1/users/sato/password", { method: "POST", body: JSON.stringify({ password: "とても ながい ことば です" }),
			headers: { "Content-Type": "application/json", "X-CSRF-Token": csrf } })).status;
	}), 403);
	return mori;
}

async function second(seat) {
	const { page } = seat;
	await page.goto(base + "/security");
	await page.click("text=二段階認証を設定する");
	const secret = await page.textContent("dialog .secret");
	/* the three corners of a QR code, dark on white */
	const dark = new Set((await page.getAttribute("dialog .qr path", "d")).match(/M\d+ \d+/g).map((m) => m.slice(1)));
	const size = Number((await page.getAttribute("dialog .qr", "viewBox")).split(" ")[2]);
	for (const [x, y] of [[3, 3], [size - 10, 3], [3, size - 10]])
		for (let i = 0; i < 7; i++)
			assert.ok(dark.has(`${x + i} ${y}`) && dark.has(`${x} ${y + i}`) && dark.has(`${x + i} ${y + 6}`) && !dark.has(`${x + 1 + i % 5} ${y + 1}`));
	await shot(page, "govern-totp");
	await field(page, "アプリのコード").fill("000000");
	await say(page);
	await page.waitForSelector("dialog .problem");
	await field(page, "アプリのコード").fill(code(secret));
	await say(page);
	const recovery = (await page.textContent("dialog .once")).trim().split("\n");
	assert.ok(recovery.length >= 8 && new Set(recovery).size === recovery.length);
	await page.click("text=控えました");
	await page.waitForSelector(".pill.good:has-text('有効')");
	/* from now on a code is asked for; one that was used is no good */
	const again = await sit("");
	await enter(again.page, "mori", "あたらしい ことばの つらなり");
	await again.page.waitForSelector("#code");
	await again.page.fill("#code", recovery[0]);
	await again.page.keyboard.press("Enter");
	await again.page.waitForSelector(".nav");
	await page.reload();
	await page.waitForSelector(`text=予備コード 残り ${recovery.length - 1} 個`);
	await page.click("text=解除する");
	await field(page, "アプリのコード").fill(recovery[1]);
	await say(page);
	await page.waitForSelector(".pill:has-text('無効')");
	assert.equal((await api(page, "/totp")).on, false);
	await again.context.close();
}

async function tokens(page) {
	await page.goto(base + "/security");
	await page.click("text=トークンを作る");
	await field(page, "名前").fill("夜間の集計");
	await field(page, "有効日数").fill("2");
	await say(page);
	const token = (await page.textContent("dialog .once")).trim();
	const ask = (path, more) => fetch(base + "/api/v1" + path, { headers: { Authorization: "Bearer " + token, "Content-Type": "application/json" }, ...more });
	assert.equal((await ask("/tickets")).status, 200);
	/* it reads, and no more */
	assert.equal((await ask("/queue/next", { method: "POST", body: "{}" })).status, 403);
	await page.click("text=控えました");
	await page.click("li:has-text('夜間の集計') >> text=取り消す");
	await say(page);
	await page.waitForSelector("text=トークンはありません");
	assert.equal((await ask("/tickets")).status, 401);
}

async function templates(page) {
	await page.goto(base + "/templates/defect");
	await page.click(".head .button.main");
	const area = page.locator(".card textarea");
	const source = await area.inputValue();
	await area.fill(source.replace("深くお詫び", "心よりお詫び"));
	await page.waitForSelector(".letter .slot:has-text('お名前')");
	await page.click("text=新しい版として保存");
	await toast(page, "保存しました");
	const { version } = await api(page, "/templates/defect");
	await page.waitForSelector(`.sub:has-text('第${version}版')`);
	await page.click("text=使わない");
	await toast(page, "使わないようにしました");
	await until("it is offered no more", async () => !(await api(page, "/templates")).templates.some((x) => x.id === "defect"));
	await page.goto(base + "/templates?retired=1");
	await page.click("li:has-text('初期不良') >> text=もう一度使う");
	await toast(page, "もう一度使えるようにしました");
	const now = await api(page, "/templates/defect");
	assert.ok(now.version === version + 1 && now.source.includes("心よりお詫び"));
	await page.waitForSelector("text=使用を停止したテンプレートはありません");
}

async function reports(page) {
	await page.goto(base + "/reports");
	await page.waitForSelector(".charts .u-wrap canvas");
	assert.ok(await page.locator(".charts canvas").count() >= 2);
	await page.click("text=数字を表で見る");
	const { rows } = await api(page, "/reports/course");
	const shown = await page.locator(".figures tbody tr").first().locator("td").allTextContents();
	assert.deepEqual(shown.map(Number), ["received", "closed", "open"].map((k) => rows.at(-1)[k]));
	assert.equal(rows.at(-1).open, (await api(page, "/tickets?limit=1000")).tickets.length);
	/* something was drawn, in the colours of the page */
	assert.ok(await page.locator(".charts canvas").first().evaluate((c) => {
		const { data } = c.getContext("2d").getImageData(0, 0, c.width, c.height);
		return data.some((v, i) => i % 4 === 0 && data[i + 3] === 255 && data[i + 1] > v + 60);
	}));
	const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(await taken(page, ".figures >> text=CSV"));
	assert.ok(text.startsWith("\ufeff"));
	assert.equal(text.trim().split("\n").length, rows.length + 1);
	/* as the spreadsheets of old read it; chosen once for every table */
	await page.locator(".figures").getByLabel("CSV の文字コード").selectOption("cp932");
	await page.goto(base + "/reports?by=category");
	const old = new TextDecoder("shift_jis", { fatal: true }).decode(await taken(page, ".head >> text=CSV"));
	const now = await page.evaluate(async () => (await fetch("/api/v1/reports/summary?by=category&format=csv")).text());
	assert.ok(/[ぁ-ん一-龠]/.test(now), now);
	assert.equal(old, now);
	await page.getByLabel("CSV の文字コード").selectOption("utf-8");
}

async function taken(page, link) {
	const [file] = await Promise.all([page.waitForEvent("download"), page.click(link)]);
	return fs.readFileSync(await file.path());
}

/* What has left is not in the way, and is found. */
async function sent(page) {
	await page.goto(base + "/outbox");
	await page.waitForSelector(".ticket,.empty");
	assert.equal(await page.locator(".ticket:has-text('送信済み')").count(), 0);
	await page.getByLabel("送信済み・取消も表示").check();
	await page.waitForSelector(".ticket:has-text('送信済み')");
	const { outbox } = await api(page, "/outbox?all=true");
	await until("each of them is shown", async () => await page.locator(".outbox .ticket").count() === outbox.length);
	assert.deepEqual(outbox.map((o) => o.outbox), outbox.map((o) => o.outbox).sort((a, b) => b - a));
	await page.getByLabel("送信済み・取消も表示").uncheck();
	await page.waitForSelector(".ticket:has-text('送信済み')", { state: "detached" });
}

main(async () => {
	const admin = await sit("admin");
	await rules(admin.page);
	await texts(admin.page);
	await promises(admin.page);
	await templates(admin.page);
	await reports(admin.page);
	await sent(admin.page);
	await tokens(admin.page);
	const mori = await people(admin.page);
	await second(mori);
	assert.deepEqual([...admin.broken, ...mori.broken], []);
});
