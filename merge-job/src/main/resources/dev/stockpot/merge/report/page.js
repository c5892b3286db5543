const MOST_BLOCKS = 40, MOST_OUTSIDE = 36;

function showHeading() {
  const count = data.models.length;
  const folder = decodeURIComponent(location.pathname).split("/").slice(-3)[0]; // NAME/report/report.html
  $("title").textContent = folder ? `${data.title}: ${folder}` : data.title;
  $("subtitle").textContent = [
    data.method + (data.parameters ? ` (${data.parameters})` : ""),
    `${count} ${count === 1 ? "model" : "models"}` + (data.base ? " on " + data.base : ""),
    data.version ? "Stockpot " + data.version : "",
    location.protocol === "file:" ? "written " + new Date(document.lastModified).toLocaleString() : "",
  ].filter(Boolean).join(" · ");
  document.title = $("title").textContent;
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
  const told = data.modelParameters.some(Boolean);
  table.append(element("tr", {}, element("th", {}, "Model"), ...(told ? [element("th", {}, "parameters")] : []), ...measures.map((measure) => element("th", {}, measure.name))));
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
    const parameters = told ? [element("td", { class: "words" }, data.modelParameters[model] || "–")] : [];
    table.append(element("tr", {}, name, ...parameters, ...cells));
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
    const cell = { block: tensors[0].block, layer: tensors[0].layer };
    const text = `${place}: ${measure.format(value)}` + (tensors.length > 1 ? ` (${tensors.length} tensors)` : "");
    return { value, text, chosen: () => showRowsOf(cell) };
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
      return leads(explains(node, () => box.text), box.chosen);
    });
    if (apart.length > MOST_OUTSIDE) {
      shown.push(element("span", { class: "quiet" }, `and ${apart.length - MOST_OUTSIDE} more in the table below`));
    }
    parts.push(element("div", { class: "outside" }, element("span", { class: "quiet" }, "Outside the layers:"), ...shown));
  }
  $("heatmap").replaceChildren(...parts);
  showCurves(measure, model, columns);
}

/** The measure of each layer as a whole, of each model where that makes sense. */
function showCurves(measure, model, layers) {
  const at = (chosen) => layers.map((layer) => measure.of(observed.filter((tensor) => tensor.layer === layer && (chosen === null || of(tensor, chosen))), chosen));
  const chosen = !measure.perModel ? [null] : model !== null ? [model] : data.models.map((_, i) => i).slice(0, COLOURS.length);
  const lines = chosen.map((one) => ({
    name: one === null ? measure.name : names[one], colour: one === null ? "var(--ink)" : colourOf(one, RESULT), values: at(one) }));
  $("curves").replaceChildren(...(layers.length > 1 ? [curves(layers, lines, measure.format)] : []));
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

function choose(select, options, changed) {
  options.forEach(([value, text]) => select.append(element("option", { value }, text)));
  select.addEventListener("change", changed);
}

showHeading();
showVerdicts();
showModels();
choose($("measure"), MEASURES.map((measure, i) => [i, measure.name]), showHeatmap);
choose($("model"), [["", "all models together"], ...names.map((name, i) => [i, name])], showHeatmap);
choose($("layer"), [["", "all"], ...data.histograms.map((one) => [one.layer, one.layer === "outside" ? "outside the layers" : "layer " + one.layer])], showHistogram);
$("filter").addEventListener("input", () => { state.page = 0; showTensors(); });
$("cell").addEventListener("click", () => showRowsOf(null));
$("previous").addEventListener("click", () => { state.page--; showTensors(); });
$("next").addEventListener("click", () => { state.page++; showTensors(); });
if (MEASURES.length) {
  showHeatmap();
}
showMatrix();
showHistogram();
showTensors();
$("other").addEventListener("change", () => compareWith($("other").files[0]));
