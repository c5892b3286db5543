/** What became of a trial: failed, accepted, rejected, or merely scored. */
function outcomeOf(trial) {
  return trial.worth === undefined ? "failed" : trial.verdict || "scored";
}

const OUTCOME_COLOURS = { accepted: "#35a06a", rejected: "#d6504f", failed: "var(--quiet)" };

function outcomeColour(outcome) {
  return OUTCOME_COLOURS[outcome] || "#2f7fd6";
}

/**
 * The best worth up to each trial; null before the first that was scored. Scores on another number of examples begin
 * anew.
 */
function bestSoFar(trials) {
  let best = null, budget;
  return trials.map((trial) => {
    if (trial.budget !== budget) {
      best = null;
      budget = trial.budget;
    }
    best = trial.worth === undefined ? best : best === null ? trial.worth : Math.max(best, trial.worth);
    return best;
  });
}

/** Whether trials are the points of a path between models. */
function isPath(trials) {
  return trials.length > 0 && trials[0].t !== undefined;
}

/** The straight line between what the ends of a path are worth; null if one of them could not be scored. */
function straight(trials) {
  const begin = trials.find((trial) => trial.t === 0), end = trials.find((trial) => trial.t === 1);
  return begin && end && begin.worth !== undefined && end.worth !== undefined
    ? (t) => (1 - t) * begin.worth + t * end.worth : null;
}

/** The point that lies deepest below the straight line; none if no point does. */
function deepest(trials) {
  const line = straight(trials);
  const below = (trial) => line(trial.t) - trial.worth;
  return line === null ? undefined
    : trials.filter((trial) => trial.worth !== undefined && below(trial) > 0).sort((one, other) => below(other) - below(one))[0];
}

/** Points of worth over the number of the trial, with standard errors, and the best so far as a line. Of a path: over its way,
 *  with the straight line between its ends and the barrier. */
function course(trials) {
  const width = 1100, height = 280, left = 70, bottom = 34, top = 12, right = 14;
  const scored = trials.filter((trial) => trial.worth !== undefined);
  const reach = (trial, sign) => trial.worth + sign * (trial.stderr || 0);
  const low = Math.min(...scored.map((trial) => reach(trial, -1)));
  const high = Math.max(...scored.map((trial) => reach(trial, 1)));
  const room = high > low ? (high - low) * 0.06 : Math.abs(high) * 0.05 || 1;
  const along = (share) => left + (width - left - right) * share;
  const x = (place) => isPath(trials) ? along(0.02 + 0.96 * trials[place].t) : along((place + 0.5) / trials.length);
  const y = (worth) => height - bottom - (height - bottom - top) * (worth - low + room) / (high - low + 2 * room);
  const chart = drawn("svg", { viewBox: `0 0 ${width} ${height}`, width: "100%", role: "img", "aria-label": "Worth of each trial" });
  for (let step = 0; step <= 4; step++) {
    const worth = low + (high - low) * step / 4;
    chart.append(drawn("line", { x1: left, x2: width - right, y1: y(worth), y2: y(worth), class: "axis" }));
    chart.append(drawn("text", { x: left - 8, y: y(worth) + 4, "text-anchor": "end" }, worth.toPrecision(4)));
  }
  const every = Math.max(1, Math.ceil(trials.length / 20));
  trials.forEach((trial, place) => {
    if (place % every === 0) {
      const label = isPath(trials) ? String(Number(trials[place].t.toPrecision(3))) : String(place + 1);
      chart.append(drawn("text", { x: x(place), y: height - 12, "text-anchor": "middle" }, label));
    }
  });
  let line = "";
  const chord = isPath(trials) ? straight(trials) : null;
  if (chord) {
    line = `M${along(0.02)},${y(chord(0))}L${along(0.98)},${y(chord(1))}`;
  }
  (isPath(trials) ? [] : bestSoFar(trials)).forEach((best, place) => {
    if (best !== null) {
      line += line && trials[place].budget === trials[place - 1].budget ? `H${x(place)}V${y(best)}` : `M${x(place)},${y(best)}`;
    }
  });
  chart.append(drawn("path", { d: line, style: { fill: "none", stroke: "var(--quiet)", strokeWidth: "1.5", strokeDasharray: "4 3" } }));
  const lowest = isPath(trials) ? deepest(trials) : undefined;
  if (lowest) {
    const place = trials.indexOf(lowest);
    const barrier = drawn("line", { x1: x(place), x2: x(place), y1: y(chord(lowest.t)), y2: y(lowest.worth), style: { stroke: "#d6504f", strokeWidth: "3" } });
    chart.append(explains(barrier, () => `barrier: ${number(chord(lowest.t) - lowest.worth)}`));
  }
  trials.forEach((trial, place) => {
    const outcome = outcomeOf(trial);
    const tells = () => `${place + 1}: ${trial.what}: ` +
      (outcome === "failed" ? trial.failure : number(trial.worth) + (trial.stderr ? " ± " + number(trial.stderr) : "") + ` (${outcome})`);
    if (outcome === "failed") {
      const mark = drawn("text", { x: x(place), y: height - bottom - 4, "text-anchor": "middle" }, "×");
      chart.append(explains(mark, tells));
      return;
    }
    if (trial.stderr) {
      chart.append(drawn("line", { x1: x(place), x2: x(place), y1: y(reach(trial, -1)), y2: y(reach(trial, 1)), style: { stroke: outcomeColour(outcome) } }));
    }
    const point = drawn("circle", { cx: x(place), cy: y(trial.worth), r: 5, class: "cell", style: { fill: outcomeColour(outcome) } });
    chart.append(explains(point, tells));
  });
  return chart;
}

/** Two metrics of trials against each other; those that no other is better than by every metric are marked. */
function frontOf(trials, names) {
  const width = 640, height = 360, left = 84, bottom = 48, top = 12, right = 20;
  const placed = trials.filter((trial) => trial.measures && names.every((name) => name in trial.measures));
  const scale = (name, from, to) => {
    const values = placed.map((trial) => trial.measures[name]);
    const low = Math.min(...values), high = Math.max(...values);
    return [low, high, (value) => high > low ? from + (to - from) * (value - low) / (high - low) : (from + to) / 2];
  };
  const [lowX, highX, x] = scale(names[0], left, width - right);
  const [lowY, highY, y] = scale(names[1], height - bottom, top);
  const chart = drawn("svg", { viewBox: `0 0 ${width} ${height}`, width: "100%", style: { maxWidth: width + "px" }, role: "img", "aria-label": `${names[1]} over ${names[0]}` });
  for (let step = 0; step <= 4; step++) {
    const atX = lowX + (highX - lowX) * step / 4, atY = lowY + (highY - lowY) * step / 4;
    chart.append(drawn("line", { x1: left, x2: width - right, y1: y(atY), y2: y(atY), class: "axis" }));
    chart.append(drawn("text", { x: left - 8, y: y(atY) + 4, "text-anchor": "end" }, atY.toPrecision(4)));
    chart.append(drawn("text", { x: x(atX), y: height - bottom + 18, "text-anchor": "middle" }, atX.toPrecision(4)));
  }
  chart.append(drawn("text", { x: (left + width) / 2, y: height - 8, "text-anchor": "middle" }, `${names[0]} (up: ${names[1]})`));
  placed.forEach((trial) => {
    const colour = trial.front ? OUTCOME_COLOURS.accepted : "var(--quiet)";
    const point = drawn("circle", { cx: x(trial.measures[names[0]]), cy: y(trial.measures[names[1]]), r: trial.front ? 6 : 4, class: "cell", style: { fill: colour } });
    chart.append(explains(point, () => `${trials.indexOf(trial) + 1}: ${trial.what}: ` + names.map((name) => `${name} ${number(trial.measures[name])}`).join(", ")));
  });
  return chart;
}

function showFront(trials) {
  const front = trials.filter((trial) => trial.front);
  if (!front.length) {
    return;
  }
  const names = Object.keys(front[0].measures);
  $("front").append(
    element("p", { class: "quiet" }, `${front.length} of ${trials.length} candidates are on the Pareto front: no other one is better by every metric.`),
    frontOf(trials, names.slice(0, 2)));
}

function showChoice() {
  const trials = data.trials;
  if (!trials.length) {
    return;
  }
  $("choice").hidden = false;
  const scored = trials.filter((trial) => trial.worth !== undefined);
  const best = scored.reduce((one, other) => other.worth > one.worth ? other : one);
  const count = (outcome) => trials.filter((trial) => outcomeOf(trial) === outcome).length;
  if (isPath(trials)) {
    $("choice-title").textContent = "The path";
    $("choice-note").textContent =
      `${trials.length} points, t from the first model to the last. More is better; dashed is the straight line between the ends, ` +
      "in red the barrier: how far below that line the path falls. The best " + `${number(best.worth)}${best.stderr ? " ± " + number(best.stderr) : ""}: ${best.what}.`;
  } else {
    $("choice-note").textContent =
      `${trials.length} candidates: ` +
      ["accepted", "rejected", "failed"].filter((outcome) => count(outcome)).map((outcome) => `${count(outcome)} ${outcome}, `).join("") +
      `the best ${number(best.worth)}${best.stderr ? " ± " + number(best.stderr) : ""}: ${best.what}. More is better; the line is the best so far.` +
      (best.stderr && scored.some((trial) => trial !== best && best.worth - trial.worth < best.stderr)
        ? " Others are within its standard error: the choice among them is luck in part." : "");
  }
  $("course").append(course(trials));
  showFront(trials);
  const head = element("tr", {}, ...["What", "number", "worth", "standard error", "outcome"].map((name) => element("th", {}, name)));
  const rows = trials.map((trial, place) => element("tr", {},
    element("td", { title: trial.what }, trial.what),
    element("td", {}, String(place + 1)),
    element("td", {}, number(trial.worth)),
    element("td", {}, number(trial.stderr)),
    element("td", {}, trial.failure || outcomeOf(trial))));
  $("trials").replaceChildren(head, ...rows);
}

/** A soup beside others by their scores, and beside ensembles of the same models by their predictions. */
function showAlternatives() {
  const rows = data.alternatives;
  if (!rows.length) {
    return;
  }
  $("answers").hidden = false;
  const metrics = [...new Set(rows.map((row) => row.metric).filter(Boolean))];
  $("answers-note").textContent = "A soup answers at the cost of one model, an ensemble at that of all of its models. Scores are the evaluator's" +
    `${metrics.length === 1 ? ` (${metrics[0]})` : ""}; all else comes from tables of predictions.`;
  const digits = (value) => value === undefined || value === null ? "–" : value.toFixed(4);
  const head = ["", "models an example", "score", "standard error", "accuracy", "NLL", "Brier", "ECE"];
  $("alternatives").replaceChildren(
    element("tr", {}, ...head.map((name) => element("th", {}, name))),
    ...rows.map((row) => element("tr", {},
      element("td", { title: row.of }, row.what + (row.of && !row.of.includes(" + ") ? `: ${shortened(row.of.split("/").filter(Boolean).pop(), 40)}` : "")),
      element("td", {}, String(row.models)),
      element("td", { title: row.failure || "" }, row.failure ? "failed" : digits(row.score)),
      ...["stderr", "accuracy", "nll", "brier", "ece"].map((name) => element("td", {}, digits(row[name]))))));
}

/** Without a merge there are no tensors to tell of. */
function hideTensors() {
  if (!data.tensors.length && data.trials.length) {
    document.querySelectorAll("section:not(#choice):not(#recipe-section)").forEach((section) => { section.hidden = true; });
    $("method-box").hidden = true;
  }
}

showChoice();
showAlternatives();
hideTensors();
