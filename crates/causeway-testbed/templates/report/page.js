(() => {
  const pointed = document.getElementById("pointed");
  const say = (text) => { pointed.textContent = text; };
  const matrix = document.querySelector(".matrix");
  if (matrix) {
    pointed.hidden = false;
    const rest = "Point at a sign, or move through the cells with the arrow keys, to read its case.";
    say(rest);
    const rows = [...matrix.querySelectorAll("tbody tr:not(.scenario)")].map((row) => [...row.querySelectorAll("td:not(.total)")]);
    const heads = [...matrix.querySelectorAll(".heads th span")].map((head) => head.textContent);
    const describe = (cell) => {
      const place = rows.findIndex((row) => row.includes(cell));
      const column = rows[place].indexOf(cell);
      const name = cell.parentElement.querySelector("th").title;
      const words = cell.querySelector(".unseen")?.textContent || "not a case";
      say(`${name}, ${heads[column]}: ${words}`);
    };
    rows.flat().forEach((cell, number) => { cell.tabIndex = number ? -1 : 0; });
    matrix.addEventListener("pointerover", (event) => {
      const sign = event.target.closest("use");
      if (sign) say(sign.querySelector("title").textContent);
    });
    matrix.addEventListener("focusin", (event) => {
      const link = event.target.closest("a");
      if (link) return say(link.getAttribute("aria-label"));
      if (event.target.matches("tbody td")) describe(event.target);
    });
    matrix.addEventListener("keydown", (event) => {
      const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
      const step = steps[event.key];
      const cell = event.target.closest("td");
      if (!step || !cell) return;
      const place = rows.findIndex((row) => row.includes(cell));
      if (place < 0) return;
      const next = rows[place + step[0]]?.[rows[place].indexOf(cell) + step[1]];
      if (!next) return;
      event.preventDefault();
      cell.tabIndex = -1;
      next.tabIndex = 0;
      next.focus();
    });
  }
  const cases = [...document.querySelectorAll(".case")];
  const open = () => {
    const wanted = document.getElementById(location.hash.slice(1));
    if (wanted?.matches(".case")) { wanted.hidden = false; wanted.open = true; wanted.scrollIntoView(); }
  };
  addEventListener("hashchange", open);
  open();
  const filter = document.getElementById("filter");
  if (filter && cases.length > 1) {
    filter.hidden = false;
    const [input, shown] = [document.getElementById("wanted"), document.getElementById("shown")];
    const sift = () => {
      const text = input.value.trim().toLowerCase();
      cases.forEach((one) => { one.hidden = !one.querySelector("summary").textContent.toLowerCase().includes(text); });
      shown.textContent = `${cases.filter((one) => !one.hidden).length} of ${cases.length}`;
    };
    input.addEventListener("input", sift);
    sift();
  }
})();
