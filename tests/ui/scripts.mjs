/* A mail in a script that runs from right to left, under a subject without end. */
import { assert, base, main, sit } from "./desk.mjs";

const { TICKET } = process.env;

main(async () => {
	const { page } = await sit("sato");
	await page.setViewportSize({ width: 390, height: 800 });
	await page.goto(`${base}/tickets/${TICKET}`);
	await page.waitForSelector(".mailtext");
	const left = (letter) => page.evaluate((c) => {
		const text = document.querySelector(".mailtext").firstChild;
		const range = document.createRange();
		const at = text.data.indexOf(c);
		range.setStart(text, at);
		range.setEnd(text, at + 1);
		return range.getBoundingClientRect().left;
	}, letter);
	/* the sentence ends at its left */
	assert.ok(await left(".") < await left("M"));
	const { height, line } = await page.evaluate(() => {
		const h1 = document.querySelector(".tickethead h1");
		return { height: h1.getBoundingClientRect().height, line: parseFloat(getComputedStyle(h1).fontSize) };
	});
	assert.ok(height < 6 * line, `${height} px`);
	assert.equal(await page.locator(".mail .address").count(), 0, "no address stands where the name is one");
});
