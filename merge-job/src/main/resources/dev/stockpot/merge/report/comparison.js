// Another report, chosen from the reader's disk, beside this one. Nothing is sent anywhere.

/** The numbers of a report's page; null where a file is none. */
function numbersOf(text) {
  const script = new DOMParser().parseFromString(text, "text/html").getElementById("data");
  try {
    const other = JSON.parse(script.textContent);
    return Array.isArray(other.tensors) && Array.isArray(other.models) ? other : null;
  } catch {
    return null; // the page says so
  }
}

async function compareWith(file) {
  const other = file ? numbersOf(await file.text()) : null;
  if (other === null) {
    $("comparison").replaceChildren(element("p", {}, file ? `${file.name} is no report of Stockpot; choose a report.html.` : ""));
    return;
  }
  const theirs = other.tensors.filter((tensor) => tensor.models);
  const rows = MEASURES.map((measure) => [measure, measure.of(observed, null), measure.of(theirs, null)])
    .filter(([, here, there]) => here !== null || there !== null);
  const table = element("table", {},
    element("tr", {}, ...["", "this report", "the other", "difference"].map((word) => element("th", {}, word))),
    ...rows.map(([measure, here, there]) => element("tr", {}, element("td", {}, measure.name),
      ...[here, there, here === null || there === null ? null : there - here].map((value) => element("td", {}, measure.format(value))))));
  const mine = new Set(data.tensors.map((tensor) => tensor.name)), others = new Set(other.tensors.map((tensor) => tensor.name));
  const alone = [...mine].filter((name) => !others.has(name)).length, more = [...others].filter((name) => !mine.has(name)).length;
  const words = [`The other: ${other.method}${other.parameters ? ` (${other.parameters})` : ""}, ${other.models.length} models${other.base ? " on " + other.base : ""}.`];
  if (alone + more > 0) {
    words.push(`${alone} tensors are in this one alone, ${more} in the other.`);
  }
  if (data.hasBase !== other.hasBase) {
    words.push("One of them has a base and the other none: lengths mean other things.");
  }
  $("comparison").replaceChildren(element("p", {}, words.join(" ")), element("div", { class: "scroll" }, table), ...layersBeside(theirs));
}

/** How far each layer is changed, here and there. */
function layersBeside(theirs) {
  const measure = MEASURES.find((one) => one.name === "size of the merged change") || MEASURES[0];
  const layers = [...new Set([...observed, ...theirs].map((tensor) => tensor.layer))].filter((layer) => layer !== null).sort((a, b) => a - b);
  if (layers.length < 2 || measure === undefined) {
    return [];
  }
  const line = (tensors) => layers.map((layer) => measure.of(tensors.filter((tensor) => tensor.layer === layer), null));
  return [element("p", { class: "quiet" }, `By layer: ${measure.name}.`), curves(layers, [
    { name: "this report", colour: COLOURS[0], values: line(observed) },
    { name: "the other", colour: COLOURS[1], values: line(theirs), dashed: true }], measure.format)];
}
