const data = JSON.parse(document.getElementById("data").textContent);
const $ = (id) => document.getElementById(id);
const ROWS = 100, MOST_BLOCKS = 40, MOST_OUTSIDE = 36, MOST_MODELS = 24;
const RESULT = data.models.length;

const names = shortNames(data.models);
const observed = data.tensors.filter((tensor) => tensor.models);

/** The last words of paths, as many as tell them apart. */
function shortNames(paths) {
  for (let words = 1; words < 6; words++) {
    const short = paths.map((path) => path.split("/").filter(Boolean).slice(-words).join("/") || path);
    if (new Set(short).size === paths.length) {
      return short.map((name) => shortened(name, 48));
    }
  }
  return paths;
}

function number(value) {
  if (value === null || value === undefined) {
    return "–";
  }
  if (value === 0) {
    return "0";
  }
  const size = Math.abs(value);
  return size >= 1e5 || size < 1e-3 ? value.toExponential(2) : value.toPrecision(3);
}

function percent(value) {
  return value === null || value === undefined ? "–" : value === 0 ? "0 %"
    : (100 * value).toFixed(value !== 0 && Math.abs(value) < 0.1 ? 2 : 1) + " %";
}

function large(count) {
  const unit = [[1e12, " T"], [1e9, " B"], [1e6, " M"], [1e3, " k"]].find(([size]) => count >= size);
  return unit ? (count / unit[0]).toPrecision(3) + unit[1] : String(count);
}

const sum = (items, value) => items.reduce((total, item) => total + value(item), 0);
const square = (value) => value * value;

function of(tensor, model) {
  return tensor.models.find((one) => one.model === model);
}

/** Length of what a choice of tensors holds of each model, taken together, in units of a reference. */
function relative(tensors, model, length, reference) {
  let above = 0, below = 0;
  for (const tensor of tensors) {
    for (const one of tensor.models) {
      if ((model === null || one.model === model) && length(one, tensor) !== undefined && reference(one, tensor) !== undefined) {
        above += square(length(one, tensor));
        below += square(reference(one, tensor));
      }
    }
  }
  return below > 0 ? Math.sqrt(above / below) : null;
}

function cosine(tensors, a, b) {
  let product = 0, first = 0, second = 0;
  for (const tensor of tensors) {
    let place = 0;
    for (let i = 0; i < tensor.models.length; i++) {
      for (let j = i + 1; j < tensor.models.length; j++, place++) {
        const pair = [tensor.models[i].model, tensor.models[j].model];
        if (a === null || (pair.includes(a) && pair.includes(b))) {
          const norms = tensor.models[i].norm * tensor.models[j].norm;
          product += (tensor.cosines[place] || 0) * norms;
          first += a === null ? norms : square(tensor.models[i].norm);
          second += a === null ? norms : square(tensor.models[j].norm);
        }
      }
    }
  }
  return first > 0 && second > 0 ? product / Math.sqrt(first * second) : null;
}

function weighted(tensors, share, weight) {
  const counted = tensors.filter((tensor) => share(tensor) !== undefined && weight(tensor) > 0);
  return counted.length ? sum(counted, (tensor) => share(tensor) * weight(tensor)) / sum(counted, weight) : null;
}

const changes = (tensors, model) => relative(tensors, model, (one) => one.norm, (one, tensor) => tensor.base);
const distances = (tensors, model) => relative(tensors, model, (one) => one.distance, (one, tensor) => data.hasBase ? tensor.base : one.norm);
const kept = (tensors, model) => weighted(
  tensors,
  (tensor) => {
    const shares = tensor.models.filter((one) => (model === null || one.model === model) && one.kept !== undefined);
    return shares.length ? sum(shares, (one) => one.kept) / shares.length : undefined;
  },
  (tensor) => tensor.elements);
const conflicts = (tensors) => weighted(tensors, (tensor) => tensor.conflicts, (tensor) => tensor.elements);
const lost = (tensors) => weighted(tensors, (tensor) => tensor.updated ? tensor.lost / tensor.updated : undefined, (tensor) => tensor.updated);
const broken = (tensors) => weighted(tensors, (tensor) => tensor.nonfinite ? tensor.nonfinite / tensor.elements : undefined, (tensor) => tensor.elements);
const result = (tensors) => relative(tensors, null, (one, tensor) => tensor.result, (one, tensor) => tensor.base);
const scales = (tensors, model) => relative(tensors, model, (one) => one.norm, (one, tensor) => Math.sqrt(tensor.elements));

/** What can be shown; those of which nothing is known in this report are left out. */
const MEASURES = [
  { name: "size of the change", of: changes, perModel: true, format: percent, needsBase: true,
    text: "Length of a model's task vector (model minus base), in units of the base's length." },
  { name: "agreement", of: (tensors) => cosine(tensors, null, null), format: number, diverging: true,
    text: data.hasBase ? "Mean cosine between the task vectors of two models: 1 the same direction, 0 nothing in common, −1 opposite."
      : "Mean cosine between two models." },
  { name: "sign conflicts", of: conflicts, format: percent,
    text: "Share of the elements that two models change in opposite directions, before anything is dropped." },
  { name: "kept by trimming", of: kept, perModel: true, format: percent,
    text: "Share of a task vector's elements that is not zero after the method's drops." },
  { name: "lost updates", of: lost, format: percent,
    text: "Share of the changed elements that are stored as in the base, because the change is too small for the type." },
  { name: "not finite", of: broken, format: percent,
    text: "Share of the elements that are NaN or infinite, of the tensors that have some." },
  { name: "distance of the result", of: distances, perModel: true, format: percent,
    text: "Distance of the merged tensor from a model, in units of the " + (data.hasBase ? "base's" : "model's") + " length." },
  { name: "size of the merged change", of: result, format: percent, needsBase: true,
    text: "Length of the merged task vector (result minus base), in units of the base's length." },
  { name: "size of the elements", of: scales, perModel: true, format: number, needsBase: false,
    text: "Root mean square of a model's elements." },
].filter((measure) => measure.needsBase === undefined || measure.needsBase === data.hasBase)
 .filter((measure) => measure.of(observed, null) !== null);

function showHeading() {
  $("title").textContent = data.title;
  document.title = data.title;
  const count = data.models.length;
  $("subtitle").textContent = [
    data.method, `${count} ${count === 1 ? "model" : "models"}` + (data.base ? " on " + data.base : ""),
  ].join(" · ");
  data.notices.forEach((notice) => $("notices").append(element("li", {}, notice)));
  $("recipe").textContent = data.recipe;
  $("recipe-box").hidden = !data.recipe;
  const elements = sum(data.tensors, (tensor) => tensor.elements);
  const merged = sum(observed, (tensor) => tensor.elements);
  const sampled = sum(observed, (tensor) => tensor.sampled);
  $("method-note").textContent =
    `${large(sampled)} of the ${large(merged)} elements that were ${data.recipe ? "merged" : "compared"} were looked at` +
    (sampled < merged ? ", evenly spread over every tensor; small tensors were seen whole. Norms, cosines, conflicts, distances and magnitudes are estimates for all elements, good to about one per cent." : ", all of them.") +
    " Shares kept by trimming and lost updates are exact counts. The same numbers, and those of each layer, are in the Parquet files beside this page.";
  const tiles = [["parameters", large(elements)], ["tensors", String(data.tensors.length)]];
  MEASURES.forEach((measure) => tiles.push([measure.name, measure.format(measure.of(observed, null))]));
  const copied = data.tensors.length - observed.length;
  if (copied) {
    tiles.push(["tensors copied, not merged", String(copied)]);
  }
  tiles.push(["sample", percent(merged ? sampled / merged : 0)]);
  tiles.forEach(([label, value]) => $("tiles").append(element("div", { class: "tile" }, element("b", {}, value), element("span", {}, label))));
}

function showModels() {
  const measures = MEASURES.filter((measure) => measure.perModel);
  const table = $("models");
  table.append(element("tr", {}, element("th", {}, "Model"), ...measures.map((measure) => element("th", {}, measure.name))));
  const values = data.models.map((_, model) => {
    const tensors = observed.filter((tensor) => of(tensor, model));
    return measures.map((measure) => measure.of(tensors, model));
  });
  const most = measures.map((_, i) => Math.max(...values.map((row) => row[i] || 0)));
  data.models.forEach((path, model) => {
    const name = element("td", { title: path }, element("i", { class: "dot", style: { background: colourOf(model, RESULT) } }), `${model + 1}  ${names[model]}`);
    const cells = measures.map((measure, i) => {
      const value = values[model][i];
      const bar = element("span", { class: "bar" }, element("i", { style: {
        width: (most[i] > 0 && value ? 100 * value / most[i] : 0) + "%", background: colourOf(model, RESULT) } }));
      return element("td", {}, bar, measure.format(value));
    });
    table.append(element("tr", {}, name, ...cells));
  });
}

function showHeatmap() {
  const measure = MEASURES[$("measure").value];
  $("of").hidden = !measure.perModel || data.models.length < 2;
  const model = measure.perModel && $("model").value !== "" ? Number($("model").value) : null;
  $("explanation").textContent = measure.text;
  const cells = new Map();
  const outside = new Map();
  for (const tensor of observed.filter((one) => model === null || of(one, model))) {
    const into = tensor.layer === null ? outside : cells;
    const key = tensor.layer === null ? tensor.block : tensor.block + "\n" + tensor.layer;
    into.set(key, [...(into.get(key) || []), tensor]);
  }
  const sizes = new Map();
  const layers = new Set();
  for (const tensor of observed.filter((one) => one.layer !== null)) {
    sizes.set(tensor.block, (sizes.get(tensor.block) || 0) + tensor.elements);
    layers.add(tensor.layer);
  }
  const largest = new Set([...sizes.keys()].sort((a, b) => sizes.get(b) - sizes.get(a)).slice(0, MOST_BLOCKS));
  const rows = [...sizes.keys()].filter((block) => largest.has(block));
  const columns = [...layers].sort((a, b) => a - b);
  const found = (place, tensors) => {
    const value = measure.of(tensors, model);
    return { value, text: `${place}: ${measure.format(value)}` + (tensors.length > 1 ? ` (${tensors.length} tensors)` : "") };
  };
  const boxes = new Map([...cells].map(([key, tensors]) => [key, found(key.replace("\n", ", layer "), tensors)]));
  const apart = [...outside].map(([block, tensors]) => [block, found(block, tensors)]);
  const scale = scaleOf([...boxes.values(), ...apart.map((pair) => pair[1])].map((box) => box.value), measure.diverging);
  const parts = [scaleLegend(scale, measure.format)];
  if (rows.length) {
    parts.push(heatmap(rows, columns, (row, column) => boxes.get(row + "\n" + column), scale));
  }
  if (sizes.size > rows.length) {
    parts.push(element("p", { class: "quiet" }, `The ${rows.length} largest of ${sizes.size} blocks; all are in the table below.`));
  }
  if (apart.length) {
    const shown = apart.slice(0, MOST_OUTSIDE).map(([block, box]) => {
      const node = element("span", {}, element("i", { style: { background: colour(box.value, scale) } }), `${shortened(block, 40)}  ${measure.format(box.value)}`);
      return explains(node, () => box.text);
    });
    if (apart.length > MOST_OUTSIDE) {
      shown.push(element("span", { class: "quiet" }, `and ${apart.length - MOST_OUTSIDE} more in the table below`));
    }
    parts.push(element("div", { class: "outside" }, element("span", { class: "quiet" }, "Outside the layers:"), ...shown));
  }
  $("heatmap").replaceChildren(...parts);
}

/** The mean cosine over the pairs of models that are wanted, by how far both went; null without such pairs. */
function meanCosine(wanted) {
  let product = 0, weight = 0;
  for (const tensor of observed) {
    let place = 0;
    for (let i = 0; i < tensor.models.length; i++) {
      for (let j = i + 1; j < tensor.models.length; j++, place++) {
        if (wanted(tensor.models[i].model, tensor.models[j].model)) {
          const norms = tensor.models[i].norm * tensor.models[j].norm;
          product += (tensor.cosines[place] || 0) * norms;
          weight += norms;
        }
      }
    }
  }
  return weight > 0 ? product / weight : null;
}

/** How unlike models are, 1 less the mean cosine: of all, and, where they lie in several folders, within these and between. */
function diversity() {
  const folders = data.models.map((model) => model.slice(0, model.lastIndexOf("/") + 1));
  const isSweeps = new Set(folders).size > 1 && new Set(folders).size < folders.length;
  const kinds = [["of all pairs", () => true]].concat(isSweeps
    ? [["within folders", (a, b) => folders[a] === folders[b]], ["between folders", (a, b) => folders[a] !== folders[b]]] : []);
  return kinds.map(([name, wanted]) => [name, meanCosine(wanted)]).filter(([, mean]) => mean !== null)
    .map(([name, mean]) => `${number(1 - mean)} ${name}`).join(", ");
}

function showMatrix() {
  const shown = data.models.slice(0, MOST_MODELS);
  if (shown.length < 2) {
    $("agreement").hidden = true;
    $("agreement").parentElement.style.gridTemplateColumns = "minmax(0, 1fr)";
    return;
  }
  $("agreement-note").textContent = (data.hasBase ? "Cosine between task vectors, all tensors together." : "Cosine between models, all tensors together.")
    + (data.models.length > shown.length ? ` The first ${shown.length} models.` : "")
    + (diversity() ? ` Diversity, 1 less the mean cosine: ${diversity()}.` : "");
  const cosines = shown.map((_, a) => shown.map((_, b) => a === b ? 1 : a < b ? cosine(observed, a, b) : null));
  $("matrix").replaceChildren(matrix(names.slice(0, MOST_MODELS), (a, b) => cosines[Math.min(a, b)][Math.max(a, b)], number));
}

function showHistogram() {
  const chosen = $("layer").value;
  const totals = new Map();
  for (const group of data.histograms.filter((one) => chosen === "" || one.layer === chosen)) {
    for (const vector of group.vectors) {
      const total = totals.get(vector.vector) || { zeros: 0, counts: new Map() };
      total.zeros += vector.zeros;
      vector.counts.forEach((count, i) => total.counts.set(vector.first + i, (total.counts.get(vector.first + i) || 0) + count));
      totals.set(vector.vector, total);
    }
  }
  const shown = [...totals].filter(([vector]) => vector === RESULT || vector < COLOURS.length).sort((a, b) => a[0] - b[0]);
  const vectors = shown.map(([vector, total]) => {
    const exponents = [...total.counts.keys()];
    const first = exponents.length ? Math.min(...exponents) : 0;
    const all = total.zeros + sum([...total.counts.values()], (count) => count);
    const shares = exponents.length ? Array.from({ length: Math.max(...exponents) - first + 1 }, (_, i) => (total.counts.get(first + i) || 0) / all) : [];
    return { first, shares, zeros: total.zeros / all, colour: colourOf(vector, RESULT), dashed: vector === RESULT, name: vector === RESULT ? "result" : names[vector] };
  });
  $("histogram-note").textContent = (data.hasBase ? "How large the changes to the base are: " : "How large the elements are: ")
    + "share of the elements in each doubling of magnitude."
    + (data.models.length > COLOURS.length ? ` The first ${COLOURS.length} models.` : "");
  const legend = vectors.map((vector) => element("span", {},
    element("i", { class: "dot", style: { background: vector.colour } }), `${vector.name}, ${percent(vector.zeros)} zero`));
  $("histogram").replaceChildren(element("div", { class: "legend" }, ...legend), histogram(vectors));
}

const COLUMNS = [
  { name: "Tensor", value: (tensor) => tensor.name, format: (value) => value },
  { name: "type", value: (tensor) => tensor.type, format: (value) => value },
  { name: "shape", value: (tensor) => tensor.elements, format: (_, tensor) => tensor.shape },
  ...MEASURES.map((measure) => ({ name: measure.name, value: (tensor) => tensor.models ? measure.of([tensor], null) : null, format: measure.format })),
];
const state = { column: null, descending: true, page: 0 };

function showTensors() {
  const wanted = $("filter").value.toLowerCase();
  let rows = data.tensors.filter((tensor) => tensor.name.toLowerCase().includes(wanted));
  if (state.column !== null) {
    const column = COLUMNS[state.column];
    const keyed = rows.map((tensor) => [column.value(tensor), tensor]);
    const known = keyed.filter(([key]) => key !== null).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0) * (state.descending ? -1 : 1));
    rows = [...known, ...keyed.filter(([key]) => key === null)].map((pair) => pair[1]);
  }
  const pages = Math.max(1, Math.ceil(rows.length / ROWS));
  state.page = Math.min(state.page, pages - 1);
  const from = state.page * ROWS;
  $("count").textContent = rows.length ? `${from + 1} to ${Math.min(rows.length, from + ROWS)} of ${rows.length}` : "none";
  $("previous").disabled = state.page === 0;
  $("next").disabled = state.page === pages - 1;
  const head = element("tr", {}, ...COLUMNS.map((column, i) => {
    const mark = state.column !== i ? "" : state.descending ? " ↓" : " ↑";
    const button = element("button", { type: "button" }, column.name + mark);
    button.addEventListener("click", () => {
      state.descending = state.column === i ? !state.descending : i > 1;
      state.column = i;
      state.page = 0;
      showTensors();
    });
    const attributes = state.column === i ? { "aria-sort": state.descending ? "descending" : "ascending" } : {};
    return element("th", attributes, button);
  }));
  const body = rows.slice(from, from + ROWS).map((tensor) =>
    element("tr", {}, ...COLUMNS.map((column, i) =>
      element("td", i === 0 ? { title: tensor.name } : {}, column.format(column.value(tensor), tensor)))));
  $("tensors").replaceChildren(head, ...body);
}

function choose(select, options, changed) {
  options.forEach(([value, text]) => select.append(element("option", { value }, text)));
  select.addEventListener("change", changed);
}

showHeading();
showModels();
choose($("measure"), MEASURES.map((measure, i) => [i, measure.name]), showHeatmap);
choose($("model"), [["", "all models together"], ...names.map((name, i) => [i, name])], showHeatmap);
choose($("layer"), [["", "all"], ...data.histograms.map((one) => [one.layer, one.layer === "outside" ? "outside the layers" : "layer " + one.layer])], showHistogram);
$("filter").addEventListener("input", () => { state.page = 0; showTensors(); });
$("previous").addEventListener("click", () => { state.page--; showTensors(); });
$("next").addEventListener("click", () => { state.page++; showTensors(); });
if (MEASURES.length) {
  showHeatmap();
}
showMatrix();
showHistogram();
showTensors();
