// One chart, drawn by uPlot.
const HEIGHT = 230;
const FEW = 30; // points that are marked

// Dashes at the steps where the reference moved.
const marks = (at) => (u) => {
  const { ctx, bbox } = u;
  ctx.save();
  ctx.strokeStyle = colour("--faint");
  ctx.globalAlpha = 0.55;
  ctx.setLineDash([4, 4]);
  for (const it of at) {
    if (it < u.scales.x.min || it > u.scales.x.max) continue;
    const x = Math.round(u.valToPos(it, "x", true)) + 0.5;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
  }
  ctx.restore();
};

// Columns of each line: the line, its values as they were measured, and the band around them.
const COLUMNS = 4;

// The points of a path by x, as uPlot wants them, though they were measured in another order.
function byX(line) {
  const x = steps[line.x], order = x.map((_, i) => i).sort((a, b) => x[a] - x[b]), none = x.map(() => null);
  const y = order.map((i) => line.y[i]);
  return [order.map((i) => x[i]), y, y, none, none];
}

// What is drawn for a path, by a function of its points with their places.
const drawn = (line, trace) => (u) => {
  const stroke = new Path2D(), x = (v) => u.valToPos(v, "x", true);
  trace(stroke, line.y.map((v, i) => [steps[line.x][i], u.valToPos(v, "y", true), line.error[i]]), x);
  return { stroke, fill: null, clip: null, band: null, gaps: null, flags: 1 };
};

// Points are joined in the order in which they were measured; a ring marks the last.
function joined(stroke, points, x) {
  points.forEach(([at, y], i) => stroke[i ? "lineTo" : "moveTo"](x(at), y));
  const [at, y] = points[points.length - 1], radius = 5 * devicePixelRatio;
  stroke.moveTo(x(at) + radius, y);
  stroke.arc(x(at), y, radius, 0, 2 * Math.PI);
}

function errorBars(stroke, points, x) {
  for (const [at, y, error] of points) {
    stroke.moveTo(x(at - error), y);
    stroke.lineTo(x(at + error), y);
  }
}

// The x axis of a path, with room for its bars.
function reach(chart) {
  const ends = chart.lines.flatMap((line) => steps[line.x].flatMap((x, i) => [x - line.error[i], x + line.error[i]]));
  const min = Math.min(...ends), max = Math.max(...ends), room = 0.05 * (max - min) || 1;
  return [min - room, max + room];
}

// Each line has an x of its own; all are laid over one axis, with gaps that are drawn through.
function table(chart, { axis, smoothing }) {
  return uPlot.join(chart.lines.map((line, i) => {
    if (chart.kind === "lines" && !has(axis, i)) return [[], [], [], [], []];
    if (chart.kind === "path") return byX(line);
    const x = chart.kind === "lines" ? along(axis, line, i) : steps[line.x];
    const none = x.map(() => null);
    const raw = smoothing > 0 && chart.kind === "lines" ? line.y : none;
    return [x, raw === none ? line.y : smoothed(line.y, smoothing), raw, line.low.length ? line.low : none, line.high.length ? line.high : none];
  }));
}

function series(chart, hidden) {
  const all = [{}], bands = [];
  chart.lines.forEach((line, i) => {
    const stroke = hue(i), show = !hidden.has(i), bare = { show, spanGaps: true, points: { show: false } };
    const one = { show, stroke, width: 1.75, dash: dash(i), spanGaps: true, points: { show: chart.kind === "path" || chart.kind === "lines" && line.y.length <= FEW, size: 5 } };
    if (chart.kind === "bars") Object.assign(one, { paths: uPlot.paths.stepped({ align: 1 }), fill: stroke + "33" });
    const faint = { ...bare, stroke: stroke + "55", width: 1 };
    if (chart.kind === "path" && line.y.length) {
      one.paths = drawn(line, joined);
      Object.assign(faint, { stroke: stroke + "99", paths: drawn(line, errorBars) });
    }
    all.push(one, faint, { ...bare, width: 0 }, { ...bare, width: 0 });
    bands.push({ series: [all.length - 1, all.length - 2], fill: stroke + "33" });
  });
  return { series: all, bands };
}

// The place of a line's point that is nearest to a place on the axis; none before it begins and
// after it has ended.
function nearest(column, at) {
  let left = at, right = at;
  while (left >= 0 && column[left] == null) left--;
  while (right < column.length && column[right] == null) right++;
  if (left < 0 || right >= column.length) return null;
  return at - left <= right - at ? left : right;
}

// Ticks of a logarithmic axis: powers of ten, or more of them where these are few, or equal steps.
function logTicks(min, max) {
  const low = Math.floor(Math.log10(min)), high = Math.ceil(Math.log10(max));
  for (const leading of [[1], [1, 2, 5], [1, 2, 3, 5, 7]]) {
    const ticks = [];
    for (let power = low; power <= high; power++) ticks.push(...leading.map((d) => +(d + "e" + power)));
    const inside = ticks.filter((it) => it >= min && it <= max);
    if (inside.length > 2) return inside;
  }
  const size = 10 ** Math.floor(Math.log10(max - min)), step = [2, 1, 0.5, 0.2].map((it) => it * size).find((it) => (max - min) / it >= 3);
  const first = Math.ceil(min / step);
  return Array.from({ length: Math.floor(max / step) - first + 1 }, (_, i) => +((first + i) * step).toPrecision(6));
}

// Where all is 0, uPlot would draw up to 100, though most of what stays 0 is a share.
const range = (u, min, max) => min == null ? [null, null] : min === 0 && max === 0 ? [0, 1] : uPlot.rangeNum(min, max, 0.1, true);

// Of the y axis: ticks, their gap, and the longest number.
const width = (u, values) => Math.max(60, 17 + 7 * Math.max(0, ...(values ?? []).map((it) => it.length)));

const named = (label) => label ? { label, labelSize: 20, labelGap: 0, labelFont: "12px system-ui, sans-serif" } : {};

const positive = (chart) => chart.kind === "lines" && chart.lines.every((line) => [line.y, line.low].every((values) => values.every((v) => v > 0)));

function plot(place, chart, settings, hidden, hooks) {
  const axis = axisOf(chart), [xName, yName] = chart.axes;
  const log = settings.log && positive(chart);
  const lines = { stroke: colour("--faint"), font: "12px system-ui, sans-serif", grid: { stroke: colour("--rule"), width: 1 }, ticks: { stroke: colour("--rule"), width: 1 } };
  return new uPlot({
    width: place.clientWidth, height: HEIGHT, padding: [8, 14, 0, 0], ...series(chart, hidden),
    scales: {
      x: { time: false, ...(chart.kind === "path" ? { range: () => reach(chart) } : {}) },
      y: log ? { distr: 3, range: (u, min, max) => min > 0 && max < Infinity ? [min / 1.05, max * 1.05] : [1, 10] } : { range },
    },
    axes: [
      { ...lines, ...named(xName), ...(axis.incrs ? { incrs: axis.incrs } : {}), space: 60, size: 32, values: (u, splits) => splits.map((v) => v == null ? "" : axis.tick(v)) },
      { ...lines, ...named(yName), size: width, ...(log ? { splits: (u, i, min, max) => logTicks(min, max), filter: (u, splits) => splits } : {}), values: (u, splits) => splits.map((v) => v == null ? "" : compact(v)) },
    ],
    cursor: {
      y: false,
      points: { size: 6 },
      focus: { prox: 24, dist: (u, i, at, y, pointer) => i % COLUMNS === 1 ? y - pointer : Infinity },
      dataIdx: (u, i, at) => i === 0 || i % COLUMNS !== 1 ? at : (chart.kind === "path" ? at : nearest(u.data[i], at) ?? at),
      drag: { setScale: false, x: chart.kind === "lines" },
      bind: { dblclick: () => () => hooks.all() },
    },
    focus: { alpha: 0.25 },
    legend: { show: false },
    select: { show: chart.kind === "lines" },
    hooks: {
      drawAxes: settings.axis === "step" && chart.marks.length ? [marks(chart.marks)] : [],
      setCursor: [hooks.cursor],
      setSelect: [hooks.zoom],
    },
  }, table(chart, settings), place);
}
