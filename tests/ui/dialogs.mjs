/* axe-core on every dialog and on what work brings about, Japanese and English,
 * light and dark, and no wider than a phone. The desk has two windows, a surge,
 * a virus and a provider of leave. Each thing is looked at in both languages
 * before it is changed; in the end all that the sources open has been seen. */
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { api, assert, main, sit } from "./desk.mjs";
import { both, change, seat, titles, wrong } from "./look.mjs";
import { states } from "./states.mjs";
import { code } from "./totp.mjs";
import { words } from "../../src/web/ui/lib/words.js";

const of = JSON.parse(process.env.OF); /* see test_dialogs.py */
const sources = path.join(path.dirname(fileURLToPath(import.meta.url)), "../../src/web/ui");

/* ---- what changes nothing ---- */

async function queue({ page, go, press, seen, lang }) {
	await go("/queue?tray=open", ".ticket");
	await press("memo.title");
	await seen("memo");
	for (const n of [0, 1])
		await page.locator(".ticket input").nth(n).check();
	for (const key of ["do.assign", "do.close", "do.hold", "do.merge"]) {
		await press(key);
		await seen("bulk-" + key);
	}
	await page.keyboard.press("Escape");
	await page.keyboard.press("?");
	await seen("keys", "dl");
	await page.click(".who");
	await seen("settings", "fieldset");
	await page.setViewportSize({ width: 360, height: 740 });
	await page.click(".burger");
	await page.waitForSelector(".nav.open");
	await both(page, "nav-phone", lang);
	await page.setViewportSize({ width: 1440, height: 900 });
	await go("/shift?login=sato", ".shift .ticket");
	await page.click(".head .button.main");
	await seen("shift");
}

async function ticket({ page, go, press, choose, seen, see }) {
	await go(`/tickets/${of.like}`, ".candidate");
	for (const key of ["do.hold", "do.close"]) {
		await press(key);
		await seen("ticket-" + key);
	}
	for (const key of ["do.assign", "do.promise", "do.labels", "do.inquiry", "do.customer", "do.merge", "do.split", "do.link", "do.spam"]) {
		await choose(page.locator(".tickethead .menu > button"), key);
		await seen("ticket-" + key);
	}
	await press("templates.all");
	await seen("templates", ".choices li");
	await press("preview");
	await seen("suggestion", ".slot");
	for (const [tab, there] of [["customer", "dl"], ["similar", "ul,.empty"], ["times", ".clock"], ["story", "li"]]) {
		await page.click("#tab-" + tab);
		await page.locator("#side-panel").locator(there).first().waitFor();
		await see("side-" + tab);
	}
	await page.click("#tab-customer");
	await press("customer.edit");
	await seen("customer-edit");
	if (of.virus) {
		await go(`/tickets/${of.virus}`, ".files .pill.bad");
		await see("virus");
		await press("virus.release");
		await seen("virus-release");
	}
}

async function templates({ page, go, press, seen, lang }) {
	await go("/templates", ".ticket");
	await press("template.new");
	await seen("template-new");
	await page.setInputFiles("input[type=file]", { name: `見本-${lang}.txt`, mimeType: "text/plain", buffer: Buffer.from("○○様\n\n【会員の番号】を確認いたしました。\n") });
	await seen("templates-taken", "li");
	await page.setInputFiles("input[type=file]", { name: "だめ.csv", mimeType: "text/csv", buffer: Buffer.from("a,b\n1,2\n") });
	await page.waitForSelector(".toasts .toast.error");
	await both(page, "templates-refused", lang);
}

async function accounts(s) {
	const { page, go, press, say, yes, field, inside, see, seen, leave, lang } = s;
	await go("/admin", ".card dl");
	await press("change");
	await seen("sending");
	await go("/admin/mailboxes", "table");
	const card = (name) => page.locator(`.card:has(h2:text-is("${name}")) header`);
	const do_ = (name, key) => card(name).getByRole("button", { name: s.w(key), exact: true }).click();
	await do_("support@example.jp", "mailbox.test.do");
	await inside().locator(".notice.info").waitFor();
	await seen("mailbox-test", ".steps");
	await do_("support@example.jp", "password.change");
	await seen("mailbox-password");
	await do_("support@example.jp", "mailbox.change.open");
	await seen("mailbox-change");
	await do_("support@example.jp", "folder.do");
	await seen("folders", "li");
	await do_("support@example.jp", "remove");
	await seen("mailbox-remove");
	await press("mailbox.add");
	await see("mailbox-add");
	await field("mailbox.address").fill("third@example.jp");
	await field("mailbox.imap").fill(`${of.host}:${of.closed}`);
	await field("mailbox.smtp").fill(`${of.host}:${of.closed}`);
	await inside().locator("[name=password]").fill("x");
	await yes();
	await inside().locator(".problem[role=alert]").waitFor();
	await see("mailbox-refused");
	await say("cancel");
	await page.waitForSelector("dialog", { state: "detached" });
	/* without a password */
	const address = `leave-${lang}@example.jp`;
	const { windows } = await api(page, "/windows");
	await change(page, "POST", "/mailboxes", { window: windows[0].window, address, imap_host: of.host, imap_port: of.closed, smtp_host: of.host, smtp_port: of.closed, auth: "oauth2" });
	await card(address).waitFor();
	await see("mailboxes");
	await do_(address, "mailbox.test.do");
	await inside().locator(".notice.bad").waitFor();
	await seen("mailbox-unauthorized", ".steps");
	await do_(address, "oauth.do");
	for (const provider of ["microsoft", "google", "other"]) {
		await field("oauth.provider").selectOption(provider);
		await see("oauth-" + provider);
	}
	const asks = async (client, flow, url) => {
		await field("oauth.flow").selectOption(flow);
		await field("oauth.client_id").fill(client);
		await field("oauth.token_url").fill(of.provider + "/token");
		await field(url[0]).fill(of.provider + url[1]);
		await field("oauth.ca_file").fill(of.ca);
		await yes();
	};
	await asks("not-ours", "device", ["oauth.device_url", "/device"]);
	await inside().locator(".problem").waitFor();
	await see("oauth-refused");
	await asks(of.client, "device", ["oauth.device_url", "/device"]);
	await inside().locator(".secret").waitFor();
	await see("oauth-device");
	await leave();
	await do_(address, "oauth.do");
	await field("oauth.provider").selectOption("other");
	await asks(of.client, "code", ["oauth.authorize_url", "/authorize"]);
	await inside().locator("a.button.main").waitFor();
	await field("oauth.redirect").fill("http://localhost/?code=x&state=x");
	await yes();
	await inside().locator(".problem").waitFor();
	await see("oauth-code");
	await leave();
}

async function people({ page, go, press, choose, seen, see, lang, w }) {
	await go("/admin/users", "table");
	await press("user.add");
	await seen("user-add");
	const login = "new-" + lang;
	await change(page, "POST", "/users", { login, name: login, email: login + "@example.jp", window: "support", role: "operator" });
	const row = page.locator(`tr:has(td:text-is("${login}"))`).last();
	await page.reload();
	await row.waitFor();
	await row.locator(".menu button").click();
	await see("user-menu");
	await page.keyboard.press("Escape");
	for (const key of ["user.role.do", "user.absent.do", "user.password.do", "user.reset.do", "user.disable.do"]) {
		await choose(row.locator(".menu button"), key);
		await seen(key.slice(0, -3));
	}
	await change(page, "POST", `/users/${login}/disable`);
	await page.reload();
	await row.locator(".pill.bad").getByText(w("user.disabled")).waitFor();
	await see("users");
}

async function promises({ page, go, press, field, yes, seen, see, w }) {
	await go("/admin/windows", ".months");
	await page.click(".card:has(.letter) header button");
	await seen("window-texts");
	await page.locator("button.day").nth(40).click();
	await seen("window-day");
	await page.locator("dl button.link").first().click();
	await seen("window-weekday");
	await press("policy.rule.add");
	await seen("policy-rule-add");
	await press("policy.rule.add");
	await field("rule.name").fill("苦情");
	await field("category").fill("苦情、不具合");
	await yes();
	await page.locator("ol li", { hasText: "苦情" }).getByRole("button", { name: w("change"), exact: true }).click();
	await seen("policy-rule-edit");
	await page.fill("#first_response_min", "1");
	await press("policy.try");
	await page.waitForSelector("main [role=status] :is(table, .notice)");
	await see("windows-tried");
}

async function rules({ page, go, press, say, field, yes, inside, seen, see, lang }) {
	await go("/admin/rules", ".card");
	await page.click(".head .button.main");
	await field("rule.name").fill("領収書の係 " + lang);
	await field("rule.if").fill("subject contains 領収書");
	await say("rule.try");
	await inside().locator(".notice.info").waitFor();
	await field("rule.do").fill("fly away");
	await yes();
	await inside().locator(".problem").waitFor();
	await see("rule-refused");
	await field("rule.do").fill("label 領収書");
	await yes();
	await page.waitForSelector("td code");
	await see("rules");
	await press("change");
	await seen("rule-edit");
	await press("remove");
	await seen("rule-remove");
}

async function store({ page, go, press, see, lang, w }) {
	await go("/admin/store", ".card input");
	await press("reconcile.do");
	await page.waitForSelector("[role=status] table");
	const file = page.getByLabel(w("backup.file"));
	await file.fill(of.file + ".none/desk.db");
	await press("backup.do");
	await page.waitForSelector("[role=status] .problem");
	await see("store-refused");
	await file.fill(`${of.file}-${lang}.db`);
	await press("backup.do");
	await page.waitForSelector("[role=status]:has(.notice.info:has-text('.db'))");
	await see("store");
	await go("/admin/audit", "tbody tr");
	await press("audit.verify.do");
	await page.waitForSelector("[role=status] .notice.info code");
	await page.getByLabel(w("audit.known")).fill("0".repeat(64));
	await page.keyboard.press("Enter");
	await page.waitForSelector("[role=status] .notice.bad");
	await see("audit");
}

/* Each for themselves, for a code is good once. */
async function account({ page, go, press, say, yes, field, inside, see, seen, lang }) {
	const second = await sit(of.own[lang], { lang });
	await go("/security", ".card");
	await press("password.change");
	await seen("password");
	await press("token.add");
	await see("token-add");
	await field("token.name").fill("夜間の集計");
	await yes();
	await inside().locator(".once").waitFor();
	await see("token-made");
	await say("once.kept");
	await press("token.revoke.do");
	await seen("token-revoke");
	await press("totp.begin");
	await field("totp.code").fill("000000");
	await yes();
	await inside().locator(".problem").waitFor();
	await see("totp");
	await field("totp.code").fill(code(await inside().locator(".secret").textContent(), of.steps));
	await yes();
	await inside().locator(".once").waitFor();
	await see("totp-recovery");
	await say("once.kept");
	await press("totp.remove.do");
	await seen("totp-remove");
	await press("device.end_all");
	await seen("device-end");
	await see("security");
	const other = await seat("", lang);
	await other.page.fill("#login", of.own[lang]);
	await other.page.fill("#password", "chigau chigau chigau");
	await other.page.keyboard.press("Enter");
	await other.page.waitForSelector(".problem");
	await other.see("login-refused");
	await other.page.fill("#password", process.env.PASSWORD);
	await other.page.keyboard.press("Enter");
	await other.page.waitForSelector("#code");
	await other.see("login-code");
	await go("/admin", "main .empty");
	await see("not-allowed");
	await other.page.context().close();
	await second.context.close();
}

/* ---- all of them ---- */

/* The titles that the sources give their dialogs: keys of words, or how they begin. */
function keys() {
	const found = new Set();
	for (const file of ["page", "part"].flatMap((d) => fs.readdirSync(path.join(sources, d)).map((f) => path.join(sources, d, f)))) {
		const text = fs.readFileSync(file, "utf8");
		for (const [, , call] of text.matchAll(/(<\$\{(?:Ask|Dialog)\} title=\$\{|\btitle: )t\(([^)]*)/g))
			for (const [, key] of call.split(/, \{/)[0].matchAll(/"([a-z_.]+)"/g))
				found.add(key);
	}
	return [...found];
}

const regex = (text) => text.split(" | ").map((x) => x.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{\w+\}/g, ".*")).join("|");

function unseen(lang) {
	const of_ = (key) => key.endsWith(".") ? Object.keys(words).filter((k) => k.startsWith(key)) : [key];
	const shown = (key) => [...titles[lang]].some((title) => new RegExp(`^(${regex(words[key][lang === "en" ? 1 : 0])})$`).test(title));
	return keys().filter((key) => of.virus || !key.startsWith("virus.")).filter((key) => !of_(key).some(shown));
}

main(async () => {
	const leads = [await seat("admin", "ja"), await seat("admin", "en")];
	const own = [await seat(of.own.ja, "ja"), await seat(of.own.en, "en")];
	const sato = [await seat("sato", "ja"), await seat("sato", "en")];
	const all = async (seats, ...parts) => {
		for (const part of parts)
			for (const s of seats) {
				await part(s);
				console.log(part.name, s.lang);
			}
	};
	await change(leads[0].page, "POST", `/tickets/${of.photo}/assign`, { to: "sato" });
	await all(leads, queue, ticket, templates, accounts, people, promises, rules, store);
	await all(own, account);
	await states(all, leads, sato);
	wrong.push(...[...leads, ...own, ...sato].flatMap((s) => s.broken));
	assert.deepEqual(wrong, []);
	for (const lang of ["ja", "en"])
		assert.deepEqual(unseen(lang), [], `dialogs that nobody saw in ${lang}`);
});
