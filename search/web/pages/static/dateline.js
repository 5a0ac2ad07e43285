// What the page does better with a script. Everything works without it.
"use strict";

(() => {
  const field = document.getElementById("q");

  // -- keys

  const typing = (target) => target.closest("input, select, textarea, [contenteditable], dialog");
  const hits = [...document.querySelectorAll(".hit")];
  let here = -1;

  function moveTo(number) {
    if (number < 0 || number >= hits.length) return;
    hits[here]?.classList.remove("here");
    here = number;
    hits[here].classList.add("here");
    const link = hits[here].querySelector("a");
    link.focus({ preventScroll: true });
    hits[here].scrollIntoView({ block: "nearest" });
  }

  for (const [number, hit] of hits.entries()) {
    hit.addEventListener("focusin", () => {
      hits[here]?.classList.remove("here");
      here = number;
      hit.classList.add("here");
    });
  }

  const keys = document.getElementById("keys");

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (event.key === "/" && field) {
      event.preventDefault();
      field.focus();
      field.select();
    } else if (event.key === "?" && keys) {
      event.preventDefault();
      keys.showModal();
    } else if (event.key === "j" && hits.length) {
      moveTo(here + 1);
    } else if (event.key === "k" && hits.length) {
      moveTo(here - 1);
    }
  });

  keys?.addEventListener("click", (event) => {
    if (event.target === keys) keys.close();
  });

  // Of a long query, the place that is wrong is shown.
  document.querySelector(".wrong")?.scrollIntoView({ block: "nearest", inline: "center" });

  // -- completion

  // Arrows put a completion into the field, so that Enter always searches for what stands there.
  function complete(input) {
    const form = input.form;
    const list = document.createElement("ul");
    list.id = "completions";
    list.className = "completions";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "Completions");
    list.hidden = true;
    form.append(list);
    const attributes = {
      "role": "combobox",
      "aria-autocomplete": "list",
      "aria-controls": list.id,
      "aria-expanded": "false",
    };
    for (const [name, value] of Object.entries(attributes)) input.setAttribute(name, value);

    let typed = input.value;
    let found = [];
    let chosen = -1;
    let asking = null;
    let timer = 0;

    function close() {
      clearTimeout(timer);
      asking?.abort();
      list.hidden = true;
      chosen = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    }

    function choose(number) {
      list.children[chosen]?.removeAttribute("aria-selected");
      chosen = number;
      input.value = chosen < 0 ? typed : found[chosen].query;
      if (chosen < 0) {
        input.removeAttribute("aria-activedescendant");
        return;
      }
      const option = list.children[chosen];
      option.setAttribute("aria-selected", "true");
      option.scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", option.id);
    }

    function item(one, number) {
      const option = document.createElement("li");
      option.id = `completion-${number}`;
      option.setAttribute("role", "option");
      const text = document.createElement("bdi");
      text.textContent = one.text;
      const about = document.createElement("span");
      about.textContent = `${one.field || "word"}, ${one.count.toLocaleString("en")}`;
      option.append(text, about);
      option.addEventListener("mousedown", (event) => event.preventDefault());
      option.addEventListener("click", () => {
        choose(number);
        form.requestSubmit();
      });
      return option;
    }

    function show(suggestions) {
      found = suggestions.filter((one) => one.query !== input.value);
      if (!found.length || document.activeElement !== input) return close();
      list.replaceChildren(...found.map(item));
      chosen = -1;
      list.hidden = false;
      input.setAttribute("aria-expanded", "true");
    }

    async function ask() {
      asking?.abort();
      asking = new AbortController();
      const address = `${form.dataset.suggest}?limit=8&q=${encodeURIComponent(typed)}`;
      try {
        const answer = await fetch(address, { signal: asking.signal });
        if (answer.ok) show((await answer.json()).suggestions);
      } catch (problem) {
        // Without completions the field is still a field.
        if (problem.name !== "AbortError") close();
      }
    }

    input.addEventListener("input", () => {
      typed = input.value;
      clearTimeout(timer);
      if (typed.trim().length < 2) return close();
      timer = setTimeout(ask, 120);
    });

    input.addEventListener("keydown", (event) => {
      if (list.hidden || event.isComposing) return;
      const last = found.length - 1;
      if (event.key === "ArrowDown") {
        event.preventDefault();
        choose(chosen === last ? -1 : chosen + 1);
      } else if (event.key === "ArrowUp") {
        event.preventDefault();
        choose(chosen < 0 ? last : chosen - 1);
      } else if (event.key === "Escape") {
        event.preventDefault();
        input.value = typed;
        close();
      }
    });

    input.addEventListener("blur", close);
    form.addEventListener("submit", close);
  }

  if (field) complete(field);

  // -- timeline

  // One stop for the keyboard, arrows within; a drag takes all bars that it goes over.
  function timeline(drawing) {
    const slots = [...drawing.querySelectorAll(".slot")];
    const links = slots.filter((slot) => slot.matches("a"));
    if (!links.length) return;
    links[0].setAttribute("tabindex", "0");

    function focus(link) {
      for (const each of links) each.setAttribute("tabindex", each === link ? "0" : "-1");
      link.focus();
    }

    drawing.addEventListener("keydown", (event) => {
      const at = links.indexOf(event.target.closest("a"));
      const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: links.length - 1 }[event.key];
      if (at < 0 || to === undefined) return;
      event.preventDefault();
      if (links[to]) focus(links[to]);
    });

    let from = -1;
    let until = -1;
    let dragged = false;

    function slotAt(x) {
      const box = drawing.getBoundingClientRect();
      const place = Math.floor(((x - box.left) / box.width) * slots.length);
      return Math.max(0, Math.min(slots.length - 1, place));
    }

    function mark() {
      const [low, high] = [Math.min(from, until), Math.max(from, until)];
      slots.forEach((slot, place) => {
        slot.classList.toggle("chosen", dragged && low <= place && place <= high);
      });
    }

    function end() {
      from = until = -1;
      mark();
      dragged = false;
    }

    drawing.addEventListener("dragstart", (event) => event.preventDefault());

    drawing.addEventListener("pointerdown", (event) => {
      if (event.button || !event.isPrimary) return;
      from = until = slotAt(event.clientX);
      dragged = false;
    });

    drawing.addEventListener("pointermove", (event) => {
      if (from < 0) return;
      const place = slotAt(event.clientX);
      if (!dragged && place === from) return;
      if (!dragged) drawing.setPointerCapture(event.pointerId);
      dragged = true;
      until = place;
      mark();
    });

    drawing.addEventListener("pointerup", () => {
      if (!dragged) return end();
      const [low, high] = [Math.min(from, until), Math.max(from, until)];
      const to = new URL(drawing.dataset.to, location.href);
      to.searchParams.set("from", slots[low].dataset.since);
      to.searchParams.set("to", slots[high].dataset.until);
      location.assign(to);
    });

    // What ends a drag is no click on the bar that it ends over.
    drawing.addEventListener("click", (event) => {
      if (dragged) event.preventDefault();
    }, true);

    // Back from where a drag led to, nothing is chosen.
    addEventListener("pageshow", end);
    for (const name of ["pointercancel", "lostpointercapture"]) {
      drawing.addEventListener(name, () => { if (!dragged) end(); });
    }
  }

  for (const drawing of document.querySelectorAll(".bars")) timeline(drawing);
})();
