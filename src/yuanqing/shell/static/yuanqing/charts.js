/* Pictures from the data blocks beside them, in the colours of the page; drawn again when the theme changes. */
(() => {
  "use strict";
  const charts = new Map();

  function colour(name) {
    const probe = document.createElement("span");
    probe.style.color = `var(--yq-${name})`;
    document.body.append(probe);
    const found = getComputedStyle(probe).color;
    probe.remove();
    return found;
  }

  function palette() {
    const names = ["accent", "accent-soft", "text", "quiet", "line", "line-firm", "paper", "amber", "sunken"];
    return Object.fromEntries(names.map((name) => [name, colour(name)]));
  }

  const font = () => getComputedStyle(document.body).fontFamily;
  const number = (value) => (value == null ? "—" : String(value).replace(/\B(?=(\d{3})+(?!\d))/g, "\u202f"));

  function base(c, more) {
    return {
      animation: false,
      textStyle: { fontFamily: font(), fontSize: 12, color: c.text },
      grid: { left: 8, right: 28, top: 28, bottom: 8, containLabel: true },
      tooltip: { trigger: "axis", confine: true, backgroundColor: c.paper, borderColor: c["line-firm"], textStyle: { color: c.text, fontSize: 12 },
        valueFormatter: number },
      ...more,
    };
  }
  const category = (c, data, more) => ({ type: "category", data, axisLine: { lineStyle: { color: c["line-firm"] } }, axisTick: { show: false },
    axisLabel: { color: c.quiet, hideOverlap: true }, ...more });
  const value = (c, more) => ({ type: "value", splitNumber: 4, minInterval: 1, axisLabel: { color: c.quiet, formatter: number },
    splitLine: { lineStyle: { color: c.line } }, ...more });
  /* Names beside horizontal rows: at most two fifths of the width, on two lines where the rows are high enough; the rest is in the
     tooltip and in the table. */
  const side = (canvas, rows) => {
    const most = Math.max(48, canvas.clientWidth * 0.4), lines = canvas.clientHeight / Math.max(1, rows) >= 34 ? 2 : 1;
    const size = (letter) => (letter > "\u2e7f" ? 12 : 7);
    const cut = (text) => {
      const parts = [""];
      let width = 0;
      for (const letter of String(text)) {
        if (width + size(letter) > most && parts.length === lines) return `${parts.join("\n").slice(0, -1)}…`;
        if (width + size(letter) > most) { parts.push(""); width = 0; }
        parts[parts.length - 1] += letter;
        width += size(letter);
      }
      return parts.join("\n");
    };
    return { formatter: cut, lineHeight: 15, interval: canvas.clientHeight / Math.max(1, rows) >= 18 ? 0 : "auto" };
  };
  const legend = (c, names) => ({ show: names.length > 1, top: 0, right: 8, data: names, itemWidth: 18, itemHeight: 8, textStyle: { color: c.quiet } });

  const kinds = {
    trend(d, c) {
      const lines = d.series.map((s) => ({
        name: s.name, type: "line", data: s.values, symbol: "circle", symbolSize: s.pale ? 0 : 6, z: s.pale ? 1 : 3, connectNulls: false,
        lineStyle: { width: s.pale ? 1.5 : 2.2, color: s.pale ? c["line-firm"] : c.accent, opacity: s.pale ? 0.75 : 1 },
        itemStyle: { color: s.pale ? c["line-firm"] : c.accent },
      }));
      return base(c, { legend: legend(c, d.series.map((s) => s.name)), xAxis: category(c, d.labels, { boundaryGap: false }), yAxis: value(c, d.top == null ? {} : { max: d.top }), series: lines });
    },

    bars(d, c, canvas) {
      const shades = [c.accent, c["line-firm"], c.amber];
      const series = d.series.map((s, i) => ({ name: s.name, type: "bar", data: s.values, barMaxWidth: 14, stack: d.stacked ? "all" : undefined,
        itemStyle: { color: shades[i % 3] }, label: { show: !d.stacked, position: "right", color: c.quiet, fontSize: 11 } }));
      return base(c, { legend: legend(c, d.series.map((s) => s.name)), xAxis: value(c), yAxis: category(c, d.labels, { inverse: true, axisLabel: { color: c.text, ...side(canvas, d.labels.length) } }), series });
    },

    dot_interval(d, c, canvas) {
      const rows = d.lines;
      const stroke = (params, api) => {
        const low = api.coord([api.value(1), api.value(0)]), high = api.coord([api.value(2), api.value(0)]), dot = api.coord([api.value(3), api.value(0)]);
        return { type: "group", children: [
          { type: "line", shape: { x1: low[0], y1: low[1], x2: high[0], y2: high[1] }, style: { stroke: c.accent, lineWidth: 6, opacity: 0.28 } },
          { type: "circle", shape: { cx: dot[0], cy: dot[1], r: 4.5 }, style: { fill: c.accent } },
        ] };
      };
      const mark = d.reference == null ? undefined : { silent: true, symbol: "none", label: { position: "start", color: c.amber, formatter: number(d.reference) },
        lineStyle: { color: c.amber, type: "dashed" }, data: [{ xAxis: d.reference }] };
      return base(c, {
        tooltip: { trigger: "item", confine: true, backgroundColor: c.paper, borderColor: c["line-firm"], textStyle: { color: c.text },
          formatter: (p) => { const r = rows[p.dataIndex]; return `${echarts.format.encodeHTML(r.label)}<br>${number(r.value)}（${number(r.low)} – ${number(r.high)}）`; } },
        xAxis: value(c, { minInterval: 0, min: (range) => Math.max(0, Math.floor((range.min - 1) / 10) * 10) }), yAxis: category(c, rows.map((r) => r.label), { inverse: true, axisLabel: { color: c.text, ...side(canvas, rows.length) } }),
        series: [{ type: "custom", renderItem: stroke, encode: { x: [1, 2, 3], y: 0 }, data: rows.map((r, i) => [i, r.low, r.high, r.value]), markLine: mark }],
      });
    },

    heat_map(d, c, canvas) {
      return base(c, {
        grid: { left: 8, right: 8, top: 8, bottom: 44, containLabel: true },
        tooltip: { trigger: "item", confine: true, backgroundColor: c.paper, borderColor: c["line-firm"], textStyle: { color: c.text },
          formatter: (p) => `${echarts.format.encodeHTML(d.rows[p.value[1]])} · ${echarts.format.encodeHTML(d.columns[p.value[0]])}<br>${number(p.value[2])} ${d.unit}` },
        xAxis: category(c, d.columns), yAxis: category(c, d.rows, { inverse: true, axisLabel: { color: c.text, ...side(canvas, d.rows.length) } }),
        visualMap: { min: 0, max: d.top || 1, orient: "horizontal", left: "center", bottom: 0, itemHeight: 120, itemWidth: 10, textStyle: { color: c.quiet },
          inRange: { color: [c.sunken, c["accent-soft"], c.accent] } },
        series: [{ type: "heatmap", data: d.points, itemStyle: { borderColor: c.paper, borderWidth: 2 } }],
      });
    },

    tree(d, c) {
      return base(c, {
        tooltip: { trigger: "item", confine: true, backgroundColor: c.paper, borderColor: c["line-firm"], textStyle: { color: c.text } },
        series: [{ type: "tree", symbol: "circle", data: [{ ...d.root, label: { position: "top", align: "left", distance: 8 } }], left: 24, right: 130, top: 8, bottom: 8, symbolSize: (v) => 6 + Math.min(10, Math.sqrt(v || 0) * 2), initialTreeDepth: 2,
          expandAndCollapse: false, lineStyle: { color: c.line, width: 1.2 }, itemStyle: { color: c.accent, borderColor: c.accent },
          label: { position: "left", align: "right", color: c.text, formatter: (p) => (p.value == null ? p.name : `${p.name} ${number(p.value)}`) },
          leaves: { label: { position: "right", align: "left" } } }],
      });
    },

    small_multiples(d, c, canvas) {
      const width = canvas.clientWidth, across = Math.max(2, Math.min(4, Math.floor(width / 150))), down = Math.ceil(d.panels.length / across);
      const part = (i) => ({ left: `${((i % across) * 100) / across + 1}%`, top: `${(Math.floor(i / across) * 100) / down + 7}%`,
        width: `${100 / across - 4}%`, height: `${100 / down - 13}%` });
      return base(c, {
        grid: d.panels.map((_p, i) => ({ ...part(i), containLabel: false })),
        title: d.panels.map((p, i) => ({ text: p.name, left: part(i).left, top: `${(Math.floor(i / across) * 100) / down}%`, padding: 0,
          textStyle: { fontSize: 12, fontWeight: 400, color: c.text, width: width / across - 20, overflow: "truncate" } })),
        xAxis: d.panels.map((_p, i) => category(c, d.labels, { gridIndex: i, axisLabel: { show: false }, boundaryGap: false })),
        yAxis: d.panels.map((_p, i) => value(c, { gridIndex: i, max: d.top || 1, axisLabel: { show: false }, splitNumber: 1 })),
        series: d.panels.map((p, i) => ({ type: "line", xAxisIndex: i, yAxisIndex: i, data: p.values, symbol: "none", name: p.name,
          lineStyle: { color: c.accent, width: 1.6 }, areaStyle: { color: c["accent-soft"], opacity: 0.6 } })),
      });
    },
  };

  function hrefOf(data, params) {
    if (data.kind === "tree") return params.data && params.data.href;
    if (data.kind === "dot_interval") return data.lines[params.dataIndex].href;
    if (data.kind === "bars") return data.links[params.dataIndex];
    return "";
  }

  function draw(figure) {
    const canvas = figure.querySelector("[data-chart-canvas]");
    const block = document.getElementById(figure.dataset.chart);
    if (!canvas || !block || !canvas.clientWidth) return;
    const data = JSON.parse(block.textContent);
    if (charts.has(canvas)) charts.get(canvas).dispose();
    const chart = echarts.init(canvas, null, { renderer: "canvas" });
    charts.set(canvas, chart);
    chart.setOption(kinds[data.kind](data, palette(), canvas));
    chart.on("click", (params) => { const href = hrefOf(data, params); if (href) location.href = href; });
  }

  function drawAll() {
    for (const [canvas, chart] of charts) if (!canvas.isConnected) { chart.dispose(); charts.delete(canvas); }
    document.querySelectorAll("[data-chart]").forEach(draw);
  }
  function drawNew() {
    document.querySelectorAll("[data-chart]").forEach((figure) => {
      if (!charts.has(figure.querySelector("[data-chart-canvas]"))) draw(figure);
    });
  }

  let timer = 0;
  addEventListener("resize", () => { clearTimeout(timer); timer = setTimeout(drawAll, 150); });
  document.addEventListener("theme-changed", drawAll);
  document.addEventListener("htmx:afterSwap", drawNew);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
  drawAll();
})();
