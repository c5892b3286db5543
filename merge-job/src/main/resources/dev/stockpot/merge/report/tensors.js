const ROWS = 100;
const COLUMNS = [
  { name: "Tensor", value: (tensor) => tensor.name, format: (value) => value },
  { name: "type", value: (tensor) => tensor.type, format: (value) => value },
  { name: "shape", value: (tensor) => tensor.elements, format: (_, tensor) => tensor.shape },
  ...MEASURES.map((measure) => ({ name: measure.name, value: (tensor) => tensor.models ? measure.of([tensor], null) : null, format: measure.format })),
];
/** What the table shows; `cell` is the block of a layer that somebody chose in the heat map. */
const state = { column: null, descending: true, page: 0, cell: null };

function showRowsOf(cell) {
  state.cell = cell;
  state.page = 0;
  showTensors();
  $("tensors-section").scrollIntoView({ behavior: "smooth" });
}

function showTensors() {
  const wanted = $("filter").value.toLowerCase();
  const isOfCell = (tensor) => state.cell === null || (tensor.block === state.cell.block && tensor.layer === state.cell.layer);
  $("cell").hidden = state.cell === null;
  $("cell").textContent = state.cell === null ? "" : `only ${state.cell.block}${state.cell.layer === null ? "" : ", layer " + state.cell.layer}  ×`;
  let rows = data.tensors.filter((tensor) => isOfCell(tensor) && tensor.name.toLowerCase().includes(wanted));
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
