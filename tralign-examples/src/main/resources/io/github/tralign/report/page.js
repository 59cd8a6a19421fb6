// Draws the charts of the page by uPlot, in the colours of the style, as wide as there is room.
(() => {
  const charts = JSON.parse(document.getElementById("charts").textContent);
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const line = (i) => colour("--line" + (i % 6));
  const digits = (v) => v == null ? "–" : Math.abs(v) >= 1e6 || (v !== 0 && Math.abs(v) < 1e-3) ? v.toExponential(3) : +v.toPrecision(5) + "";
  const compact = (v) => v === 0 ? "0" : Math.abs(v) >= 1e5 || Math.abs(v) < 1e-3 ? v.toExponential(1).replace(".0e", "e").replace("e+", "e") : +v.toPrecision(6) + "";

  // Dashes at the steps where the reference moved.
  const marks = (steps) => ({
    hooks: { drawAxes: (u) => {
      const { ctx, bbox } = u;
      ctx.save();
      ctx.strokeStyle = colour("--faint");
      ctx.globalAlpha = 0.55;
      ctx.setLineDash([4, 4]);
      for (const step of steps) {
        if (step < u.scales.x.min || step > u.scales.x.max) continue;
        const x = Math.round(u.valToPos(step, "x", true)) + 0.5;
        ctx.beginPath();
        ctx.moveTo(x, bbox.top);
        ctx.lineTo(x, bbox.top + bbox.height);
        ctx.stroke();
      }
      ctx.restore();
    } },
  });

  // Each line has steps of its own; all are laid over one axis, with gaps that are drawn through.
  function table(chart) {
    const tables = [];
    for (const it of chart.lines) {
      tables.push(it.low.length ? [it.x, it.y, it.low, it.high] : [it.x, it.y]);
    }
    return uPlot.join(tables);
  }

  function series(chart) {
    const all = [{ label: chart.kind === "bars" ? "tokens from" : "step" }];
    const bands = [];
    chart.lines.forEach((it, i) => {
      const lone = it.x.length < 60;
      const one = { label: it.label, stroke: line(i), width: 1.5, spanGaps: true, value: (u, v) => digits(v), points: { show: lone && chart.kind === "lines", size: 5 } };
      if (chart.kind === "bars") Object.assign(one, { paths: uPlot.paths.stepped({ align: 1 }), fill: line(i) + "33" });
      all.push(one);
      if (it.low.length) {
        const hidden = { spanGaps: true, width: 0, stroke: "transparent", points: { show: false }, class: "unlisted" };
        all.push({ ...hidden, label: "low" }, { ...hidden, label: "high" });
        bands.push({ series: [all.length - 1, all.length - 2], fill: line(i) + "33" });
      }
    });
    return { series: all, bands };
  }

  const axis = { stroke: () => colour("--faint"), grid: { stroke: () => colour("--rule"), width: 1 }, ticks: { stroke: () => colour("--rule"), width: 1 } };

  function draw(place) {
    const chart = charts[place.dataset.chart];
    const { series: all, bands } = series(chart);
    place.replaceChildren();
    const plot = new uPlot({
      width: place.clientWidth, height: 230, series: all, bands,
      scales: { x: { time: false } },
      axes: [axis, { ...axis, size: 64, values: (u, splits) => splits.map(compact) }],
      cursor: { points: { size: 6 } },
      plugins: chart.marks.length ? [marks(chart.marks)] : [],
    }, table(chart), place);
    for (const row of plot.root.querySelectorAll(".u-legend .unlisted")) row.remove();
    new ResizeObserver(() => {
      if (plot.root.isConnected && plot.width !== place.clientWidth) plot.setSize({ width: place.clientWidth, height: 230 });
    }).observe(place);
  }

  const all = () => document.querySelectorAll("[data-chart]").forEach(draw);
  all();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", all);
})();
