// Draws the pictures, and moves a line through them and through the table of one moment with the slider.
"use strict";
(async () => {
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const found = read("diagnosis");
  const { drawn, tables, clock, pictures, config, first } = read("pictures");

  // Tables come by column: rows are made here.
  const rows = { cells: [], service: [] };
  for (const [name, columns] of Object.entries(tables)) {
    const keys = Object.keys(columns);
    const length = keys.length ? columns[keys[0]].length : 0;
    rows[name] = Array.from({ length }, (_, i) => Object.fromEntries(keys.map((key) => [key, columns[key][i]])));
  }

  // The series of the document, cell by cell, and one more row that ends the last cell (columns.py makes the same).
  const none = { first: 0, requests: [], p50_ms: [], mb: [], swap_mb: [], load: [], r14_cells: [], service: [] };
  const unnamed = { ...none, errors: found.unattributed.errors_by_cell };
  [...drawn.map((place) => found.incarnations[place].series), unnamed].forEach((series, r) => {
    const end = series.errors.length;
    const marked = new Set(series.r14_cells);
    for (let k = 0; end && k <= end; k++) {
      const level = (column) => column[Math.min(k, end - 1)] ?? null;
      const counted = (column) => (k < end && column[k]) || 0;
      rows.cells.push({
        r, i: series.first + k, requests: counted(series.requests), errors: counted(series.errors),
        p50: level(series.p50_ms), mb: level(series.mb), swap: level(series.swap_mb), load: level(series.load),
        r14: Number(k < end && marked.has(series.first + k)),
      });
    }
    for (const [ms, good, failed] of series.service) rows.service.push({ r, ms, good, failed });
  });

  const views = [];
  for (const { name, spec } of pictures) {
    const place = document.querySelector(`#picture-${name} .picture`);
    try {
      // Vega adds to the rows that it is given: each picture has its own.
      const datasets = structuredClone(rows);
      const options = { ast: true, renderer: "svg", actions: false, config, tooltip: { theme: "dark" }, logLevel: 1 };
      const { view } = await vegaEmbed(place, { ...spec, datasets }, options);
      if (spec.params) views.push(view);
    } catch (error) {
      place.textContent = `This picture cannot be drawn here: ${error.message}`;
      console.error(name, error);
    }
  }
  document.documentElement.dataset.drawn = document.querySelectorAll(".picture svg").length;
  if (!clock) return;

  const slider = document.getElementById("at");
  const told = document.getElementById("told");
  const body = document.querySelector("#moment tbody");
  const cells = new Map(rows.cells.map((row) => [`${row.r} ${row.i}`, row]));
  const number = (value, unit = "") => (value == null ? "-" : Math.round(value).toLocaleString("en") + unit);

  const show = () => {
    const cell = Number(slider.value);
    const from = new Date(clock.start_ms + cell * clock.cell_ms).toISOString();
    told.textContent = `${from.slice(0, 10)} ${from.slice(11, 19)} ${clock.zone}, ${clock.cell_ms / 1000} s`;
    slider.setAttribute("aria-valuetext", told.textContent);
    body.replaceChildren(
      ...rows.dynos.filter((dyno) => dyno.first <= cell && cell < dyno.end).map((dyno) => {
        const now = cells.get(`${dyno.r} ${cell}`) ?? {};
        const values = [
          number(now.requests), number(now.errors), number(now.p50, " ms"), number(now.mb, " MB"), number(now.swap, " MB"),
        ];
        const row = document.createElement("tr");
        const head = document.createElement("th");
        head.scope = "row";
        head.textContent = dyno.label;
        row.append(head, ...values.map((value) => {
          const data = document.createElement("td");
          data.className = "right";
          data.textContent = value;
          return data;
        }));
        return row;
      }),
    );
    const at = clock.start_ms + (cell + 0.5) * clock.cell_ms;
    for (const view of views) view.signal("at", at).runAsync();
  };
  slider.value = first;
  slider.addEventListener("input", show);
  show();
})();
