const data = JSON.parse(document.getElementById("data").textContent);
const $ = (id) => document.getElementById(id);
const COLUMNS = [
  ["accuracy", "Accuracy", 1], ["nll", "NLL", -1], ["brier", "Brier", -1], ["ece", "ECE", -1], ["ece_mass", "ECE, equal mass", -1],
];

const digits = (value) => value === null || value === undefined ? "–" : value.toFixed(4);

function row(cell, texts) {
  return element("tr", {}, ...texts.map((text) => element(cell, {}, text)));
}

/** The best value of a column, over all series; none if none has one. */
function best(name, sign) {
  const values = data.measures.map((one) => one[name]).filter((value) => value !== null && value !== undefined);
  return values.length ? sign * Math.max(...values.map((value) => sign * value)) : undefined;
}

function measures() {
  const table = $("measures");
  table.append(row("th", ["Model", "Examples", ...COLUMNS.map(([, title]) => title)]));
  const bests = COLUMNS.map(([name, , sign]) => best(name, sign));
  for (const one of data.measures) {
    const line = row("td", [one.name, String(one.examples)]);
    COLUMNS.forEach(([name], i) => {
      const text = element(one[name] === bests[i] ? "strong" : "span", {}, digits(one[name]));
      const interval = one.intervals[name];
      line.append(element("td", {}, text, interval ? ` (${digits(interval[0])} to ${digits(interval[1])})` : ""));
    });
    table.append(line);
  }
}

function alternatives() {
  $("alternatives").append(row("th", ["", "Models an example", ...COLUMNS.map(([, title]) => title)]));
  for (const one of data.alternatives) {
    const measured = data.measures.find((other) => other.name === one.name);
    const what = one.what === one.name ? one.what : `${one.what} (${one.name})`;
    $("alternatives").append(row("td", [what, String(one.models), ...COLUMNS.map(([name]) => digits(measured[name]))]));
  }
}

/** Bars of how often decisions are right, a dot for how sure they are, and shares of the examples below. */
function diagram(one, place) {
  const side = 240, left = 40, top = 22, below = 40, width = side / one.bins.length;
  const most = Math.max(1, ...one.bins.map((bin) => bin.examples));
  const chart = drawn("svg", {
    width: left + side + 12, height: top + side + below + 34, role: "img", "aria-label": `Reliability of ${one.name}`,
  });
  const y = (share) => top + side * (1 - share);
  chart.append(drawn("text", { x: left, y: 14, class: "strong" }, shortened(one.name, 34)));
  for (const share of [0, 0.5, 1]) {
    chart.append(drawn("text", { x: left - 6, y: y(share) + 4, "text-anchor": "end" }, String(share)));
    chart.append(drawn("text", { x: left + side * share, y: top + side + below + 26, "text-anchor": "middle" }, String(share)));
  }
  one.bins.forEach((bin, i) => {
    const x = left + i * width;
    const text = `${one.name}: confidence ${(i / one.bins.length).toFixed(3)} to ${((i + 1) / one.bins.length).toFixed(3)}\n`
      + `${bin.examples} examples; right ${digits(bin.accuracy)}, sure ${digits(bin.confidence)}`;
    if (bin.examples > 0) {
      const bar = drawn("rect", {
        x: x + 1, y: y(bin.accuracy), width: width - 2, height: side * bin.accuracy, style: { fill: colourOf(place, -1), opacity: 0.75 },
      });
      const count = drawn("rect", {
        x: x + 1, y: top + side + 6, width: width - 2, height: below * bin.examples / most, style: { fill: "var(--quiet)" },
      });
      const sure = drawn("line", {
        x1: x + 1, x2: x + width - 1, y1: y(bin.confidence), y2: y(bin.confidence), stroke: "var(--ink)", "stroke-width": 2,
      });
      chart.append(explains(bar, () => text), explains(count, () => text), sure);
    }
  });
  chart.append(drawn("line", { x1: left, y1: y(0), x2: left + side, y2: y(1), stroke: "var(--quiet)", "stroke-dasharray": "4 4" }));
  chart.append(drawn("rect", { x: left, y: top, width: side, height: side, fill: "none", stroke: "var(--quiet)" }));
  return chart;
}

function weights() {
  const made = data.ensemble;
  const isEach = made.models.some((model) => model.weights.length > 1);
  const names = made.names.length ? made.names : made.models[0].weights.map((_, c) => `class ${c}`);
  $("weights").append(row("th", ["Model", ...(isEach ? names : ["Weight"])]));
  made.models.forEach((model) => $("weights").append(row("td", [model.name, ...model.weights.map(digits)])));
}

function pairs() {
  $("pairs-note").textContent = "Q is 1 where two models are right together always, and 0 where that is independent; errors correlate from -1 to 1.";
  $("pairs").append(row("th", ["First", "Second", "Disagreement", "Q", "Correlation of errors"]));
  data.pairs.forEach((pair) => $("pairs").append(
    row("td", [pair.first, pair.second, digits(pair.disagreement), digits(pair.q), digits(pair.correlation)])));
}

function teachers() {
  $("teachers-note").textContent = `At temperature ${data.temperature}; entropy and divergence in nats. All agree on ${(100 * data.alike).toFixed(2)} % of `
    + `the examples; the labels' entropy is ${digits(data.entropy)} of at most ${digits(Math.log(data.classes))}; `
    + `${(100 * data.kept).toFixed(2)} % of the probability is written.`;
  $("teachers").append(row("th", ["Teacher", "Examples", "Entropy", "Decides as the labels", "Divergence from them"]));
  data.teachers.forEach((one) => $("teachers").append(
    row("td", [one.name, String(one.examples), digits(one.entropy), digits(one.agreement), digits(one.divergence)])));
  const width = 40, height = 160, most = Math.max(1, ...data.histogram);
  const chart = drawn("svg", { width: width * data.histogram.length, height: height + 4, role: "img", "aria-label": "Entropy of the labels" });
  data.histogram.forEach((count, i) => {
    const tall = height * count / most;
    const bar = drawn("rect", { x: i * width + 2, y: height - tall, width: width - 4, height: tall, style: { fill: COLOURS[0] } });
    chart.append(explains(bar, () => `${count} examples`));
  });
  $("entropies").append(chart);
}

function header() {
  $("title").textContent = data.title;
  document.title = `Stockpot: ${data.title}`;
  const parts = [`${data.examples} examples${data.labelled === undefined ? "" : `, ${data.labelled} with a label`}`];
  if (data.ensemble) {
    parts.push(`by ${data.ensemble.by}`);
  }
  if (data.ensemble && data.ensemble.calibration && data.ensemble.calibration.temperature) {
    parts.push(`temperature ${data.ensemble.calibration.temperature.toFixed(4)}`);
  }
  $("subtitle").textContent = parts.join(", ");
  data.notices.forEach((notice) => $("notices").append(element("li", {}, notice)));
}

header();
if (data.alternatives && data.alternatives.length) {
  alternatives();
} else {
  $("choice").hidden = true;
}
if (data.teachers) {
  teachers();
} else {
  $("teaching").hidden = true;
}
if (data.measures && data.measures.length) {
  measures();
  data.measures.forEach((one, place) => $("diagrams").append(diagram(one, place)));
} else {
  $("measured").hidden = true;
  $("reliability").hidden = true;
}
if (data.ensemble) {
  weights();
} else {
  $("weighing").hidden = true;
}
if (data.pairs && data.pairs.length) {
  pairs();
} else {
  $("diversity").hidden = true;
}
