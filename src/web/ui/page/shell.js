/* The frame around every page: navigation, who is signed in, the key sheet. */
import { html, cls, useEffect, useRef, useState } from "../lib/html.js";
import { call, useGet } from "../lib/api.js";
import { LANGS, lang, t } from "../lib/i18n.js";
import { allKeys, keyLists, keyText, useKeys } from "../lib/keys.js";
import { online } from "../lib/live.js";
import { can, me } from "../lib/me.js";
import { prefs, setPref } from "../lib/prefs.js";
import { fits, go, mayLeave, place } from "../lib/route.js";
import { useStore } from "../lib/store.js";
import { Button, Empty } from "../part/basic.js";
import { Dialog } from "../part/dialog.js";
import { Icon } from "../part/icon.js";
import { announce } from "../part/toast.js";
import { pages } from "../pages.js";

const home = "/queue";

function find(path) {
	for (const p of pages) {
		const args = fits(p.path, path);
		if (args)
			return { ...p, args };
	}
	return null;
}

const mine = () => pages.filter((p) => p.nav && can(p.role));

/* ---- settings ---- */

function Choice({ name, value, options }) {
	return html`<fieldset class="choice"><legend>${t("prefs." + name)}</legend>
		${options.map(([v, text]) => html`<label key=${v}><input type="radio" name=${name} value=${v}
			checked=${v === value} onChange=${() => setPref(name, v)} /> ${text}</label>`)}</fieldset>`;
}

function Settings({ close }) {
	const p = useStore(prefs);
	const who = me.get();
	const leave = async () => {
		if (!(await mayLeave()))
			return;
		try {
			await call("DELETE", "/session");
		} finally {
			me.set(null);
		}
	};
	return html`<${Dialog} title=${t("prefs.title")} close=${close}>
		<p class="lead"><strong>${who.name}</strong> <small>${who.login} · ${who.email}</small></p>
		<ul class="bare lead">${who.windows.map((w) => html`<li key=${w.window}>${w.name} – ${t("role." + w.role)}</li>`)}</ul>
		<${Choice} name="theme" value=${p.theme} options=${[["auto", t("prefs.theme.auto")], ["light", t("prefs.theme.light")], ["dark", t("prefs.theme.dark")]]} />
		<${Choice} name="density" value=${p.density} options=${[["comfortable", t("prefs.density.comfortable")], ["dense", t("prefs.density.dense")]]} />
		<${Choice} name="lang" value=${lang()} options=${Object.entries(LANGS)} />
		<p class="field tick"><label><input type="checkbox" checked=${p.keys}
			onChange=${(e) => setPref("keys", e.target.checked)} /> ${t("prefs.keys")}</label></p>
		<footer class="row end"><a class="button" href="/security" onClick=${close}>${t("security")}</a><${Button} icon="out" onClick=${leave}>${t("logout")}<//></footer>
	<//>`;
}

function KeySheet({ close, rows }) {
	return html`<${Dialog} title=${t("keys.title")} close=${close} wide>
		<dl class="keys">${rows.map((r) => html`<div key=${r.key + r.label}><dt>${allKeys(r.key).map((k) => html`<kbd key=${k}>${k}</kbd> `)}</dt><dd>${r.label}</dd></div>`)}</dl>
		<p class="hint">${t("keys.hint")}</p>
	<//>`;
}

/* ---- navigation ---- */

function Nav({ at, open, settings, shut }) {
	const who = useStore(me);
	const lead = can("operator");
	const { data } = useGet(lead ? "/approvals" : null);
	const said = useGet("/mentions");
	const before = useRef(null);
	useEffect(() => {
		const n = data?.approvals.length;
		if (before.current !== null && n > before.current)
			announce(t("approvals.came", { n }));
		before.current = n ?? before.current;
	}, [data]);
	const counts = { approvals: data?.approvals.length || 0, mentions: said.data?.mentions.length || 0 };
	return html`<nav class=${cls("nav", open && "open")} aria-label=${t("nav.main")}>
		<a class="brand" href=${home}><img src="/favicon.svg" alt="" width="22" height="22" /><span>${t("app.name")}</span></a>
		<ul>${mine().map((p, i, all) => html`${p.section && p.section !== all[i - 1]?.section && html`<li key=${p.section} class="section">${t(p.section)}</li>`}
			<li key=${p.path}>
			<a href=${p.path} aria-current=${(at?.nav ?? at?.within) === p.nav ? "page" : null} title=${p.keys && keyText(p.keys)} onClick=${shut}>
				<${Icon} name=${p.icon} /><span>${t(p.nav)}</span>
				${counts[p.badge] > 0 && html`<b class="count">${counts[p.badge]}<span class="unseen">${t("count.items", { n: counts[p.badge] })}</span></b>`}
			</a></li>`)}</ul>
		<button type="button" class="who" onClick=${settings} aria-haspopup="dialog">
			<${Icon} name="user" /><span>${who.name}</span></button>
	</nav>`;
}

export function Shell() {
	const { path, args } = useStore(place);
	const isOnline = useStore(online);
	const [sheet, setSheet] = useState(null);
	const [settings, setSettings] = useState(false);
	const [menu, setMenu] = useState(false);
	const main = useRef();
	const found = find(path);
	useKeys([
		...mine().map((p) => ({ key: p.keys, label: t(p.nav), run: () => go(p.path) })),
		{ key: ["?", "shift+?"], label: t("keys.title"), run: () => setSheet([...keyLists(), { key: "enter", label: t("keys.open") }, { key: "escape", label: t("keys.leave") }]) },
		{ key: "g s", label: t("prefs.title"), run: () => setSettings(true) },
		{ key: "g k", label: t("security"), run: () => go("/security") },
	]);
	useEffect(() => {
		if (path === "/")
			go(home, { replace: true });
		/* who reads by ear or by keys begins at the page's heading */
		if (document.activeElement === document.body || document.activeElement?.closest(".nav"))
			main.current?.focus({ preventScroll: true });
	}, [path]);
	useEffect(() => {
		/* on a phone the tabs are a strip */
		main.current?.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
	}, [path, args]);
	useEffect(() => {
		/* a file that misses its place must not open in place of the desk */
		const keep = (e) => e.dataTransfer?.types.includes("Files") && e.preventDefault();
		addEventListener("dragover", keep);
		addEventListener("drop", keep);
		return () => {
			removeEventListener("dragover", keep);
			removeEventListener("drop", keep);
		};
	}, []);
	const close = () => setMenu(false);
	return html`<div class="shell">
		<a class="skip" href="#main" onClick=${(e) => { e.preventDefault(); main.current.focus(); }}>${t("skip")}</a>
		<${Button} class="burger" kind="plain" icon="menu" label=${t("nav.open")} aria-expanded=${menu ? "true" : "false"} onClick=${() => setMenu(!menu)} />
		<${Nav} at=${found} open=${menu} shut=${close} settings=${() => { close(); setSettings(true); }} />
		<main id="main" ref=${main} tabindex="-1">
			${!isOnline && html`<p class="offline" role="status">${t("offline")}</p>`}
			${found && !can(found.role ?? "viewer") ? html`<${Empty} page title=${t("none.allowed")}><a href=${home}>${t("nav.queue")}</a><//>`
				: found ? html`<${found.page} key=${path} ...${found.args} args=${args} />`
				: path === "/" ? null : html`<${Empty} page title=${t("none.page")}><a href=${home}>${t("nav.queue")}</a><//>`}
		</main>
		${sheet && html`<${KeySheet} rows=${sheet} close=${() => setSheet(null)} />`}
		${settings && html`<${Settings} close=${() => setSettings(false)} />`}
	</div>`;
}
