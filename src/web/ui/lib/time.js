/* Times as people say them. */
import { lang, t } from "./i18n.js";

const formats = new Map();

function format(options) {
	const key = lang() + JSON.stringify(options);
	if (!formats.has(key))
		formats.set(key, new Intl.DateTimeFormat(lang() === "en" ? "en-GB" : "ja-JP", options));
	return formats.get(key);
}

const date = (s) => new Date(s * 1000);
const sameDay = (a, b) => a.toDateString() === b.toDateString();
export const nowS = () => Math.floor(Date.now() / 1000);

export const clockTime = (s) => format({ hour: "2-digit", minute: "2-digit", hour12: false }).format(date(s));

/* 11月24日（火）, with the year where it is not this one */
export function day(s) {
	const d = date(s);
	const year = d.getFullYear() !== new Date().getFullYear();
	if (lang() === "en")
		return format({ weekday: "short", day: "numeric", month: "short", ...(year && { year: "numeric" }) }).format(d);
	const text = format({ month: "numeric", day: "numeric" }).formatToParts(d)
		.filter((p) => p.type === "month" || p.type === "day")
		.map((p) => p.value + (p.type === "month" ? "月" : "日")).join("");
	return `${year ? d.getFullYear() + "年" : ""}${text}（${format({ weekday: "short" }).format(d)}）`;
}

/* 2026年11月 out of "2026-11" */
export const month = (text) => format({ year: "numeric", month: "long", timeZone: "UTC" }).format(new Date(text + "-01T00:00:00Z"));

/* 日 … 土; n: 0 is Sunday */
export const weekday = (n) => format({ weekday: "short", timeZone: "UTC" }).format(new Date(Date.UTC(2024, 8, 1 + n)));

/* As the desk reads a time: 11/24 15:30 */
export const dayAndTime = (s) => `${date(s).getMonth() + 1}/${date(s).getDate()} ${clockTime(s)}`;

/* On paper nobody knows what today was. */
export const onPaper = (s) => format({ year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hour12: false }).format(date(s));

/* 今日 17:00, 明日 9:00, 11月24日（火）17:00 */
export function when(s) {
	if (!s)
		return "";
	const d = date(s);
	const today = new Date();
	const other = (n) => {
		const o = new Date(today);
		o.setDate(o.getDate() + n);
		return o;
	};
	const name = sameDay(d, today) ? t("time.today")
		: sameDay(d, other(1)) ? t("time.tomorrow")
		: sameDay(d, other(-1)) ? t("time.yesterday") : day(s);
	return `${name} ${clockTime(s)}`;
}

/* 11月24日（火）14:27–18:00: the day once, and midnight is its end */
export function stretch(from, to) {
	const end = date(to);
	const last = end.getHours() || end.getMinutes() ? to : to - 1;
	return sameDay(date(from), date(last)) ? `${when(from)}–${last < to ? "24:00" : clockTime(to)}` : `${when(from)} – ${when(to)}`;
}

/* 45秒, 12分, 3時間20分, 1日19時間: as the mails and the command say it
 * (mdg_msg_duration). */
export function span(seconds) {
	const s = Math.max(0, Math.round(seconds));
	if (s < 60)
		return t("time.s", { n: s });
	const m = Math.floor(s / 60);
	if (m < 60)
		return t("time.min", { n: m });
	const h = Math.floor(m / 60);
	if (h < 24)
		return m % 60 ? t("time.h_min", { h, n: m % 60 }) : t("time.h", { n: h });
	return h % 24 ? t("time.d_h", { d: Math.floor(h / 24), n: h % 24 }) : t("time.d", { n: h / 24 });
}

/* What is past need not be told to the minute. */
export function ago(s, now = nowS()) {
	const past = now - s;
	if (past < 60)
		return t("time.now");
	return t("time.ago", { span: span(past - past % (past >= 86400 ? 86400 : past >= 6 * 3600 ? 3600 : 60)) });
}

/* What is left until then: {text, level}; level: late, soon, ok. */
export function left(due, now = nowS()) {
	if (!due)
		return { text: "", level: "none" };
	const rest = due - now;
	if (rest <= 0)
		return { text: t("time.late", { span: span(-rest) }), level: "late" };
	return { text: t("time.left", { span: span(rest) }), level: rest < 2 * 3600 ? "soon" : "ok" };
}
