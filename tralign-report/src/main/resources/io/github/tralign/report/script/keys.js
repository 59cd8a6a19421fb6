// Charts for the keyboard: each is a slider along its x axis that tells its values.
const PAGE = 10;

function spoken(board) {
  const axis = axisOf(board.chart);
  const values = valuesAt(board, board.at);
  const parts = board.chart.lines.flatMap((line, i) => values[i] == null || board.hidden.has(i) ? [] : [line.label + " " + digits(values[i])]);
  return axis.name + " " + axis.show(board.plot.data[0][board.at]) + ": " + parts.join(", ");
}

function stepTo(board, at) {
  const xs = board.plot.data[0];
  const index = Math.max(0, Math.min(xs.length - 1, at));
  cursorAt(board, xs[index]);
  board.place.setAttribute("aria-valuenow", index + 1);
  board.place.setAttribute("aria-valuetext", spoken(board));
}

// Half, or twice, of what is shown, around the cursor.
function enlarge(board, by) {
  const { min, max } = board.plot.scales.x, all = whole(board);
  const middle = board.at == null ? (min + max) / 2 : board.plot.data[0][board.at], half = (max - min) * by / 2;
  const from = Math.max(all.min, middle - half), to = Math.min(all.max, middle + half);
  zoom(by > 1 && from === all.min && to === all.max ? null : { min: from, max: to });
}

const actions = {
  ArrowRight: (board) => stepTo(board, board.at == null ? 0 : board.at + 1),
  ArrowLeft: (board) => stepTo(board, board.at == null ? Infinity : board.at - 1),
  PageUp: (board) => stepTo(board, (board.at ?? 0) + PAGE),
  PageDown: (board) => stepTo(board, (board.at ?? Infinity) - PAGE),
  Home: (board) => stepTo(board, 0),
  End: (board) => stepTo(board, Infinity),
  "+": (board) => enlarge(board, 0.5),
  "-": (board) => enlarge(board, 2),
  Escape: (board) => { cursorAt(board, null); zoom(null); },
};

for (const board of boards) {
  const points = board.plot.data[0].length;
  if (points === 0) continue;
  for (const [name, value] of Object.entries({ tabindex: 0, role: "slider", "aria-valuemin": 1, "aria-valuemax": points, "aria-valuenow": 1, "aria-valuetext": "no point chosen" })) board.place.setAttribute(name, value);
  board.place.addEventListener("keydown", (event) => {
    const action = actions[event.key];
    if (!action || event.target !== board.place || event.ctrlKey || event.altKey || event.metaKey) return;
    if (board.chart.kind !== "lines" && "+-".includes(event.key)) return;
    event.preventDefault();
    action(board);
  });
}
