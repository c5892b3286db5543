// What the numbers say, in words. Bounds are those of the verdicts of `diff` and `advise`, where these have one.
const MOST_PAIRS = 10;

/** What a cosine of two task vectors, or of two models where there is no base, says of them. */
function relation(cosine) {
  const bounds = data.hasBase
    ? [[0.9, "nearly the same change"], [0.5, "changes of one kind, as from one run or the same data"],
      [0.1, "changes that share a part"], [-0.1, "unrelated changes, which can be added"], [-1.01, "changes that pull against each other"]]
    : [[0.99, "the same up to small changes"], [0.8, "models of one start, which can be averaged"],
      [0.3, "models that have gone far from each other"],
      [-1.01, "models that were trained apart, of which an average makes no sense before their units are aligned"]];
  return bounds.find(([least]) => cosine >= least)[1];
}

function pairs() {
  const shown = data.models.slice(0, MOST_MODELS);
  return shown.flatMap((_, a) => shown.slice(a + 1).map((_, place) => {
    const b = a + 1 + place;
    const both = observed.filter((tensor) => of(tensor, a) && of(tensor, b));
    return { a, b, cosine: cosine(both, a, b) };
  })).filter((pair) => pair.cosine !== null).sort((one, other) => other.cosine - one.cosine);
}

function sentences() {
  const found = [];
  const count = data.models.length;
  const shared = conflicts(observed);
  if (data.hasBase && count > 1 && shared !== null) {
    const unrelated = 1 - Math.pow(2, 1 - count);
    const verdict = shared < 0.5 * unrelated ? "they mostly agree" : shared <= unrelated ? "they agree little more than chance" : "they work against each other";
    found.push(`Unrelated vectors would have ${percent(unrelated)} sign conflicts; these have ${percent(shared)}: ${verdict}.`);
  }
  const drowned = lost(observed);
  if (drowned !== null && drowned > 0.01) {
    found.push(`${percent(drowned)} of the elements that the merge changes are stored as in the base: the changes are smaller than the steps of the type. ` +
      "Write float32, or round stochastically (setting rounding), to keep them.");
  }
  const whole = result(observed);
  const single = data.models.map((_, model) => changes(observed.filter((tensor) => of(tensor, model)), model)).filter((value) => value !== null);
  if (data.hasBase && whole !== null && single.length > 1) {
    const mean = sum(single, (value) => value) / single.length;
    found.push(`The merge is ${percent(whole)} of the base's length from the base, its models ${percent(mean)} on average.`);
  }
  const none = observed.length ? sum(observed, (tensor) => tensor.nonfinite || 0) : 0;
  if (none > 0) {
    found.push(`${none} elements are NaN or infinite: see the notices above, and the column "not finite" below.`);
  }
  return found;
}

function showVerdicts() {
  const all = pairs();
  const told = sentences();
  const some = all.length <= MOST_PAIRS ? all : [...all.slice(0, MOST_PAIRS / 2), ...all.slice(-MOST_PAIRS / 2)];
  const items = [...told, ...some.map((pair) => `${names[pair.a]} and ${names[pair.b]}: ${relation(pair.cosine)} (cosine ${number(pair.cosine)}).`)];
  if (all.length > some.length) {
    items.push(`These are the ${some.length} of ${all.length} pairs that are nearest and farthest; the matrix below has all.`);
  }
  $("verdicts-section").hidden = items.length === 0;
  $("verdicts").replaceChildren(...items.map((text) => element("li", {}, text)));
}
