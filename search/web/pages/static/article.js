// In an article: n and p, or j and k, go to the next and the previous match.
"use strict";
(() => {
  const marks = [...document.querySelectorAll(".story mark[id]")];
  const place = document.getElementById("place");
  if (!marks.length || !place) return;
  document.documentElement.classList.add("scripted");
  let at = -1;

  const show = () => {
    at = marks.findIndex((mark) => `#${mark.id}` === location.hash);
    place.textContent = at < 0 ? "" : `${at + 1} of `;
  };

  // Where nothing was gone to yet, it is from what one reads now.
  const nearest = (step) => {
    const middle = innerHeight / 2;
    const below = marks.findIndex((mark) => mark.getBoundingClientRect().top > middle);
    if (step > 0) return scrollY > 0 && below >= 0 ? below : 0;
    return below < 0 || !scrollY ? marks.length - 1 : Math.max(below - 1, 0);
  };

  const go = (step) => {
    const next = at < 0 ? nearest(step) : (at + step + marks.length) % marks.length;
    // One step back leads to where one came from, not through all matches.
    location.replace(`#${marks[next].id}`);
    show();
  };

  const steps = { n: 1, j: 1, p: -1, k: -1 };
  addEventListener("keydown", (event) => {
    const step = steps[event.key];
    const elsewhere = event.target.closest("input, textarea, select, dialog[open]");
    if (!step || elsewhere || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    go(step);
  });
  for (const [id, step] of [["previous", -1], ["next", 1]]) {
    document.getElementById(id).addEventListener("click", (event) => {
      event.preventDefault();
      go(step);
    });
  }
  addEventListener("hashchange", show);
  show();
})();
