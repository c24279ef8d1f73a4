/*
 * Charts, drawn by uPlot. They are never the only way to a figure: the table
 * beside them says the same, to eyes, ears and spreadsheets.
 */
import uPlot from "uplot";
import { html, useEffect, useRef, useState } from "../lib/html.js";
import { lang } from "../lib/i18n.js";
import { prefs } from "../lib/prefs.js";
import { useStore } from "../lib/store.js";

const HEIGHT = 190;
const LABEL = 54; /* room for one name below */

/* A canvas knows no variables: the colours as they look on the page now. */
function looks(figure) {
	const of = (e, what) => getComputedStyle(e)[what];
	const plot = figure.querySelector(".plot");
	return { series: [...figure.querySelectorAll(".legend i")].map((i) => of(i, "borderTopColor")),
		text: of(plot, "color"), grid: of(plot, "outlineColor"), font: `11px ${of(plot, "fontFamily")}` };
}

/* At or above n, four round steps of that kind at most. */
function top(n, steps) {
	const step = steps.find((s) => n <= 4 * s) ?? n;
	return step * Math.max(1, Math.ceil(n / step));
}

const bars = (i, n) => uPlot.paths.bars(n === 1 ? { size: [0.7, 26] } : { size: [0.42, 20], align: i ? 1 : -1 });

function options({ width, groups, series, bar, max, format, steps }, look, at) {
	return {
		width, height: HEIGHT, legend: { show: false },
		cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
		hooks: { setCursor: [(u) => at(u.cursor.idx)] },
		scales: {
			x: { time: false, range: () => [-0.6, groups.length - 0.4] },
			y: { range: (u, low, high) => [0, max ?? top(high ?? 1, steps)] },
		},
		axes: [
			{ stroke: look.text, font: look.font, grid: { show: false }, ticks: { show: false }, size: 26,
				splits: (u) => {
					const every = Math.max(1, Math.ceil(groups.length * LABEL / Math.max(LABEL, u.width - 70)));
					return groups.map((_, i) => i).filter((i) => i % every === 0);
				},
				values: (u, all) => all.map((i) => groups[i]) },
			{ stroke: look.text, font: look.font, grid: { stroke: look.grid, width: 1 }, ticks: { show: false }, size: 62, space: 34,
				incrs: steps, values: (u, all) => all.map(format) },
		],
		series: [{}, ...series.map((s, i) => ({
			label: s.name, stroke: look.series[i], fill: bar ? look.series[i] : null, width: bar ? 0 : 2,
			dash: !bar && i ? [6, 4] : null, spanGaps: true, paths: bar ? bars(i, series.length) : null,
			points: { show: !bar && groups.length < 45, size: 5, fill: look.series[i] } }))],
	};
}

/* Changes with the look of the page, for what is drawn and not styled. */
function useLook() {
	const { theme } = useStore(prefs);
	const [dark, set] = useState(matchMedia("(prefers-color-scheme: dark)").matches);
	useEffect(() => {
		const end = new AbortController();
		matchMedia("(prefers-color-scheme: dark)").addEventListener("change", (e) => set(e.matches), { signal: end.signal });
		return () => end.abort();
	}, []);
	return `${theme} ${dark} ${lang()}`;
}

const counts = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000, 100000, 200000, 500000];

/* groups: names below; series: [{name, values}], null: nothing to show there;
 * bar: columns, else lines; max: the top; steps: round numbers of its kind. */
export function Chart({ label, groups, series, bar, max, format = (v) => v, steps = counts }) {
	const box = useRef();
	const [at, setAt] = useState(null);
	const look = useLook();
	const data = JSON.stringify([groups, series, max]);
	useEffect(() => {
		const plot = box.current.querySelector(".plot");
		const width = () => Math.max(200, plot.clientWidth);
		const u = new uPlot(options({ width: width(), groups, series, bar, max, format, steps }, looks(box.current), setAt),
			[groups.map((_, i) => i), ...series.map((s) => s.values)], plot);
		const eye = new ResizeObserver(() => u.width !== width() && u.setSize({ width: width(), height: HEIGHT }));
		eye.observe(plot);
		return () => {
			eye.disconnect();
			u.destroy();
		};
	}, [data, bar, look]);
	return html`<figure class="chart" ref=${box}>
		<figcaption><strong>${label}</strong><span class="legend">${series.map((s, i) =>
			html`<span key=${s.name}><i class=${`series s${i}${!bar && i ? " dashed" : ""}`}></i>${s.name}</span>`)}</span></figcaption>
		<div class="plot" role="img" aria-label=${label}></div>
		<p class="reading" aria-hidden="true">${at != null && groups[at] !== undefined ? [groups[at],
			...series.filter((s) => s.values[at] != null).map((s) => `${s.name} ${format(s.values[at])}`)].join(" · ") : "\u00a0"}</p></figure>`;
}
