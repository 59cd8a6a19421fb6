// A chart as a drawing of its own: as it is shown, zoomed and smoothed, without the lines that are hidden.
const TITLE = 30, AXIS = 52, ROW = 18; // pixels above the chart, below it, and of a line's name

const escaped = (text) => String(text).replace(/[&<>"]/g, (it) => "&#" + it.charCodeAt(0) + ";");
const tag = (name, attributes, content = "") =>
  "<" + name + Object.entries(attributes).map(([key, value]) => " " + key + "=\"" + escaped(value) + "\"").join("") + ">" + content + "</" + name + ">";
const words = (text, x, y, more = {}) => tag("text", { x, y, fill: colour("--ink"), ...more }, escaped(text));
const joinedUp = (points) => points.map(([x, y], i) => (i ? "L" : "M") + x.toFixed(2) + " " + y.toFixed(2)).join("");
const outline = (points, stroke, more = {}) => tag("path", { d: joinedUp(points), fill: "none", stroke, "stroke-linejoin": "round", ...more });

function svgOf({ plot: u, chart, hidden }) {
  const [left, top, wide, high] = ["left", "top", "width", "height"].map((side) => u.bbox[side] / devicePixelRatio);
  const x = (v) => u.valToPos(v, "x"), y = (v) => u.valToPos(v, "y");
  const lines = chart.lines.map((line, i) => i).filter((i) => !hidden.has(i) && steps[chart.lines[i].x].length);
  const width = u.width, below = TITLE + top + high + AXIS, height = below + ROW * lines.length + 8;
  const rule = { stroke: colour("--rule") }, faint = { fill: colour("--faint") };
  const ticks = (axis, draw) => (axis._splits ?? []).map((at, i) => axis._values[i] ? draw(at, axis._values[i]) : "").join("");
  const across = ticks(u.axes[0], (at, value) => tag("line", { x1: x(at), x2: x(at), y1: 0, y2: high, ...rule }) + words(value, x(at), high + 18, { "text-anchor": "middle", ...faint }));
  const up = ticks(u.axes[1], (at, value) => tag("line", { x1: 0, x2: wide, y1: y(at), y2: y(at), ...rule }) + words(value, -8, y(at) + 4, { "text-anchor": "end", ...faint }));
  const [xName, yName] = chart.axes, middle = { "text-anchor": "middle", ...faint };
  const names = words(xName ?? axisOf(chart).name, wide / 2, high + 38, middle)
    + (yName ? words(yName, 0, 0, { ...middle, transform: "translate(" + (14 - left) + " " + high / 2 + ") rotate(-90)" }) : "");
  const legend = lines.map((i, row) => {
    const at = below + ROW * row + 6;
    return outline([[left, at], [left + 28, at]], hue(i), { "stroke-width": 2.5, "stroke-dasharray": dash(i).join(" ") }) + words(chart.lines[i].label, left + 36, at + 4);
  }).join("");
  const dashes = settings.axis === "step" ? chart.marks : [];
  const drawn = dashes.map((at) => outline([[x(at), 0], [x(at), high]], colour("--faint"), { "stroke-dasharray": "4 4", opacity: 0.55 })).join("") + lines.map((i) => lineOf(u, chart, i, x, y)).join("");
  const inner = across + up + names + tag("svg", { width: wide, height: high, overflow: "hidden" }, drawn);
  return tag("svg", { xmlns: "http://www.w3.org/2000/svg", width, height, viewBox: "0 0 " + width + " " + height, "font-family": "system-ui, sans-serif", "font-size": 12 },
    tag("rect", { width, height, fill: colour("--paper") }) + words(chart.title, left, 20, { "font-weight": 600, "font-size": 14 }) + tag("g", { transform: "translate(" + left + " " + (TITLE + top) + ")" }, inner) + legend);
}

// A line of a chart with its band, its values before smoothing, and its marks.
function lineOf(u, chart, i, x, y) {
  const stroke = hue(i), line = chart.lines[i], [xs] = u.data;
  const column = (k) => xs.flatMap((at, j) => u.data[1 + i * COLUMNS + k][j] == null ? [] : [[x(at), y(u.data[1 + i * COLUMNS + k][j])]]);
  const main = { "stroke-width": 1.75, "stroke-dasharray": dash(i).join(" ") };
  const dots = (points) => points.map(([cx, cy]) => tag("circle", { cx, cy, r: 2.5, fill: stroke })).join("");
  if (chart.kind === "path") {
    const points = steps[line.x].map((at, j) => [x(at), y(line.y[j])]), [cx, cy] = points[points.length - 1];
    const bars = points.map(([, py], j) => outline([[x(steps[line.x][j] - line.error[j]), py], [x(steps[line.x][j] + line.error[j]), py]], stroke, { opacity: 0.6 })).join("");
    return bars + outline(points, stroke, main) + dots(points) + tag("circle", { cx, cy, r: 5, fill: "none", stroke, "stroke-width": 1.75 });
  }
  const points = column(0);
  if (chart.kind === "bars") {
    const stairs = points.flatMap(([px, py], j) => j + 1 < points.length ? [[px, py], [points[j + 1][0], py]] : [[px, py]]);
    const [first, last] = [stairs[0][0], stairs[stairs.length - 1][0]];
    return tag("path", { d: joinedUp([[first, y(0)], ...stairs, [last, y(0)]]) + "Z", fill: stroke, opacity: 0.2 }) + outline(stairs, stroke, main);
  }
  const band = [...column(3), ...column(2).reverse()];
  return (band.length ? tag("path", { d: joinedUp(band) + "Z", fill: stroke, opacity: 0.2 }) : "")
    + outline(column(1), stroke, { opacity: 0.35 }) + outline(points, stroke, main) + (line.y.length <= FEW ? dots(points) : "");
}

function save(title, kind, blob) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = title.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-") + "." + kind;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

const saving = {
  svg: (board) => save(board.chart.title, "svg", new Blob([svgOf(board)], { type: "image/svg+xml" })),
  async png(board) {
    const image = new Image(), canvas = document.createElement("canvas"), enlarged = 2;
    image.src = "data:image/svg+xml," + encodeURIComponent(svgOf(board));
    await image.decode();
    canvas.width = image.width * enlarged;
    canvas.height = image.height * enlarged;
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((blob) => save(board.chart.title, "png", blob));
  },
};

for (const board of boards) {
  const row = document.createElement("p");
  row.className = "save";
  row.append("Save as ");
  for (const kind of Object.keys(saving)) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = kind.toUpperCase();
    button.setAttribute("aria-label", "Save as " + button.textContent + ": " + board.chart.title);
    button.addEventListener("click", () => saving[kind](board));
    row.append(button);
  }
  board.place.closest("figure").append(row);
}
