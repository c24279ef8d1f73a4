/* axe-core on every screen, Japanese and English, light and dark; and nothing
 * wider than the window, on a desk, a phone and at 200 %. */
import { api, assert, base, main, open, sit, toast } from "./desk.mjs";
import { both, change, narrow, wrong } from "./look.mjs";

/* of each language one: an address that was here once is known for ever */
let byOauth = "";
let taken = 0;
let added = 0;

/* [name, address or function, what shows that it is there] */
const screens = [
	["queue", "/queue?tray=open", ".ticket"],
	["queue-empty", "/queue?tray=error", ".empty"],
	["approvals", "/approvals", ".ticket"],
	["outbox", "/outbox", ".empty,.ticket"],
	["search", "/search?words=" + encodeURIComponent("注文"), ".results"],
	["board", "/board", ".lane li"],
	["incidents", "/incidents", ".card .row"],
	["reports", "/reports", ".charts canvas"],
	["report-hours", "/reports?by=hour", ".charts canvas"],
	["backlog", "/reports?kind=backlog", ".chart canvas"],
	["operators", "/reports?kind=operators", ".report table,.empty"],
	["training", "/reports?kind=training", ".report table,.empty"],
	["approvals-report", "/reports?kind=approvals", ".report dl"],
	["templates", "/templates", ".ticket"],
	["template", "/templates/defect", ".card summary"],
	["templates-retired", "/templates?retired=1", ".empty,.card"],
	["shift", "/shift?login=sato", ".empty,.ticket"],
	["mentions", "/mentions", ".empty,.ticket"],
	["thanks", "/thanks", ".empty,.ticket"],
	["junk", "/junk", ".empty,.ticket"],
	["templates-new", async (page) => {
		await page.goto(base + "/templates");
		await page.locator(".head .button.main").click();
	}, "dialog[open] textarea"],
	["templates-taken", async (page) => {
		await page.goto(base + "/templates");
		await page.waitForSelector(".head .button");
		await page.setInputFiles("input[type=file]", { name: `見本${++taken}.txt`, mimeType: "text/plain", buffer: Buffer.from("○○様\n\n【会員の番号】を確認いたしました。\n") });
	}, "dialog[open] .rows"],
	["memo", async (page) => {
		await page.goto(base + "/queue");
		await page.waitForSelector(".nav");
		await page.click("text=/電話メモ|Phone note/");
	}, "dialog[open] input"],
	["ticket", (page) => open(page, "ログインできません"), ".candidate"],
	["reply", async (page) => {
		await open(page, "領収書の発行");
		await page.waitForSelector(".side");
		if (!(await page.locator(".composer").count()))
			await page.keyboard.press("r");
	}, ".composer textarea"],
	["submit", (page) => page.locator(".composer textarea").press("Control+Enter"), "dialog[open] .pairs"],
	["menu", async (page) => {
		await open(page, "ログインできません");
		await page.click(".tickethead .menu > button");
	}, "[role=menuitem]"],
	["bulk", async (page) => {
		await page.goto(base + "/queue?tray=open");
		for (const n of [0, 1])
			await page.locator(".ticket input").nth(n).check();
	}, ".bulk"],
	["bulk-merge", (page) => page.locator(".bulk button").nth(4).click(), "dialog[open] select"],
	["review", async (page) => {
		await page.goto(base + "/approvals");
		await page.click(".approvals a.open");
	}, ".decide .letter"],
	["review-return", (page) => page.keyboard.press("r"), "dialog[open] textarea"],
	["review-correct", async (page) => {
		await page.keyboard.press("Escape");
		await page.waitForSelector("dialog", { state: "detached" });
		await page.keyboard.press("e");
	}, ".decide textarea"],
	["template-edit", async (page) => {
		await page.goto(base + "/templates/defect");
		await page.click(".head .button.main");
	}, ".card textarea"],
	["admin", "/admin", ".card dl"],
	["mailboxes", "/admin/mailboxes", "table"],
	["mailbox-folders", (page) => page.locator(".card header .button").nth(2).click(), "dialog[open] li"],
	["mailbox-change", async (page) => {
		await page.goto(base + "/admin/mailboxes");
		await page.locator(".card header .button").nth(3).click();
	}, "dialog[open] [name=imap_host]"],
	["mailbox-oauth", async (page) => {
		byOauth = `oauth${++added}@example.jp`;
		const { windows } = await api(page, "/windows");
		await change(page, "POST", "/mailboxes", { window: windows[0].window, address: byOauth, imap_host: "127.0.0.1", imap_port: 1, smtp_host: "127.0.0.1", smtp_port: 1, auth: "oauth2" });
		await page.goto(base + "/admin/mailboxes");
		await page.locator(`.card:has-text("${byOauth}") header .button`).nth(1).click();
		await page.locator("dialog select").first().selectOption("other");
	}, "dialog[open] input[type=url]"],
	["mailbox-remove", async (page) => {
		await page.keyboard.press("Escape");
		await page.locator(`.card:has-text("${byOauth}") header .button.danger`).click();
	}, "dialog[open] .danger"],
	["users", async (page) => {
		await page.click("dialog button[type=submit]");
		await page.waitForSelector(`.card:has-text("${byOauth}")`, { state: "detached" });
		await page.goto(base + "/admin/users");
	}, "table"],
	["user-add", (page) => page.locator(".head button").first().click(), "dialog[open] input"],
	["user-password", async (page) => {
		await page.goto(base + "/admin/users");
		await page.click("tr:has-text('suzuki') .menu button");
		await page.locator("[role=menuitem]").getByText(/^(パスワードを再設定|Reset password)$/).click();
	}, "dialog[open] input[minlength]"],
	["windows", "/admin/windows", ".months"],
	["window-texts", (page) => page.click(".card:has(.letter) header button"), "dialog[open] .letter"],
	["window-day", async (page) => {
		await page.goto(base + "/admin/windows");
		await page.locator("button.day").nth(40).click();
	}, "dialog[open] select"],
	["policy-rule", async (page) => {
		await page.goto(base + "/admin/windows");
		await page.waitForSelector(".months");
		await page.locator(".card").first().locator("button").first().click();
	}, "dialog[open] select"],
	["rules", "/admin/rules", ".card"],
	["rule-add", (page) => page.locator(".head button").first().click(), "dialog[open] textarea"],
	["audit", "/admin/audit", "table"],
	["store", "/admin/store", ".card input"],
	["security", "/security", ".card"],
	["totp", (page) => page.locator(".card").nth(1).locator("button.main").click(), "dialog[open] .qr"],
	["not-there", "/tickets/999999", ".failed"],
];

/* One reply that waits, to be looked at. */
async function ask() {
	const { page, context } = await sit("sato");
	await open(page, "写真を送ります");
	await page.waitForSelector(".side");
	if (!(await page.locator(".composer").count()))
		await page.keyboard.press("r");
	await page.fill(".composer textarea", "山田 花子 様\n\n写真をお送りいただき、ありがとうございます。\n内容を確認いたしました。");
	await page.waitForSelector(".saving.saved");
	await page.locator(".composer textarea").press("Control+Enter");
	await page.waitForSelector("dialog[open]");
	const reason = page.locator("dialog input[required]");
	if (await reason.count())
		await reason.fill("確認済みです");
	await page.click("dialog button[type=submit]");
	await toast(page, "承認を依頼しました");
	await context.close();
}

main(async () => {
	await ask();
	for (const lang of ["ja", "en"]) {
		const { page, broken } = await sit("", { lang });
		await both(page, "login", lang);
		await page.fill("#login", "admin");
		await page.fill("#password", process.env.PASSWORD);
		await page.keyboard.press("Enter");
		await page.waitForSelector(".nav");
		for (const [name, way, there] of screens) {
			if (typeof way === "string")
				await page.goto(base + way);
			else
				await way(page);
			await page.waitForSelector(there);
			await both(page, name, lang);
			await narrow(page, name, lang);
		}
		await page.goto(base + "/queue");
		await page.waitForSelector(".nav");
		await page.keyboard.press("?");
		await page.waitForSelector("dialog[open]");
		await both(page, "keys", lang);
		wrong.push(...broken);
		await page.context().close();
	}
	assert.deepEqual(wrong, []);
});
