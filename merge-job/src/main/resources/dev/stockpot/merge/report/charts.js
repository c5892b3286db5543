// Elements are made one by one and text is set as text: names in the data are never read as markup.
const SVG = "http://www.w3.org/2000/svg";
const COLOURS = ["#2f7fd6", "#e0781f", "#35a06a", "#c0509a", "#8a6ff0", "#a58a1a", "#1d9aa6", "#d6504f"];

function element(name, attributes, ...children) {
  return fill(document.createElement(name), attributes, children);
}

function drawn(name, attributes, ...children) {
  return fill(document.createElementNS(SVG, name), attributes, children);
}

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "style") {
      Object.assign(node.style, value);
    } else {
      node.setAttribute(name, value);
    }
  }
  node.append(...children);
  return node;
}

function colourOf(vector, models) {
  return vector === models ? "var(--ink)" : COLOURS[vector % COLOURS.length];
}

/** A share of the way along the scale, as a colour of the present theme. */
function colour(value, scale) {
  if (value === null) {
    return "var(--none)";
  }
  if (scale.diverging) {
    const end = value < 0 ? "var(--negative)" : "var(--positive)";
    return `color-mix(in oklab, ${end} ${100 * Math.min(1, Math.abs(value))}%, var(--mid))`;
  }
  const share = scale.high > 0 ? Math.min(1, Math.max(0, value / scale.high)) : 0;
  return `color-mix(in oklab, var(--high) ${100 * share}%, var(--low))`;
}

/** From zero to what all but the few largest values reach. */
function scaleOf(values, diverging) {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  const high = sorted.length ? sorted[Math.floor(0.98 * (sorted.length - 1))] : 0;
  const most = sorted.length ? sorted[sorted.length - 1] : 0;
  return { diverging, high: high > 0 ? high : most, most };
}

const tip = document.getElementById("tip");

function explains(node, text) {
  node.addEventListener("mousemove", (event) => {
    tip.textContent = text();
    tip.style.display = "block";
    const left = Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 8);
    const below = event.clientY + 18;
    const fits = below + tip.offsetHeight < innerHeight;
    tip.style.left = left + "px";
    tip.style.top = (fits ? below : event.clientY - tip.offsetHeight - 10) + "px";
  });
  node.addEventListener("mouseleave", () => { tip.style.display = "none"; });
  return node;
}

/** Something that can be chosen, by a click or from the keyboard. */
function leads(node, chosen) {
  node.setAttribute("tabindex", "0");
  node.setAttribute("role", "button");
  node.classList.add("leads");
  node.addEventListener("click", chosen);
  node.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      chosen();
    }
  });
  return node;
}

function shortened(text, most) {
  return text.length <= most ? text : text.slice(0, most / 2 - 1) + "…" + text.slice(1 - most / 2);
}

/** Cells of rows by columns; a cell is {value, text} or undefined. */
function heatmap(rows, columns, cell, scale) {
  const longest = Math.max(...rows.map((row) => Math.min(row.length, 34)));
  const left = Math.max(60, 7 * longest + 10);
  const width = Math.max(9, Math.min(30, Math.floor((1130 - left) / columns.length)));
  const height = 24;
  const top = 18;
  const chart = drawn("svg", {
    width: left + columns.length * width + 4, height: top + rows.length * height + 4, role: "img",
    "aria-label": "Heat map of blocks by layers",
  });
  const step = [1, 2, 5, 10, 20, 50].find((every) => every * width >= 26) || 100;
  columns.forEach((column, x) => {
    if (x % step === 0) {
      chart.append(drawn("text", { x: left + (x + 0.5) * width, y: 12, "text-anchor": "middle" }, String(column)));
    }
  });
  rows.forEach((row, y) => {
    const label = drawn("text", { x: left - 8, y: top + y * height + 16, "text-anchor": "end", class: "strong" }, shortened(row, 34));
    chart.append(explains(label, () => row));
    columns.forEach((column, x) => {
      const found = cell(row, column);
      if (found) {
        const box = drawn("rect", {
          x: left + x * width + 0.5, y: top + y * height + 0.5, width: width - 1, height: height - 1,
          rx: 2, class: "cell", style: { fill: colour(found.value, scale) },
        });
        chart.append(leads(explains(box, () => found.text), found.chosen));
      }
    });
  });
  return element("div", { class: "scroll" }, chart);
}

function scaleLegend(scale, format) {
  const stops = [0, 0.25, 0.5, 0.75, 1];
  const at = (share) => scale.diverging ? 2 * share - 1 : share * scale.high;
  const strip = element("i", { style: {
    display: "inline-block", width: "140px", height: "10px", borderRadius: "3px",
    background: `linear-gradient(to right, ${stops.map((share) => colour(at(share), scale)).join(", ")})`,
  } });
  const end = format(at(1)) + (!scale.diverging && scale.most > scale.high ? " and more" : "");
  return element("p", { class: "quiet" }, format(at(0)), " ", strip, " ", end);
}

/** A square of values between every two names. */
function matrix(names, value, format) {
  const size = names.length > 12 ? 26 : 46;
  const words = names.map((name) => shortened(name, 20));
  const left = 16 + 7 * Math.max(...words.map((word) => word.length));
  const top = left; // names stand upright above their columns
  const chart = drawn("svg", { width: left + names.length * size, height: top + names.length * size, role: "img", "aria-label": "Cosines between models" });
  names.forEach((row, y) => {
    chart.append(explains(drawn("text", { x: left - 8, y: top + (y + 0.6) * size, "text-anchor": "end" }, words[y]), () => row));
    const above = drawn("text", { transform: `translate(${left + (y + 0.5) * size + 4},${top - 8}) rotate(-90)` }, words[y]);
    chart.append(explains(above, () => row));
    names.forEach((column, x) => {
      const cosine = value(y, x);
      const box = drawn("rect", {
        x: left + x * size + 1, y: top + y * size + 1, width: size - 2, height: size - 2, rx: 3, class: "cell",
        style: { fill: colour(cosine, { diverging: true }) },
      });
      chart.append(explains(box, () => `${row} and ${column}: ${format(cosine)}`));
      if (size > 30 && cosine !== null) {
        const label = drawn("text", { x: left + (x + 0.5) * size, y: top + (y + 0.5) * size + 4, "text-anchor": "middle", class: "strong" }, cosine.toFixed(2).replace("-0.00", "0.00"));
        label.style.pointerEvents = "none";
        if (Math.abs(cosine) > 0.5) {
          label.style.fill = "var(--card)";
        }
        chart.append(label);
      }
    });
  });
  return chart;
}

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

function powerOfTen(exponent) {
  const digits = [...String(Math.abs(exponent))].map((digit) => SUPERSCRIPTS[digit]).join("");
  return "10" + (exponent < 0 ? "⁻" : "") + digits;
}

/** Lines of shares over magnitudes; a vector is {first, shares, colour, dashed, name}. */
function histogram(vectors) {
  const width = 620, height = 260, left = 46, bottom = 30, top = 10;
  const seen = vectors.filter((vector) => vector.shares.length);
  if (!seen.length) {
    return element("p", { class: "quiet" }, "Nothing to show: all elements are zero.");
  }
  const low = Math.min(...seen.map((vector) => vector.first)) - 1;
  const high = Math.max(...seen.map((vector) => vector.first + vector.shares.length)) + 1;
  const most = Math.max(...seen.map((vector) => Math.max(...vector.shares)));
  const x = (exponent) => left + (width - left - 10) * (exponent - low) / (high - low);
  const y = (share) => height - bottom - (height - bottom - top) * share / most;
  const chart = drawn("svg", { viewBox: `0 0 ${width} ${height}`, width: "100%", role: "img", "aria-label": "Histogram of magnitudes" });
  const tick = [0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5].find((every) => most / every <= 5) || 0.5;
  for (let share = 0; share <= most; share += tick) {
    chart.append(drawn("line", { x1: left, x2: width - 10, y1: y(share), y2: y(share), class: "axis" }));
    chart.append(drawn("text", { x: left - 6, y: y(share) + 4, "text-anchor": "end" }, Math.round(100 * share) + " %"));
  }
  const decades = (high - low) / Math.log2(10);
  const every = Math.max(1, Math.ceil(decades / 9));
  for (let ten = Math.ceil(low / Math.log2(10)); ten * Math.log2(10) <= high; ten += every) {
    chart.append(drawn("text", { x: x(ten * Math.log2(10)), y: height - 10, "text-anchor": "middle" }, powerOfTen(ten)));
    chart.append(drawn("line", { x1: x(ten * Math.log2(10)), x2: x(ten * Math.log2(10)), y1: height - bottom, y2: height - bottom + 5, class: "axis" }));
  }
  for (const vector of seen) {
    let path = `M${x(vector.first)},${y(0)}`;
    vector.shares.forEach((share, i) => {
      path += `V${y(share)}H${x(vector.first + i + 1)}`;
    });
    const line = drawn("path", { d: path + `V${y(0)}`, style: { fill: "none", stroke: vector.colour, strokeWidth: "2", strokeDasharray: vector.dashed ? "5 3" : "none" } });
    chart.append(explains(line, () => vector.name));
  }
  return chart;
}

/** Lines over layers; a line is {name, colour, values, dashed}, and a value may be null. */
function curves(layers, lines, format) {
  const width = 1100, height = 190, left = 70, bottom = 24, top = 10;
  const values = lines.flatMap((line) => line.values).filter((value) => value !== null);
  if (!values.length) {
    return element("p", { class: "quiet" }, "Nothing is known of whole layers.");
  }
  const low = Math.min(0, ...values), high = Math.max(...values, low + 1e-12);
  const x = (place) => left + (width - left - 10) * (layers.length > 1 ? place / (layers.length - 1) : 0.5);
  const y = (value) => height - bottom - (height - bottom - top) * (value - low) / (high - low);
  const chart = drawn("svg", { viewBox: `0 0 ${width} ${height}`, width: "100%", role: "img", "aria-label": "Curves over the layers" });
  [0, 0.25, 0.5, 0.75, 1].map((share) => low + share * (high - low)).forEach((value) => {
    chart.append(drawn("line", { x1: left, x2: width - 10, y1: y(value), y2: y(value), class: "axis" }));
    chart.append(drawn("text", { x: left - 6, y: y(value) + 4, "text-anchor": "end" }, format(value)));
  });
  const every = Math.max(1, Math.ceil(layers.length / 24));
  layers.forEach((layer, place) => {
    if (place % every === 0) {
      chart.append(drawn("text", { x: x(place), y: height - 6, "text-anchor": "middle" }, String(layer)));
    }
  });
  for (const line of lines) {
    let path = "", isOpen = false;
    line.values.forEach((value, place) => {
      path += value === null ? "" : `${isOpen ? "L" : "M"}${x(place)},${y(value)}`;
      isOpen = value !== null;
    });
    chart.append(drawn("path", { d: path, style: { fill: "none", stroke: line.colour, strokeWidth: "2", strokeDasharray: line.dashed ? "5 3" : "none" } }));
    line.values.forEach((value, place) => {
      if (value !== null) {
        const dot = drawn("circle", { cx: x(place), cy: y(value), r: 3, style: { fill: line.colour } });
        chart.append(explains(dot, () => `${line.name}, layer ${layers[place]}: ${format(value)}`));
      }
    });
  }
  const legend = lines.length < 2 ? [] : [element("div", { class: "legend" }, ...lines.map((line) =>
    element("span", {}, element("i", { class: "dot", style: { background: line.colour } }), line.name)))];
  chart.style.minWidth = "560px"; // a phone scrolls
  return element("div", {}, ...legend, element("div", { class: "scroll" }, chart));
}
