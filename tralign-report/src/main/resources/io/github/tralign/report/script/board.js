// All charts together: they share the cursor, the part that is enlarged, and the settings above them.
const tools = document.querySelector(".tools");
const settings = { axis: "step", smoothing: 0, log: false };
const boards = [...document.querySelectorAll("[data-chart]")].map((place) => ({ place, chart: charts[place.dataset.chart], hidden: new Set() }));
const alike = boards.filter(({ chart }) => chart.kind === "lines");
const FAR = -1000; // from every line, so that none is brought to the front
let zoomed = null;
let follows = false; // what a chart does because another one did is not passed on

function together(action) {
  if (follows) return;
  follows = true;
  action();
  follows = false;
}

const valuesAt = ({ plot, chart }, at) => chart.lines.map((line, i) => {
  const column = plot.data[1 + i * COLUMNS], index = chart.kind === "path" ? at : nearest(column, at);
  return index == null ? null : column[index];
});

function closest(xs, x) {
  let best = 0;
  xs.forEach((it, i) => { if (Math.abs(it - x) < Math.abs(xs[best] - x)) best = i; });
  return best;
}

// Shows a board's values at an x, which may lie outside of all its lines.
function show(board, x) {
  const xs = board.plot.data[0];
  const inside = x != null && xs.length > 0 && x >= xs[0] && x <= xs[xs.length - 1];
  const at = inside ? closest(xs, x) : null;
  board.at = at;
  board.legend.at(inside ? x : null, inside ? valuesAt(board, at) : []);
  return inside;
}

function move(board, x) {
  const inside = show(board, x);
  board.plot.setCursor({ left: inside ? board.plot.valToPos(x, "x") : -10, top: FAR }, false);
}

const peers = (board) => board.chart.kind === "lines" ? alike : [board];

// The cursor of one chart moved; by the pointer, unless x is given.
function cursorAt(board, x) {
  together(() => peers(board).forEach((it) => it === board && x === undefined ? 0 : move(it, x === undefined ? board.plot.data[0][board.plot.cursor.idx] : x)));
}

// All of a chart's x axis; a single point has some room.
function whole({ plot }) {
  const xs = plot.data[0], min = xs[0], max = xs[xs.length - 1];
  return min < max ? { min, max } : { min: min - 1, max: max + 1 };
}

function zoom(range) {
  if (range && range.max - range.min <= 1e-6 * Math.abs(range.max)) return; // nothing to see
  zoomed = range;
  tools.elements.all.disabled = !range;
  together(() => alike.forEach((board) => {
    if (board.plot.data[0].length) board.plot.setScale("x", range ?? whole(board));
  }));
}

function toggle(board, i) {
  const on = board.hidden.has(i);
  for (const it of linked ? boards : [board]) {
    if (on) it.hidden.delete(i); else it.hidden.add(i);
    for (let k = 0; k < COLUMNS; k++) it.plot.setSeries(1 + i * COLUMNS + k, { show: on });
    it.legend.shown(i, on);
  }
}

function draw(board) {
  const { place, chart, hidden } = board;
  board.plot?.destroy();
  board.legend?.list.remove();
  place.replaceChildren();
  follows = true;
  board.plot = plot(place, chart, settings, hidden, {
    all: () => chart.kind === "lines" && zoom(null),
    zoom: (u) => {
      const { left, width } = u.select;
      u.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
      if (width > 0) zoom({ min: u.posToVal(left, "x"), max: u.posToVal(left + width, "x") });
    },
    cursor: (u) => {
      if (follows) return;
      const x = u.cursor.idx == null ? null : u.data[0][u.cursor.idx];
      show(board, x);
      cursorAt(board, undefined);
    },
  });
  follows = false;
  board.legend = legend(chart, axisOf(chart), hidden, (i) => toggle(board, i));
  place.after(board.legend.list);
  board.legend.at(null, []);
}

const drawAll = () => { boards.forEach(draw); if (zoomed) zoom(zoomed); };

tools.hidden = false;
for (const option of tools.elements.axis.options) option.disabled = !runs.some((run, i) => has(option.value, i));
tools.addEventListener("submit", (event) => event.preventDefault());
tools.elements.axis.addEventListener("change", (event) => { settings.axis = event.target.value; zoom(null); drawAll(); });
tools.elements.log.addEventListener("change", (event) => { settings.log = event.target.checked; drawAll(); });
tools.elements.smoothing.addEventListener("input", (event) => {
  settings.smoothing = event.target.valueAsNumber;
  tools.querySelector("output").value = event.target.value;
  alike.forEach((it) => it.plot.setData(table(it.chart, settings), !zoomed));
});
tools.elements.all.addEventListener("click", () => zoom(null));
tools.elements.log.disabled = !charts.some(positive);
document.querySelectorAll("[data-run]").forEach((it) => it.prepend(swatch(+it.dataset.run)));
drawAll();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
const room = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const { plot } = boards.find((it) => it.place === target);
    if (plot.width !== target.clientWidth) plot.setSize({ width: target.clientWidth, height: HEIGHT });
  }
});
boards.forEach(({ place }) => room.observe(place));
