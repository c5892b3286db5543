const data = JSON.parse(document.getElementById("data").textContent);
const $ = (id) => document.getElementById(id);
const MOST_MODELS = 24;
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
