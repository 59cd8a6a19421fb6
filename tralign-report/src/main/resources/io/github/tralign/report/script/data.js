// What the page shows: its charts, and what each run had used up by its steps.
const { linked, runs, steps, charts } = JSON.parse(document.getElementById("charts").textContent);

// The x of a line's points: its steps, or the tokens or seconds that its run had used up by then.
function along(axis, line, index) {
  const at = steps[line.x];
  if (axis === "step") return at;
  const clock = runs[linked ? index : 0];
  const used = clock[axis];
  let i = 1;
  return at.map((step) => {
    while (i < clock.step.length - 1 && clock.step[i] < step) i++;
    const [from, to] = [clock.step[i - 1], clock.step[i]];
    return used[i - 1] + (used[i] - used[i - 1]) * (step - from) / (to - from);
  });
}

// Whether a line can be drawn along an axis.
const has = (axis, index) => axis === "step" || runs[linked ? index : 0][axis].length > 1;
