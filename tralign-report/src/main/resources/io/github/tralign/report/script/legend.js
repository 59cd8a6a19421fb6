// The names below a chart: each is a button that hides and shows its line, with the value at the cursor.
function legend(chart, axis, hidden, toggle) {
  const list = document.createElement("ul");
  list.className = "values";
  const where = document.createElement("li");
  where.className = "where";
  list.append(where);
  const cells = chart.lines.map((line, i) => {
    const row = document.createElement("li"), button = document.createElement("button"), value = document.createElement("span");
    button.type = "button";
    button.title = line.label;
    button.append(swatch(i), line.label);
    button.setAttribute("aria-pressed", String(!hidden.has(i)));
    button.addEventListener("click", () => toggle(i));
    row.append(button, value);
    row.hidden = steps[line.x].length === 0;
    list.append(row);
    return { button, value };
  });
  return {
    list,
    shown: (i, on) => cells[i].button.setAttribute("aria-pressed", String(on)),
    // The values at an x; nothing for a line that has ended before it or begins behind it.
    at(x, values) {
      where.textContent = x == null ? "" : axis.name + " " + axis.show(x);
      cells.forEach(({ value }, i) => { value.textContent = x == null || values[i] == null ? "" : digits(values[i]); });
    },
  };
}
