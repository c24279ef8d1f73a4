/* A cold cache: what the first page takes. Requests and bytes are counted; times
 * are told, as they are the machine's as much as ours. */
import { assert, base, main, sit } from "./desk.mjs";

main(async () => {
	const { page, context } = await sit("sato");
	const cold = await context.newPage();
	const cdp = await context.newCDPSession(cold);
	await cdp.send("Network.enable");
	await cdp.send("Network.setCacheDisabled", { cacheDisabled: true });
	const urls = [];
	let bytes = 0;
	cdp.on("Network.requestWillBeSent", (e) => urls.push(e.request.url));
	cdp.on("Network.loadingFinished", (e) => { bytes += e.encodedDataLength; });
	await page.close();
	await cold.goto(base + "/queue?tray=open");
	await cold.waitForSelector("li.ticket");
	const t = await cold.evaluate(() => ({ list: performance.now(), paint: performance.getEntriesByName("first-contentful-paint")[0]?.startTime }));
	console.log(`first paint ${Math.round(t.paint)} ms, list ${Math.round(t.list)} ms, ${urls.length} requests, ${bytes} bytes`);
	const files = urls.filter((u) => !u.includes("/api/"));
	/* the page, its style, its script, its sign */
	assert.deepEqual([...new Set(files)].map((u) => new URL(u).pathname).sort(), ["/app.css", "/app.js", "/favicon.svg", "/queue"]);
	assert.ok(bytes < 150000, `${bytes} bytes`);
	/* who is signed in, then all else at once: nothing waits for a third */
	assert.ok(urls.length - files.length <= 10, urls.join("\n"));
});
