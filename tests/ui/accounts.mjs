/* An administrator adds mail accounts: one with every mistake that people make,
 * put right where it was typed; one that a provider gives leave for. */
import { api, assert, axeSource, base, field, main, please, say, shot, sit, toast, until } from "./desk.mjs";

const { SERVERS, PROVIDER } = process.env;
const at = JSON.parse(SERVERS); /* {host, other, imaps, submission, closed, ca} */
const provider = JSON.parse(PROVIDER); /* {url, client} */
const PASSWORD = "mail-secret";

const names = async (page) => [...new Set((await api(page, "/mailboxes")).mailboxes.map((m) => m.mailbox))].sort();
const problem = (page, words) => page.waitForSelector(`dialog .problem[role=alert]:has-text("${words}")`);
const focused = (page) => page.evaluate(() => document.activeElement.name);

async function fill(page, of) {
	await page.goto(base + "/admin/mailboxes");
	await page.click(".head .button.main");
	await field(page, "メールアドレス").first().fill(of.address);
	await field(page, "受信サーバー").fill(of.imap);
	await field(page, "送信サーバー").fill(of.smtp);
	await field(page, "認証局の証明書").fill(at.ca);
	await field(page, "取り込む期間").selectOption("all");
}

async function mistakes(page) {
	const address = "second@example.jp";
	await fill(page, { address, imap: `imap.example.invalid:${at.imaps}`, smtp: `${at.host}:${at.closed}` });
	await field(page, "取り込むフォルダー").fill("見積もり");
	await page.locator("dialog [name=password]").fill("chigau");
	await say(page);
	/* a name that nobody has: what was wrong is marked, and is where one types next */
	await page.waitForSelector("dialog .problem[role=alert]");
	assert.match(await page.textContent("dialog .problem"), /imap\.example\.invalid.*(見つかりません|名前解決)/);
	await until("the field is at hand", async () => await focused(page) === "imap_host");
	await shot(page, "accounts-name");
	await page.evaluate(axeSource() + "; undefined");
	assert.deepEqual((await page.evaluate(() => axe.run("dialog", { resultTypes: ["violations"] }))).violations.map((v) => v.id), []);
	/* a server whose certificate is another's */
	await page.keyboard.press("Control+a");
	await page.keyboard.type(`${at.other}:${at.imaps}`);
	await page.keyboard.press("Enter");
	await problem(page, "証明書は別の名前");
	/* the right one, but not the password */
	await field(page, "受信サーバー").fill(`${at.host}:${at.imaps}`);
	await say(page);
	await problem(page, "ログインを拒否");
	await until("the password is at hand", async () => await focused(page) === "password");
	await page.keyboard.type(PASSWORD);
	await page.locator("dialog [name=password]").fill(PASSWORD);
	await say(page);
	await problem(page, "フォルダー「見積もり」がありません");
	assert.match(await page.textContent("dialog .problem"), /INBOX/);
	await until("the folder is at hand", async () => await focused(page) === "folder");
	await page.locator("dialog [name=folder]").fill("");
	await say(page);
	/* mail comes in, but nothing listens where it should go out */
	await problem(page, "ポート番号");
	await until("the way out is at hand", async () => await focused(page) === "smtp_host");
	await shot(page, "accounts-smtp");
	/* nothing else was lost on the way */
	assert.deepEqual([await field(page, "メールアドレス").first().inputValue(), await field(page, "受信サーバー").inputValue(), await field(page, "取り込む期間").inputValue()],
		[address, `${at.host}:${at.imaps}`, "all"]);
	await field(page, "送信サーバー").fill(`${at.host}:${at.submission}`);
	await say(page);
	await page.waitForSelector("dialog .notice:has-text('受信も送信もできます')");
	assert.equal(await page.locator("dialog .steps .pill.bad").count(), 0);
	await shot(page, "accounts-good");
	await page.click("dialog >> text=自分宛てに 1 通送って試す");
	await page.waitForSelector("dialog li:has(.pill.good):has-text('自分宛ての受信')");
	await page.keyboard.press("Escape");
	assert.deepEqual(await names(page), [address, "support@example.jp"]);
	await please("second");
	await until("the mail is an inquiry", async () => (await api(page, "/tickets")).tickets.some((x) => x.subject === "二つめの宛先へ"));
}

/* Its provider moves: what is wrong is refused, and the old goes on meanwhile. */
async function moved(page, name) {
	const of = (was) => api(page, "/mailboxes/" + encodeURIComponent(was));
	const was = await of(name);
	await page.goto(base + "/admin/mailboxes");
	await card(page, name).locator("text=編集").click();
	await page.waitForSelector(`dialog h2:has-text("${name} の編集")`);
	assert.deepEqual([await field(page, "受信サーバー").inputValue(), await field(page, "送信サーバー").inputValue(), await field(page, "ログイン名").inputValue(), await page.locator("dialog [name=password]").inputValue(), await field(page, "取り込むフォルダー").inputValue()],
		[`${at.host}:${at.imaps}`, `${at.host}:${at.submission}`, name, "", "INBOX"]);
	await field(page, "受信サーバー").fill(`${at.other}:${at.imaps}`);
	await say(page);
	await problem(page, "証明書は別の名前");
	await until("the field is at hand", async () => await focused(page) === "imap_host");
	assert.match(await page.textContent("dialog .notice.bad"), /これまでの設定で動いています/);
	await shot(page, "accounts-change");
	await page.evaluate(axeSource() + "; undefined");
	assert.deepEqual((await page.evaluate(() => axe.run("dialog", { resultTypes: ["violations"] }))).violations.map((v) => v.id), []);
	assert.deepEqual(await of(name), was);
	await field(page, "受信サーバー").fill(`localhost:${at.imaps}`);
	await page.locator("dialog [name=password]").fill("chigau");
	await say(page);
	await problem(page, "ログインを拒否");
	await page.locator("dialog [name=password]").fill("");
	await field(page, "送信サーバー").fill(`localhost:${at.submission}`);
	await field(page, "表示名").fill("見積もりの受付");
	await say(page);
	await toast(page, "見積もりの受付 を変更しました");
	await page.waitForSelector("dialog", { state: "detached" });
	await card(page, "見積もりの受付").locator(`text=localhost:${at.imaps}`).waitFor();
	const is = await of("見積もりの受付");
	assert.deepEqual(is, { ...was, mailbox: "見積もりの受付", imap_host: "localhost", smtp_host: "localhost" });
	await please("moved");
	const here = async (subject) => (await api(page, "/tickets")).tickets.filter((x) => x.subject === subject).length;
	await until("new mail comes in", async () => await here("引っ越しのあとのメール") === 1);
	assert.equal(await here("二つめの宛先へ"), 1);
	/* who opened it before somebody else changed it does not write over that */
	await card(page, "見積もりの受付").locator("text=編集").click();
	await field(page, "ログイン名").fill("x");
	await page.evaluate(async ([path, what]) => {
		const { csrf } = await (await fetch("/api/v1/me")).json();
		const r = await fetch(path, { method: "PATCH", body: JSON.stringify(what), headers: { "Content-Type": "application/json", "X-CSRF-Token": csrf, "If-Match": "*" } });
		if (!r.ok)
			throw new Error(await r.text());
	}, ["/api/v1/mailboxes/" + encodeURIComponent("見積もりの受付"), { no_sent: true, untested: true }]);
	await say(page);
	await page.waitForSelector("dialog .problem[role=alert]");
	assert.equal((await of("見積もりの受付")).login, name);
	page.once("dialog", (d) => d.accept());
	await page.keyboard.press("Escape");
	await page.waitForSelector("dialog", { state: "detached" });
}

/* Who gives up leaves nothing behind. */
async function givenUp(page) {
	const had = await names(page);
	await fill(page, { address: "third@example.jp", imap: `${at.host}:${at.closed}`, smtp: `${at.host}:${at.submission}` });
	await page.locator("dialog [name=password]").fill("x");
	await say(page);
	await problem(page, "接続が拒否されました");
	assert.ok((await names(page)).includes("third@example.jp"));
	page.once("dialog", (d) => d.dismiss());
	await page.keyboard.press("Escape");
	await problem(page, "接続が拒否されました");
	await page.click("dialog footer >> text=やめる");
	await page.waitForSelector("dialog", { state: "detached" });
	assert.deepEqual(await names(page), had);
}

const card = (page, name) => page.locator(`.card:has(h2:text-is("${name}"))`);

/* What the person does on the provider's page, in a tab of its own. */
async function typeCode(page, how) {
	const code = (await page.textContent("dialog .secret")).trim();
	const [tab] = await Promise.all([page.context().waitForEvent("page"), page.click("dialog a[target=_blank]")]);
	await tab.fill("input", code);
	await tab.click(`text=${how}`);
	await tab.waitForSelector("text=Done.");
	await tab.close();
}

async function byDevice(page, address) {
	await fill(page, { address, imap: `${at.host}:${at.imaps}`, smtp: `${at.host}:${at.submission}` });
	await field(page, "ログインの方法").selectOption("oauth2");
	assert.equal(await page.locator("dialog [name=password]").count(), 0);
	await say(page);
	await page.waitForSelector(`dialog h2:has-text("${address} の認可")`);
	await field(page, "メールの提供元").selectOption("other");
	await field(page, "クライアント ID").fill("not-ours");
	await field(page, "トークンの URL").fill(provider.url + "/token");
	await field(page, "コードを受け取る URL").fill(provider.url + "/device");
	await field(page, "スコープ").fill("mail offline_access");
	await field(page, "認証局の証明書").fill(at.ca);
	await say(page);
	await problem(page, "invalid_client");
	await field(page, "クライアント ID").fill(provider.client);
	await say(page);
	await page.waitForSelector("dialog [role=status]:has-text('許可されるのを待っています')");
	await shot(page, "accounts-code");
	await typeCode(page, "Deny");
	await problem(page, "許可されませんでした");
	/* whose code has ended gets another, with nothing typed again */
	await page.keyboard.press("Enter");
	await page.waitForSelector("dialog .secret");
	await please("late");
	await problem(page, "期限が切れました");
	await shot(page, "accounts-late");
	await page.keyboard.press("Enter");
	await page.waitForSelector("dialog .secret");
	await typeCode(page, "Allow");
	await toast(page, "認可しました");
	await page.waitForSelector("dialog", { state: "detached" });
	await card(page, address).locator(".pill:text-is('認可済み')").waitFor();
	await card(page, address).locator("text=接続を試す").click();
	await page.waitForSelector("dialog .notice:has-text('受信も送信もできます')");
	await page.keyboard.press("Escape");
	await please("granted");
	await until("the mail is an inquiry", async () => (await api(page, "/tickets")).tickets.some((x) => x.subject === "許可のあとのメール"));
}

/* The provider takes it away; the page shows so by itself, and the way back. */
async function byCode(page, address) {
	await please("revoke");
	await card(page, address).locator(".pill.bad:text-is('再認証が必要')").waitFor();
	await card(page, address).locator("text=接続を試す").click();
	await page.waitForSelector("dialog .notice.bad");
	assert.doesNotMatch(await page.textContent("dialog .steps"), /madoguchi /);
	await page.click("dialog .notice >> text=認可する");
	await field(page, "メールの提供元").selectOption("other");
	await field(page, "許可の方法").selectOption("code");
	await field(page, "クライアント ID").fill(provider.client);
	await field(page, "トークンの URL").fill(provider.url + "/token");
	await field(page, "許可の画面の URL").fill(provider.url + "/authorize");
	await field(page, "スコープ").fill("mail offline_access");
	await field(page, "認証局の証明書").fill(at.ca);
	await say(page);
	const [tab] = await Promise.all([page.context().waitForEvent("page"), page.click("dialog a.button.main")]);
	const [landed] = await Promise.all([tab.waitForRequest((r) => r.url().startsWith("http://localhost")), tab.click("text=Allow")]);
	const redirect = field(page, "許可した後に表示されたアドレス");
	await redirect.fill(landed.url().replace("state=", "state=x"));
	await say(page);
	await problem(page, "最新の手順で表示された");
	await redirect.fill(landed.url());
	await tab.close();
	await say(page);
	await toast(page, "認可しました");
	await card(page, address).locator(".pill:text-is('認可済み')").waitFor();
	await please("again");
	await until("the mail is an inquiry", async () => (await api(page, "/tickets")).tickets.some((x) => x.subject === "もう一度の許可のあとのメール"));
}

main(async () => {
	const admin = await sit("admin");
	await mistakes(admin.page);
	console.log("one with mistakes");
	await moved(admin.page, "second@example.jp");
	console.log("one that moved");
	await givenUp(admin.page);
	console.log("one given up");
	await byDevice(admin.page, "leave@example.jp");
	console.log("one by a device's code");
	await byCode(admin.page, "leave@example.jp");
	assert.deepEqual([admin.broken, admin.refused], [[], []]);
});
