// Colours and dashes of lines, and how numbers are written.
const HUES = 12, SOLID = 6;
const DASHES = [[], [7, 3], [2, 3], [9, 3, 2, 3], [5, 2, 2, 2, 2, 2], [14, 4]];

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const hue = (i) => colour("--line" + i % HUES);
const dash = (i) => DASHES[Math.floor(i / SOLID) % DASHES.length];

const digits = (v) => v !== 0 && (Math.abs(v) >= 1e6 || Math.abs(v) < 1e-3) ? v.toExponential(3) : +v.toPrecision(5) + "";

// Short for the ticks of an axis.
const compact = (v) => v !== 0 && (Math.abs(v) >= 1e5 || Math.abs(v) < 1e-3) ? v.toExponential(2).replace(/\.?0+e/, "e").replace("e+", "e") : +v.toPrecision(6) + "";

function thousands(v) {
  const [unit, by] = v >= 1e9 ? ["G", 1e9] : v >= 1e6 ? ["M", 1e6] : v >= 1e3 ? ["k", 1e3] : ["", 1];
  return +(v / by).toPrecision(4) + unit;
}

function duration(v) {
  if (v < 60) return +v.toPrecision(3) + " s";
  const two = (n) => String(n).padStart(2, "0");
  const s = Math.round(v), h = Math.floor(s / 3600), m = Math.floor(s / 60) % 60;
  return h ? h + ":" + two(m) + " h" : m + ":" + two(s % 60) + " min";
}

const AXES = {
  step: { name: "step", show: (v) => +v.toPrecision(6) + "", tick: compact },
  tokens: { name: "tokens", show: thousands, tick: thousands },
  seconds: { name: "training time", show: duration, tick: duration, incrs: [.1, .2, .5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400, 172800, 432000] },
};
const KL = { name: "KL", show: digits, tick: compact };
const LENGTHS = { name: "tokens from", show: compact, tick: compact };

const axisOf = (chart) => chart.kind === "bars" ? LENGTHS : chart.kind === "path" ? KL : AXES[settings.axis];

// A line as it looks in the charts, for legends.
function swatch(i) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  for (const [name, value] of Object.entries({ viewBox: "0 0 28 8", width: 28, height: 8, "aria-hidden": "true" })) svg.setAttribute(name, value);
  for (const [name, value] of Object.entries({ d: "M0 4H28", "stroke-width": 2.5, "stroke-dasharray": dash(i).join(" ") })) path.setAttribute(name, value);
  path.style.stroke = "var(--line" + i % HUES + ")";
  svg.append(path);
  return svg;
}
