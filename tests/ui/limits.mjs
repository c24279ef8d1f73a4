/* What people may not do is not there, or says why; nothing is tried in vain. */
import { api, assert, base, main, shot, sit } from "./desk.mjs";

const admins = ["", "/mailboxes", "/users", "/windows", "/rules", "/audit", "/store"].map((x) => "/admin" + x);
const all = ["/queue?tray=open", "/approvals", "/outbox", "/shift", "/mentions", "/thanks", "/search?words=%E8%BF%94%E9%87%91", "/board", "/incidents", "/junk",
	"/reports", "/reports?kind=backlog", "/reports?kind=operators", "/reports?kind=training", "/reports?kind=approvals", "/templates", "/templates/defect", "/security"];

const told = ".empty:has-text('このページを見る権限がありません')";
const settled = async (page) => {
	await page.waitForSelector("main h1, main .empty");
	await page.waitForSelector(".loading", { state: "detached" });
};

async function noAdmin(who, { page, broken, refused }, closed) {
	assert.equal(await page.locator(".nav a:has-text('管理')").count(), 0, who);
	for (const path of admins) {
		await page.goto(base + path);
		await page.waitForSelector(told);
	}
	await shot(page, "limits-" + who);
	for (const path of all) {
		await page.goto(base + path);
		await settled(page);
		assert.equal(await page.locator(told).count(), closed.includes(path.split("?")[0]) ? 1 : 0, `${who} ${path}`);
	}
	const { tickets } = await api(page, "/tickets");
	await page.goto(`${base}/tickets/${tickets[0].ticket}`);
	await page.waitForSelector(".thread .mail");
	for (const tab of await page.locator(".side [role=tab]").all()) {
		await tab.click();
		await settled(page);
	}
	assert.deepEqual([broken, refused], [[], []], who);
}

/* Who administers a window has its rules and people, not the desk's accounts. */
async function ofOneWindow({ page, broken, refused }) {
	await page.goto(base + "/admin");
	await page.waitForSelector(".notice:has-text('全体の管理者だけ')");
	assert.deepEqual(await page.locator(".tabs a").allTextContents(), ["稼働状況", "メールアカウント", "ユーザー", "営業日と回答期限", "自動ルール", "受信照合とバックアップ"]);
	for (const path of admins) {
		await page.goto(base + path);
		await settled(page);
		assert.equal(await page.locator(told).count(), path === "/admin/audit" ? 1 : 0, path);
	}
	assert.equal(await page.locator("main form").count(), 0); /* no copy of all windows */
	await page.click("text=照合する");
	await page.waitForSelector(".notice:has-text('すべて一致しました')");
	await page.goto(base + "/admin/mailboxes");
	await page.waitForSelector(".card h2");
	assert.equal(await page.locator("main button").count(), 0);
	await page.goto(base + "/admin/users");
	await page.waitForSelector("table");
	assert.equal(await page.locator(".head button").count(), 0);
	await page.click("tr:has-text('sato') .menu button");
	assert.deepEqual(await page.locator("[role=menuitem]").allTextContents(), ["権限を変える", "不在にする"]);
	await page.locator("[role=menuitem]").first().click();
	await page.check("dialog input[type=checkbox]");
	await page.click("dialog button[type=submit]");
	await page.waitForSelector("tr:has-text('sato') td:has-text('（新人）')");
	await page.goto(base + "/admin/rules");
	await page.click(".head .button.main");
	await page.waitForSelector("dialog textarea");
	await shot(page, "limits-window");
	assert.deepEqual([broken, refused], [[], []]);
}

main(async () => {
	await noAdmin("sato", await sit("sato"), ["/board", "/junk", "/reports"]);
	await noAdmin("suzuki", await sit("suzuki"), []);
	await ofOneWindow(await sit("kobayashi"));
});
