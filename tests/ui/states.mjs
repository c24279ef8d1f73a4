/* What work brings about: a surge and one answer to all of it, a reply that is
 * written, locked, sent back, asked for again, taken over and overtaken. */
import { api, please } from "./desk.mjs";

const of = JSON.parse(process.env.OF);

async function incident({ page, go, press, inside, seen, see, leave }) {
	await go("/incidents", ".tickets .ticket");
	await see("incidents");
	await press("watch.add");
	await seen("watch");
	await go(`/incidents/${of.incident}`, ".card ul.bare");
	await see("incident");
	await press("incident.draft");
	await inside().locator(".choices li").first().waitFor();
	await see("incident-templates");
	await page.fill("#template-words", "outage");
	await page.keyboard.press("Enter");
	await inside().locator("input").nth(2).waitFor();
	await see("incident-draft");
	await leave();
}

async function draftedForAll(s) {
	const { page, go, press, inside, yes } = s;
	await go(`/incidents/${of.incident}`, ".card ul.bare");
	await press("incident.draft");
	await inside().locator(".choices li").first().waitFor();
	await page.fill("#template-words", "outage");
	await page.keyboard.press("Enter");
	await inside().locator("input").nth(2).waitFor();
	for (const input of await inside().locator("input").all())
		await input.fill("来月 10 日");
	await yes();
	await page.waitForSelector(".replies .pill");
	await page.waitForSelector("dialog", { state: "detached" });
}

async function repliesToAll({ page, go, see }, name) {
	await go(`/incidents/${of.incident}`, ".replies li");
	await page.locator(".replies summary").first().click();
	await see(name);
}

/* A reply with all that a lead has to look at. */
async function write({ page, go }) {
	await go(`/tickets/${of.photo}`, ".thread .mail");
	await page.keyboard.press("r");
	await page.waitForSelector(".composer textarea");
	await page.click(".composer .addresses .link");
	await page.fill("#draft-cc", "atarashii@newcomer.example");
	await page.fill(".composer textarea", "田中 様\n\nお写真をご拝見いたしました。絶対に大丈夫です。\n{{due}} までにご連絡いたします。");
	await page.setInputFiles(".attach input[type=file]", { name: "写真.png", mimeType: "image/png", buffer: Buffer.from(of.png, "base64") });
	await page.waitForSelector(".attach li:has-text('写真.png')");
	await page.waitForSelector(".saving.saved");
}

async function writing({ page, go, see }, name) {
	await go(`/tickets/${of.photo}`, ".composer textarea");
	await page.waitForSelector(".checked h3");
	await see(name);
}

/* Whoever types has it to themselves while they stay. */
async function hold({ page, go }) {
	await go(`/tickets/${of.photo}`, ".composer textarea");
	await page.locator(".composer textarea").press("Control+End");
	await page.keyboard.type("\n");
	await page.waitForSelector(".saving.saved");
}

/* Somebody else writes; whoever types nevertheless is told. */
async function locked({ page, go, see }) {
	await go(`/tickets/${of.photo}`, ".right .notice.warn");
	await page.waitForSelector(".composer textarea");
	await see("locked");
	await page.locator(".composer textarea").press("End");
	await page.keyboard.type("横から");
	await page.waitForSelector(".composer .notice.warn[role=alert]");
	await see("conflict");
}

async function submitting({ page, go, leave, see }) {
	await go(`/tickets/${of.photo}`, ".composer textarea");
	await page.waitForSelector(".checked h3");
	await page.locator(".composer textarea").press("Control+Enter");
	await page.waitForSelector("dialog[open] .pairs");
	await see("submit");
	await leave();
}

async function ask({ page, go, inside, field, yes }, text) {
	await go(`/tickets/${of.photo}`, ".composer textarea");
	await page.fill(".composer textarea", text);
	await page.waitForSelector(".saving.saved");
	await page.locator(".composer textarea").press("Control+Enter");
	await page.waitForSelector("dialog[open] .pairs");
	if (await inside().locator("input[required]").count())
		await inside().locator("input[required]").fill("確認済みです");
	await field("submit.comment").fill("写真を見てください");
	await yes();
	await page.waitForSelector(".notice a.button");
}

async function toReview({ page, go }) {
	const [draft] = (await api(page, "/tickets/" + of.photo)).drafts;
	await go("/approvals/" + draft.draft, ".decide .letter");
}

async function review(s) {
	const { page, go, press, seen, see } = s;
	await go("/approvals", ".approvals .ticket");
	await see("approvals");
	await toReview(s);
	await page.waitForSelector(".confirm .pill.bad");
	await press("file.look");
	await page.waitForSelector(".confirm img.looked");
	await see("review");
	await page.keyboard.press("Control+Enter");
	await page.waitForSelector(".toast.error");
	await see("review-unticked");
	await press("do.return");
	await page.waitForSelector("dialog[open] option[value=A5]", { state: "attached" });
	await seen("review-return");
	await page.keyboard.press("e");
	await page.waitForSelector(".decide textarea");
	await page.locator(".decide textarea").press("End");
	await page.keyboard.type("追記。");
	await see("review-correct");
	await page.keyboard.press("Escape");
	await page.waitForSelector(".decide textarea", { state: "detached" });
}

async function sendBack(s) {
	await toReview(s);
	await s.press("do.return");
	await s.page.waitForSelector("dialog[open] option[value=A5]", { state: "attached" });
	await s.field("return.note").fill("「絶対に」は使わず、いつ連絡するかを書いてください。");
	await s.yes();
	await s.page.waitForSelector("dialog", { state: "detached" });
}

async function differs(s) {
	const { page } = s;
	await toReview(s);
	await page.keyboard.press("d");
	await page.waitForSelector(".diff ins");
	await s.see("review-differs");
	/* what is found in the lead's own text is read before it goes out */
	for (const box of await page.locator(".confirm input[type=checkbox]").all())
		await box.check();
	await page.keyboard.press("e");
	await page.waitForSelector(".decide textarea");
	await page.locator(".decide textarea").press("Control+End");
	await page.keyboard.type("お写真をご拝見いたしました。");
	await page.keyboard.press("Control+Enter");
	await page.waitForSelector("dialog[open] .findings li");
	await s.seen("review-look");
	await page.keyboard.press("Escape");
	await page.waitForSelector(".decide textarea", { state: "detached" });
}

async function takeOver(s) {
	await toReview(s);
	await s.press("do.takeover");
	await s.page.waitForSelector(".composer textarea");
}

/* Asked by whoever looks, and before the customer's next mail. */
async function ofTheirOwn(s) {
	await toReview(s);
	await s.page.waitForSelector(".decide p.hint"); // who can approve it instead
	await s.see("review-own");
}

async function overtaken(s) {
	await toReview(s);
	await s.page.waitForSelector(".decide .notice.warn[role=status]");
	await s.see("review-overtaken");
}

/* all(seats, …stories): each looks before anything is changed. */
export async function states(all, leads, sato) {
	await all(leads, incident);
	await draftedForAll(leads[0]);
	await all(leads, (s) => repliesToAll(s, "incident-replies"));
	await leads[0].press("verdict.noise");
	await all(leads, (s) => repliesToAll(s, "incident-over"));
	await write(sato[0]);
	await all(sato, (s) => writing(s, "composer"));
	await hold(sato[0]);
	await all(leads, locked);
	await ask(sato[0], "田中 様\n\nお写真をご拝見いたしました。絶対に大丈夫です。明日までにご連絡いたします。");
	await all(leads, review);
	await sendBack(leads[0]);
	await all(sato, (s) => writing(s, "returned"), submitting);
	await ask(sato[0], "田中 様\n\nお写真を拝見いたしました。明日 12 時までにご連絡いたします。");
	await all(leads, differs);
	await takeOver(leads[0]);
	await all(leads, (s) => writing(s, "taken-over"));
	await ask(leads[0], "田中 様\n\nお写真を拝見いたしました。明日 12 時までに、担当の佐藤からご連絡いたします。");
	await all(leads, ofTheirOwn);
	await please("again");
	await all(leads, overtaken);
}
