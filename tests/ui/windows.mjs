/* The name of a window stands beside what belongs to it, for who sees several. */
import { assert, base, main, sit } from "./desk.mjs";

main(async () => {
	const [several, one] = [await sit("suzuki"), await sit("sato")];
	const named = (page) => page.locator("main .pill[title^=窓口]");
	for (const path of ["/queue?tray=open", "/board", "/search?words=" + encodeURIComponent("マグカップ")]) {
		await several.page.goto(base + path);
		await named(several.page).first().waitFor();
		assert.match(await named(several.page).first().textContent(), /サポート/);
	}
	for (const { page } of [several, one]) {
		await page.goto(base + "/queue?tray=open");
		await page.click("a.open >> nth=0");
		await page.waitForSelector(".thread");
	}
	await named(several.page).waitFor();
	/* however long it is called */
	await several.page.setViewportSize({ width: 360, height: 740 });
	for (const path of ["/queue?tray=open", "/board"]) {
		await several.page.goto(base + path);
		await named(several.page).filter({ hasText: "二つめ" }).first().waitFor();
		assert.ok(await several.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), path);
	}
	assert.equal(await named(one.page).count(), 0);
	assert.deepEqual([...several.broken, ...one.broken], []);
});
