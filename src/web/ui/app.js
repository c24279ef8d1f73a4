/* The desk in the browser: what starts, and which page is shown. */
import { html, render, useEffect } from "./lib/html.js";
import { onForged, onSignedOut } from "./lib/api.js";
import { lang, t } from "./lib/i18n.js";
import { startKeys } from "./lib/keys.js";
import { startLive, stopLive } from "./lib/live.js";
import { goOn, lapsed, me, readMe } from "./lib/me.js";
import { readPeople } from "./lib/people.js";
import { applyPrefs, prefs } from "./lib/prefs.js";
import { startRoute } from "./lib/route.js";
import { store, useStore } from "./lib/store.js";
import { Failed, Loading } from "./part/basic.js";
import { Toasts } from "./part/toast.js";
import { Again, Login } from "./page/login.js";
import { Shell } from "./page/shell.js";

const trouble = store(null);

async function start() {
	try {
		trouble.set(null);
		await readMe();
	} catch (e) {
		trouble.set(e);
		me.set(undefined);
	}
}

function App() {
	const who = useStore(me);
	const error = useStore(trouble);
	const chosen = useStore(prefs);
	const waits = useStore(lapsed);
	useEffect(() => {
		applyPrefs(chosen);
		document.documentElement.lang = lang();
	}, [chosen, who]);
	useEffect(() => {
		if (who && !waits) {
			startLive();
			readPeople();
		} else {
			stopLive();
		}
	}, [who, waits]);
	return html`
		${error ? html`<main class="alone"><h1>${t("app.name")}</h1><${Failed} error=${error} retry=${start} /></main>`
			: who === undefined ? html`<main class="alone"><h1 class="unseen">${t("app.name")}</h1><${Loading} /></main>`
			: who ? html`<div class="seat" hidden=${waits}><${Shell} key=${who.login + lang()} /></div>${waits && html`<${Again} />`}`
				: html`<${Login} key=${lang()} />`}
		<${Toasts} />`;
}

onSignedOut(() => me.get() && lapsed.set(true));
onForged(async () => {
	if (await goOn())
		return true;
	/* somebody else signed in beside us: nothing more is done in their name */
	if (me.get())
		lapsed.set(true);
	return false;
});
applyPrefs(prefs.get());
startKeys();
startRoute();
start();
render(html`<${App} />`, document.getElementById("app"));
