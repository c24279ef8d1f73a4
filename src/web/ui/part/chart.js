/* Charts: bars by the day or hour. The table beside them says the same. */
import { html } from "../lib/html.js";

const W = 720;
const H = 180;
const FOOT = 22;
const LEFT = 34;

/* A round number at or above n. */
function top(n) {
	const p = 10 ** Math.floor(Math.log10(Math.max(1, n)));
	return [1, 2, 5, 10].map((k) => k * p).find((k) => k >= n) ?? 10 * p;
}

/* groups: names; series: [{name, values}] */
export function Bars({ label, groups, series }) {
	const max = top(Math.max(1, ...series.flatMap((s) => s.values)));
	const step = (W - LEFT) / groups.length;
	const wide = Math.min(26, step * 0.8 / series.length);
	const y = (v) => H - (v / max) * (H - 8);
	const every = Math.ceil(groups.length / 12);
	return html`<figure class="chart"><figcaption>${label}<span class="legend">${series.map((s, i) =>
			html`<span key=${s.name}><i class=${"series s" + i}></i>${s.name}</span>`)}</span></figcaption>
		<svg viewBox=${`0 0 ${W} ${H + FOOT}`} role="img" aria-label=${label}>
			${[0, max / 2, max].map((v) => html`<g key=${v}><line class="grid" x1=${LEFT} x2=${W} y1=${y(v)} y2=${y(v)} />
				<text x=${LEFT - 6} y=${y(v) + 4} text-anchor="end">${v}</text></g>`)}
			${groups.map((g, n) => html`<g key=${g}>
				${series.map((s, i) => html`<rect key=${i} class=${"series s" + i} rx="2" width=${wide} height=${H - y(s.values[n] || 0)}
					x=${LEFT + n * step + (step - wide * series.length) / 2 + i * wide} y=${y(s.values[n] || 0)}><title>${`${g} ${s.name} ${s.values[n]}`}</title></rect>`)}
				${n % every === 0 && html`<text x=${LEFT + (n + 0.5) * step} y=${H + 16} text-anchor="middle">${g}</text>`}</g>`)}
		</svg></figure>`;
}
