"use strict";
// Keeps the page alive: the server sends each part again when it has changed, and what is new in it is put in place, so that
// focus, selection and what is unfolded stay.
(() => {
  const state = document.getElementById("state");
  const tell = (text, name) => { if (state.textContent !== text) { state.textContent = text; state.className = name; } };

  // Makes one node like another. Children with an id are found by it, the others by their place.
  function morph(old, wanted) {
    if (old.nodeType !== Node.ELEMENT_NODE) {
      if (old.data !== wanted.data) old.data = wanted.data;
      return;
    }
    if (old.dataset.keep) return; // the reader's own
    for (const { name } of [...old.attributes]) if (!wanted.hasAttribute(name) && name !== "open") old.removeAttribute(name);
    for (const { name, value } of wanted.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    morphChildren(old, wanted);
  }
  function morphChildren(old, wanted) {
    let next = old.firstChild;
    for (const child of [...wanted.childNodes]) {
      const known = child.id && [...old.children].find((one) => one.id === child.id);
      if (known && known !== next) old.insertBefore(known, next);
      const match = known || (next && !next.id && !child.id && next.nodeName === child.nodeName ? next : null);
      if (match) {
        morph(match, child);
        next = match.nextSibling;
      } else {
        old.insertBefore(child, next);
      }
    }
    while (next) [next] = [next.nextSibling, next.remove()];
  }

  // Times as this machine's clock has them, whatever the daemon's zone is.
  function localize(root) {
    for (const time of root.querySelectorAll("time[datetime]")) {
      const at = new Date(time.dateTime);
      const now = new Date();
      const day = at.toDateString() === now.toDateString() ? {} : Math.abs(now - at) < 2 * 864e5 ? { weekday: "short" } : null;
      time.textContent = day ? at.toLocaleString([], { ...day, hour: "2-digit", minute: "2-digit" }) : at.toLocaleDateString();
      if (time.title) time.title = at.toLocaleString([], { dateStyle: "full", timeStyle: "long" });
    }
  }

  // The moment of the chart that is pointed at, in words: the table has them.
  function say(index) {
    const chart = document.querySelector(".chart");
    const row = document.querySelectorAll("#rates tbody tr")[index];
    const moment = document.querySelector(".moment");
    if (!chart || !row || !moment) return;
    const names = [...document.querySelectorAll("#rates thead th")].slice(1).map((head) => head.textContent);
    const values = [...row.querySelectorAll("td")].map((cell, i) => `${names[i]} ${cell.textContent}`);
    const text = `${row.querySelector("th").textContent.trim()}: ${values.join(", ")}`;
    const slider = moment.querySelector("input");
    moment.hidden = false;
    slider.value = index;
    slider.setAttribute("aria-valuetext", text);
    moment.querySelector(".words").textContent = text;
    const x = ((Number(index) + 0.5) * 1000) / (Number(slider.max) + 1);
    chart.querySelector(".cursor").setAttribute("d", `M${x} 0V100`);
  }
  const repeat = () => { const slider = document.querySelector(".moment input"); if (slider) say(slider.value); };
  document.addEventListener("input", (event) => { if (event.target.matches(".moment input")) say(event.target.value); });
  document.addEventListener("pointermove", (event) => {
    const svg = event.target.closest && event.target.closest(".chart svg");
    if (!svg) return;
    const box = svg.getBoundingClientRect();
    const steps = Number(document.querySelector(".moment input").max) + 1;
    say(Math.max(0, Math.min(steps - 1, Math.floor(((event.clientX - box.left) / box.width) * steps))));
  });

  function show(event) {
    const place = document.getElementById(event.type);
    if (!place) return;
    const wanted = document.createElement("template");
    wanted.innerHTML = event.data; // every value in it was encoded by the server
    localize(wanted.content);
    morphChildren(place, wanted.content);
    if (event.type === "time") repeat();
  }

  // One stream, and only while somebody looks: a browser has few connections for one host.
  let stream = null;
  function follow() {
    if (document.hidden) {
      if (stream) stream.close();
      stream = null;
    } else if (!stream) {
      stream = new EventSource("/p2p/status/stream" + location.search);
      stream.onopen = () => tell("live", "live");
      stream.onerror = () => {
        tell("no answer", "lost");
        if (stream.readyState === EventSource.CLOSED) { // refused: the browser does not try again by itself
          stream = null;
          setTimeout(follow, 5000);
        }
      };
      for (const place of document.querySelectorAll("main > section, #all > div")) stream.addEventListener(place.id, show);
    }
  }
  localize(document);
  if (document.getElementById("worth")) {
    document.addEventListener("visibilitychange", follow);
    repeat();
    follow();
  }
})();
