/* An administrator's year at the desk: people come and go, a rule works, a promise
 * is weighed, a server is silent, the mails are counted, the history is proved,
 * everything is copied, the next year is planned. */
import { api, assert, base, field, main, please, say, shot, sit, toast, until } from "./desk.mjs";
import { code } from "./totp.mjs";

const { FILE } = process.env;
const enter = async (page, login, words) => {
	await page.fill("#login", login);
	await page.fill("#password", words);
	await page.keyboard.press("Enter");
};
const signIn = async (page) => {
	await page.waitForSelector("#login");
	await enter(page, "mori", process.env.PASSWORD);
};
const item = async (page, words) => {
	await page.click("button[aria-label='森 はるか さんの操作']");
	await page.click(`[role=menuitem]:has-text('${words}')`);
};
const row = (page) => page.locator("tr:has-text('mori')");

async function people(page) {
	const { page: mori, broken } = await sit("mori");
	await page.goto(base + "/admin/users");
	await item(page, "権限を変える");
	await field(page, "権限").selectOption("sv");
	await say(page);
	await toast(page, "保存しました");
	await row(page).locator("td:has-text('お客様サポート: SV')").waitFor();
	/* they have it at once, without signing in again */
	await mori.reload();
	await mori.waitForSelector(".nav a:has-text('レポート')");
	await item(page, "利用を停止する");
	await say(page);
	await row(page).locator(".pill.bad:text-is('停止中')").waitFor();
	await mori.reload();
	await signIn(mori);
	await mori.waitForSelector(".problem[role=alert]");
	await item(page, "利用を再開する");
	await toast(page, "保存しました");
	await row(page).locator(".pill.bad").waitFor({ state: "detached" });
	await signIn(mori);
	await mori.waitForSelector(".nav");
	/* a second step that is lost with its device */
	await mori.goto(base + "/security");
	await mori.click("text=二段階認証を設定する");
	await field(mori, "アプリのコード").fill(code(await mori.textContent("dialog .secret")));
	await say(mori);
	await mori.click("text=控えました");
	await mori.waitForSelector(".pill.good:has-text('有効')");
	await item(page, "端末を無効にする");
	await say(page);
	await toast(page, "保存しました");
	await mori.reload();
	await signIn(mori);
	await mori.waitForSelector(".nav");
	assert.equal((await api(mori, "/totp")).on, false);
	assert.deepEqual(broken, []);
	await mori.context().close();
}

async function rule(page) {
	await page.goto(base + "/admin/rules");
	await page.waitForSelector("text=まだ動いていません");
	await page.click(".head .button.main");
	await field(page, "名前").fill("返金の係");
	await field(page, "条件").fill("subject contains 返金");
	await page.click("dialog >> text=過去のメールで試す");
	await page.waitForSelector("dialog .notice:has-text('1 件が当てはまります')");
	await page.waitForSelector("dialog li:has-text('返金のお願い')");
	await field(page, "すること").fill("label 返金");
	await say(page);
	await page.waitForSelector("td:has-text('返金の係')");
	await page.click("td >> text=止める");
	await page.waitForSelector("td .pill");
	await please("unlabelled");
	await until("it is an inquiry", async () => (await api(page, "/tickets")).tickets.some((x) => x.subject === "返金はまだですか"));
	await page.click("td >> text=動かす");
	await page.waitForSelector("td .pill", { state: "detached" });
	await please("labelled");
	/* what it did is seen without a touch */
	const done = page.locator(".card:has(h2:text-is('最近の動き')) li:has-text('返金の係')");
	await done.waitFor();
	assert.match(await done.textContent(), /実行/);
	assert.equal(await done.count(), 1);
	await shot(page, "office-rule");
	await done.locator("a").click();
	await page.waitForSelector("h1:has-text('返金をいただきました')");
	const labels = async (subject) => {
		const { ticket } = (await api(page, "/tickets")).tickets.find((x) => x.subject === subject);
		return (await api(page, "/tickets/" + ticket)).labels.map((l) => l.label);
	};
	assert.deepEqual([await labels("返金をいただきました"), await labels("返金はまだですか")], [["返金"], []]);
}

/* Types into a field in the moment in which it appears. */
const atOnce = (page, id, words) => page.evaluate(([i, w]) => new Promise((done) => {
	new MutationObserver((_, watch) => {
		const field = document.getElementById(i);
		if (!field)
			return;
		watch.disconnect();
		field.value = w;
		field.dispatchEvent(new Event("input", { bubbles: true }));
		done();
	}).observe(document.body, { childList: true, subtree: true });
	document.querySelector("a[href='/admin/windows']").click();
}), [id, words]);

async function promise(page) {
	await please("hours");
	await page.goto(base + "/admin");
	await page.waitForSelector("a[href='/admin/windows']");
	await atOnce(page, "first_response_min", "1");
	await page.waitForSelector(".bulk");
	assert.equal(await page.inputValue("#first_response_min"), "1");
	page.once("dialog", (d) => d.accept());
	await page.goto(base + "/admin/windows");
	const was = (await api(page, "/windows/support")).policy;
	await page.fill("#first_response_min", "1");
	await page.uncheck("label:has-text('営業時間だけを数える') input");
	await page.click(".bulk >> text=過去の問い合わせで試す");
	await page.waitForSelector("h3:has-text('結果が変わるもの')");
	await page.waitForSelector("li strong:text-is('期限超過')");
	await page.waitForSelector("td.worse");
	await shot(page, "office-promise");
	/* what was typed is still there to be saved or dropped, and nothing holds yet */
	assert.equal(await page.inputValue("#first_response_min"), "1");
	await page.click(".bulk >> text=元に戻す");
	await page.waitForSelector(".bulk", { state: "detached" });
	assert.deepEqual((await api(page, "/windows/support")).policy, was);
}

async function count(page, words) {
	await page.goto(base + "/admin/store");
	await page.click("text=照合する");
	await page.waitForSelector(`[role=status] .notice:has-text('${words}')`);
}

/* Over, or not even told of any more. */
async function gone(page, alarm) {
	await page.waitForSelector(".card:has(h2:text-is('警報')) .notice");
	await alarm.waitFor({ state: "detached" });
}

/* A server goes away and comes back while one looks on. */
async function silence(page) {
	await count(page, "すべて一致しました");
	const cells = await page.locator("tr:has-text('support@example.jp'):has-text('INBOX') td.n").allTextContents();
	assert.ok(Number(cells[0]) > 0 && cells[0] === cells[1], cells.join());
	await page.goto(base + "/admin");
	await page.waitForSelector("tr:has-text('INBOX') .pill.good");
	await please("silent");
	await page.waitForSelector("tr:has-text('INBOX') .pill.bad:text-is('異常')");
	assert.doesNotMatch(await page.locator("tr:has-text('INBOX')").textContent(), /madoguchi /);
	await please("quarter");
	const alarm = page.locator("li.notice.bad:has-text('受信が止まっています')");
	await alarm.waitFor();
	assert.doesNotMatch(await alarm.textContent(), /madoguchi /);
	await alarm.locator("a[href='/admin/mailboxes']").waitFor();
	await shot(page, "office-alarm");
	await count(page, "つながらないアカウントがあり");
	await page.waitForSelector("tr:has-text('INBOX') .pill.bad");
	await shot(page, "office-count");
	await page.goto(base + "/admin");
	await alarm.waitFor();
	await please("back");
	/* whoever sees that it is back need not wait until the desk looks again */
	await alarm.locator("a").click();
	await page.click("text=接続を試す");
	await page.waitForSelector("dialog .notice:has-text('受信も送信もできます')");
	await page.keyboard.press("Escape");
	await page.click(".tabs >> text=稼働状況");
	await page.waitForSelector("tr:has-text('INBOX') .pill.good");
	await gone(page, alarm);
	await count(page, "すべて一致しました");
}

async function history(page) {
	await page.goto(base + "/admin/audit");
	await page.waitForSelector("table tbody tr");
	await page.locator("label:has-text('操作した人') select").selectOption("admin");
	await page.locator("label:has(select):has-text('操作') >> nth=1").locator("select").selectOption("user");
	await page.waitForURL(/kind=user/);
	await page.waitForSelector("td:text-is('利用を停止')");
	const { events } = await api(page, "/audit?user=admin&kind=user&limit=50");
	await until("they are the same", async () => await page.locator("table tbody tr").count() === events.length);
	assert.ok(events.length > 0 && events.every((e) => e.login === "admin" && e.kind.startsWith("user")));
	const known = page.getByLabel("控えてある先頭の値");
	await page.click("text=検証する");
	await page.waitForSelector("[role=status] .notice.info:has-text('書き換えも欠けもありません')");
	const head = await page.textContent("[role=status] code");
	/* one that was kept, after more has happened */
	await known.fill(head);
	await page.keyboard.press("Enter");
	await page.waitForSelector("[role=status] .notice.info:has-text('記録として残っています')");
	await known.fill((head[0] === "0" ? "1" : "0") + head.slice(1));
	await page.keyboard.press("Enter");
	await page.waitForSelector("[role=status] .notice.bad:has-text('この記録にありません')");
	await shot(page, "office-history");
	await known.fill("ちがう値");
	await page.keyboard.press("Enter");
	await page.waitForSelector("[role=status] .problem");
	assert.equal(await known.inputValue(), "ちがう値");
}

async function copy(page) {
	await page.goto(base + "/admin/store");
	const file = page.getByLabel("保存先");
	for (const [name, words] of [["desk.db", "絶対パス"], [FILE + ".none/desk.db", `フォルダー ${FILE}.none がありません`]]) {
		await file.fill(name);
		await page.keyboard.press("Enter");
		await page.waitForSelector(`[role=status] .problem:has-text("${words}")`);
		console.log(await page.textContent("[role=status] .problem"));
		assert.equal(await file.inputValue(), name);
	}
	await file.fill(FILE);
	await page.keyboard.press("Enter");
	await page.waitForSelector(`[role=status] .notice.info:has-text("${FILE} に保存しました")`);
	await shot(page, "office-copy");
	await file.press("Enter");
	await page.waitForSelector("[role=status] .problem:has-text('すでにあります')");
}

async function nextYear() {
	await please("december");
	const { page, broken } = await sit("admin");
	await page.goto(base + "/admin");
	const alarm = page.locator("li.notice.bad:has-text('カレンダーの更新が必要です')");
	await alarm.waitFor();
	assert.doesNotMatch(await alarm.textContent(), /madoguchi /);
	const year = Number(/に (\d{4}) 年の 1 月 4 日以降の休業日/.exec(await alarm.textContent())[1]);
	await shot(page, "office-december");
	await alarm.locator("a").click();
	await page.waitForSelector(".months");
	for (let shown = new Date().getFullYear(); shown < year; shown++)
		await page.click("button[aria-label='次の年']");
	await page.waitForSelector(`strong:has-text('${year} 年')`);
	for (const day of ["01-02", "12-30"]) {
		await page.click(`button.day[data-date="${year}-${day}"]`);
		await page.selectOption("dialog select", "closed");
		await say(page);
		await page.waitForSelector(`button.day.closed-date[data-date="${year}-${day}"]`);
	}
	await page.click(".bulk >> text=保存する");
	await toast(page, "保存しました");
	await page.goto(base + "/admin");
	await gone(page, alarm);
	assert.deepEqual(broken, []);
}

main(async () => {
	const admin = await sit("admin");
	for (const part of [people, rule, promise, silence, history, copy]) {
		await part(admin.page);
		console.log(part.name + " done");
	}
	assert.deepEqual([admin.broken, admin.refused], [[], []]);
	await nextYear();
});
