// Written by proofsheet export. Search in the index, and buttons that copy; the pages are whole without it.
(() => {
  "use strict";

  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

  // ---- search ----

  const form = document.getElementById("search");
  if (form) {
    const query = document.getElementById("query");
    const hits = document.getElementById("hits");
    const entries = [...document.querySelectorAll(".entry")].map((item) => ({
      item,
      words: plain(item.dataset.search + " " + item.querySelector("h2").textContent),
    }));
    const show = () => {
      const wanted = plain(query.value).split(/\s+/).filter(Boolean);
      let count = 0;
      for (const { item, words } of entries) {
        item.hidden = !wanted.every((word) => words.includes(word));
        count += item.hidden ? 0 : 1;
      }
      hits.textContent = wanted.length ? `${count} of ${entries.length} found` : "";
    };
    form.hidden = false;
    form.addEventListener("submit", (event) => event.preventDefault());
    query.addEventListener("input", show);
    show(); // a browser may have kept what was typed before
  }

  // ---- what scrolls in its own box can be reached by the keyboard ----

  const reachable = () => {
    for (const box of document.querySelectorAll(".formula > div, main p, main h3, main dd, main li, .reason, .wide, pre")) {
      if (box.scrollWidth > box.clientWidth + 1 && /auto|scroll/.test(getComputedStyle(box).overflowX)) box.tabIndex = 0;
      else if (!box.matches(".wide, pre")) box.removeAttribute("tabindex");
    }
  };
  reachable();
  addEventListener("resize", reachable);

  // ---- copying ----

  const copied = document.getElementById("copied");
  let fading = 0;
  const tell = (text) => {
    copied.textContent = text;
    copied.classList.add("shown");
    clearTimeout(fading);
    fading = setTimeout(() => copied.classList.remove("shown"), 2500);
  };

  const copyByHand = (text) => {
    const area = document.createElement("textarea");
    area.value = text;
    area.setAttribute("readonly", "");
    area.className = "spoken";
    document.body.append(area);
    const focused = document.activeElement;
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    focused?.focus();
    return done;
  };

  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return copyByHand(text);
    }
  };

  const button = (form, name, text) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "copy";
    made.dataset.form = form;
    made.textContent = form;
    made.setAttribute("aria-label", `${form}: copy ${name}`);
    made.addEventListener("click", async () => {
      tell((await copy(text())) ? `${name[0].toUpperCase()}${name.slice(1)} copied as ${form}` : "The browser did not let us copy");
    });
    return made;
  };

  for (const place of document.querySelectorAll("[data-latex], [data-text]")) {
    const tools = document.createElement("span");
    tools.className = "tools";
    const { latex, sympy, text, name } = place.dataset;
    const own = place.closest("section[id^=corollary-]");
    const whole = own ? `${name} of the corollary ${own.querySelector("h3").textContent}` : name;
    if (latex) tools.append(button("LaTeX", whole, () => latex));
    if (sympy) tools.append(button("SymPy", whole, () => sympy));
    if (text) tools.append(button(text, whole, () => place.textContent));
    if (place.matches("pre")) place.before(tools);
    else (place.querySelector(".reason") ?? place).append(tools);
  }
})();
